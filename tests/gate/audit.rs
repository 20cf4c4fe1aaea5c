//! The audit trail, as an admin reads it.

use std::fs;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::site::{Site, SiteBuilder, log_in, site};

pub(crate) const FILE: &str = "[audit]\nfile = \"audit.log\"\n";

const STAFF_ONLY: &str = "[[portal]]\nproject = \"HR\"\nlink = \"hr\"\naccess = \"private\"\n\
                          allow = { groups = [\"secret-staff\"] }\n";

fn audited() -> SiteBuilder {
    site().with(FILE)
}

/// What the trail says now, in order.
pub(crate) async fn trail(site: &Site) -> Vec<Value> {
    site.gate.assembly().audit().flush().await;
    let text = fs::read_to_string(site.folder.path().join("audit.log")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(trail: &[Value]) -> Vec<&str> {
    trail.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_a_visit_and_a_logout_are_told_each_once() {
    let site = audited().start().await;
    let mut ann = site.visitor();
    let asked = ann.open(&site.at("/p/it")).await;
    log_in(&mut ann, &asked, "ann").await;
    ann.open(&site.at("/p/it/create/66")).await;
    ann.open(&site.at("/p/fac")).await;
    let logout = ann.open(&site.at("/_gate/logout")).await;
    ann.submit(&logout, "/_gate/logout", &[]).await;

    let trail = trail(&site).await;
    let expected = ["login_started", "login_succeeded", "portal_opened", "portal_opened", "logout"];
    assert_eq!(names(&trail), expected);
    for event in &trail {
        assert_eq!((&event["provider"], &event["client"]), (&"idp".into(), &"127.0.0.1".into()));
        assert!(event["time"].as_str().unwrap().ends_with('Z'), "{event}");
        assert!(event["request_id"].is_string(), "{event}");
    }
    for event in &trail[1..] {
        assert_eq!(
            (&event["email"], &event["subject"]),
            (&"ann@example.com".into(), &"ann".into())
        );
    }
    let opened = &trail[2];
    let said = ["portal", "link", "decision", "rule"].map(|key| opened[key].as_str().unwrap());
    assert_eq!(said, ["IT", "it", "allowed", "access = default"]);
    assert_eq!(trail[3]["link"], "fac");
    assert_eq!(trail[4]["by"], "customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_with_its_rule_and_the_number_on_the_page() {
    let site = audited().with(STAFF_ONLY).start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/p/hr")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let trail = trail(&site).await;
    let refused = trail.last().unwrap();
    assert_eq!(refused["event"], "portal_refused");
    assert_eq!(refused["rule"], "access = private");
    assert!(page.body.contains(refused["request_id"].as_str().unwrap()), "{}", page.body);
    assert!(!page.body.contains("secret-staff"), "the page tells the rule");
}

#[tokio::test(flavor = "multi_thread")]
async fn g11_one_customer_does_not_fill_the_audit_trail() {
    let site = audited().with(STAFF_ONLY).start().await;
    let mut ann = site.logged_in("ann").await;
    for _ in 0..30 {
        assert_eq!(ann.open(&site.at("/p/hr")).await.status, StatusCode::FORBIDDEN);
    }
    let trail = trail(&site).await;
    let refused: Vec<_> = trail.iter().filter(|event| event["event"] == "portal_refused").collect();
    let (last, first) = refused.split_last().unwrap();
    assert!(first.len() < 20, "{} lines", first.len());
    assert_eq!((&last["subject"], &last["email"]), (&"ann".into(), &"ann@example.com".into()));
    assert_eq!(last["count"], 30 - first.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_fails_is_told_with_its_code() {
    let site = audited().start().await;
    let mut eve = site.visitor();
    let page = eve.open(&site.at("/_gate/callback/idp?code=x&state=y")).await;
    assert!(page.body.contains("login-expired"));
    let trail = trail(&site).await;
    assert_eq!(names(&trail), ["login_refused"]);
    assert_eq!(trail[0]["rule"], "login-expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_by_itself_is_told_with_the_reason() {
    let site = audited().start().await;
    let mut ann = site.logged_in("ann").await;
    site.let_pass(Duration::from_secs(31 * 60));
    ann.open(&site.at("/p/it")).await;
    let trail = trail(&site).await;
    let ended = trail.iter().find(|event| event["event"] == "session_ended").unwrap();
    assert_eq!(
        (&ended["subject"], &ended["reason"]),
        (&"ann".into(), &"unused for too long".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_locks_nobody_out_and_shows() {
    let site = site().with("[audit]\nfile = \"/dev/full\"\n").start().await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
    site.gate.assembly().audit().flush().await;
    let operations = site.gate.operations_address().unwrap();
    let ready = ann.open(&format!("http://{operations}/readyz")).await;
    let ready: Value = serde_json::from_str(&ready.body).unwrap();
    assert!(ready["audit_lost"].as_u64().unwrap() >= 3, "{ready}");
    let metrics = ann.open(&format!("http://{operations}/metrics")).await;
    assert!(!metrics.body.contains("jsm_gate_audit_lost_total 0"), "{}", metrics.body);
}
