//! What providers vouch for, and portals that stand behind one service provider.

use super::*;

const OF_EXAMPLE: &str = "email_domains = [\"example.com\"]";

const SECOND_PROVIDER: &str = r#"
    [[provider]]
    id = "entra"
    issuer = "https://login.partner.example"
    client_id = "gate"
    email_domains = ["partner.example"]
"#;

fn people_of(case: &Case, tells_verified: Option<bool>) -> String {
    bad(people::check(&case.config(), &|_| tells_verified))
}

#[rstest]
#[case::given_out("verified_email_domains = [\"example.com\"]", Some(false), "")]
#[case::told("", Some(true), "")]
#[case::not_listed(
    "",
    Some(false),
    "warning  provider okta: it does not list email_verified among its claims; without it no address is told \
     to service providers, and nobody gets through\n         \
     → name the domains whose addresses it gives out itself in verified_email_domains, or have it send \
     email_verified; jsm-gate test-login okta shows whether it does"
)]
#[case::never(
    "insecure_allow_unverified_email = true",
    Some(true),
    "FAILURE  provider okta: with insecure_allow_unverified_email and no verified_email_domains no address is \
     told to service providers, so nobody gets through\n         \
     → name the domains whose addresses it gives out itself in verified_email_domains, or have it send \
     email_verified; jsm-gate test-login okta shows whether it does"
)]
fn a_provider_that_vouches_for_no_address_is_told(
    #[case] provider: &'static str,
    #[case] tells_verified: Option<bool>,
    #[case] expected: &str,
) {
    let case = Case { provider, ..Case::default() };
    assert_eq!(people_of(&case, tells_verified), expected);
}

#[rstest]
#[case::usual("", "")]
#[case::both("saml_id = \"{provider}:{subject}\"", "")]
#[case::no_provider(
    "saml_id = \"{subject}\"",
    "warning  provider okta: saml_id has no {provider} in it\n         \
     → leave saml_id out ({provider}/{subject}), unless it keeps links made before the gate"
)]
#[case::neither(
    "saml_id = \"{oid}\"\nattributes = { extra = { oid = \"oid\" } }",
    "warning  provider okta: saml_id has no {provider} and no {subject} in it\n         \
     → make sure that {oid} never changes and is never given to somebody else, or leave saml_id out \
     ({provider}/{subject}), unless it keeps links made before the gate"
)]
fn a_name_that_could_change_or_be_anothers_is_told(
    #[case] provider: &'static str,
    #[case] expected: &str,
) {
    let case = Case { provider, ..Case::default() };
    assert_eq!(people_of(&case, None), expected);
}

#[rstest]
#[case::each_has_its_own(OF_EXAMPLE, "", "")]
#[case::no_domains(
    "",
    "",
    "warning  provider okta: it has no email_domains, so another provider may vouch for addresses of its \
     people\n         \
     → name its mail domains in email_domains"
)]
#[case::shared(
    OF_EXAMPLE,
    "shared_email_domains = [\"example.com\"]",
    "warning  provider okta: entra may vouch for addresses of its mail domains (shared_email_domains), and so \
     open accounts of its people\n         \
     → take the domains out of shared_email_domains, unless these are the same people"
)]
fn a_provider_that_can_speak_for_anothers_people_is_told(
    #[case] provider: &str,
    #[case] second: &str,
    #[case] expected: &str,
) {
    let provider = format!("{provider}\n{SECOND_PROVIDER}\n{second}").leak();
    assert_eq!(people_of(&Case { provider, ..Case::default() }, None), expected);
}

#[test]
fn a_provider_that_no_service_provider_takes_matters_to_none() {
    let provider = format!("{OF_EXAMPLE}\n{SECOND_PROVIDER}\nsaml_id = \"x-{{email}}\"").leak();
    let case = Case { provider, more: "provider = \"okta\"", ..Case::default() };
    assert_eq!(people_of(&case, None), "");
}

const PORTALS: &str = r#"
    [[portal]]
    project = "IT"
    mode = "sso"
    service_provider = "atlassian"
    [[portal]]
    project = "HR"
    mode = "sso"
    service_provider = "atlassian"
"#;

#[rstest]
#[case::same("", "")]
#[case::access("access = \"private\"\nallow = { groups = [\"hr\"] }", "HR")]
#[case::deny("deny = { groups = [\"former\"] }", "HR")]
#[case::provider("provider = \"okta\"", "HR")]
#[case::step_up("acr_values = [\"mfa\"]", "HR")]
#[case::age("max_age = \"15m\"", "HR")]
fn portals_of_one_service_provider_that_differ_are_told(#[case] rule: &str, #[case] odd: &str) {
    let more = format!("{PORTALS}\n{rule}").leak();
    let config = Case { preset: "atlassian-portal", more, ..Case::default() }.config();
    let found = portals::check(&config, &config.service_providers[0]);
    let expected = format!(
        "FAILURE  service provider atlassian: {odd} with mode = \"sso\" differ from it in access, allow, deny, \
         provider, acr_values or max_age. Whoever it lets in can use all of its portals, whatever those say\n         \
         → leave these keys out at the portals, and write them at [[service_provider]]; portals that need \
         other rules need a site, and a service provider, of their own"
    );
    let expected = if odd.is_empty() { "" } else { &expected };
    assert_eq!(bad(found.into_iter().collect()), expected);
}

/// The file itself says it, at its line.
#[test]
fn a_name_that_follows_the_address_is_told() {
    let case = Case { provider: "saml_id = \"{provider}/{email}\"", ..Case::default() };
    let warning = case.loaded().warnings.pop().unwrap();
    assert_eq!(warning.subject, "provider[okta].saml_id");
    assert!(warning.text.starts_with("follows the email address: "), "{warning:?}");
    assert_eq!(people_of(&case, None), "");
}
