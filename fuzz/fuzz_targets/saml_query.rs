//! A query says each thing once, its RelayState comes back as it was sent, and no changed query is one that was
//! signed: the corpus has one that was, with a key that nobody has any more.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use saml::{PeerKey, RELAY_STATE_BYTES, ServiceProvider, authn_request, logout};
use url::form_urlencoded;

const NOW: u64 = 1_764_324_000;
const ADDRESS: &str = "https://gate.example/sso";

static ACS_URLS: LazyLock<[String; 1]> = LazyLock::new(|| ["https://jira.example/acs".to_owned()]);

static KEYS: LazyLock<[PeerKey; 1]> = LazyLock::new(|| {
    [PeerKey::from_certificate_der(include_bytes!("../saml_service_provider.der")).unwrap()]
});

fuzz_target!(|query: &str| {
    let unsigned = ServiceProvider {
        entity_id: "https://jira.example",
        acs_urls: ACS_URLS.as_slice(),
        keys: &[],
    };
    if let Ok(request) = authn_request::by_redirect(query, &unsigned, ADDRESS, NOW) {
        assert_eq!(all(query, "SAMLRequest").len(), 1);
        let sent = all(query, "RelayState");
        assert_eq!(request.relay_state.as_ref(), sent.first());
        assert!(sent.len() <= 1 && sent.iter().all(|text| text.len() <= RELAY_STATE_BYTES));
    }
    let signed = ServiceProvider { keys: KEYS.as_slice(), ..unsigned };
    assert!(authn_request::by_redirect(query, &signed, ADDRESS, NOW).is_err());
    if let Ok(request) = logout::request_by_redirect(query, &signed, ADDRESS, NOW) {
        assert_eq!(request.name_id, "alice@customer.example");
        assert_eq!(request.relay_state.as_deref(), Some("s"));
    }
});

fn all(query: &str, name: &str) -> Vec<String> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
}
