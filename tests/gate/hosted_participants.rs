//! Who takes part in a request, at a portal that the gate serves itself: customers change it as far as they may,
//! and find out nothing about others by it.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Account, Canned, JsmSettings, SeenRequest};
use serde_json::json;

use crate::hosted_acts::{ANN, BOB, audited, hosted_with, open, post, seen, ticket, written};
use crate::site::Site;
use crate::visitor::Visitor;

const EVE: &str = "id-of-eve";

/// Ann and Bob are colleagues at Acme; Eve is a customer of the desk, at Globex.
pub(crate) async fn colleagues(jsm: JsmSettings, participants: &str) -> (Site, String) {
    let toml =
        format!("[hosted]\norganization_requests = \"read\"\nparticipants = \"{participants}\"");
    let site = hosted_with(jsm, &toml).await;
    site.jsm.add_account(Account::customer("Eve Example", "eve@globex.example").with_id(EVE));
    site.jsm.list_customer("IT", EVE);
    site.jsm.add_organization("Acme", &[ANN, BOB], &["IT"]);
    site.jsm.add_organization("Globex", &[EVE], &["IT"]);
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    (site, key)
}

fn participants(site: &Site, key: &str) -> Vec<String> {
    site.jsm.request(key).unwrap().participants
}

async fn add(site: &Site, visitor: &mut Visitor, key: &str, email: &str) -> (StatusCode, String) {
    let page = open(site, visitor, key).await;
    let answer = seen(visitor.submit(&page, "/participants", &[("person", email)]).await);
    (answer.status, answer.body)
}

/// The value of the button that says this.
fn button<'a>(page: &'a str, name: &str, words: &str) -> Option<&'a str> {
    let start = format!("name=\"{name}\" value=\"");
    let mut all = page.split(start.as_str()).skip(1);
    let found = all.find(|rest| rest.split("</button>").next().unwrap().contains(words))?;
    found.split('"').next()
}

#[rstest]
#[case::cloud(JsmSettings::cloud(), "accountIds")]
#[case::data_center(JsmSettings::data_center(), "usernames")]
#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_added_by_address_and_leaves_again(
    #[case] jsm: JsmSettings,
    #[case] member: &str,
) {
    let (site, key) = colleagues(jsm, "organization").await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let (status, page) = add(&site, &mut ann, &key, " Bob@example.com ").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("now takes part") && page.contains("Bob Example"), "{page}");
    for hidden in ["bob@example.com", BOB] {
        assert!(!page.contains(hidden), "shows {hidden}: {page}");
    }
    let calls = written(&site);
    assert_eq!((calls.len(), calls[0].sent()), (1, Some(json!({ member: [BOB] }))));
    let added = audited(&site, "participant_added").await;
    assert_eq!((&added[0]["request"], &added[0]["reason"]), (&json!(key), &json!(BOB)));

    let theirs = open(&site, &mut bob, &key).await;
    let own = button(&theirs.body, "remove", "Stop following").expect("a way out").to_owned();
    let after = seen(bob.submit(&theirs, "/participants", &[("remove", &own)]).await);
    assert_eq!((after.status, after.url.path()), (StatusCode::OK, "/p/it/requests"));
    assert_eq!(written(&site)[1].method, Method::DELETE);
    assert_eq!(written(&site)[1].sent(), Some(json!({ member: [BOB] })));
    assert_eq!(open(&site, &mut bob, &key).await.status, StatusCode::NOT_FOUND);
    assert_eq!(audited(&site, "participant_removed").await.len(), 1);
}

/// Whoever may not be named is not added, and the answer is the same as for somebody whom nobody knows.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p7_an_address_tells_nothing(#[case] jsm: JsmSettings) {
    let (site, key) = colleagues(jsm, "organization").await;
    let mut ann = site.logged_in("ann").await;
    let mut answers = Vec::new();
    for email in [
        "eve@globex.example",
        "nobody@example.com",
        "ann@example.com",
        "eve@globex.exampl",
        "*@globex.example",
    ] {
        let page = open(&site, &mut ann, &key).await;
        let ticket = ticket(&page, "/participants");
        let pairs = [("ticket", ticket.as_str()), ("person", email)];
        let path = format!("/p/it/{key}/participants");
        let answer = post(&site, &mut ann, &path, &pairs).await;
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        answers.push((answer.status(), location, answer.text().await.unwrap()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].1, site.at(&format!("/p/it/{key}?said=added")));
    assert_eq!((written(&site).len(), participants(&site, &key).len()), (0, 0));
    for typed in ["e", "eve", "@globex.example", "%", ""] {
        assert_eq!(add(&site, &mut ann, &key, typed).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let asked =
        |it: &SeenRequest| it.path().contains("user/search") && it.target.contains("globex");
    let asked: Vec<_> = site.jsm.seen().into_iter().filter(asked).collect();
    assert_eq!(asked.len(), 3, "only whole addresses are looked for: {asked:#?}");
}

#[rstest]
#[case::none("none", &[])]
#[case::organization("organization", &[BOB])]
#[case::known("known", &[BOB, EVE])]
#[tokio::test(flavor = "multi_thread")]
async fn p13_whom_customers_may_add_is_the_admins_to_say(
    #[case] rule: &str,
    #[case] added: &[&str],
) {
    let (site, key) = colleagues(JsmSettings::cloud(), rule).await;
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    assert_eq!(page.body.contains("Add a person"), rule != "none", "{}", page.body);
    if rule != "none" {
        for email in ["bob@example.com", "eve@globex.example", "stranger@example.org"] {
            add(&site, &mut ann, &key, email).await;
        }
    }
    assert_eq!(participants(&site, &key), added);
}

#[tokio::test(flavor = "multi_thread")]
async fn p7_a_customer_tries_twenty_addresses_an_hour() {
    let (site, key) = colleagues(JsmSettings::cloud(), "known").await;
    let mut ann = site.logged_in("ann").await;
    for number in 0..20 {
        let email = format!("p{number}@example.com");
        assert_eq!(add(&site, &mut ann, &key, &email).await.0, StatusCode::OK, "{number}");
    }
    let (status, page) = add(&site, &mut ann, &key, "bob@example.com").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("within an hour") && page.contains("bob@example.com"), "{page}");
    assert_eq!(participants(&site, &key).len(), 0);
    // Of another request as well.
    let other = site.jsm.add_request("IT", ANN, "Another");
    assert_eq!(
        add(&site, &mut ann, &other, "bob@example.com").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

/// The reporter takes off whom they want; everybody else themselves, and nobody the reporter.
#[tokio::test(flavor = "multi_thread")]
async fn p2_only_the_reporter_takes_somebody_else_off() {
    let (site, key) = colleagues(JsmSettings::cloud(), "organization").await;
    site.jsm.change_request(&key, |it| it.participants.extend([BOB.to_owned(), EVE.to_owned()]));
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let theirs = open(&site, &mut bob, &key).await;
    assert_eq!(theirs.body.matches("name=\"remove\"").count(), 1, "{}", theirs.body);
    let page = open(&site, &mut ann, &key).await;
    assert_eq!(page.body.matches("name=\"remove\"").count(), 2, "{}", page.body);
    // A reference counts in the form that it is of.
    let eve = button(&page.body, "remove", "Eve Example").unwrap().to_owned();
    seen(bob.submit(&theirs, "/participants", &[("remove", &eve)]).await);
    assert_eq!((written(&site).len(), participants(&site, &key).len()), (0, 2));
    let after = seen(ann.submit(&page, "/participants", &[("remove", &eve)]).await);
    assert!(after.body.contains("do not take part"), "{}", after.body);
    assert_eq!(participants(&site, &key), [BOB]);
}

/// What JSM did, it shows. What it does not show may still come.
#[rstest]
#[case::carried_out(Canned::lost(), "now takes part", 1)]
#[case::not_carried_out(Canned::html(502, ""), "We do not know yet whether that was done", 0)]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_lost_answer_about_a_person_is_told_by_what_jsm_shows(
    #[case] answer: Canned,
    #[case] told: &str,
    #[case] noted: usize,
) {
    let (site, key) = colleagues(JsmSettings::cloud(), "organization").await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.answer_next(1, &answer.for_calls(Method::POST, "/participant"));
    let (status, page) = add(&site, &mut ann, &key, "bob@example.com").await;
    assert!(status == StatusCode::OK && page.contains(told), "{status} {page}");
    assert_eq!(audited(&site, "participant_added").await.len(), noted);
    assert_eq!(written(&site).len(), 1);
}
