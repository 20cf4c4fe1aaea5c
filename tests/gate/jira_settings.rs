//! `jsm-gate saml jira` and what `check` says of Jira's own login, against a Jira whose REST API is asked.

use reqwest::StatusCode;
use serde_json::Value;

use crate::control::{file, run, text};
use crate::site::{Site, log_in, site};

const PORTAL: &str = "/servicedesk/customer/portal/2";

/// What a command ends with, and all that it prints.
async fn command(site: &Site, arguments: &[&str]) -> (Option<i32>, String) {
    let ended = run(&file(site), &[&["saml"], arguments].concat()).await;
    (ended.status.code(), format!("{}{}", text(&ended.stdout), text(&ended.stderr)))
}

/// What `check` says of the login, with how bad it is.
async fn checked(site: &Site) -> Vec<(String, String)> {
    let ended = run(&file(site), &["check", "--json"]).await;
    let all: Vec<Value> = serde_json::from_slice(&ended.stdout).unwrap();
    let ours = all.iter().filter(|one| one["subject"] == "jira login");
    let word = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    ours.map(|one| (word(one, "level"), word(one, "text"))).collect()
}

/// Whether somebody who opens the portal gets there.
async fn opens(site: &Site) -> bool {
    let mut ann = site.visitor().with_scripts();
    let asked = ann.open(&site.at(PORTAL)).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    page.status == StatusCode::OK && page.body.contains("id=\"customer\">ann@example.com<")
}

#[tokio::test(flavor = "multi_thread")]
async fn jira_is_told_of_the_gate_and_the_gate_is_taken_back() {
    let site = site().with_jira_login().start().await;
    let (status, said) = command(&site, &["jira", "--undo", "--yes"]).await;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("show-login-form-for-jsm  false -> true"), "{said}");
    assert!(said.contains("is removed"), "{said}");
    let levels: Vec<_> = checked(&site).await.into_iter().map(|(level, _)| level).collect();
    assert_eq!(levels, ["failure", "failure", "ok"], "no provider, no request, users are named");
    assert!(!opens(&site).await);

    let (status, said) = command(&site, &["jira", "--apply"]).await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("identity provider \"jsm-gate\" is added:"), "{said}");
    assert!(said.contains("nothing was changed"), "nobody was asked: {said}");
    assert!(!opens(&site).await);

    let (status, said) = command(&site, &["jira", "--apply", "--yes"]).await;
    assert_eq!((status, said.ends_with("done\n")), (Some(0), true), "{said}");
    assert!(opens(&site).await);
    let checked = checked(&site).await;
    assert!(checked.iter().all(|(level, _)| level == "ok"), "{checked:?}");
    assert_eq!(checked.len(), 5);
    let (status, said) = command(&site, &["jira", "--apply", "--yes"]).await;
    assert_eq!((status, said.as_str()), (Some(0), "nothing is to be changed\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_are_printed_as_the_api_takes_them() {
    let site = site().with_jira_login().start().await;
    let ended = run(&file(&site), &["saml", "jira"]).await;
    let settings: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(settings["sso-url"], site.at("/_gate/saml/jira/sso"));
    assert_eq!(settings["sso-issuer"], site.at("/_gate/saml/jira/metadata"));
    assert_eq!(settings["username-attribute"], "${NameID}");
    let off = ["enabled", "enable-remember-me"].map(|name| settings[name].clone());
    assert_eq!(off, [false, false], "agents are not concerned");
    assert_eq!(settings["jit-configuration"]["user-provisioning-enabled"], false);
    assert!(settings["certificate"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(text(&ended.stderr).contains("/rest/authconfig/1.0/sso"), "{ended:?}");
}

/// Jira takes one certificate: it is changed at the moment when the gate signs with another key.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_change_of_the_key_jira_is_told_of_the_new_certificate() {
    let site = site().with_jira_login_and("").start().await;
    command(&site, &["rotate", "jira"]).await;
    command(&site, &["rotate", "jira", "--switch"]).await;
    let another = ("failure".to_owned(), "another certificate");
    let checked = checked(&site).await;
    let says = |(level, text): &(String, String)| *level == another.0 && text.contains(another.1);
    assert!(checked.iter().any(says), "{checked:?}");
    assert!(!opens(&site).await);
    let (status, said) = command(&site, &["jira", "--apply", "--yes"]).await;
    assert_eq!(status, Some(0), "{said}");
    let changed: Vec<_> = said.lines().filter(|line| line.contains("->")).collect();
    assert!(changed.len() == 1 && changed[0].contains("certificate"), "{said}");
    assert!(opens(&site).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_a_system_administrators_token_and_running_does_not() {
    let site = site().with_jira_login().start().await;
    site.jsm.revoke_permission("SYSTEM_ADMIN");
    let (status, said) = command(&site, &["jira", "--apply", "--yes"]).await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("--token-file"), "{said}");
    let checked = checked(&site).await;
    assert_eq!(checked.len(), 3, "what anybody can see: {checked:?}");
    assert!(checked.iter().all(|(level, _)| level == "ok"), "{checked:?}");
    assert!(opens(&site).await);
}

/// Two ways to log in make every customer choose.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_beside_the_gate_is_found() {
    let site = site().with_jira_login().start().await;
    site.jsm.show_login_form_for_customers(true);
    let checked = checked(&site).await;
    assert_eq!(checked[0].0, "warning", "{checked:?}");
    assert!(checked[0].1.contains("form for passwords"), "{checked:?}");
    assert!(checked[1].1.contains("leads to"), "{checked:?}");
}

/// The API is the same for the sisters of Jira, which have no form for customers.
#[tokio::test(flavor = "multi_thread")]
async fn confluence_is_told_in_the_same_way() {
    let wiki = "[[service_provider]]\nid = \"wiki\"\npreset = \"confluence-data-center\"\n\
                entity_id = \"https://wiki.example.com\"";
    let site = site().with_jira_login().with(wiki).start().await;
    let ended = run(&file(&site), &["saml", "jira", "--for", "wiki"]).await;
    let settings: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(
        (&settings["enabled"], settings.get("include-customer-logins")),
        (&true.into(), None)
    );
    assert_eq!(settings["sso-url"], site.at("/_gate/saml/wiki/sso"));
    let (status, said) = command(&site, &["jira", "--for", "wiki", "--apply"]).await;
    assert_eq!((status, said.contains("--token-file")), (Some(1), true), "{said}");
    let (status, said) = command(&site, &["jira", "--for", "nobody"]).await;
    assert_eq!((status, said.contains("no such [[service_provider]]")), (Some(1), true), "{said}");
}
