//! Addresses in headers: translating one never sends a customer where JSM did not, nor JSM's origin
//! check where the browser was not, nor lets JSM set a cookie of the gate.

#![no_main]

use std::sync::LazyLock;

use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, LINK, LOCATION, REFRESH, SET_COOKIE};
use jsm_gate::domain::PublicUrl;
use jsm_gate::gate::fuzzing::Headers;
use jsm_gate::session::cookie;
use libfuzzer_sys::fuzz_target;
use url::Url;

const JSM: &str = "https://jira.internal:8443";
const CONTEXT: &str = "/jira";

static PUBLIC: LazyLock<PublicUrl> =
    LazyLock::new(|| PublicUrl::parse("https://help.example.com").unwrap());
static HEADERS: LazyLock<[Headers; 2]> =
    LazyLock::new(|| ["", CONTEXT].map(|context| Headers::new(&PUBLIC, JSM, context)));

fuzz_target!(|text: &str| {
    let Ok(value) = HeaderValue::from_str(text) else { return };
    for headers in &*HEADERS {
        location(headers, text, &value);
        set_cookie(headers, &value);
        origin(headers, text);
        for name in [LINK, REFRESH, CONTENT_SECURITY_POLICY] {
            assert!(headers.down(name, value.clone()).is_some(), "{text:?} was lost");
        }
    }
});

/// As a browser reads it, on a page that JSM or the gate served.
fn location(headers: &Headers, text: &str, value: &HeaderValue) {
    let translated = headers.down(LOCATION, value.clone()).expect("it was lost");
    if translated == value {
        return;
    }
    let translated = std::str::from_utf8(translated.as_bytes()).unwrap();
    let (public, upstream) = (Url::parse(PUBLIC.origin()).unwrap(), Url::parse(JSM).unwrap());
    let Ok(meant) = upstream.join(text) else { return };
    let there = public.join(translated).expect("a readable address stays readable");
    let expected = if meant.origin() == upstream.origin() { &public } else { &meant };
    assert_eq!(there.origin(), expected.origin(), "{text:?} became {translated:?}");
}

fn origin(headers: &Headers, text: &str) {
    let Some(translated) = headers.up(text) else { return };
    let (public, upstream) = (Url::parse(PUBLIC.origin()).unwrap(), Url::parse(JSM).unwrap());
    if let (Ok(from), Ok(to)) = (Url::parse(text), Url::parse(&translated)) {
        assert_eq!(from.origin(), public.origin(), "{text:?}");
        assert_eq!(to.origin(), upstream.origin(), "{text:?}");
    }
}

fn set_cookie(headers: &Headers, line: &HeaderValue) {
    let Some(translated) = headers.down(SET_COOKIE, line.clone()) else { return };
    let text = String::from_utf8_lossy(translated.as_bytes());
    let keys = text.split(';').map(|part| part.split('=').next().unwrap().trim());
    let attributes = keys.clone().skip(1).map(str::to_ascii_lowercase);
    let name = keys.clone().next().unwrap();
    assert!(!cookie::is_ours(name), "{line:?}");
    assert!(attributes.clone().all(|attribute| attribute != "domain"), "{line:?}");
    assert!(attributes.clone().any(|attribute| attribute == "secure"), "{line:?}");
}
