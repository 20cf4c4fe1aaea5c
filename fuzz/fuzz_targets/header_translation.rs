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

const JSM: [&str; 3] =
    ["https://jira.internal:8443", "https://jira.internal", "https://jira.internal:8443/jira"];

static PUBLIC: LazyLock<PublicUrl> =
    LazyLock::new(|| PublicUrl::parse("https://help.example.com").unwrap());
static HEADERS: LazyLock<[(Url, Headers); 3]> = LazyLock::new(|| {
    JSM.map(|jsm| {
        let jsm = Url::parse(jsm).unwrap();
        let headers = Headers::new(&PUBLIC, &jsm);
        (jsm, headers)
    })
});

fuzz_target!(|text: &str| {
    let Ok(value) = HeaderValue::from_str(text) else { return };
    for (jsm, headers) in &*HEADERS {
        location((jsm, headers), text, &value);
        set_cookie(headers, &value);
        origin((jsm, headers), text);
        for name in [LINK, REFRESH, CONTENT_SECURITY_POLICY] {
            assert!(headers.down(&name, value.clone()).is_some(), "{text:?} was lost");
        }
    }
});

/// As a browser reads it, on a page that JSM or the gate served: only what was JSM's, by either scheme
/// at its own port, becomes the gate's, and the path is the same.
fn location((jsm, headers): (&Url, &Headers), text: &str, value: &HeaderValue) {
    let translated = headers.down(&LOCATION, value.clone()).expect("it was lost");
    if translated == value {
        return;
    }
    let translated = std::str::from_utf8(translated.as_bytes()).unwrap();
    let public = Url::parse(PUBLIC.origin()).unwrap();
    let Ok(meant) = jsm.join(text) else { return };
    let there = public.join(translated).expect("a readable address stays readable");
    assert_eq!(there.origin(), public.origin(), "{text:?} became {translated:?}");
    assert_eq!(there.path(), meant.path(), "{text:?} became {translated:?}");
    let of_jsm = meant.host_str() == jsm.host_str() && meant.port() == jsm.port();
    let same_scheme = meant.scheme() == jsm.scheme() || jsm.port().is_none();
    assert!(of_jsm && same_scheme, "{text:?} became {translated:?}");
}

fn origin((jsm, headers): (&Url, &Headers), text: &str) {
    let Some(translated) = headers.up(text) else { return };
    let public = Url::parse(PUBLIC.origin()).unwrap();
    if let (Ok(from), Ok(to)) = (Url::parse(text), Url::parse(&translated)) {
        assert_eq!(from.origin(), public.origin(), "{text:?}");
        assert_eq!(to.origin(), jsm.origin(), "{text:?}");
    }
}

fn set_cookie(headers: &Headers, line: &HeaderValue) {
    let Some(translated) = headers.down(&SET_COOKIE, line.clone()) else { return };
    let text = String::from_utf8_lossy(translated.as_bytes());
    let keys = text.split(';').map(|part| part.split('=').next().unwrap().trim());
    let attributes = keys.clone().skip(1).map(str::to_ascii_lowercase);
    let name = keys.clone().next().unwrap();
    assert!(!cookie::is_ours(name), "{line:?}");
    assert!(attributes.clone().all(|attribute| attribute != "domain"), "{line:?}");
    assert!(attributes.clone().any(|attribute| attribute == "secure"), "{line:?}");
}
