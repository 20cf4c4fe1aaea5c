use rstest::rstest;
use serde_json::json;

use super::*;
use crate::config::{ClientAuth, EmailAuthority};
use crate::domain::{EmailDomain, ProviderId};

fn config() -> ProviderConfig {
    let id = ProviderId::parse("okta").unwrap();
    let (issuer, client_id) = ("https://id.example.com".to_owned(), "gate".to_owned());
    ProviderConfig::new(id, issuer, client_id, ClientAuth::Public)
}

fn claims(value: &Value) -> Claims {
    serde_json::from_value(value.clone()).unwrap()
}

fn email_of(id_token: &Value, user_info: &Value) -> Result<Option<String>, &'static str> {
    identity(&config(), "1", &claims(id_token), &claims(user_info))
        .map(|identity| identity.email.map(|email| email.to_string()))
        .map_err(|error| error.code().as_str())
}

#[rstest]
#[case::verified(json!({"email": "Ann@EXAMPLE.com", "email_verified": true}), Ok(Some("ann@example.com")))]
#[case::as_text(json!({"email": "a@b.com", "email_verified": "true"}), Ok(Some("a@b.com")))]
#[case::absent(json!({"email_verified": true}), Ok(None))]
#[case::null(json!({"email": null}), Ok(None))]
#[case::not_said(json!({"email": "a@b.com"}), Err("email-unverified"))]
#[case::said_no(json!({"email": "a@b.com", "email_verified": false}), Err("email-unverified"))]
#[case::said_no_as_text(json!({"email": "a@b.com", "email_verified": "false"}), Err("email-unverified"))]
#[case::a_number(json!({"email": "a@b.com", "email_verified": 1}), Err("email-unverified"))]
#[case::two_domains(json!({"email": "a@evil.com@b.com", "email_verified": true}), Err("email-invalid"))]
#[case::a_blank(json!({"email": "a@b.com ", "email_verified": true}), Err("email-invalid"))]
#[case::xms_edov(json!({"email": "a@b.com", "email_verified": "1"}), Ok(Some("a@b.com")))]
#[case::a_list_of_one(json!({"email": ["a@b.com"], "email_verified": true}), Ok(Some("a@b.com")))]
#[case::a_list(json!({"email": ["a@b.com", "c@b.com"], "email_verified": true}), Err("email-invalid"))]
fn d7_an_email_is_verified_and_unambiguous(
    #[case] id_token: Value,
    #[case] expected: Result<Option<&str>, &str>,
) {
    let expected = expected.map(|email| email.map(str::to_owned));
    assert_eq!(email_of(&id_token, &json!({})), expected);
    assert_eq!(email_of(&json!({}), &id_token), expected, "from UserInfo");
}

#[test]
fn d7_user_info_does_not_verify_the_address_of_the_id_token() {
    let id_token = json!({"email": "victim@corp.com"});
    let other = json!({"email": "me@evil.com", "email_verified": true});
    assert_eq!(email_of(&id_token, &other), Ok(Some("me@evil.com".to_owned())));
    let no_address = json!({"email_verified": true});
    assert_eq!(email_of(&id_token, &no_address), Err("email-unverified"));
}

#[test]
fn an_unverified_email_passes_where_the_admin_said_so() {
    let mut config = config();
    config.email.insecure_allow_unverified = true;
    let id_token = claims(&json!({"email": "a@b.com"}));
    let identity = identity(&config, "1", &id_token, &Claims::default()).unwrap();
    assert_eq!(identity.email.unwrap().as_str(), "a@b.com");
}

#[rstest]
#[case::list("groups", json!({"groups": ["a", "b"]}), &["a", "b"])]
#[case::one("groups", json!({"groups": "a b"}), &["a b"])]
#[case::none("groups", json!({}), &[])]
#[case::odd_members("groups", json!({"groups": ["a", 1, {"x": "y"}, null]}), &["a"])]
#[case::empty("groups", json!({"groups": ["", " ", "a", " b"]}), &["a", " b"])]
#[case::nothing_but_empty("groups", json!({"groups": [""]}), &[])]
#[case::empty_name("groups", json!({"groups": {"": "b", "c": {}}}), &["c"])]
#[case::object("groups", json!({"groups": {"a": "b", "c": {}}}), &["a", "c"])]
#[case::commas("groups", json!({"groups": "a, b,,c "}), &["a", "b", "c"])]
#[case::distinguished("groups", json!({"groups": "CN=a,OU=b"}), &["CN=a,OU=b"])]
#[case::nested("realm_access.roles", json!({"realm_access": {"roles": ["a"]}}), &["a"])]
#[case::dotted_name("https://x.com/groups", json!({"https://x.com/groups": ["a"]}), &["a"])]
#[case::too_deep("groups.x", json!({"groups": ["a"]}), &[])]
fn groups_are_found(#[case] path: &str, #[case] id_token: Value, #[case] expected: &[&str]) {
    let mut config = config();
    config.attributes.groups = path.to_owned();
    let identity = identity(&config, "1", &claims(&id_token), &Claims::default()).unwrap();
    assert_eq!(identity.groups, expected);
}

#[test]
fn the_id_token_goes_before_user_info() {
    let id_token = claims(&json!({"name": "Ann", "groups": []}));
    let user_info = claims(&json!({"name": "Eve", "groups": ["admins"], "given_name": "Ann"}));
    let identity = identity(&config(), "1", &id_token, &user_info).unwrap();
    assert_eq!(identity.name.as_deref(), Some("Ann"));
    assert_eq!(identity.first_name.as_deref(), Some("Ann"));
    assert!(identity.groups.is_empty(), "an empty list is an answer");
}

#[rstest]
#[case(r#"{"groups": ["a"], "groups": ["admins"]}"#)]
#[case(r#"["groups"]"#)]
#[case(r#""groups""#)]
fn d5_ambiguous_claims_are_no_claims(#[case] text: &str) {
    assert!(serde_json::from_str::<Claims>(text).is_err());
}

/// The documented choice: a word of the provider's, or an address it gives out itself; an explicit no
/// is a no.
#[rstest]
#[case::own_domain(json!({"email": "a@corp.com"}), Ok(()))]
#[case::d7_a_domain_behind(json!({"email": "a@corp.com.evil.com"}), Err("email-unverified"))]
#[case::other_domain(json!({"email": "a@b.com"}), Err("email-unverified"))]
#[case::said_no(json!({"email": "a@corp.com", "email_verified": false}), Err("email-unverified"))]
fn an_address_that_the_provider_gives_out_needs_no_verification(
    #[case] id_token: Value,
    #[case] expected: Result<(), &str>,
) {
    let mut config = config();
    config.email.verified_domains = vec![EmailDomain::parse("corp.com").unwrap()];
    let found = identity(&config, "1", &claims(&id_token), &Claims::default());
    assert_eq!(found.map(drop).map_err(|error| error.code().as_str()), expected);
}

/// Google: <https://developers.google.com/identity/gsi/web/guides/verify-google-id-token>
#[rstest]
#[case::own_domain(json!({"email": "a@gmail.com", "email_verified": true}), true)]
#[case::hosted(json!({"email": "a@corp.com", "email_verified": true, "hd": "corp.com"}), true)]
#[case::verified_once(json!({"email": "a@corp.com", "email_verified": true}), false)]
#[case::hosted_not_verified(json!({"email": "a@corp.com", "hd": "corp.com"}), false)]
fn google_answers_for_its_own_and_for_hosted_addresses(
    #[case] id_token: Value,
    #[case] believed: bool,
) {
    let mut config = config();
    config.email.authority = Some(EmailAuthority { claim: "hd", own_domain: "gmail.com" });
    let found = identity(&config, "1", &claims(&id_token), &Claims::default());
    assert_eq!(found.is_ok(), believed);
}

#[rstest]
#[case::text(json!("a, b"), &["a, b"])]
#[case::list(json!(["a", 1, true, null, {}]), &["a", "1", "true"])]
#[case::empty(json!(["", " ", "a"]), &["a"])]
#[case::number(json!(4711), &["4711"])]
#[case::object(json!({"a": 1}), &["a"])]
fn extra_attributes_are_found_by_path(#[case] value: Value, #[case] expected: &[&str]) {
    let mut config = config();
    let paths = [("cost", "org.cost"), ("none", "nowhere"), ("empty", "list"), ("blank", "text")];
    config.attributes.extra = paths.map(|(name, path)| (name.to_owned(), path.to_owned())).to_vec();
    let id_token = claims(&json!({"org": {"cost": value}, "list": [""], "text": " "}));
    let identity = identity(&config, "1", &id_token, &Claims::default()).unwrap();
    assert_eq!(identity.attributes.len(), 1, "what is not there has no name");
    assert_eq!(identity.attributes["cost"], expected);
}

#[rstest]
#[case(json!({"_claim_names": {"groups": "src1"}}), true)]
#[case(json!({"hasgroups": true}), true)]
#[case(json!({"_claim_names": {"roles": "src1"}, "hasgroups": false}), false)]
fn entra_tells_that_groups_are_elsewhere(#[case] id_token: Value, #[case] elsewhere: bool) {
    assert_eq!(claims(&id_token).groups_are_elsewhere("groups"), elsewhere);
}
