//! Logout messages in both directions.

use rstest::rstest;

use super::support::*;
use crate::logout::{
    self, LogoutRequest, LogoutResponse, LogoutStatus, OwnLogoutRequest, OwnLogoutResponse,
};
use crate::{Id, NameId, ReadError, RequestId, SignatureError, name_id_format};

fn redirected_request(query: &str) -> Result<LogoutRequest, ReadError> {
    logout::request_by_redirect(query, &Registered::with_keys().get(), SLO_URL, NOW)
}

fn posted_request(xml: &str) -> Result<LogoutRequest, ReadError> {
    logout::request_by_post(
        &posted(xml),
        Some("state"),
        &Registered::with_keys().get(),
        SLO_URL,
        NOW,
    )
}

fn alice() -> LogoutRequest {
    LogoutRequest {
        id: RequestId::parse("_request").unwrap(),
        name_id: "alice@customer.example".to_owned(),
        name_id_format: Some(name_id_format::EMAIL.to_owned()),
        session_indexes: vec!["_session".to_owned()],
        relay_state: Some("state".to_owned()),
    }
}

#[test]
fn a_signed_request_is_read_by_both_bindings() {
    let xml = logout_request("alice@customer.example", "");
    let query = format!("SAMLRequest={}&RelayState=state", redirected(&xml));
    assert_eq!(redirected_request(&signed_query(&query, &JIRA)), Ok(alice()));
    let signed = logout_request("alice@customer.example", &Template::default().xml());
    assert_eq!(posted_request(&sign_with_xmlsec(&signed, &JIRA)), Ok(alice()));
}

#[test]
fn s25_an_unsigned_or_forged_logout_ends_nothing() {
    let xml = logout_request("alice@customer.example", "");
    let query = format!("SAMLRequest={}", redirected(&xml));
    assert_eq!(redirected_request(&query), Err(SignatureError::Missing.into()));
    assert_eq!(
        redirected_request(&signed_query(&query, &STRANGER)),
        Err(SignatureError::Key.into())
    );
    assert_eq!(posted_request(&xml), Err(SignatureError::Missing.into()));
    let template = logout_request("alice@customer.example", &Template::default().xml());
    let forged = sign_with_xmlsec(&template, &STRANGER);
    assert_eq!(posted_request(&forged), Err(SignatureError::Key.into()));
    // Without a certificate nothing counts as signed, not even by the right key.
    let registered = Registered::without_keys();
    let signed = sign_with_xmlsec(&template, &JIRA);
    let by_post = logout::request_by_post(&posted(&signed), None, &registered.get(), SLO_URL, NOW);
    assert_eq!(by_post, Err(SignatureError::NoKeys.into()));
    let signed = signed_query(&query, &JIRA);
    let by_redirect = logout::request_by_redirect(&signed, &registered.get(), SLO_URL, NOW);
    assert_eq!(by_redirect, Err(SignatureError::NoKeys.into()));
}

#[rstest]
#[case::other_destination(SLO_URL, SSO_URL, "Destination is")]
#[case::expired("Version", "NotOnOrAfter=\"2025-11-28T09:55:00Z\" Version", "which is past")]
#[case::encrypted("saml:NameID", "saml:EncryptedID", "an EncryptedID, which is not supported")]
#[case::nobody("saml:NameID", "saml:BaseID", "NameID is missing")]
#[case::login("LogoutRequest", "AuthnRequest", "is \"AuthnRequest\" and not LogoutRequest")]
fn a_request_that_is_not_right_is_refused(
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] reason: &str,
) {
    let xml = logout_request("alice@customer.example", "").replace(right, wrong);
    let query = signed_query(&format!("SAMLRequest={}", redirected(&xml)), &JIRA);
    let error = redirected_request(&query).unwrap_err().to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn all_sessions_are_meant_when_none_is_named() {
    let xml = logout_request("alice@customer.example", "")
        .replace("<samlp:SessionIndex>_session</samlp:SessionIndex>", "")
        .replace("Version", "NotOnOrAfter=\"2025-11-28T09:56:00Z\" Version");
    let query = signed_query(&format!("SAMLRequest={}", redirected(&xml)), &JIRA);
    assert_eq!(redirected_request(&query).unwrap().session_indexes, Vec::<String>::new());
}

fn response(status: &str) -> String {
    message(
        "LogoutResponse",
        SLO_URL,
        "InResponseTo=\"_ours\"",
        &format!("<samlp:Status>{status}</samlp:Status>"),
    )
}

#[rstest]
#[case::done(
    "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
    LogoutStatus::Success
)]
#[case::partly(
    "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode \
     Value=\"urn:oasis:names:tc:SAML:2.0:status:PartialLogout\"/></samlp:StatusCode>",
    LogoutStatus::Partial
)]
#[case::not_done(
    "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"/>",
    LogoutStatus::Failed
)]
fn an_answer_is_read_with_its_status(#[case] code: &str, #[case] status: LogoutStatus) {
    let expected = LogoutResponse {
        in_response_to: RequestId::parse("_ours").unwrap(),
        status,
        relay_state: Some("s".to_owned()),
    };
    let registered = Registered::with_keys();
    let query = format!("SAMLResponse={}&RelayState=s", redirected(&response(code)));
    let signed = signed_query(&query, &JIRA);
    let by_redirect =
        |query: &str| logout::response_by_redirect(query, &registered.get(), SLO_URL, NOW);
    assert_eq!(by_redirect(&signed), Ok(expected.clone()));
    assert_eq!(by_redirect(&query), Err(SignatureError::Missing.into()));
    let signature = Template::default().xml();
    let xml = response(code).replacen("<samlp:Status>", &format!("{signature}<samlp:Status>"), 1);
    let signed = posted(&sign_with_xmlsec(&xml, &JIRA));
    let by_post = logout::response_by_post(&signed, Some("s"), &registered.get(), SLO_URL, NOW);
    assert_eq!(by_post, Ok(expected));
}

/// What our side sends is read as what the other side would send.
fn as_their_peer<T>(read: impl FnOnce(&crate::ServiceProvider<'_>) -> T) -> T {
    let keys = [GATE.peer_key()];
    read(&crate::ServiceProvider { entity_id: OURS, acs_urls: &[], keys: &keys })
}

const THEIR_SLO: &str = "https://jira.example/slo?tenant=1";

fn own_request() -> OwnLogoutRequest<'static> {
    OwnLogoutRequest {
        issuer: OURS,
        destination: THEIR_SLO,
        name_id: NameId { format: name_id_format::EMAIL, value: "alice@customer.example" },
        session_index: "_session",
        issued_at: NOW,
        id: Id::from_random([7; 20]),
    }
}

#[test]
fn a_request_of_ours_is_one_that_can_be_read() {
    let expected = LogoutRequest { id: RequestId::from(Id::from_random([7; 20])), ..alice() };
    let url = own_request().redirect_url(Some("state"), &GATE.signing_key()).unwrap();
    let query = url.strip_prefix("https://jira.example/slo?tenant=1&").unwrap();
    let read = as_their_peer(|peer| logout::request_by_redirect(query, peer, THEIR_SLO, NOW));
    assert_eq!(read, Ok(expected.clone()));
    let document = own_request().document(&GATE.signing_key()).unwrap();
    assert!(xmlsec_verifies(&document, &GATE, &[]));
    assert_eq!(canonical_by_libxml(&document), document);
    let posted = posted(&document);
    let read =
        as_their_peer(|peer| logout::request_by_post(&posted, Some("state"), peer, THEIR_SLO, NOW));
    assert_eq!(read, Ok(expected));
}

#[rstest]
#[case(LogoutStatus::Success)]
#[case(LogoutStatus::Partial)]
#[case(LogoutStatus::Failed)]
fn an_answer_of_ours_is_one_that_can_be_read(#[case] status: LogoutStatus) {
    let request = RequestId::parse("_theirs").unwrap();
    let own = OwnLogoutResponse {
        issuer: OURS,
        destination: "https://jira.example/slo",
        in_response_to: &request,
        status,
        issued_at: NOW,
        id: Id::from_random([8; 20]),
    };
    let expected = LogoutResponse {
        in_response_to: request.clone(),
        status,
        relay_state: Some("ä&=".to_owned()),
    };
    let url = own.redirect_url(Some("ä&="), &GATE.signing_key()).unwrap();
    let query = url.strip_prefix("https://jira.example/slo?").unwrap();
    let read = as_their_peer(|peer| {
        logout::response_by_redirect(query, peer, "https://jira.example/slo", NOW)
    });
    assert_eq!(read, Ok(expected));
    let document = own.document(&GATE.signing_key()).unwrap();
    assert!(xmlsec_verifies(&document, &GATE, &[]));
    assert_eq!(canonical_by_libxml(&document), document);
}
