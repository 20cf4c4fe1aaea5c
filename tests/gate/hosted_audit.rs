//! What the audit trail says of a hosted portal's forms: who did what, and nothing of what they wrote.

use reqwest::StatusCode;
use rstest::rstest;
use sandbox::jsm::JsmSettings;
use serde_json::Value;

use crate::audit::{FILE, trail};
use crate::hosted_forms::{ANN, hosted, send, ticket};
use crate::site::Site;

const FORM: &str = "/p/it/create/66";

async fn events(site: &Site, name: &str) -> Vec<Value> {
    trail(site).await.into_iter().filter(|event| event["event"] == name).collect()
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_in_the_trail_once_and_without_its_words(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, FILE).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let pairs = [("ticket", ticket.as_str()), ("summary", "Verbatim"), ("description", "Verbatim")];
    for _ in 0..2 {
        assert_eq!(send(&site, &mut ann, FORM, &pairs).await.status, StatusCode::SEE_OTHER);
    }
    let created = events(&site, "request_created").await;
    assert_eq!(created.len(), 1, "{created:?}");
    let event = &created[0];
    let told = ["request", "account", "portal", "link", "provider"].map(|name| &event[name]);
    assert_eq!(told, ["IT-1", ANN, "IT", "it", "idp"], "{event}");
    let all = format!("{:?}", trail(&site).await);
    assert!(!all.contains("Verbatim"), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_theirs_is_in_the_trail() {
    let site = hosted(JsmSettings::cloud(), FILE).await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let ticket = ticket(&site, &mut ann, FORM).await;
    let pairs = [("ticket", ticket.as_str()), ("summary", "Verbatim"), ("reporter", "bob")];
    send(&site, &mut ann, FORM, &pairs).await;
    send(&site, &mut bob, FORM, &pairs).await;
    let refused = events(&site, "form_refused").await;
    let told: Vec<_> = refused.iter().map(|it| (&it["subject"], &it["rule"])).collect();
    assert_eq!(told, [(&"ann".into(), &"inputs".into()), (&"bob".into(), &"ticket".into())]);
}
