//! Fields of a hosted portal's forms: choices that another call tells, and what an address fills in.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, Desk, JsmSettings};
use serde_json::json;

use crate::hosted_forms::{hosted, raised, send, ticket};
use crate::site::Site;

const FORM: &str = "/p/it/create/201";
const CREATEMETA: &str = "/rest/api/2/issue/createmeta/IT/issuetypes/10002";
const PLACE: &str = "customfield_10125";

async fn with_every_field(jsm: JsmSettings) -> Site {
    hosted(jsm.with_desks([Desk::with_every_kind_of_field(2, "IT")]), "").await
}

/// JSM Data Center does not tell what stands below a choice; Jira does.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_choice_and_the_one_below_it_are_sent(#[case] jsm: JsmSettings) {
    let site = with_every_field(jsm).await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(FORM)).await;
    assert!(page.body.contains("Main building, First floor"), "{}", page.body);
    let ticket = ticket(&site, &mut ann, FORM).await;
    let pairs = [
        ("ticket", ticket.as_str()),
        ("summary", "A visit"),
        ("customfield_10102", "Because"),
        ("customfield_10103", "3"),
        ("customfield_10121", "10201"),
        (PLACE, "10211:10212"),
    ];
    let sent = send(&site, &mut ann, FORM, &pairs).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let place = &raised(&site)[0]["requestFieldValues"][PLACE];
    assert_eq!(place, &json!({ "id": "10211", "child": { "id": "10212" } }));
}

/// A form without these choices is better than none: it says what it can.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_shown_though_jira_does_not_tell_all_choices() {
    let site = with_every_field(JsmSettings::data_center()).await;
    site.jsm.answer_next(9, &Canned::json(500, "{}").for_calls(Method::GET, CREATEMETA));
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(FORM)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Main building") && !page.body.contains("First floor"));
}

/// A link may fill in what the customer would type, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn p5_an_address_fills_in_what_the_form_shows_only() {
    let site = with_every_field(JsmSettings::cloud()).await;
    let mut ann = site.logged_in("ann").await;
    let query = [
        ("summary", "Filled-in"),
        ("customfield_10102", "A-reason"),
        ("customfield_10199", "of-a-hidden-field"),
        ("customfield_99999", "of-no-field"),
        ("reporter", "of-another"),
        ("raiseOnBehalfOf", "in-the-name-of-another"),
        ("customfield_10032", "participant@example.com"),
        ("customfield_10141", "manager@example.com"),
        ("customfield_10031", "4711"),
        ("sharing", "4711"),
        ("ticket", "made-up"),
        ("act", "made-up"),
    ];
    let mut address = url::Url::parse(&site.at(FORM)).unwrap();
    address.query_pairs_mut().extend_pairs(query);
    let page = ann.open(address.as_str()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for (_, filled) in &query[..2] {
        assert!(page.body.contains(filled), "without {filled}: {}", page.body);
    }
    for (_, ignored) in &query[2..] {
        assert!(!page.body.contains(ignored), "with {ignored}: {}", page.body);
    }
}
