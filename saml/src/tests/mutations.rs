//! Valid messages with random changes: no panic, and nobody else than the one who was signed.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::support::*;
use crate::logout::{self, LogoutRequest};
use crate::{ReadError, RequestId, ServiceProvider, authn_request};

/// What happens to a text at some place.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, String),
    Insert(Index, String),
    Remove(Index, usize),
    /// A part of it once more, elsewhere.
    Copy(Index, usize, Index),
    Swap(Index, usize, Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let place = any::<Index>;
    let text = || {
        prop_oneof![
            "[ -~]{1,3}",
            Just("<!-- -->".to_owned()),
            Just("<![CDATA[x]]>".to_owned()),
            Just("&#x0a;".to_owned()),
            Just(" ID=\"_request\"".to_owned()),
            Just(" xmlns:saml=\"urn:x\"".to_owned()),
            Just("&RelayState=x".to_owned()),
            Just("%41".to_owned()),
        ]
    };
    let change = prop_oneof![
        (place(), text()).prop_map(|(at, text)| Change::Replace(at, text)),
        (place(), text()).prop_map(|(at, text)| Change::Insert(at, text)),
        (place(), 1..80_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (place(), 1..400_usize, place()).prop_map(|(at, length, to)| Change::Copy(at, length, to)),
        (place(), 1..400_usize, place()).prop_map(|(at, length, to)| Change::Swap(at, length, to)),
    ];
    vec(change, 1..4)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes.iter().filter(|_| !text.is_empty()) {
        let length = bytes.len().max(1);
        let range = |at: &Index, count: usize| {
            let begin = at.index(length).min(bytes.len());
            begin..(begin + count).min(bytes.len())
        };
        match change {
            Change::Replace(at, text) => drop(bytes.splice(range(at, text.len()), text.bytes())),
            Change::Insert(at, text) => drop(bytes.splice(range(at, 0), text.bytes())),
            Change::Remove(at, count) => drop(bytes.drain(range(at, *count))),
            Change::Copy(at, count, to) => {
                let copy = bytes[range(at, *count)].to_vec();
                drop(bytes.splice(range(to, 0), copy));
            }
            Change::Swap(at, count, to) => {
                let moved: Vec<u8> = bytes.drain(range(at, *count)).collect();
                let place = to.index(length).min(bytes.len());
                drop(bytes.splice(place..place, moved));
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

static SIGNED: LazyLock<String> = LazyLock::new(|| {
    let xml = logout_request("alice@customer.example", &Template::default().xml());
    sign_with_xmlsec(&xml, &JIRA)
});

static SIGNED_QUERY: LazyLock<String> = LazyLock::new(|| {
    let xml = logout_request("alice@customer.example", "");
    signed_query(&format!("SAMLRequest={}&RelayState=state", redirected(&xml)), &JIRA)
});

fn only_alice(read: Result<LogoutRequest, ReadError>) -> Result<(), TestCaseError> {
    if let Ok(request) = read {
        prop_assert_eq!(request.id, RequestId::parse("_request").unwrap());
        prop_assert_eq!(request.name_id, "alice@customer.example");
        prop_assert_eq!(request.session_indexes, ["_session"]);
    }
    Ok(())
}

fn with_keys<T>(read: impl FnOnce(&ServiceProvider<'_>) -> T) -> T {
    static REGISTERED: LazyLock<Registered> = LazyLock::new(Registered::with_keys);
    read(&REGISTERED.get())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_changed_document_is_refused_or_means_the_same(changes in changes()) {
        let form = posted(&changed(&SIGNED, &changes));
        only_alice(with_keys(|peer| logout::request_by_post(&form, None, peer, SLO_URL, NOW)))?;
    }

    #[test]
    fn a_changed_query_is_refused_or_means_the_same(changes in changes()) {
        let query = changed(&SIGNED_QUERY, &changes);
        let read = with_keys(|peer| logout::request_by_redirect(&query, peer, SLO_URL, NOW));
        if let Ok(request) = &read {
            prop_assert_eq!(request.relay_state.as_deref(), Some("state"));
        }
        only_alice(read)?;
    }

    #[test]
    fn a_changed_unsigned_request_is_answered_at_a_registered_address(changes in changes()) {
        let request = authn_request(&format!("AssertionConsumerServiceURL=\"{SECOND_ACS}\""), "");
        let xml = changed(&request, &changes);
        let registered = Registered::without_keys();
        let query = format!("SAMLRequest={}", redirected(&xml));
        let by_redirect = authn_request::by_redirect(&query, &registered.get(), SSO_URL, NOW);
        let by_post = authn_request::by_post(&posted(&xml), None, &registered.get(), SSO_URL, NOW);
        // Both bindings read the same documents in the same way.
        prop_assert_eq!(&by_redirect, &by_post);
        if let Ok(request) = by_post {
            prop_assert!(registered.get().acs_urls.contains(&request.acs_url));
        }
    }
}
