//! With which organisations a request is shared after it was made, at a portal that the gate serves itself.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};
use serde_json::{Value, json};

use crate::hosted_acts::{ANN, BOB, audited, hosted_with, open, post, seen, ticket, written};
use crate::hosted_participants::colleagues;
use crate::site::Site;

/// The number of an organisation.
fn number(site: &Site, name: &str) -> u64 {
    let all = site.jsm.organizations();
    all.into_iter().find(|it| it.name == name).unwrap().id
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p16_a_request_is_shared_with_ones_own_organisation_only(#[case] jsm: JsmSettings) {
    let (site, key) = colleagues(jsm, "organization").await;
    let (acme, globex) = (number(&site, "Acme"), number(&site, "Globex"));
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    assert!(page.body.contains("Share with") && !page.body.contains("Globex"), "{}", page.body);
    let foreign = globex.to_string();
    let other = ann.submit(&page, "/organizations", &[("share", &foreign)]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert_eq!(written(&site).len(), 0);
    let refused = audited(&site, "request_refused").await;
    assert_eq!(
        (&refused[0]["request"], &refused[0]["rule"]),
        (&json!(key), &json!("organization"))
    );

    let own = acme.to_string();
    let shared = seen(ann.submit(&page, "/organizations", &[("share", &own)]).await);
    assert!(shared.body.contains("This request is shared."), "{}", shared.body);
    assert_eq!(site.jsm.request(&key).unwrap().organizations, [acme]);
    let sent = written(&site)[0].sent().unwrap();
    assert_eq!(sent, json!({"update": {"customfield_10031": [{"add": acme}]}}));
    let trail: Vec<Value> = audited(&site, "shared").await;
    assert_eq!((&trail[0]["request"], &trail[0]["reason"]), (&json!(key), &json!(own)));
    // Once more changes nothing.
    seen(ann.submit(&page, "/organizations", &[("share", &own)]).await);
    assert_eq!(written(&site).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn p16_only_the_reporter_takes_a_request_away_from_an_organisation() {
    let (site, key) = colleagues(JsmSettings::cloud(), "organization").await;
    let acme = number(&site, "Acme");
    // Something that Bob may share it with, so that he has a form.
    site.jsm.add_organization("Bowling", &[BOB], &["IT"]);
    site.jsm.change_request(&key, |it| {
        it.organizations.push(acme);
        it.participants.push(BOB.to_owned());
    });
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let id = acme.to_string();
    let theirs = open(&site, &mut bob, &key).await;
    assert!(!theirs.body.contains("Stop sharing"), "{}", theirs.body);
    let path = format!("/p/it/{key}/organizations");
    let ticket = ticket(&theirs, "/organizations");
    let pairs = [("ticket", ticket.as_str()), ("unshare", id.as_str())];
    assert_eq!(post(&site, &mut bob, &path, &pairs).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(written(&site).len(), 0);
    let page = open(&site, &mut ann, &key).await;
    let after = seen(ann.submit(&page, "/organizations", &[("unshare", &id)]).await);
    assert!(after.body.contains("not shared with that organisation any more"), "{}", after.body);
    assert_eq!(site.jsm.request(&key).unwrap().organizations.len(), 0);
}

/// Agents share requests too, and the page that a customer looks at may be from before.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn organisations_that_others_add_meanwhile_stay(#[case] jsm: JsmSettings) {
    let (site, key) = colleagues(jsm, "organization").await;
    let (acme, globex) = (number(&site, "Acme"), number(&site, "Globex"));
    let bowling = site.jsm.add_organization("Bowling", &[], &["IT"]);
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    site.jsm.change_request(&key, |request| request.organizations = vec![globex, bowling]);
    let own = acme.to_string();
    seen(ann.submit(&page, "/organizations", &[("share", &own)]).await);
    assert_eq!(site.jsm.request(&key).unwrap().organizations, [globex, bowling, acme]);
    let away = bowling.to_string();
    seen(ann.submit(&page, "/organizations", &[("unshare", &away)]).await);
    assert_eq!(site.jsm.request(&key).unwrap().organizations, [globex, acme]);
    // Whatever a request may say of its field, no call replaces it.
    let sent = written(&site).into_iter().map(|call| call.sent().unwrap());
    let operations: Vec<_> = sent.map(|sent| sent["update"]["customfield_10031"].clone()).collect();
    assert_eq!(operations, [json!([{"add": acme}]), json!([{"remove": bowling}])]);
}

#[rstest]
#[case::carried_out(Canned::lost(), "This request is shared.", 1)]
#[case::not_carried_out(Canned::html(502, ""), "We do not know yet whether that was done", 0)]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_lost_answer_about_an_organisation_is_told_by_what_jsm_shows(
    #[case] answer: Canned,
    #[case] told: &str,
    #[case] noted: usize,
) {
    let (site, key) = colleagues(JsmSettings::cloud(), "organization").await;
    let acme = number(&site, "Acme");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    site.jsm.answer_next(1, &answer.for_calls(Method::PUT, &format!("/issue/{key}")));
    let own = acme.to_string();
    let page = seen(ann.submit(&page, "/organizations", &[("share", &own)]).await);
    assert!(page.body.contains(told), "{}", page.body);
    assert_eq!(audited(&site, "shared").await.len(), noted);
    assert_eq!(written(&site).len(), 1);
}

/// To share with colleagues who see nothing of it would be a promise that nobody keeps.
#[tokio::test(flavor = "multi_thread")]
async fn p16_what_colleagues_do_not_see_is_not_offered_to_be_shared() {
    let site = hosted_with(JsmSettings::cloud(), "").await;
    let acme = site.jsm.add_organization("Acme", &[ANN], &["IT"]).to_string();
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    assert!(!page.body.contains("Share with"), "{}", page.body);
    let ticket = ticket(&page, "/participants");
    let pairs = [("ticket", ticket.as_str()), ("share", acme.as_str())];
    let path = format!("/p/it/{key}/organizations");
    assert!(post(&site, &mut ann, &path, &pairs).await.status().is_client_error());
    assert_eq!(written(&site).len(), 0);
}
