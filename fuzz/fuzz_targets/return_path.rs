//! Where a login returns to is on the gate, by the browsers' own parser, and is what was asked for.

#![no_main]

use jsm_gate::auth::ReturnTo;
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use url::Url;

fuzz_target!(|input: (&str, &str)| {
    let (text, fragment) = input;
    let Some(address) = ReturnTo::parse(text) else { return };
    assert_eq!(address.as_str(), text);
    stays_here(address.as_str());
    let with_fragment = address.with_fragment(fragment);
    assert!(with_fragment.as_str().starts_with(text));
    stays_here(with_fragment.as_str());
});

fn stays_here(text: &str) {
    for base in ["https://help.example.com/", "https://help.example.com/_gate/callback/a?code=x"] {
        let base = Url::parse(base).unwrap();
        let there = base.join(text).unwrap();
        assert_eq!(there.origin(), base.origin(), "{text:?}");
        assert!(there.username().is_empty() && there.password().is_none(), "{text:?}");
        let path = percent_decode_str(there.path()).decode_utf8_lossy();
        assert!(!path.starts_with("//"), "{text:?}");
        assert!(!path.starts_with("/_gate/"), "{text:?} loops");
    }
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?} splits the header");
}
