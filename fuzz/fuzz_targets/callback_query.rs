//! A callback says each thing once, and what a page shows of it is short and on one line.

#![no_main]

use jsm_gate::auth::fuzzing::callback;
use libfuzzer_sys::fuzz_target;
use url::form_urlencoded;

fuzz_target!(|query: &str| {
    let Some(understood) = callback(query) else { return };
    assert_eq!(all(query, "state"), [understood.state.as_str()]);
    assert!(all(query, "code").len() <= 1 && all(query, "error").len() <= 1);
    if let Some(code) = understood.code {
        assert_eq!(all(query, "code"), [code.as_str()]);
        assert!(!code.is_empty());
    }
    for words in understood.words {
        assert!(words.chars().count() <= 200 && !words.contains(char::is_control), "{words:?}");
    }
});

fn all(query: &str, name: &str) -> Vec<String> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
}
