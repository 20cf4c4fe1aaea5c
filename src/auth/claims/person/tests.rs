use rstest::rstest;
use serde_json::json;

use super::*;
use crate::config::{ClientAuth, EmailAuthority};
use crate::domain::{EmailDomain, ProviderId};

/// Who a login makes, of an ID token and a UserInfo that answers.
fn identity(
    config: &ProviderConfig,
    subject: &str,
    id_token: &Claims,
    user_info: &Claims,
) -> Result<Identity, LoginError> {
    let user_info = UserInfo::Said(user_info.clone());
    let said = Said { first: id_token, user_info: &user_info, before: None };
    super::identity(config, subject, &said)
}

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
        .map(|identity| identity.email.known().map(ToString::to_string))
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
#[case::a_number(json!({"email": "a@b.com", "email_verified": 1}), Ok(Some("a@b.com")))]
#[case::in_capitals(json!({"email": "a@b.com", "email_verified": "True"}), Ok(Some("a@b.com")))]
#[case::another_number(json!({"email": "a@b.com", "email_verified": 2}), Err("email-unverified"))]
#[case::a_list(json!({"email": "a@b.com", "email_verified": [true]}), Err("email-unverified"))]
#[case::two_domains(json!({"email": "a@evil.com@b.com", "email_verified": true}), Err("email-invalid"))]
#[case::a_blank(json!({"email": "a@b.com ", "email_verified": true}), Err("email-invalid"))]
#[case::xms_edov(json!({"email": "a@b.com", "email_verified": "1"}), Ok(Some("a@b.com")))]
#[case::a_list_of_one(json!({"email": ["a@b.com"], "email_verified": true}), Ok(Some("a@b.com")))]
#[case::two_addresses(json!({"email": ["a@b.com", "c@b.com"], "email_verified": true}), Err("email-invalid"))]
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
    assert_eq!(identity.email.known().unwrap().as_str(), "a@b.com");
}

#[rstest]
#[case::plain("groups", json!({"groups": ["a"]}), Told::Known(json!(["a"])))]
#[case::none("groups", json!({}), Told::Absent)]
#[case::null("groups", json!({"groups": null}), Told::Absent)]
#[case::nothing_but_empty("groups", json!({"groups": [""]}), Told::Known(json!([])))]
#[case::nested("realm_access.roles", json!({"realm_access": {"roles": ["a"]}}), Told::Known(json!(["a"])))]
#[case::dotted_name("https://x.com/groups", json!({"https://x.com/groups": ["a"]}), Told::Known(json!(["a"])))]
#[case::too_deep("groups.x", json!({"groups": ["a"]}), Told::Absent)]
#[case::unreadable("groups", json!({"groups": [{"name": "a"}]}), Told::Unknown)]
#[case::elsewhere("groups", json!({"_claim_names": {"groups": "src1"}}), Told::Unknown)]
#[case::elsewhere_too("groups", json!({"groups": ["a"], "_claim_names": {"groups": "src1"}}), Told::Unknown)]
#[case::nested_elsewhere("realm_access.roles", json!({"_claim_names": {"realm_access": "1"}}), Told::Unknown)]
#[case::dotted_elsewhere("https://x.com/g", json!({"_claim_names": {"https://x.com/g": "1"}}), Told::Unknown)]
#[case::others_elsewhere("groups", json!({"_claim_names": {"roles": "src1"}}), Told::Absent)]
#[case::odd_claim_names("groups", json!({"_claim_names": ["groups"]}), Told::Unknown)]
#[case::too_many("groups", json!({"hasgroups": true}), Told::Unknown)]
#[case::too_many_as_a_text("groups", json!({"hasgroups": "true"}), Told::Unknown)]
#[case::not_too_many("groups", json!({"hasgroups": false}), Told::Absent)]
#[case::roles_are_no_groups("roles", json!({"hasgroups": true}), Told::Absent)]
fn groups_are_known_absent_or_not_known(
    #[case] path: &str,
    #[case] id_token: Value,
    #[case] expected: Told<Value>,
) {
    let mut config = config();
    config.attributes.groups = path.to_owned();
    let nothing = Claims::default();
    let id_token = claims(&id_token);
    for (first, second) in [(&id_token, &nothing), (&nothing, &id_token)] {
        let found = identity(&config, "1", first, second).unwrap().groups;
        let found = match found {
            Told::Known(groups) => Told::Known(json!(groups)),
            Told::Absent => Told::Absent,
            Told::Unknown => Told::Unknown,
        };
        assert_eq!(found, expected);
    }
}

#[test]
fn what_the_id_token_has_not_all_of_user_info_may_have() {
    let id_token = claims(&json!({"hasgroups": true}));
    let user_info = claims(&json!({"groups": ["a"]}));
    let found = identity(&config(), "1", &id_token, &user_info).unwrap();
    assert_eq!(found.groups.values(), ["a"]);
}

#[test]
fn what_user_info_would_have_said_is_not_known_when_it_is_not_had() {
    let mut config = config();
    config.attributes.extra = vec![("team".to_owned(), "team".to_owned())];
    let id_token = claims(&json!({"email": "a@b.com", "email_verified": true}));
    let said = Said { first: &id_token, user_info: &UserInfo::NotHad, before: None };
    let found = super::identity(&config, "1", &said).unwrap();
    assert_eq!(found.unknown().collect::<Vec<_>>(), ["groups", "team"]);
    let id_token = claims(&json!({"groups": [], "team": "it"}));
    let said = Said { first: &id_token, user_info: &UserInfo::NotHad, before: None };
    let found = super::identity(&config, "1", &said).unwrap();
    assert_eq!(found.unknown().collect::<Vec<_>>(), ["email"]);
}

/// OpenID Connect Core 1.0 section 12.2.
#[rstest]
#[case::nothing(json!({}), json!(["a"]))]
#[case::null(json!({"groups": null}), json!(["a"]))]
#[case::others(json!({"groups": ["b"]}), json!(["b"]))]
#[case::none_any_more(json!({"groups": []}), json!([]))]
#[case::elsewhere_by_now(json!({"hasgroups": true}), json!(null))]
fn what_a_refresh_does_not_say_stays_as_it_was(#[case] refreshed: Value, #[case] groups: Value) {
    let mut config = config();
    config.attributes.extra = vec![("team".to_owned(), "team".to_owned())];
    let login = claims(&json!({
        "email": "a@b.com", "email_verified": true, "groups": ["a"], "team": "it", "name": "Ann",
    }));
    let before = identity(&config, "1", &login, &Claims::default()).unwrap();
    let (first, user_info) = (claims(&refreshed), UserInfo::Said(Claims::default()));
    let said = Said { first: &first, user_info: &user_info, before: Some(&before) };
    let after = super::identity(&config, "1", &said).unwrap();
    assert_eq!(json!(after.groups.known()), groups);
    assert_eq!((&after.email, &after.name), (&before.email, &before.name));
    assert_eq!(after.attributes, before.attributes);
}

/// The address was verified at the login, and a refresh does not say that it no longer is.
#[rstest]
#[case::not_said_again(json!({"email": "a@b.com"}), Ok(()))]
#[case::said_no(json!({"email": "a@b.com", "email_verified": false}), Err("email-unverified"))]
#[case::another_address(json!({"email": "c@b.com"}), Err("email-unverified"))]
fn a_refresh_need_not_verify_the_same_address_again(
    #[case] refreshed: Value,
    #[case] expected: Result<(), &str>,
) {
    let login = claims(&json!({"email": "a@b.com", "email_verified": true}));
    let before = identity(&config(), "1", &login, &Claims::default()).unwrap();
    let (first, user_info) = (claims(&refreshed), UserInfo::Said(Claims::default()));
    let said = Said { first: &first, user_info: &user_info, before: Some(&before) };
    let after = super::identity(&config(), "1", &said);
    assert_eq!(after.map(drop).map_err(|error| error.code().as_str()), expected);
}

#[test]
fn the_id_token_goes_before_user_info() {
    let id_token = claims(&json!({"name": "Ann", "groups": []}));
    let user_info = claims(&json!({"name": "Eve", "groups": ["admins"], "given_name": "Ann"}));
    let identity = identity(&config(), "1", &id_token, &user_info).unwrap();
    assert_eq!(identity.name.as_deref(), Some("Ann"));
    assert_eq!(identity.first_name.as_deref(), Some("Ann"));
    assert_eq!(identity.groups, Told::Known(Vec::new()), "an empty list is an answer");
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

#[test]
fn extra_attributes_are_found_by_path() {
    let mut config = config();
    let paths = [("cost", "org.cost"), ("none", "nowhere"), ("empty", "list"), ("blank", "text")];
    config.attributes.extra = paths.map(|(name, path)| (name.to_owned(), path.to_owned())).to_vec();
    let id_token = claims(&json!({"org": {"cost": 4711}, "list": [""], "text": " "}));
    let identity = identity(&config, "1", &id_token, &Claims::default()).unwrap();
    let told = ["cost", "none", "empty", "blank"].map(|name| identity.attributes[name].clone());
    let cost = Told::Known(vec!["4711".into()]);
    assert_eq!(told, [cost, Told::Absent, Told::Absent, Told::Absent]);
}
