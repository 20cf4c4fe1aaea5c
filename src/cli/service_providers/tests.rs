//! What `jsm-gate check` prints of service providers: for each thing that can be wrong one file in which it is, and
//! the line that says so.

mod reach;
mod signing_keys;
mod vouching;

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
