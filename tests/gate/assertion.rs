//! The signed assertion, as a verifier beside JSM sees it: one that knows nothing but the address of
//! the gate's keys and its own audience.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsm_gate::config;
use jsm_gate::domain::Clock;
use jsm_gate::server;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header, TokenData, Validation};
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::site::{ANN, Site, SiteBuilder, free_address, site, until};
use crate::visitor::Visitor;

const PORTAL: &str = "/servicedesk/customer/portal/2";
const AUDIENCE: &str = "https://jira.example.com";
const KEYS: &str = "/_gate/jwks.json";
/// For a second gate with the same folder: only one can have the file of sessions.
const MEMORY: &str = "store = \"memory\"";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn site_with_assertion() -> SiteBuilder {
    site().with("[forward.assertion]\naudience = \"https://jira.example.com\"")
}

/// The keys as published.
async fn keys(site: &Site) -> JwkSet {
    let answer = site.visitor().request(Method::GET, &site.at(KEYS), |get| get).await;
    assert_eq!(answer.status(), StatusCode::OK);
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

fn key_ids(keys: &JwkSet) -> Vec<String> {
    keys.keys.iter().filter_map(|key| key.common.key_id.clone()).collect()
}

/// What JSM is sent with one more request.
async fn assertion(site: &Site, visitor: &mut Visitor) -> String {
    site.jsm.clear_seen();
    visitor.request(Method::GET, &site.at(PORTAL), |get| get).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    seen.header("x-gate-assertion").to_owned()
}

fn key_id(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

/// A verifier as the documentation asks for one, at the machine's own time.
fn verify(
    token: &str,
    keys: &JwkSet,
    issuer: &str,
    audience: &str,
) -> Result<TokenData<Value>, Error> {
    let mut rules = Validation::new(Algorithm::ES256);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    rules.validate_nbf = true;
    rules.leeway = 0;
    let header: Header = jsonwebtoken::decode_header(token)?;
    let key = header.kid.as_deref().and_then(|id| keys.find(id)).ok_or(ErrorKind::InvalidToken)?;
    jsonwebtoken::decode(token, &DecodingKey::from_jwk(key)?, &rules)
}

#[expect(clippy::disallowed_methods, reason = "the verifier has the machine's clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test(flavor = "multi_thread")]
async fn d10_jsm_can_verify_who_the_customer_is() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    let token = assertion(&site, &mut ann).await;
    let verified = verify(&token, &keys(&site).await, &site.url, AUDIENCE).unwrap();

    assert_eq!(verified.header.typ.as_deref(), Some("JWT"));
    let claims = verified.claims;
    let lifetime = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    assert!(lifetime <= 300, "valid for {lifetime} s");
    assert!(claims["exp"].as_u64().unwrap() > now() + 240);
    assert_eq!(claims["nbf"], claims["iat"]);
    assert_eq!(claims["iss"], site.url);
    assert_eq!(claims["aud"], AUDIENCE);
    assert_eq!(claims["email"], ANN);
    assert_eq!(claims["provider"], "idp");
    assert!(claims["sub"].as_str().unwrap().starts_with("idp/"), "{claims}");
    assert_eq!(claims["groups"], json!(["customers"]));
}

#[rstest]
#[case::somebody_without_any("cleo", None)]
#[case::without_a_name("ann", Some(json!(["", " "])))]
#[tokio::test(flavor = "multi_thread")]
async fn b4_what_is_not_known_of_a_customer_is_not_asserted(
    #[case] who: &str,
    #[case] groups: Option<Value>,
) {
    let site = site_with_assertion().start().await;
    site.provider
        .misbehave(groups.map_or(Fault::NoClaim("groups"), |it| Fault::Claim("groups", it)));
    let mut visitor = site.logged_in(who).await;
    let token = assertion(&site, &mut visitor).await;
    let claims = verify(&token, &keys(&site).await, &site.url, AUDIENCE).unwrap().claims;
    assert!(claims.get("groups").is_none(), "{claims}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d10_a_verifier_of_another_audience_issuer_or_gate_refuses_it() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    let token = assertion(&site, &mut ann).await;
    let keys = keys(&site).await;
    let why = |issuer: &str, audience: &str| {
        verify(&token, &keys, issuer, audience).unwrap_err().into_kind()
    };
    assert_eq!(why(&site.url, "https://wiki.example.com"), ErrorKind::InvalidAudience);
    assert_eq!(why("https://other.example.com", AUDIENCE), ErrorKind::InvalidIssuer);

    let other = site_with_assertion().start().await;
    let mut keys_of_other = self::keys(&other).await;
    let unknown = verify(&token, &keys_of_other, &site.url, AUDIENCE).unwrap_err();
    assert_eq!(unknown.into_kind(), ErrorKind::InvalidToken);
    keys_of_other.keys[0].common.key_id = Some(key_id(&token));
    let forged = verify(&token, &keys_of_other, &site.url, AUDIENCE).unwrap_err();
    assert_eq!(forged.into_kind(), ErrorKind::InvalidSignature);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_are_public_and_have_no_private_half() {
    let site = site_with_assertion().start().await;
    let answer = site.visitor().request(Method::GET, &site.at(KEYS), |get| get).await;
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(answer.headers()[CACHE_CONTROL], "public, max-age=300");
    let keys: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let [key] = &keys["keys"].as_array().unwrap()[..] else { panic!("not one key: {keys}") };
    let members: HashSet<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, HashSet::from(["kty", "crv", "x", "y", "alg", "use", "kid"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_section_there_are_no_keys_and_no_header() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(assertion(&site, &mut ann).await, "");
    let answer = site.visitor().request(Method::GET, &site.at(KEYS), |get| get).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(!key_file(&site).exists());
}

#[rstest]
#[case::same("X-Gate-Assertion")]
#[case::b1_underscores("X_Gate_Assertion")]
#[case::b1_mixed("x-gate_assertion")]
#[case::b3_dots("X.Gate.Assertion")]
#[tokio::test(flavor = "multi_thread")]
async fn b5_a_copy_of_the_browsers_never_reaches_jsm(#[case] name: &str) {
    let public = "[[portal]]\nproject = \"IT\"\naccess = \"public\"";
    let site = site_with_assertion().with(public).start().await;
    let mut ann = site.logged_in("ann").await;
    let stolen = assertion(&site, &mut ann).await;
    let cases = [(site.logged_in("cleo").await, 1), (site.visitor(), 0)];
    for (mut visitor, expected) in cases {
        site.jsm.clear_seen();
        let spoof = |get: RequestBuilder| get.header(name, &stolen).header(name, "x");
        visitor.request(Method::GET, &site.at(PORTAL), spoof).await;
        let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
        let folded = |name: &str| name.replace(['_', '.'], "-");
        let sent =
            seen.headers.iter().filter(|(name, _)| folded(name.as_str()) == "x-gate-assertion");
        let values: Vec<_> = sent.map(|(_, value)| value.to_str().unwrap()).collect();
        assert_eq!(values.len(), expected, "{values:?}");
        assert!(!values.contains(&stolen.as_str()) && !values.contains(&"x"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b6_a_connection_header_cannot_take_it_away() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let nominate = |get: RequestBuilder| get.header("connection", "x-gate-assertion");
    ann.request(Method::GET, &site.at(PORTAL), nominate).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert!(!seen.header("x-gate-assertion").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_keeps_its_assertion_and_two_sessions_have_two() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    let mut cleo = site.logged_in("cleo").await;
    let first = assertion(&site, &mut ann).await;
    assert_eq!(assertion(&site, &mut ann).await, first, "signed on the hot path");
    let other = assertion(&site, &mut cleo).await;
    let keys = keys(&site).await;
    let subject = |token: &str| {
        let verified = verify(token, &keys, &site.url, AUDIENCE).unwrap();
        verified.claims["sub"].as_str().unwrap().to_owned()
    };
    assert_ne!(subject(&first), subject(&other));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_at_once_are_sent_with_one_assertion() {
    let site = site_with_assertion().start().await;
    let ann = site.logged_in("ann").await;
    site.let_pass(Duration::from_secs(290));
    site.jsm.clear_seen();
    let cookies = ann.cookie_header(&site.url);
    let requests = (0..40).map(|_| {
        let (mut visitor, cookies, address) = (site.visitor(), cookies.clone(), site.at(PORTAL));
        tokio::spawn(async move {
            visitor.request(Method::GET, &address, |get| get.header("cookie", cookies)).await
        })
    });
    for request in requests.collect::<Vec<_>>() {
        assert_eq!(request.await.unwrap().status(), StatusCode::OK);
    }
    let seen = site.forwarded();
    let tokens: HashSet<_> = seen.iter().map(|seen| seen.header("x-gate-assertion")).collect();
    assert_eq!((seen.len(), tokens.len()), (40, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn past_half_its_life_it_is_sent_once_more_and_renewed_beside_the_request() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    let first = assertion(&site, &mut ann).await;
    site.let_pass(Duration::from_secs(160));
    assert_eq!(assertion(&site, &mut ann).await, first);
    let mut latest = first.clone();
    for _ in 0..200 {
        latest = assertion(&site, &mut ann).await;
        if latest != first {
            break;
        }
    }
    assert_ne!(latest, first, "it was not renewed");
    assert_eq!(assertion(&site, &mut ann).await, latest);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_pause_no_old_assertion_is_sent() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    for pause in [240, 300, 1500] {
        let before = assertion(&site, &mut ann).await;
        site.let_pass(Duration::from_secs(pause));
        assert_ne!(assertion(&site, &mut ann).await, before, "after {pause} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d10_the_old_key_stays_until_nothing_it_signed_is_valid() {
    let site =
        site_with_assertion().with_session("idle = \"60d\"\nabsolute = \"60d\"").start().await;
    let mut ann = site.logged_in("ann").await;
    let by_first = assertion(&site, &mut ann).await;
    let published = || {
        let keys = site.gate.assembly().assertion_keys().unwrap();
        key_ids(&serde_json::from_value(keys).unwrap())
    };
    assert_eq!(published(), [key_id(&by_first)]);

    site.let_pass(29 * DAY);
    until("the next key is published", || published().len() == 2).await;
    let still_by_first = assertion(&site, &mut ann).await;
    assert_eq!(key_id(&still_by_first), key_id(&by_first), "the next signs before it is known");
    assert_ne!(still_by_first, by_first);

    site.let_pass(DAY);
    let by_second = assertion(&site, &mut ann).await;
    assert_eq!(published(), [key_id(&by_first), key_id(&by_second)]);
    verify(&by_first, &keys(&site).await, &site.url, AUDIENCE).unwrap();

    site.let_pass(DAY);
    until("the old key is gone", || published() == [key_id(&by_second)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_keeps_the_keys_and_changes_the_audience_at_once() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    let before = assertion(&site, &mut ann).await;
    change(&site, AUDIENCE, "https://new.example.com");
    site.gate.assembly().reload(load(&site)).await.unwrap();

    let after = assertion(&site, &mut ann).await;
    assert_eq!(key_id(&after), key_id(&before));
    let keys = keys(&site).await;
    assert!(verify(&after, &keys, &site.url, AUDIENCE).is_err());
    verify(&after, &keys, &site.url, "https://new.example.com").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_the_keys_and_reloading_replaces_them() {
    let site = site_with_assertion().start().await;
    let mut ann = site.logged_in("ann").await;
    let before = assertion(&site, &mut ann).await;
    fs::remove_file(key_file(&site)).unwrap();
    site.gate.assembly().reload(load(&site)).await.unwrap();

    let keys = keys(&site).await;
    assert!(verify(&before, &keys, &site.url, AUDIENCE).is_err());
    let after = assertion(&site, &mut ann).await;
    verify(&after, &keys, &site.url, AUDIENCE).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_the_keys_which_only_the_gate_can_read() {
    let site = site_with_assertion().with_session(MEMORY).start().await;
    let before = keys(&site).await;
    let mode = fs::metadata(key_file(&site)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    change(&site, &site.address.to_string(), &free_address().to_string());
    let again = server::start(load(&site), Clock::system()).unwrap();
    let after = again.assembly().assertion_keys().unwrap();
    assert_eq!(key_ids(&serde_json::from_value(after).unwrap()), key_ids(&before));
}

/// docs/security.md H1: a gate that made new keys by itself would hide that the old ones are stolen.
#[rstest]
#[case::damaged(|path: &PathBuf| fs::write(path, "{").unwrap(), "damaged")]
#[case::damaged_key(|path: &PathBuf| {
    let text = fs::read_to_string(path).unwrap().replace("MIG", "MIX");
    fs::write(path, text).unwrap();
}, "damaged")]
#[case::later_format(|path: &PathBuf| {
    let text = fs::read_to_string(path).unwrap().replace("\"format\": 1", "\"format\": 2");
    fs::write(path, text).unwrap();
}, "format 2")]
#[case::readable_by_others(|path: &PathBuf| {
    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
}, "chmod 600")]
#[tokio::test(flavor = "multi_thread")]
async fn h1_keys_that_cannot_be_trusted_stop_the_start_and_the_reload(
    #[case] spoil: fn(&PathBuf),
    #[case] expected: &str,
) {
    let site = site_with_assertion().with_session(MEMORY).start().await;
    let mut ann = site.logged_in("ann").await;
    let before = assertion(&site, &mut ann).await;
    spoil(&key_file(&site));
    let kept = fs::read(key_file(&site)).unwrap();
    let refused = site.gate.assembly().reload(load(&site)).await.unwrap_err().to_string();
    assert!(refused.contains("assertion-keys.json") && refused.contains(expected), "{refused}");
    assert_eq!(assertion(&site, &mut ann).await, before, "the present keys serve on");

    change(&site, &site.address.to_string(), &free_address().to_string());
    let Err(refused) = server::start(load(&site), Clock::system()) else { panic!("it started") };
    assert!(refused.to_string().contains(expected), "{refused}");
    assert_eq!(fs::read(key_file(&site)).unwrap(), kept, "they were overwritten");
}

/// docs/security.md B7
#[tokio::test(flavor = "multi_thread")]
async fn b7_an_identity_that_jsm_could_not_take_in_is_refused_with_the_reason() {
    let site = site_with_assertion().with_limit("identity_bytes = \"500B\"").start().await;
    let mut ann = site.visitor();
    let page = ann.open(&site.at(PORTAL)).await;
    site.jsm.clear_seen();
    let page = crate::site::log_in(&mut ann, &page, "ann").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("identity-too-large") && page.body.contains(ANN), "{}", page.body);
    assert!(site.forwarded().is_empty());
}

fn key_file(site: &Site) -> PathBuf {
    site.folder.path().join("state/assertion-keys.json")
}

fn configuration(site: &Site) -> PathBuf {
    site.folder.path().join("proxy.toml")
}

fn load(site: &Site) -> config::Config {
    config::load(&configuration(site)).unwrap().config
}

/// Changes the configuration file.
fn change(site: &Site, from: &str, to: &str) {
    let text = fs::read_to_string(configuration(site)).unwrap();
    assert!(text.contains(from));
    let listen = format!("listen = [\"{from}\"]");
    let text = if text.contains(&listen) {
        text.replace(&listen, &format!("listen = [\"{to}\"]"))
    } else {
        text.replace(from, to)
    };
    fs::write(configuration(site), text).unwrap();
}
