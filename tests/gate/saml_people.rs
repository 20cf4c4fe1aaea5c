//! Who is vouched for to service providers, what is told of them, and what is not.

use std::fs;

use jsm_gate::config;
use reqwest::StatusCode;
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::audit::{FILE, trail};
use crate::emergency::{follow, mint, with_emergency};
use crate::saml_login::{app, in_front_of};
use crate::service_provider::{Answer, ServiceProvider};
use crate::site::{Site, log_in};
use crate::visitor::{Page, Visitor};

const CUSTOMERS_ONLY: &str = "access = \"private\"\nallow = { groups = [\"customers\"] }";

async fn page(visitor: &mut Visitor, site: &Site, app: &ServiceProvider) -> Page {
    let request = app.request(&site.url);
    visitor.open(&app.by_redirect(&site.url, &request, Some("x"))).await
}

async fn answer(visitor: &mut Visitor, site: &Site, app: &ServiceProvider) -> Answer {
    let request = app.request(&site.url);
    let page = visitor.open(&app.by_redirect(&site.url, &request, None)).await;
    app.answer(&site.url, &page, Some(&request))
}

fn is_refused(page: &Page, code: &str) {
    assert!(page.body.contains(code), "no {code} in {}", page.body);
    assert!(!page.body.contains("SAMLResponse"), "{}", page.body);
}

fn says(site: &Site, claim: &'static str, value: Value) {
    site.provider.behave();
    site.provider.misbehave(Fault::Claim(claim, value));
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_rules_keep_out_is_told_so_and_can_be_somebody_else() {
    let app = app().with(CUSTOMERS_ONLY);
    let site = in_front_of(&app).with(FILE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    let refused = page(&mut cleo, &site, &app).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    is_refused(&refused, "refused");
    for words in ["cleo@example.com", "Log in as someone else"] {
        assert!(refused.body.contains(words), "no {words:?} in {}", refused.body);
    }
    // The request is still there for whoever they are then.
    let link = refused.body.split("href=\"").find(|link| link.contains("another=1")).unwrap();
    let link = link.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&");
    let asked = cleo.open(&site.at(&link)).await;
    let page = log_in(&mut cleo, &asked, "ann").await;
    assert_eq!(app.posted(&page).relay_state.as_deref(), Some("x"));

    let trail = trail(&site).await;
    let said = |kind: &str| trail.iter().find(|event| event["event"] == kind).unwrap().clone();
    let (refused, asserted) = (said("assertion_refused"), said("asserted"));
    assert_eq!(
        (&refused["email"], &refused["rule"]),
        (&"cleo@example.com".into(), &"access = private".into())
    );
    assert_eq!(
        (&asserted["email"], &asserted["rule"]),
        (&"ann@example.com".into(), &"allow.groups".into())
    );
    for event in [refused, asserted] {
        assert_eq!(
            (&event["service_provider"], &event["client"]),
            (&"app".into(), &"127.0.0.1".into())
        );
    }
    let operations = site.gate.operations_address().unwrap();
    let metrics = site.visitor().open(&format!("http://{operations}/metrics")).await.body;
    for code in ["ok", "refused"] {
        let counted =
            format!("jsm_gate_assertions_total{{service_provider=\"app\",code=\"{code}\"}} 1");
        assert!(metrics.contains(&counted), "no {counted} in {metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stronger_login_is_asked_for_as_for_portals() {
    let app = app().with("acr_values = [\"mfa\"]");
    let site = in_front_of(&app).start().await;
    says(&site, "acr", json!("pwd"));
    let mut ann = site.logged_in("ann").await;
    let failed = page(&mut ann, &site, &app).await;
    is_refused(&failed, "step-up-failed");
    says(&site, "acr", json!("mfa"));
    answer(&mut ann, &site, &app).await;
    let seen = site.provider.seen().into_iter().rfind(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(seen.parameter("acr_values"), Some("mfa"));
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_are_those_of_the_configuration_and_each_stands_there_once() {
    let tables = "[service_provider.attributes]\nmail = \"{email}\"\nwho = \"{name} <{email}>\"\n\
                  groups = \"{groups}\"\nid = \"{saml_id}\"\nfixed = \"a & b\"";
    let app = app().with(tables);
    let site = in_front_of(&app).start().await;
    let mut bob = site.logged_in("bob").await;
    let told = answer(&mut bob, &site, &app).await;
    let values = |name: &str| told.values(name).unwrap();
    assert_eq!(values("mail"), ["bob@example.com"]);
    assert_eq!(values("who"), ["Bob Example &lt;bob@example.com&gt;"]);
    assert_eq!(values("groups"), ["customers", "agents"]);
    assert_eq!(
        (values("id"), values("fixed")),
        (vec!["idp/bob".to_owned()], vec!["a &amp; b".to_owned()])
    );
    // Whoever is in no group has an attribute without values: Jira insists on it.
    let cleo = answer(&mut site.logged_in("cleo").await, &site, &app).await;
    assert_eq!(cleo.values("groups"), Some(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_and_how_somebody_logged_in_is_told_as_the_provider_says_it() {
    let app = app();
    let site = in_front_of(&app).start().await;
    says(&site, "auth_time", json!(1_700_000_000));
    let told = answer(&mut site.logged_in("ann").await, &site, &app).await;
    assert_eq!(told.part("AuthnInstant").as_deref(), Some("2023-11-14T22:13:20Z"));
    let class = "urn:oasis:names:tc:SAML:2.0:ac:classes:";
    assert_eq!(told.part("AuthnContextClassRef"), Some(format!("{class}unspecified")));
    for (acr, expected) in [
        ("mfa", format!("{class}unspecified")),
        ("https://refeds.org/profile/mfa", "https://refeds.org/profile/mfa".to_owned()),
    ] {
        says(&site, "acr", json!(acr));
        let told = answer(&mut site.logged_in("ann").await, &site, &app).await;
        assert_eq!(told.part("AuthnContextClassRef"), Some(expected));
    }
}

/// Nobody gets in with an address that only they say is theirs.
#[tokio::test(flavor = "multi_thread")]
async fn s25_an_address_that_the_provider_does_not_vouch_for_is_not_asserted() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut dan = site.visitor();
    let request = app.request(&site.url);
    let asked = dan.open(&app.by_redirect(&site.url, &request, None)).await;
    is_refused(&log_in(&mut dan, &asked, "dan").await, "email-unverified");

    let site = in_front_of(&app).with_provider("insecure_allow_unverified_email = true");
    let site = site.start().await;
    let mut dan = site.logged_in("dan").await;
    let refused = page(&mut dan, &site, &app).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    is_refused(&refused, "not-vouched");
    assert!(refused.body.contains("has not confirmed it"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn s25_without_an_address_there_is_no_name() {
    let app = app();
    let site = in_front_of(&app).start().await;
    site.provider.misbehave(Fault::NoClaim("email"));
    site.provider.misbehave(Fault::UserInfoClaim("email", Value::Null));
    let mut ann = site.logged_in("ann").await;
    is_refused(&page(&mut ann, &site, &app).await, "not-vouched");
}

#[rstest]
#[case::line_break("Ann\nroot")]
#[case::not_of_xml("Ann\u{1}")]
#[case::of_the_second_set("Ann\u{85}root")]
#[tokio::test(flavor = "multi_thread")]
async fn s25_control_characters_in_claims_are_not_asserted(#[case] name: &str) {
    let app = app().with("[service_provider.attributes]\nname = \"{name}\"");
    let site = in_front_of(&app).start().await;
    says(&site, "name", json!(name));
    let mut ann = site.logged_in("ann").await;
    is_refused(&page(&mut ann, &site, &app).await, "not-vouched");
    says(&site, "name", json!("Ann <!-- --> & \"Co\""));
    let told = answer(&mut site.logged_in("ann").await, &site, &app).await;
    assert_eq!(told.values("name").unwrap(), ["Ann &lt;!-- --&gt; &amp; \"Co\""]);
}

/// An attribute that says less than there is takes rights away.
#[tokio::test(flavor = "multi_thread")]
async fn groups_that_are_not_known_are_not_told_as_none() {
    let app = app().with("[service_provider.attributes]\ngroups = \"{groups}\"");
    let site = in_front_of(&app).start().await;
    says(&site, "hasgroups", json!(true));
    site.provider.misbehave(Fault::NoClaim("groups"));
    site.provider.misbehave(Fault::UserInfoClaim("groups", Value::Null));
    let mut ann = site.logged_in("ann").await;
    is_refused(&page(&mut ann, &site, &app).await, "not-vouched");
}

/// Nor is one that the provider was not asked for when they logged in.
#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_that_is_newer_than_the_session_is_not_told_as_none() {
    let app = app().with("[service_provider.attributes]\nname = \"{name}\"");
    let site = in_front_of(&app).with_provider("# asks for nothing yet").start().await;
    let mut ann = site.logged_in("ann").await;
    answer(&mut ann, &site, &app).await;
    let file = site.folder.path().join("proxy.toml");
    let toml = fs::read_to_string(&file).unwrap();
    let extra = "attributes = { extra = { team = \"team\" } }";
    let toml = toml.replace("# asks for nothing yet", extra);
    let both = "name = \"{name}\"\nteam = \"{team}\"";
    fs::write(&file, toml.replace("name = \"{name}\"", both)).unwrap();
    let config = config::load(&file).unwrap_or_else(|errors| panic!("{errors}")).config;
    site.gate.assembly().reload(config).await.unwrap();
    is_refused(&page(&mut ann, &site, &app).await, "not-vouched");
    answer(&mut site.logged_in("ann").await, &site, &app).await;
}

/// What service providers know a session by opens nothing here.
#[tokio::test(flavor = "multi_thread")]
async fn s25_the_key_of_one_session_is_no_session() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let told = answer(&mut ann, &site, &app).await;
    let index = told.part("SessionIndex").unwrap();
    let cookie = ann.cookie("gate").unwrap().to_owned();
    assert!(index.len() == 41 && !cookie.contains(&index[1..9]), "{index}");
    let mut thief = site.visitor();
    thief.plant_cookie(&site.url, "gate", &index);
    let asked = page(&mut thief, &site, &app).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{asked:?}");
}

/// Nobody vouches for its people any more, and another provider may call somebody else by the same name.
#[tokio::test(flavor = "multi_thread")]
async fn s25_nobody_is_vouched_for_whose_provider_is_gone() {
    let app = app().with("name_id = \"{subject}\"");
    let site = in_front_of(&app).with(FILE).start().await;
    let mut ann = site.logged_in("ann").await;
    answer(&mut ann, &site, &app).await;
    let portal = [site.at("/p/it"), site.at("/servicedesk/customer/portal/2")];
    for address in &portal {
        assert_eq!(ann.open(address).await.status, StatusCode::OK);
    }
    let before = site.forwarded().len();
    ann.forget_cookie("sandbox_login");
    let file = site.folder.path().join("proxy.toml");
    let toml = fs::read_to_string(&file).unwrap();
    fs::write(&file, toml.replace("id = \"idp\"", "id = \"another\"")).unwrap();
    let loaded = config::load(&file).unwrap();
    site.gate.assembly().reload(loaded.config).await.unwrap();
    let request = app.request(&site.url);
    for address in portal.into_iter().chain([app.by_redirect(&site.url, &request, None)]) {
        let asked = ann.open(&address).await;
        assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{asked:?}");
    }
    assert_eq!(site.forwarded().len(), before, "nothing is forwarded in her name");
    let ended = trail(&site).await.into_iter().find(|event| event["event"] == "session_ended");
    assert_eq!(ended.unwrap()["reason"], "no longer granted by the configuration");
}

/// No provider vouches for whoever came in by emergency access.
#[tokio::test(flavor = "multi_thread")]
async fn s25_emergency_access_is_for_portals_alone() {
    let app = app();
    let site = with_emergency().with(&app.toml()).start().await;
    let mut ann = site.visitor();
    let link = mint(&site, "it").await.unwrap();
    follow(&mut ann, &link).await;
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
    let refused = page(&mut ann, &site, &app).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    is_refused(&refused, "refused");
}
