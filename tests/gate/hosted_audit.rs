//! What the audit trail says of a hosted portal's forms: who did what, and nothing of what they wrote.

use reqwest::StatusCode;
use rstest::rstest;
use sandbox::jsm::JsmSettings;
use serde_json::Value;

use crate::audit::{FILE, trail};
use crate::hosted_forms::{ANN, BOB, hosted, send, ticket};
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

/// Whoever tries the numbers of others leaves a trace, whatever they are numbers of.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_are_not_theirs_are_in_the_trail(#[case] jsm: JsmSettings) {
    let toml = format!("[hosted]\norganization_requests = \"read\"\n{FILE}");
    let site = hosted(jsm, &toml).await;
    site.jsm.add_organization("Acme", &[ANN], &["IT"]);
    let globex = site.jsm.add_organization("Globex", &[BOB], &["IT"]);
    let own = site.jsm.add_request("IT", ANN, "My screen");
    let other = site.jsm.add_request("IT", BOB, "His screen");
    let file = site.jsm.answer_with_file(&other, "his.txt", "his");
    let hidden = site.jsm.note_with_file(&own, "gossip.txt");
    let mut ann = site.logged_in("ann").await;
    for path in [
        format!("/p/it/{other}/files/{file}"),
        format!("/p/it/{own}/files/{file}"),
        format!("/p/it/{own}/files/{hidden}/thumbnail"),
        format!("/p/it/requests?whose={globex}"),
        format!("/_gate/requests.csv?whose={globex}"),
    ] {
        let page = ann.open(&site.at(&path)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}: {}", page.body);
    }
    let sealed = ticket(&site, &mut ann, FORM).await;
    let globex = globex.to_string();
    let pairs = [("ticket", sealed.as_str()), ("summary", "My screen"), ("sharing", &globex)];
    let sent = send(&site, &mut ann, FORM, &pairs).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.body);
    let no_type = "/p/it/create/4711";
    let sent = send(&site, &mut ann, no_type, &[("summary", "My screen")]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND, "{}", sent.body);

    let told = async |name: &str| {
        let events = events(&site, name).await.into_iter();
        let told = events.map(|event| {
            assert_eq!(event["subject"], "ann", "{event}");
            let rule = event["rule"].as_str().unwrap_or_default().to_owned();
            (event["request"].as_str().unwrap_or_default().to_owned(), rule)
        });
        told.collect::<Vec<_>>()
    };
    let refused = told("request_refused").await;
    let expected = [
        (other.as_str(), ""),
        (&own, "file"),
        (&own, "file"),
        ("", "organization"),
        ("", "organization"),
    ];
    assert_eq!(refused, expected.map(|(key, rule)| (key.to_owned(), rule.to_owned())));
    let refused = told("form_refused").await;
    let rules: Vec<_> = refused.into_iter().map(|(_, rule)| rule).collect();
    assert_eq!(rules, ["organization", "type"]);
}
