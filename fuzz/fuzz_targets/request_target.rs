//! A request target that the gate lets through means the same to everything behind it: a browser's
//! parser, a server that decodes once, and one that decodes twice.

#![no_main]

use jsm_gate::gate::fuzzing::{Accepted, request_target};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode;
use url::Url;

fuzz_target!(|raw: &[u8]| {
    let Some(accepted) = request_target(raw) else { return };
    assert_eq!(accepted.raw.as_bytes(), raw, "what is forwarded is what came");
    let raw_path = accepted.raw.split('?').next().unwrap();
    is_decoded_once(raw_path, &accepted.path);
    means_one_place(&accepted.path);
    means_one_place(&String::from_utf8_lossy(&decode(&accepted.path)));
    is_read_alike_by_a_browser(&accepted);
    if let Some(after_link) = &accepted.after_link {
        let ends = after_link.is_empty() || after_link.starts_with(['/', '?']);
        assert!(ends, "a link ends in the middle of a name: {after_link:?}");
    }
});

fn decode(text: &str) -> Vec<u8> {
    percent_decode(text.as_bytes()).collect()
}

fn is_decoded_once(raw_path: &str, path: &str) {
    assert_eq!(decode(raw_path), path.as_bytes());
}

fn means_one_place(path: &str) {
    assert!(path.starts_with('/') && !path.contains("//"), "{path:?}");
    assert!(!path.contains('\\') && !path.contains(char::is_control), "{path:?}");
    assert!(path.split('/').all(|segment| segment != "." && segment != ".."), "{path:?}");
}

fn is_read_alike_by_a_browser(accepted: &Accepted) {
    let base = Url::parse("https://help.example.com/").unwrap();
    let url = base.join(&accepted.raw).unwrap();
    assert_eq!(url.origin(), base.origin());
    assert_eq!(decode(url.path()), accepted.path.as_bytes());
}
