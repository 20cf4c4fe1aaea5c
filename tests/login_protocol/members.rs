//! Odd members of what a provider sends, of which nothing is believed: none of them keeps anybody out.
//! What is believed, and has to be right, is in `id_token.rs`, `identity.rs` and `discovery.rs`.

use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::harness::{Gate, Person, config, id, provider, until};

/// Values that a member may have where its standard wants something else.
fn odd_values() -> [Value; 12] {
    [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!(1e300),
        json!(""),
        json!("/"),
        json!("1 Main St"),
        json!([]),
        json!([1, null, {"a": []}]),
        json!({}),
        json!({"country": "US", "formatted": 1}),
    ]
}

/// The standard claims (OpenID Connect Core 1.0 section 5.1), those of an ID token that nobody asked
/// for (section 2), and some of products'. None of them decides anything here.
const CLAIMS: [&str; 30] = [
    "acr",
    "address",
    "amr",
    "apptype",
    "auth_time",
    "birthdate",
    "c_hash",
    "cnf",
    "family_name",
    "gender",
    "given_name",
    "hd",
    "jti",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "oid",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "s_hash",
    "sid",
    "tid",
    "updated_at",
    "ver",
    "website",
    "zoneinfo",
];

#[tokio::test]
async fn no_claim_that_nothing_depends_on_refuses_a_login() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    for value in odd_values() {
        provider.behave();
        for claim in CLAIMS {
            provider.misbehave(Fault::Claim(claim, value.clone()));
            provider.misbehave(Fault::UserInfoClaim(claim, value.clone()));
        }
        let done = Person::at(&gate).log_in_as("ann").await;
        let done = done.unwrap_or_else(|refused| panic!("{value}: {}", refused.error));
        assert_eq!(done.login.identity.subject, "ann");
    }
}

#[tokio::test]
async fn no_member_of_a_token_answer_that_nothing_depends_on_refuses_a_login() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let members = ["expires_in", "scope", "refresh_token", "not_before", "resource", "state"];
    let more = [json!("3600"), json!("soon"), json!(3600.5), json!(["openid"])];
    for value in odd_values().into_iter().chain(more) {
        provider.behave();
        for member in members {
            provider.misbehave(Fault::TokenMember(member, value.clone()));
        }
        let done = Person::at(&gate).log_in_as("ann").await;
        done.unwrap_or_else(|refused| panic!("{value}: {}", refused.error));
    }
}

#[tokio::test]
async fn what_a_token_answer_must_have_is_named() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    for member in ["access_token", "id_token", "token_type"] {
        provider.behave();
        provider.misbehave(Fault::TokenMember(member, json!(["x"])));
        let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
        assert_eq!(refused.error.code(), "token-response");
        assert!(refused.error.to_string().contains(member), "{}", refused.error);
    }
}

/// The members of the standards (OpenID Connect Discovery 1.0 section 3, RFC 8414, RFC 9126, RFC 9207,
/// the logout standards) that the gate can do without.
const METADATA: [&str; 26] = [
    "acr_values_supported",
    "authorization_response_iss_parameter_supported",
    "backchannel_logout_session_supported",
    "backchannel_logout_supported",
    "check_session_iframe",
    "claims_parameter_supported",
    "claims_supported",
    "code_challenge_methods_supported",
    "display_values_supported",
    "end_session_endpoint",
    "frontchannel_logout_supported",
    "grant_types_supported",
    "introspection_endpoint",
    "mtls_endpoint_aliases",
    "op_policy_uri",
    "op_tos_uri",
    "pushed_authorization_request_endpoint",
    "registration_endpoint",
    "request_object_signing_alg_values_supported",
    "require_request_uri_registration",
    "response_modes_supported",
    "response_types_supported",
    "revocation_endpoint",
    "scopes_supported",
    "service_documentation",
    "subject_types_supported",
];

#[tokio::test]
async fn no_member_of_the_discovery_document_that_can_be_missing_makes_a_provider_unusable() {
    for value in odd_values() {
        let provider = provider().await;
        for member in METADATA {
            provider.misbehave(Fault::Discovery(member, value.clone()));
        }
        let gate = Gate::start(&[config(&provider)]);
        let known = || gate.auth.providers()[0].is_ready() || !gate.last_error().is_empty();
        until(known).await;
        assert_eq!(gate.last_error(), "", "{value}");
        // A yes in any spelling is believed, and then `iss` has to come.
        Person::at(&gate).log_in_as("ann").await.unwrap();
    }
}

#[tokio::test]
async fn what_the_discovery_document_must_have_is_named() {
    let needed = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"];
    for member in needed {
        for value in [json!(null), json!(""), json!("/token"), json!(1), json!(["https://x.com"])] {
            let provider = provider().await;
            provider.misbehave(Fault::Discovery(member, value.clone()));
            let gate = Gate::start(&[config(&provider)]);
            until(|| !gate.last_error().is_empty()).await;
            assert!(gate.last_error().contains(member), "{value}: {}", gate.last_error());
        }
    }
}

/// Unknown is not no: there is a UserInfo, and only its address cannot be read.
#[tokio::test]
async fn of_an_odd_address_of_user_info_nothing_is_known() {
    let provider = provider().await;
    provider.misbehave(Fault::Discovery("userinfo_endpoint", json!("/userinfo")));
    provider.misbehave(Fault::NoClaim("groups"));
    let gate = Gate::ready(&[config(&provider)]).await;
    let identity = Person::at(&gate).log_in_as("ann").await.unwrap().login.identity;
    assert_eq!(identity.provider, id("sandbox"));
    assert!(identity.groups.is_unknown());
}

#[tokio::test]
async fn user_info_that_is_refused_keeps_nobody_out_who_can_do_without() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let page = || ("text/html", "<p>".to_owned());
    for (status, (kind, body)) in [
        (401, page()),
        (403, page()),
        (404, page()),
        (503, page()),
        (200, page()),
        (200, ("application/json", "[]".to_owned())),
        (200, ("application/json", "{}".to_owned())),
        (200, ("application/json", "{\"sub\":1}".to_owned())),
        (200, ("application/json", "{\"sub\":\"ann\",\"sub\":\"ann\"}".to_owned())),
        (200, ("application/jwt", "e30.e30.AAAA".to_owned())),
    ] {
        provider.behave();
        provider.misbehave(Fault::UserInfoAnswer(status, kind, body.clone()));
        provider.misbehave(Fault::NoClaim("groups"));
        let done = Person::at(&gate).log_in_as("ann").await;
        let done = done.unwrap_or_else(|refused| panic!("{status} {body}: {}", refused.error));
        let identity = done.login.identity;
        assert_eq!(identity.email.known().unwrap().as_str(), "ann@example.com");
        assert!(identity.groups.is_unknown(), "{status} {body}");
        // Nobody would believe the address without.
        for missing in ["email", "email_verified"] {
            provider.misbehave(Fault::NoClaim(missing));
            let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
            assert_eq!(refused.error.code(), "user-info-invalid", "{missing}");
        }
    }
}
