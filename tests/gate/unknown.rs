//! Unknown is not no: what a provider does not tell closes every portal whose `deny` asks for it, and
//! opens none whose `allow` does. Asserted on the page, on what JSM saw, and on the audit trail.

use std::time::Duration;

use reqwest::StatusCode;
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::audit::{FILE, trail};
use crate::site::{Site, SiteBuilder, site, until};
use crate::visitor::Visitor;

/// A team is said, as groups are; and each of three portals asks for something.
const PROVIDER: &str = "attributes = { extra = { team = \"team\" } }";

fn portal_with(rule: &str) -> SiteBuilder {
    let portal = format!("[[portal]]\nproject = \"HR\"\nlink = \"hr\"\n{rule}\n");
    site().with(&portal).with(FILE).with_provider(PROVIDER).with_refresh()
}

const OVER: Duration = Duration::from_secs(310);

async fn status(visitor: &mut Visitor, site: &Site) -> StatusCode {
    visitor.open(&site.at("/p/hr")).await.status
}

/// The session after its next refresh.
async fn refreshed(visitor: &mut Visitor, site: &Site) -> StatusCode {
    let asked = site.provider.count("/token");
    // The stand-in's own clock stands still.
    site.provider.misbehave(says("exp", json!(u32::MAX)));
    site.let_pass(OVER);
    visitor.open(&site.at("/p/it")).await;
    until("the provider is asked", || site.provider.count("/token") > asked).await;
    status(visitor, site).await
}

const DENY_GROUP: &str = "deny = { groups = [\"former-staff\"] }";
const DENY_DOMAIN: &str = "deny = { email_domains = [\"evil.example\"] }";
const DENY_EMAIL: &str = "deny = { emails = [\"eve@evil.example\"] }";
const DENY_TEAM: &str = "deny = { claims = { team = [\"former\"] } }";

fn says(claim: &'static str, value: Value) -> Fault {
    Fault::Claim(claim, value)
}

#[rstest]
#[case::group(DENY_GROUP, "groups", json!(["customers", "former-staff"]))]
#[case::domain(DENY_DOMAIN, "email", json!("eve@evil.example"))]
#[case::address(DENY_EMAIL, "email", json!("eve@evil.example"))]
#[case::attribute(DENY_TEAM, "team", json!("former"))]
#[tokio::test(flavor = "multi_thread")]
async fn d9_whom_deny_names_stays_out_when_a_refresh_does_not_say_it_again(
    #[case] rule: &str,
    #[case] claim: &'static str,
    #[case] value: Value,
) {
    let site = portal_with(rule).start().await;
    site.provider.misbehave(says(claim, value));
    let mut eve = site.logged_in("ann").await;
    assert_eq!(status(&mut eve, &site).await, StatusCode::FORBIDDEN);
    site.provider.behave();
    let unsaid = [Fault::NoClaim(claim), Fault::UserInfoClaim(claim, Value::Null)];
    for _ in 0..2 {
        for fault in &unsaid {
            site.provider.misbehave(fault.clone());
        }
        assert_eq!(refreshed(&mut eve, &site).await, StatusCode::FORBIDDEN);
    }
    let seen = site.forwarded().iter().any(|seen| seen.path().contains("/portal/3"));
    assert!(!seen, "JSM saw it");
}

#[rstest]
#[case::groups("access = \"private\"\nallow = { groups = [\"customers\"] }", "groups")]
#[case::domain("access = \"private\"\nallow = { email_domains = [\"example.com\"] }", "email")]
#[tokio::test(flavor = "multi_thread")]
async fn whom_allow_names_stays_in_when_a_refresh_does_not_say_it_again(
    #[case] rule: &str,
    #[case] claim: &'static str,
) {
    let site = portal_with(rule).start().await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(status(&mut ann, &site).await, StatusCode::OK);
    site.provider.misbehave(Fault::NoClaim(claim));
    site.provider.misbehave(Fault::UserInfoClaim(claim, Value::Null));
    assert_eq!(refreshed(&mut ann, &site).await, StatusCode::OK);
}

fn overage() -> Vec<Fault> {
    elsewhere("groups")
}

/// Distributed and aggregated claims (OpenID Connect Core 1.0 section 5.6.2), Microsoft's overage
/// among them.
fn elsewhere(claim: &'static str) -> Vec<Fault> {
    vec![
        Fault::NoClaim(claim),
        Fault::UserInfoClaim(claim, Value::Null),
        says("_claim_names", json!({claim: "src1"})),
        says("_claim_sources", json!({"src1": {"endpoint": "https://graph.example.com/groups"}})),
    ]
}

fn has_groups() -> Vec<Fault> {
    vec![
        Fault::NoClaim("groups"),
        Fault::UserInfoClaim("groups", Value::Null),
        says("hasgroups", json!(true)),
    ]
}

fn without_user_info(claim: &'static str) -> Vec<Fault> {
    let refused = Fault::UserInfoAnswer(401, "text/html", String::new());
    vec![Fault::NoClaim(claim), refused]
}

fn unreadable(claim: &'static str) -> Vec<Fault> {
    vec![says(claim, json!([{"name": "former-staff"}]))]
}

const ALLOW_GROUP: &str = "access = \"private\"\nallow = { groups = [\"customers\"] }";
const ALLOW_TEAM: &str = "access = \"private\"\nallow = { claims = { team = [\"it\"] } }";
const ALLOW_DOMAIN: &str = "access = \"private\"\nallow = { email_domains = [\"example.com\"] }";

#[rstest]
#[case::deny_groups(DENY_GROUP, overage(), "deny.groups (not known)")]
#[case::deny_too_many_groups(DENY_GROUP, has_groups(), "deny.groups (not known)")]
#[case::deny_unreadable_groups(DENY_GROUP, unreadable("groups"), "deny.groups (not known)")]
#[case::deny_groups_of_user_info(
    DENY_GROUP,
    without_user_info("groups"),
    "deny.groups (not known)"
)]
#[case::deny_domain(DENY_DOMAIN, elsewhere("email"), "deny.email_domains (not known)")]
#[case::deny_address(DENY_EMAIL, elsewhere("email"), "deny.emails (not known)")]
#[case::deny_team(DENY_TEAM, elsewhere("team"), "deny.claims (not known)")]
#[case::deny_unreadable_team(DENY_TEAM, unreadable("team"), "deny.claims (not known)")]
#[case::deny_team_of_user_info(DENY_TEAM, without_user_info("team"), "deny.claims (not known)")]
#[case::allow_groups(ALLOW_GROUP, overage(), "allow.groups (not known)")]
#[case::allow_unreadable_groups(ALLOW_GROUP, unreadable("groups"), "allow.groups (not known)")]
#[case::allow_team(ALLOW_TEAM, elsewhere("team"), "allow.claims (not known)")]
#[case::allow_domain(ALLOW_DOMAIN, elsewhere("email"), "allow.email_domains (not known)")]
#[tokio::test(flavor = "multi_thread")]
async fn d9_what_is_not_known_at_login_closes_what_asks_for_it_and_nothing_else(
    #[case] rule: &str,
    #[case] faults: Vec<Fault>,
    #[case] told: &str,
) {
    let site = portal_with(rule).start().await;
    for fault in faults {
        site.provider.misbehave(fault);
    }
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/p/hr")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("access-unknown"), "{}", page.body);
    assert!(page.body.contains("your login did not tell"), "{}", page.body);
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK, "it does not ask");
    let seen = site.forwarded().iter().any(|seen| seen.path().contains("/portal/3"));
    assert!(!seen, "JSM saw it");
    let trail = trail(&site).await;
    let refused = trail.iter().find(|event| event["event"] == "portal_refused").unwrap();
    assert_eq!(refused["rule"], told);
}

#[rstest]
#[case::elsewhere(overage())]
#[case::too_many(has_groups())]
#[case::unreadable(unreadable("groups"))]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_any_more_after_a_refresh_closes_what_asks_for_it(
    #[case] faults: Vec<Fault>,
    #[values(DENY_GROUP, ALLOW_GROUP)] rule: &str,
) {
    let site = portal_with(rule).start().await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(status(&mut ann, &site).await, StatusCode::OK);
    for fault in faults {
        site.provider.misbehave(fault);
    }
    assert_eq!(refreshed(&mut ann, &site).await, StatusCode::FORBIDDEN);
    site.provider.behave();
    assert_eq!(refreshed(&mut ann, &site).await, StatusCode::OK, "known again");
}

/// The provider was not asked for the attribute when they logged in.
#[tokio::test(flavor = "multi_thread")]
async fn d9_what_only_a_reload_asks_for_is_unknown_of_those_who_are_logged_in() {
    let site = site()
        .with("[[portal]]\nproject = \"HR\"\nlink = \"hr\"\n")
        .with_provider("# asks for nothing yet")
        .start()
        .await;
    site.provider.misbehave(says("team", json!("former")));
    let mut eve = site.logged_in("ann").await;
    assert_eq!(status(&mut eve, &site).await, StatusCode::OK);
    let file = site.folder.path().join("proxy.toml");
    let asks = std::fs::read_to_string(&file).unwrap();
    let asks = asks.replace("# asks for nothing yet", PROVIDER);
    let asks = asks.replace("link = \"hr\"", &format!("link = \"hr\"\n{DENY_TEAM}"));
    std::fs::write(&file, asks).unwrap();
    let config = jsm_gate::config::load(&file).unwrap_or_else(|errors| panic!("{errors}")).config;
    site.gate.assembly().reload(config).await.unwrap();
    let page = eve.open(&site.at("/p/hr")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("access-unknown"), "{}", page.body);
    site.provider.behave();
    let mut ann = site.logged_in("ann").await;
    assert_eq!(status(&mut ann, &site).await, StatusCode::OK, "there is no such team");
}

/// The shapes in which an object may say no, and those that could be meant in two ways.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_an_object_does_not_give_is_nobodys(
    #[values(
        json!({"customers": false}), json!({"customers": null}), json!({"customers": {}}),
        json!({"customers": 0}), json!({"customers": "no"}), json!({"customers": ""}),
        json!({"customers": []}), json!({"x": {"customers": true}}), json!([["customers"]]),
        json!([{"customers": true}]), json!("[customers]")
    )]
    groups: Value,
) {
    let site = portal_with(ALLOW_GROUP).start().await;
    site.provider.misbehave(says("groups", groups));
    let mut ann = site.logged_in("ann").await;
    assert_eq!(status(&mut ann, &site).await, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::zitadel(json!({"customers": {"28": "example.org"}}))]
#[case::said_yes(json!({"customers": true}))]
#[case::text(json!("customers"))]
#[case::list_in_a_text(json!("[\"x\", \"customers\"]"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_group_counts_in_every_shape_that_says_it(#[case] groups: Value) {
    let site = portal_with(ALLOW_GROUP).start().await;
    site.provider.misbehave(says("groups", groups));
    let mut ann = site.logged_in("ann").await;
    assert_eq!(status(&mut ann, &site).await, StatusCode::OK);
}
