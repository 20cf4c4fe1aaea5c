//! Addresses in headers: translating one never sends a customer where JSM did not, nor shows where
//! JSM is, nor lets JSM set a cookie of the gate.

#![no_main]

use std::sync::LazyLock;

use http::HeaderValue;
use jsm_gate::domain::PublicUrl;
use jsm_gate::gate::fuzzing::Addresses;
use jsm_gate::session::cookie;
use libfuzzer_sys::fuzz_target;
use url::Url;

const JSM: &str = "https://jira.internal:8443";
const CONTEXT: &str = "/jira";

static PUBLIC: LazyLock<PublicUrl> =
    LazyLock::new(|| PublicUrl::parse("https://help.example.com").unwrap());
static ADDRESSES: LazyLock<[Addresses; 2]> =
    LazyLock::new(|| ["", CONTEXT].map(|context| Addresses::new(&PUBLIC, JSM, context)));

fuzz_target!(|text: &str| {
    for addresses in &*ADDRESSES {
        location(addresses, text);
        origin(addresses, text);
        if let Ok(line) = HeaderValue::from_str(text) {
            set_cookie(addresses, &line);
        }
    }
});

/// As a browser reads it, on a page that JSM or the gate served.
fn location(addresses: &Addresses, text: &str) {
    let Some(translated) = addresses.location_down(text) else { return };
    let public = Url::parse(PUBLIC.origin()).unwrap();
    let upstream = Url::parse(JSM).unwrap();
    let Ok(meant) = upstream.join(text) else { return };
    let there = public.join(&translated).expect("a readable address stays readable");
    if meant.origin() == upstream.origin() {
        assert_eq!(there.origin(), public.origin(), "{text:?} became {translated:?}");
    } else {
        assert_eq!(there.origin(), meant.origin(), "{text:?} became {translated:?}");
    }
}

fn origin(addresses: &Addresses, text: &str) {
    let Some(translated) = addresses.address_up(text) else { return };
    let (public, upstream) = (Url::parse(PUBLIC.origin()).unwrap(), Url::parse(JSM).unwrap());
    if let (Ok(from), Ok(to)) = (Url::parse(text), Url::parse(&translated)) {
        assert_eq!(from.origin(), public.origin(), "{text:?}");
        assert_eq!(to.origin(), upstream.origin(), "{text:?}");
    }
}

fn set_cookie(addresses: &Addresses, line: &HeaderValue) {
    let Some(translated) = addresses.cookie_down(line) else { return };
    let text = translated.to_str().unwrap_or_default();
    let name = text.split([';', '=']).next().unwrap_or_default().trim();
    assert!(!cookie::is_ours(name), "{line:?}");
    let attributes = text.split(';').skip(1).map(|one| one.trim().to_ascii_lowercase());
    let is_domain = |one: &str| one.split('=').next().unwrap().trim() == "domain";
    assert!(attributes.clone().all(|one| !is_domain(&one)), "{line:?}");
    assert!(text.is_empty() || attributes.clone().any(|one| one == "secure"), "{line:?}");
}
