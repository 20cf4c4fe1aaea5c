//! What `jsm-gate check` prints of service providers: for each thing that can be wrong one file in which it is, and
//! the line that says so.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::http::header::DATE;
use axum::routing::any;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, date_time_ymd};
use rsa::pkcs8::EncodePrivateKey as _;
use rstest::rstest;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::cli::check::print;
use crate::config::{Loaded, parse};
use crate::domain::Level;

/// 2027-01-15T08:00:00Z.
const NOW: u64 = 1_800_000_000;

const ENTITY_ID: &str = "https://auth.atlassian.com/saml/0a1b2c3d";
const ACS: &str = "https://auth.atlassian.com/login/callback?connection=saml-0a1b2c3d";

/// A file with one service provider, and the folder that the gate keeps its state in.
struct Case {
    state: TempDir,
    preset: &'static str,
    addresses: [&'static str; 2],
    jsm: &'static str,
    provider: &'static str,
    more: &'static str,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            state: TempDir::new().unwrap(),
            preset: "atlassian-accounts",
            addresses: [ENTITY_ID, ACS],
            jsm: "",
            provider: "",
            more: "",
        }
    }
}

impl Case {
    fn config(&self) -> Config {
        self.loaded().config
    }

    fn loaded(&self) -> Loaded {
        let Self { state, preset, addresses: [entity_id, acs_url], jsm, provider, more } = self;
        let state = state.path().display();
        let text = format!(
            r#"
            [gate]
            public_url = "https://help.example.com"
            listen = ["127.0.0.1:0"]
            trusted_proxies = ["127.0.0.1/32"]
            state_dir = "{state}"
            [jsm]
            url = "https://example.atlassian.net"
            email = "gate@example.com"
            api_token_env = "TOKEN"
            {jsm}
            [session]
            secret_env = "SECRET"
            [[provider]]
            id = "okta"
            issuer = "https://example.okta.com"
            client_id = "gate"
            {provider}
            [[service_provider]]
            id = "atlassian"
            preset = "{preset}"
            entity_id = "{entity_id}"
            acs_url = "{acs_url}"
            {more}
            "#
        );
        let secret = |_: &str| Some("7Gq0pA3vXc1LrT9wZyB5nKdE2hUoMiJs8fQbWxVtRyA".to_owned());
        let loaded = parse("proxy.toml", &text, self.state.path(), &secret);
        loaded.unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// What the check of keys says of what is in `state_dir`.
    fn keys(&self) -> Vec<Finding> {
        keys::check(&self.config().service_providers[0], self.state.path(), NOW)
    }

    fn with_key(self, key: &Key, certificate: &[u8]) -> Self {
        let [pkcs8, certificate] =
            [&key.pkcs8[..], certificate].map(|der| BASE64_STANDARD.encode(der));
        let current = json!({"pkcs8": pkcs8, "certificate": certificate});
        let file = self.state.path().join("saml-keys-atlassian.json");
        fs::write(&file, json!({"format": 1, "current": current}).to_string()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        self
    }
}

struct Key {
    pkcs8: Vec<u8>,
}

static KEY: LazyLock<Key> = LazyLock::new(|| Key::of(2048));
static OTHER: LazyLock<Key> = LazyLock::new(|| Key::of(2048));
static SMALL: LazyLock<Key> = LazyLock::new(|| Key::of(1024));

impl Key {
    fn of(bits: usize) -> Self {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).unwrap();
        Self { pkcs8: key.to_pkcs8_der().unwrap().as_bytes().to_vec() }
    }

    /// Good from 2026 on to the first moment of a day.
    fn certificate(&self, (year, month, day): (i32, u8, u8)) -> Vec<u8> {
        let pkcs8 = self.pkcs8.as_slice().into();
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8, &PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(year, month, day);
        params.self_signed(&pair).unwrap().der().to_vec()
    }
}

/// What is printed of everything that is not as it should be.
fn bad(findings: Vec<Finding>) -> String {
    printed(findings.into_iter().filter(|finding| finding.level != Level::Ok))
}

fn printed(findings: impl IntoIterator<Item = Finding>) -> String {
    let findings: Vec<_> = findings.into_iter().collect();
    let mut out = Vec::new();
    print(&findings, false, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().collect();
    lines[..lines.len() - 1].join("\n")
}

const GOOD_UNTIL: (i32, u8, u8) = (2036, 1, 1);

#[test]
fn a_good_key_is_told_with_the_fingerprints_to_compare() {
    let certificate = KEY.certificate(GOOD_UNTIL);
    let printed = printed(Case::default().with_key(&KEY, &certificate).keys());
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(
        lines[0],
        "ok       service provider atlassian: key and certificate belong together, RSA and SHA-256; \
         the certificate is good for 3272 days"
    );
    let hex =
        |digest: &[u8]| digest.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(":");
    let sha256 = hex(ring::digest::digest(&ring::digest::SHA256, &certificate).as_ref());
    assert!(lines[1].contains("fingerprints: SHA-1 "), "{printed}");
    assert!(lines[1].ends_with(&format!("SHA-256 {sha256}")), "{printed}");
    assert_eq!(lines.len(), 2, "{printed}");
}

#[test]
fn a_key_that_is_not_the_certificates_is_told() {
    let case = Case::default().with_key(&KEY, &OTHER.certificate(GOOD_UNTIL));
    let file = case.state.path().join("saml-keys-atlassian.json");
    assert_eq!(
        bad(case.keys()),
        format!(
            "FAILURE  service provider atlassian: {}: a key in the file is damaged: the certificate is not \
             of this private key\n         \
             → restore it from a backup, or delete it: the gate then makes a new key, and nobody can log in \
             there until its certificate is pasted",
            file.display()
        )
    );
}

#[test]
fn a_key_that_is_too_small_is_told() {
    let printed = bad(Case::default().with_key(&SMALL, &KEY.certificate(GOOD_UNTIL)).keys());
    let line = printed.lines().next().unwrap();
    assert!(line.starts_with("FAILURE  service provider atlassian: "), "{printed}");
    assert!(
        line.ends_with("it is not an RSA key of 2048 to 4096 bits in PKCS #8 form"),
        "{printed}"
    );
}

#[test]
fn a_certificate_that_is_not_signed_with_sha_256_is_told() {
    // The last byte of the algorithm's name: sha256WithRSAEncryption, and with SHA-1.
    let [sha256, sha1] = [11, 5].map(|last| [42, 134, 72, 134, 247, 13, 1, 1, last]);
    let mut certificate = KEY.certificate(GOOD_UNTIL);
    for at in 0..certificate.len() - sha256.len() {
        if certificate[at..].starts_with(&sha256) {
            certificate[at..at + sha1.len()].copy_from_slice(&sha1);
        }
    }
    assert_eq!(
        bad(Case::default().with_key(&KEY, &certificate).keys()),
        "warning  service provider atlassian: its certificate is not signed with SHA-256, so some service \
         providers do not take it\n         \
         → jsm-gate saml rotate atlassian, paste what it prints there, then jsm-gate saml rotate atlassian \
         --switch; docs/service-providers.md"
    );
}

#[rstest]
#[case::two_months((2027, 3, 11), "warning", "the certificate it signs with expires in 54 days", "agree a day")]
#[case::a_month((2027, 2, 10), "warning", "the certificate it signs with expires in 25 days", "in the next days")]
#[case::a_week((2027, 1, 20), "warning", "the certificate it signs with expires in 4 days", "now: ")]
#[case::over(
    (2027, 1, 14),
    "FAILURE",
    "the certificate it signs with has expired",
    "at once: "
)]
fn a_certificate_that_ends_is_told_ahead(
    #[case] until: (i32, u8, u8),
    #[case] level: &str,
    #[case] text: &str,
    #[case] when: &str,
) {
    let case = Case::default().with_key(&KEY, &KEY.certificate(until));
    let printed = bad(case.keys());
    let (line, remedy) = printed.split_once('\n').unwrap();
    assert_eq!(line, format!("{level:7}  service provider atlassian: {text}"));
    assert!(remedy.starts_with(&format!("         → {when}")), "{printed}");
    assert!(remedy.contains("jsm-gate saml rotate atlassian --switch"), "{printed}");
}

#[test]
fn a_key_that_was_not_made_yet_is_told() {
    let case = Case::default();
    assert_eq!(
        bad(case.keys()),
        "warning  service provider atlassian: the gate has made no key for it yet\n         \
         → jsm-gate saml values atlassian makes it and prints what to paste"
    );
    assert_eq!(fs::read_dir(case.state.path()).unwrap().count(), 0, "the check made something");
}

#[rstest]
#[case::usual([ENTITY_ID, ACS], "")]
#[case::placeholders(
    ["https://auth.atlassian.com/saml/not-known-yet", ACS],
    "FAILURE  service provider atlassian: entity_id or acs_url is a placeholder still, so nobody can log in \
     there"
)]
#[case::without_query(
    [ENTITY_ID, "https://auth.atlassian.com/login/callback"],
    "FAILURE  service provider atlassian: acs_url lacks what follows the ? at Atlassian"
)]
#[case::swapped(
    [ACS, ENTITY_ID],
    "FAILURE  service provider atlassian: entity_id and acs_url are swapped"
)]
#[case::of_two(
    [ENTITY_ID, "https://auth.atlassian.com/login/callback?connection=saml-ffff"],
    "FAILURE  service provider atlassian: entity_id is of 0a1b2c3d, and acs_url of ffff: they are of two \
     connections"
)]
#[case::entity_id(
    ["https://help.example.com/_gate/saml/atlassian/metadata", ACS],
    "warning  service provider atlassian: entity_id is not of Atlassian's usual form"
)]
#[case::both(
    ["https://example.atlassian.net/saml", "https://example.atlassian.net/acs"],
    "warning  service provider atlassian: entity_id and acs_url are not of Atlassian's usual form"
)]
fn addresses_that_atlassian_would_not_show_are_told(
    #[case] addresses: [&'static str; 2],
    #[case] expected: &str,
) {
    let config = Case { addresses, ..Case::default() }.config();
    let printed = bad(addresses::check(&config.service_providers[0]).into_iter().collect());
    assert_eq!(printed.lines().next().unwrap_or_default(), expected);
    assert_eq!(printed.contains("         → "), !expected.is_empty());
}

#[test]
fn addresses_of_others_have_any_form() {
    let config = Case { preset: "saml", ..Case::default() }.config();
    assert!(addresses::check(&config.service_providers[0]).is_none());
}

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

#[rstest]
#[case::cloud("atlassian-accounts", Deployment::Cloud, "")]
#[case::other(
    "atlassian-accounts",
    Deployment::DataCenter,
    "warning  service provider atlassian: [jsm] is a Data Center, and preset \"atlassian-accounts\" is a door of \
     Cloud's\n         \
     → for this Jira take preset \"jira-data-center\"; leave it if it is for another site, on Cloud"
)]
#[case::jira(
    "jira-data-center",
    Deployment::Cloud,
    "FAILURE  service provider atlassian: [jsm] is a Cloud site, and preset \"jira-data-center\" is the login of \
     Jira Data Center\n         \
     → take one of the presets that begin with \"atlassian-\""
)]
#[case::jiras("jira-data-center", Deployment::DataCenter, "")]
#[case::any("saml", Deployment::DataCenter, "")]
fn a_door_that_does_not_fit_is_told(
    #[case] preset: &'static str,
    #[case] product: Deployment,
    #[case] expected: &str,
) {
    let config = Case { preset, ..Case::default() }.config();
    let found = doors::fit(&config.service_providers[0], product);
    assert_eq!(bad(found.into_iter().collect()), expected);
}

#[rstest]
#[case("atlassian-accounts", "Enforce single sign-on", "docs/atlassian-accounts.md")]
#[case("atlassian-external", "External user policy", "docs/atlassian-external.md")]
#[case("atlassian-portal", "Settings > Apps > Jira Service Management", "docs/atlassian-portal.md")]
#[case("jira-data-center", "/login.jsp", "docs/jira-login.md")]
#[case("confluence-data-center", "auth_fallback", "docs/atlassian-data-center.md")]
fn an_admin_is_reminded_of_the_way_back(
    #[case] preset: &'static str,
    #[case] screen: &str,
    #[case] page: &str,
) {
    let config = Case { preset, ..Case::default() }.config();
    let printed = printed(doors::reminders(&config.service_providers[0]));
    assert_eq!(printed.lines().count(), 3, "{printed}");
    assert!(printed.contains(screen) && printed.contains(page), "{printed}");
    assert!(printed.contains("in an emergency: "), "{printed}");
}

/// As the command does.
fn with_cryptography() {
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// A server whose clock is ahead of `NOW`.
async fn atlassian(seconds_ahead: u64) -> Url {
    let date = httpdate::fmt_http_date(at(NOW + seconds_ahead));
    let answer = move || {
        let date = date.clone();
        async move { ([(DATE, date)], "") }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async { axum::serve(listener, Router::new().fallback(any(answer))).await });
    url
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[rstest]
#[case::together(5, "ok     ", "5 seconds")]
#[case::apart(40, "warning", "40 seconds")]
#[case::too_far(90, "FAILURE", "90 seconds")]
#[tokio::test]
async fn a_clock_that_is_not_atlassians_is_told(
    #[case] ahead: u64,
    #[case] level: &str,
    #[case] seconds: &str,
) {
    with_cryptography();
    let clock = Clock::from_fn(|| at(NOW));
    let printed = printed([clock::check(&atlassian(ahead).await, &clock).await]);
    let line = printed.lines().next().unwrap();
    assert_eq!(
        line,
        format!("{level}  service providers: Atlassian's clock and ours are {seconds} apart")
    );
}

#[tokio::test]
async fn a_clock_that_nobody_can_compare_is_told() {
    with_cryptography();
    let nobody = Url::parse("http://127.0.0.1:1/").unwrap();
    assert_eq!(
        printed([clock::check(&nobody, &Clock::from_fn(|| at(NOW))).await]),
        "warning  service providers: 127.0.0.1 does not tell the time from here, so the clocks were not \
         compared\n         \
         → see that this machine's clock is synchronised (NTP): timedatectl"
    );
}

#[rstest]
#[case::no_https(
    "http://localhost:8080",
    "FAILURE  service providers: the SSO URL http://localhost:8080/_gate/saml/atlassian/sso has no https: \
     service providers do not take it"
)]
#[case::nobody_there(
    "https://localhost:1",
    "warning  service providers: https://localhost:1/_gate/saml/atlassian/metadata cannot be read from here: "
)]
#[case::inside(
    "https://localhost:1",
    "warning  service providers: localhost has no public address as seen from here, so only people inside your \
     network can log in"
)]
#[tokio::test]
async fn a_gate_that_people_do_not_reach_is_told(#[case] url: &str, #[case] expected: &str) {
    with_cryptography();
    let id = crate::domain::ServiceProviderId::parse("atlassian").unwrap();
    let url = crate::domain::PublicUrl::parse(url).unwrap();
    let printed = bad(outside::check(&url, &id).await);
    assert!(printed.lines().any(|line| line.starts_with(expected)), "{printed}");
}
