use rstest::rstest;
use serde_json::json;

use super::*;
use crate::config::AttributeMap;
use crate::domain::ProviderId;

fn config() -> ProviderConfig {
    ProviderConfig {
        id: ProviderId::parse("okta").unwrap(),
        name: "Okta".to_owned(),
        issuer: "https://id.example.com".to_owned(),
        client_id: "gate".to_owned(),
        client_secret: None,
        scopes: vec!["openid".to_owned()],
        email_domains: Vec::new(),
        attributes: AttributeMap {
            email: "email".to_owned(),
            name: "name".to_owned(),
            first_name: "given_name".to_owned(),
            last_name: "family_name".to_owned(),
            groups: "groups".to_owned(),
        },
        insecure_allow_unverified_email: false,
        ca_file: None,
    }
}

fn claims(value: &Value) -> Claims {
    serde_json::from_value(value.clone()).unwrap()
}

fn email_of(id_token: &Value, user_info: &Value) -> Result<Option<String>, &'static str> {
    identity(&config(), "1", &claims(id_token), &claims(user_info))
        .map(|identity| identity.email.map(|email| email.to_string()))
        .map_err(|error| error.code())
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
#[case::a_list(json!({"email": ["a@b.com"], "email_verified": true}), Err("email-invalid"))]
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
    let config = ProviderConfig { insecure_allow_unverified_email: true, ..config() };
    let id_token = claims(&json!({"email": "a@b.com"}));
    let identity = identity(&config, "1", &id_token, &Claims::default()).unwrap();
    assert_eq!(identity.email.unwrap().as_str(), "a@b.com");
}

#[rstest]
#[case::list("groups", json!({"groups": ["a", "b"]}), &["a", "b"])]
#[case::one("groups", json!({"groups": "a b"}), &["a b"])]
#[case::none("groups", json!({}), &[])]
#[case::odd_members("groups", json!({"groups": ["a", 1, {"x": "y"}, null]}), &["a"])]
#[case::object("groups", json!({"groups": {"a": "b"}}), &[])]
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
