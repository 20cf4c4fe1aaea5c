//! `[[service_provider]]` and what refers to it: what presets fill in, what is refused and with which words.

use jsm_gate::config::{
    Config, NameIdFormat, NameIdValue, ServiceProviderConfig, Signing, SloBinding,
};
use jsm_gate::domain::{Access, Identity, Mode, ServiceProviderId, Template};
use rstest::rstest;

use super::support::{MINIMAL, load};

/// What the service provider's screen shows.
const SHOWN: &str = "entity_id = 'https://auth.atlassian.com/saml/1'
acs_url = 'https://auth.atlassian.com/login/callback?connection=saml-1'";

fn config(toml: &str) -> Config {
    loaded(toml).0
}

fn loaded(toml: &str) -> (Config, Vec<String>) {
    let text = format!("{MINIMAL}{toml}");
    let loaded = load(&text).unwrap_or_else(|refusal| panic!("{}", refusal.report));
    let warnings = loaded.warnings.iter().map(|one| format!("{}: {}", one.subject, one.text));
    (loaded.config, warnings.collect())
}

fn service_provider(preset: &str, keys: &str) -> ServiceProviderConfig {
    let toml = format!("[[service_provider]]\nid = 'app'\npreset = '{preset}'\n{keys}");
    config(&toml).service_providers.remove(0)
}

fn refused(toml: &str) -> String {
    load(&format!("{MINIMAL}{toml}")).unwrap_err().report
}

fn template(text: &str) -> Template {
    let known: Vec<_> = Identity::ATTRIBUTES.into_iter().chain(["saml_id"]).collect();
    Template::parse(text, &known).unwrap()
}

const CLAIMS: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

#[rstest]
fn atlassians_doors_take_the_address_and_the_person_behind_it(
    #[values("atlassian-accounts", "atlassian-external", "atlassian-portal")] preset: &str,
) {
    let atlassian = service_provider(preset, SHOWN);
    assert_eq!(atlassian.preset.as_str(), preset);
    assert_eq!(atlassian.entity_id, "https://auth.atlassian.com/saml/1");
    let acs = "https://auth.atlassian.com/login/callback?connection=saml-1";
    assert_eq!(atlassian.acs_urls, [acs], "with its query");
    assert_eq!(atlassian.name_id.format, NameIdFormat::EmailAddress);
    assert_eq!(atlassian.name_id.value, NameIdValue::Template(template("{email}")));
    let expected = [
        (format!("{CLAIMS}/givenname"), template("{first_name}")),
        (format!("{CLAIMS}/surname"), template("{last_name}")),
        (format!("{CLAIMS}/name"), template("{saml_id}")),
    ];
    assert_eq!(atlassian.attributes, expected);
}

#[test]
fn attributes_of_the_file_come_beside_those_of_the_preset_or_in_their_place() {
    let keys = format!(
        "{SHOWN}\n[service_provider.attributes]\n'{CLAIMS}/name' = 'x/{{subject}}'\ngroups = '{{groups}}'"
    );
    let atlassian = service_provider("atlassian-accounts", &keys);
    let expected = [
        (format!("{CLAIMS}/givenname"), template("{first_name}")),
        (format!("{CLAIMS}/surname"), template("{last_name}")),
        ("groups".to_owned(), template("{groups}")),
        (format!("{CLAIMS}/name"), template("x/{subject}")),
    ];
    assert_eq!(atlassian.attributes, expected);
}

/// Jira compares with its own base URL, letter by letter.
#[rstest]
#[case::behind_the_gate("", "host = 'public'", "http://localhost:8080")]
#[case::with_a_context_path("/jira", "host = 'public'", "http://localhost:8080/jira")]
#[case::elsewhere("", "", "https://jira.example.com")]
fn jira_is_known_by_its_base_url(
    #[case] path: &str,
    #[case] forward: &str,
    #[case] expected: &str,
) {
    let minimal = MINIMAL.replace("jira.example.com", &format!("jira.example.com{path}"));
    let toml = format!(
        "{minimal}[forward]\n{forward}\n[[service_provider]]\nid = 'jira'\npreset = 'jira-data-center'"
    );
    let jira = load(&toml).unwrap().config.service_providers.remove(0);
    assert_eq!(jira.entity_id, expected);
    assert_eq!(jira.acs_urls, [format!("{expected}/plugins/servlet/samlconsumer")]);
    assert_eq!(jira.name_id.value, NameIdValue::JiraUsername);
    assert!(jira.attributes.is_empty() && !jira.allow_staff);
}

#[rstest]
fn other_products_are_known_by_the_base_url_that_is_their_entity_id(
    #[values("confluence-data-center", "bitbucket-data-center", "bamboo-data-center")] preset: &str,
) {
    let wiki = service_provider(preset, "entity_id = 'https://wiki.example.com/wiki/'");
    assert_eq!(wiki.entity_id, "https://wiki.example.com/wiki/", "as it is spelled");
    assert_eq!(wiki.acs_urls, ["https://wiki.example.com/wiki/plugins/servlet/samlconsumer"]);
}

#[test]
fn any_other_is_as_the_file_says() {
    let keys = "name = 'The app'
entity_id = 'the-app'
acs_url = ['https://app.example.com/acs', 'http://localhost:9000/acs']
access = 'private'
allow = { groups = ['staff'] }
provider = 'main'
max_age = '15m'
name_id = '{subject}'
name_id_format = 'persistent'
start_url = 'https://app.example.com/start'
slo_url = 'https://app.example.com/slo'
slo_binding = 'post'
certificate_file = 'certs/app.pem'
signing_key_file = 'certs/saml-key.pem'
signing_certificate_file = 'certs/saml.pem'";
    let app = service_provider("saml", keys);
    assert_eq!((app.name.as_str(), app.entity_id.as_str()), ("The app", "the-app"));
    assert_eq!(app.acs_urls, ["https://app.example.com/acs", "http://localhost:9000/acs"]);
    assert_eq!(app.rules.access, Access::Private);
    assert!(app.rules.allow.groups.contains("staff") && app.rules.provider.is_some());
    assert_eq!(app.rules.demand.max_age.unwrap().as_secs(), 900);
    assert_eq!(app.name_id.format, NameIdFormat::Persistent);
    assert_eq!(app.name_id.value, NameIdValue::Template(template("{subject}")));
    assert_eq!(app.keys.len(), 1);
    assert!(matches!(app.signing, Signing::Files(_)));
    assert!(app.start_url.is_some() && app.slo_url.is_some());
    assert_eq!(app.slo_binding, SloBinding::Post);
}

/// Each key that is wrong, and what is said of it.
#[rstest]
#[case("preset = 'atlasian-accounts'", "preset", "did you mean \"atlassian-accounts\"?")]
#[case("entity_id = 'a'", "acs_url", "is missing")]
#[case("acs_url = 'https://app.example.com/acs'", "entity_id", "is missing")]
#[case("entity_id = 'a b'\nacs_url = 'https://x.example.com/'", "entity_id", "is no entity id")]
#[case("entity_id = 'a'\nacs_url = 'http://app.example.com/acs'", "acs_url", "is plain http")]
#[case("entity_id = 'a'\nacs_url = 'javascript:alert(1)'", "acs_url", "is not a web address")]
#[case(
    "entity_id = 'a'\nacs_url = 'https://x.example.com/#a'",
    "acs_url",
    "has a query or fragment"
)]
#[case("entity_id = 'a'\nacs_url = ' https://x.example.com/'", "acs_url", "has blanks")]
#[case("entity_id = 'a'\nacs_url = []", "acs_url", "is empty")]
#[case("entity_id = 'a'\nacs_url = [1]", "acs_url[0]", "is a whole number")]
#[case(
    "entity_id = 'a'\nacs_url = ['https://x.example.com/', 'https://x.example.com/']",
    "acs_url",
    "names an address twice"
)]
#[case("{SHOWN}\naccess = 'public'", "access", "lets strangers in")]
#[case("{SHOWN}\naccess = 'private'", "allow", "is missing")]
#[case("{SHOWN}\nprovider = 'okta'", "provider", "is the id of no provider")]
#[case("{SHOWN}\nallow_staff = true", "allow_staff", "has no effect with this preset")]
#[case("{SHOWN}\nname_id = '{mail}'", "name_id", "has {mail}, which is unknown")]
#[case("{SHOWN}\nname_id = '{name}'", "name_id", "does not tell people apart")]
#[case("{SHOWN}\ncertificate_file = 'certs/small-rsa.pem'", "certificate_file", "1024 bits")]
#[case("{SHOWN}\ncertificate_file = 'certs/cert.pem'", "certificate_file", "not of an RSA key")]
#[case("{SHOWN}\ncertificate_file = 'secrets/session'", "certificate_file", "no certificate in it")]
#[case(
    "{SHOWN}\nsigning_key_file = 'certs/saml-key.pem'",
    "signing_certificate_file",
    "is missing"
)]
#[case("{SHOWN}\nsigning_certificate_file = 'certs/saml.pem'", "signing_key_file", "is missing")]
#[case(
    "{SHOWN}\nsigning_key_file = 'certs/saml-key.pem'\nsigning_certificate_file = 'certs/app.pem'",
    "signing_key_file",
    "the certificate is not of this private key"
)]
#[case(
    "{SHOWN}\nsigning_key_file = 'certs/key.pem'\nsigning_certificate_file = 'certs/cert.pem'",
    "signing_key_file",
    "it is not an RSA key"
)]
#[case(
    "{SHOWN}\nsigning_key_file = 'certs/app.pem'\nsigning_certificate_file = 'certs/app.pem'",
    "signing_key_file",
    "can be read or changed by others"
)]
#[case("{SHOWN}\nslo_binding = 'post'", "slo_binding", "add slo_url")]
#[case(
    "{SHOWN}\n[service_provider.attributes]\na = '{mail}'",
    "attributes.a",
    "known here: {email}"
)]
#[case(
    "{SHOWN}\n[service_provider.attributes]\na = 'x'\nA = 'y'",
    "attributes",
    "an attribute twice"
)]
#[case(
    "{SHOWN}\n[service_provider.attributes]\na = '{groups}{groups}'",
    "attributes.a",
    "another list"
)]
fn what_is_wrong_is_told_with_its_place(#[case] keys: &str, #[case] key: &str, #[case] told: &str) {
    let keys = keys.replace("{SHOWN}", SHOWN);
    let report = refused(&format!("[[service_provider]]\nid = 'app'\n{keys}"));
    assert!(report.contains(&format!("service_provider[app].{key}")), "{key}: {report}");
    assert!(report.contains(told), "{told}: {report}");
}

#[rstest]
fn atlassians_doors_and_jira_say_themselves_what_people_are_known_by(
    #[values("atlassian-portal", "jira-data-center")] preset: &str,
    #[values("name_id = '{subject}'", "name_id_format = 'persistent'")] key: &str,
) {
    let report =
        refused(&format!("[[service_provider]]\nid = 'a'\npreset = '{preset}'\n{SHOWN}\n{key}"));
    assert!(report.contains("this preset says what people are known by"), "{report}");
}

#[test]
fn two_of_one_id_are_refused() {
    let one = format!("[[service_provider]]\nid = 'app'\n{SHOWN}\n");
    let report = refused(&one.repeat(2));
    assert!(report.contains("is the id of another service provider"), "{report}");
}

/// Jira's own login takes no plain http.
#[test]
fn a_jira_with_a_plain_base_url_is_asked_for_the_true_one() {
    let minimal = MINIMAL.replace(
        "https://jira.example.com\"",
        "http://10.0.0.5:8080\"\ninsecure_plain_http = true",
    );
    let toml = "[[service_provider]]\nid = 'jira'\npreset = 'jira-data-center'";
    let report = load(&format!("{minimal}{toml}")).unwrap_err().report;
    assert!(
        report.contains("service_provider[jira].entity_id") && report.contains("base URL"),
        "{report}"
    );
}

/// Each gate would make a key of its own, and the service provider knows one.
#[test]
fn several_gates_sign_with_one_key() {
    let minimal = MINIMAL.replace("[session]", "[session]\nstore = 'redis://localhost'");
    let alone = format!("{minimal}[[service_provider]]\nid = 'app'\n{SHOWN}\n");
    let report = load(&alone).unwrap_err().report;
    assert!(report.contains("service_provider[app].signing_key_file"), "{report}");
    assert!(report.contains("openssl req -x509"), "{report}");
    let files =
        "signing_key_file = 'certs/saml-key.pem'\nsigning_certificate_file = 'certs/saml.pem'";
    load(&format!("{alone}{files}")).unwrap();
}

/// What is the same for two people opens the account of one to the other.
#[test]
fn a_name_id_of_two_providers_tells_them_apart() {
    let second =
        "[[provider]]\nid = 'main-2'\nissuer = 'https://other.example.com'\nclient_id = 'x'";
    let with = |name_id: &str, more: &str| {
        let keys = format!("id = 'app'\n{SHOWN}\nname_id = '{name_id}'\n{more}");
        load(&format!("{MINIMAL}{second}\n[[service_provider]]\n{keys}"))
    };
    for name_id in ["{email}", "{saml_id}", "{provider}:{subject}"] {
        with(name_id, "").unwrap();
    }
    for name_id in
        ["{subject}", "{subject}:{provider}", "{provider}-{subject}", "{provider}{email}"]
    {
        let report = with(name_id, "").unwrap_err().report;
        assert!(report.contains("may be the same for people of two providers"), "{report}");
        with(name_id, "provider = 'main-2'").unwrap();
    }
    // One could end where the other begins.
    let report = with("{subject}{email}", "").unwrap_err().report;
    assert!(report.contains("has two placeholders that differ"), "{report}");
}

#[test]
fn a_portal_that_says_nothing_else_has_the_rules_of_its_service_provider() {
    let config = config(&format!(
        "[[service_provider]]\nid = 'app'\naccess = 'private'\nallow = {{ groups = ['staff'] }}\n{SHOWN}
[portals]\nmode = 'sso'\nservice_provider = 'app'
[[portal]]\nproject = 'IT'
[[portal]]\nproject = 'HR'\naccess = 'default'
[[portal]]\nproject = 'FAC'\nmode = 'forward'"
    ));
    let app = ServiceProviderId::parse("app").ok();
    let of_app = config.service_providers[0].rules.clone();
    let defaults = &config.portal_defaults;
    assert_eq!(
        (defaults.mode(), &defaults.service_provider, &defaults.rules),
        (Mode::Sso, &app, &of_app)
    );
    let [it, hr, fac] = &config.portals[..] else { panic!("{:?}", config.portals) };
    assert_eq!((it.mode, &it.service_provider, &it.rules), (Mode::Sso, &app, &of_app));
    assert_eq!((hr.mode, hr.rules.access), (Mode::Sso, Access::Default));
    assert_eq!(
        (fac.mode, &fac.service_provider, fac.rules.access),
        (Mode::Forward, &None, Access::Default)
    );
}

#[rstest]
#[case("[portals]\nmode = 'sso'", "portals.service_provider", "is missing")]
#[case(
    "[portals]\nmode = 'sso'\nservice_provider = 'x'",
    "portals.service_provider",
    "of no service provider"
)]
#[case(
    "[portals]\nservice_provider = 'app'",
    "portals.service_provider",
    "the mode is \"forward\""
)]
#[case(
    "[portals]\nmode = 'sso'\nservice_provider = 'app'\naccess = 'public'",
    "portals.access",
    "lets strangers"
)]
#[case("[[portal]]\nproject = 'IT'\nmode = 'sso'", "portal[IT].service_provider", "is missing")]
#[case(
    "[[portal]]\nproject = 'IT'\nservice_provider = 'app'",
    "portal[IT].service_provider",
    "has no effect"
)]
fn a_portal_names_a_service_provider_that_there_is(
    #[case] toml: &str,
    #[case] key: &str,
    #[case] told: &str,
) {
    let report = refused(&format!("[[service_provider]]\nid = 'app'\n{SHOWN}\n{toml}"));
    assert!(report.contains(key) && report.contains(told), "{report}");
}

const JIRA: &str = "[[service_provider]]\nid = 'jira'\npreset = 'jira-data-center'\n";

#[test]
fn jiras_own_login_is_that_of_its_service_provider() {
    let forward = "[forward]\nhost = 'public'\njira_login = 'saml'\n";
    let with = config(&format!("{forward}{JIRA}"));
    assert_eq!(with.jira_login().unwrap().id.as_str(), "jira");
    let without = config(&format!("[forward]\nhost = 'public'\njira_login = 'none'\n{JIRA}"));
    assert!(without.jira_login().is_none());
}

#[rstest]
#[case::another_host("jira_login = 'saml'", JIRA, "write host = \"public\"")]
#[case::no_service_provider(
    "host = 'public'\njira_login = 'saml'",
    "",
    "preset = \"jira-data-center\""
)]
fn jiras_own_login_needs_its_host_and_its_service_provider(
    #[case] forward: &str,
    #[case] service_provider: &str,
    #[case] told: &str,
) {
    let report = refused(&format!("[forward]\n{forward}\n{service_provider}"));
    assert!(
        report.contains("`forward.jira_login` is \"saml\"") && report.contains(told),
        "{report}"
    );
}

#[test]
fn jiras_own_login_is_of_data_center() {
    let minimal = MINIMAL.replace("[jsm]", "[jsm]\nemail = 'a@example.com'\ndeployment = 'cloud'");
    let toml = format!("{minimal}[forward]\nhost = 'public'\njira_login = 'saml'\n{JIRA}");
    let report = load(&toml).unwrap_err().report;
    assert!(report.contains("only Jira Data Center has a login built in"), "{report}");
}

fn with_saml_ids(first: &str, second: &str) -> String {
    let extra = "[provider.attributes.extra]\noid = 'oid'\n";
    let first = format!("client_id = \"gate\"\n{first}\n{extra}");
    let minimal = MINIMAL.replace("client_id = \"gate\"", &first);
    format!(
        "{minimal}[[provider]]\nid = 'other'\nissuer = 'https://other.example.com'\nclient_id = 'x'\n{second}\n{extra}"
    )
}

/// Who is vouched for is told by what their name begins with.
#[rstest]
#[case("", "", None)]
#[case("saml_id = '{oid}'", "", None)]
#[case("saml_id = 'a/{subject}'", "saml_id = 'b/{subject}'", None)]
#[case("saml_id = '{oid}'", "saml_id = '{subject}'", Some("begins like another provider's"))]
#[case("saml_id = 'a/{oid}'", "saml_id = 'a/{subject}'", Some("begins like another provider's"))]
#[case("", "saml_id = 'main/{subject}'", Some("begins like another provider's"))]
#[case("saml_id = '{provider}'", "", Some("is the same for all people"))]
#[case("saml_id = '{subject}{oid}'", "", Some("has two placeholders that differ"))]
#[case("saml_id = '{name}'", "", Some("has {name}, which is unknown"))]
#[case("saml_id = '{department}'", "", Some("has {department}, which is unknown"))]
fn no_provider_can_name_anothers_people(
    #[case] first: &str,
    #[case] second: &str,
    #[case] told: Option<&str>,
) {
    match (load(&with_saml_ids(first, second)), told) {
        (Ok(_), None) => {}
        (Err(refusal), Some(told)) => {
            assert!(refusal.report.contains(told), "{}", refusal.report);
            assert!(refusal.report.contains("saml_id"), "{}", refusal.report);
        }
        (loaded, told) => panic!("{loaded:?}, not {told:?}"),
    }
}

#[test]
fn a_name_that_follows_the_address_is_warned_of_at_each_start() {
    let text = MINIMAL.replace("client_id", "saml_id = '{email}'\nclient_id");
    let warnings = load(&text).unwrap().warnings;
    assert_eq!(warnings[0].subject, "provider[main].saml_id");
}

#[test]
fn an_openid_provider_without_a_document_says_what_it_would_say() {
    let endpoints = "authorization_endpoint = 'https://login.example.com/authorize'
token_endpoint = 'https://login.example.com/token'
jwks_uri = 'https://login.example.com/keys'
end_session_endpoint = 'https://login.example.com/logout'
client_id";
    let provider =
        load(&MINIMAL.replace("client_id", endpoints)).unwrap().config.providers.remove(0);
    assert_eq!(provider.issuer, "https://login.example.com");
    let endpoints = provider.endpoints.unwrap();
    assert_eq!(endpoints.jwks_uri.as_str(), "https://login.example.com/keys");
    assert!(endpoints.userinfo_endpoint.is_none() && endpoints.end_session_endpoint.is_some());
}

#[rstest]
#[case("jwks_uri = 'https://login.example.com/keys'", "authorization_endpoint` is missing")]
#[case("userinfo_endpoint = 'https://login.example.com/me'", "jwks_uri` is missing")]
#[case("jwks_uri = 'http://login.example.com/keys'", "jwks_uri` is plain http")]
#[case("emails_endpoint = 'https://login.example.com/me'", "emails_endpoint` has no effect")]
#[case("preset = 'oauth2'\njwks_uri = 'https://login.example.com/'", "jwks_uri` has no effect")]
#[case("preset = 'github'\njwks_uri = 'https://login.example.com/'", "jwks_uri` has no effect")]
fn endpoints_come_together_or_not_at_all(#[case] keys: &str, #[case] told: &str) {
    let text = MINIMAL.replace("client_id", &format!("{keys}\nclient_id"));
    let report = load(&text).unwrap_err().report;
    assert!(report.contains(told), "{report}");
}
