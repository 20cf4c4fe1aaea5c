//! A document that nobody signed names a registered address, and no changed document is one that was signed: the
//! corpus has one that was, with a key that nobody has any more.

#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use libfuzzer_sys::fuzz_target;
use saml::{PeerKey, ServiceProvider, authn_request, logout};

const NOW: u64 = 1_764_324_000;
const ADDRESS: &str = "https://gate.example/sso";

static ACS_URLS: LazyLock<[String; 1]> = LazyLock::new(|| ["https://jira.example/acs".to_owned()]);

static KEYS: LazyLock<[PeerKey; 1]> = LazyLock::new(|| {
    [PeerKey::from_certificate_der(include_bytes!("../saml_service_provider.der")).unwrap()]
});

fuzz_target!(|xml: &str| {
    let field = BASE64_STANDARD.encode(xml);
    let unsigned = ServiceProvider {
        entity_id: "https://jira.example",
        acs_urls: ACS_URLS.as_slice(),
        keys: &[],
    };
    if let Ok(request) = authn_request::by_post(&field, None, &unsigned, ADDRESS, NOW) {
        assert_eq!(request.acs_url, ACS_URLS[0]);
        assert!(request.issued_at.abs_diff(NOW) <= 300);
    }
    let signed = ServiceProvider { keys: KEYS.as_slice(), ..unsigned };
    assert!(authn_request::by_post(&field, None, &signed, ADDRESS, NOW).is_err());
    if let Ok(request) = logout::request_by_post(&field, None, &signed, ADDRESS, NOW) {
        assert_eq!(request.id.as_str(), "_request");
        assert_eq!(request.name_id, "alice@customer.example");
        assert_eq!(request.session_indexes, ["_session"]);
    }
});
