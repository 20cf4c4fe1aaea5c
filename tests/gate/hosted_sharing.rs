//! Sharing a request with an organisation when it is made at a hosted portal.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, Desk, JsmSettings};
use serde_json::json;

use crate::hosted_forms::{ANN, BOB, Sent, hosted, raised, send, ticket};
use crate::site::Site;
use crate::visitor::Visitor;

const FORM: &str = "/p/it/create/66";
const COLLEAGUES_READ: &str = "[hosted]\norganization_requests = \"read\"";

/// Ann and Bob are at Acme, and nobody is at Globex.
async fn at_acme(jsm: JsmSettings, hosted_keys: &str) -> (Site, u64, u64) {
    let site = hosted(jsm, hosted_keys).await;
    let acme = site.jsm.add_organization("Acme", &[ANN, BOB], &["IT"]);
    let globex = site.jsm.add_organization("Globex", &[], &["IT"]);
    (site, acme, globex)
}

/// Sends the form with a ticket, to be shared with an organisation.
async fn raise(site: &Site, visitor: &mut Visitor, (ticket, sharing): (&str, &str)) -> Sent {
    let pairs = [("ticket", ticket), ("summary", "My screen"), ("sharing", sharing)];
    send(site, visitor, FORM, &pairs).await
}

/// How often a request was shared.
fn shared(site: &Site) -> usize {
    let is_edit = |it: &&sandbox::jsm::SeenRequest| {
        let path = it.path();
        it.method == Method::PUT && path.contains("/issue/") && !path.contains("/properties/")
    };
    site.jsm.seen().iter().filter(is_edit).count()
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_shared_with_the_organisation_that_was_chosen(#[case] jsm: JsmSettings) {
    let (site, acme, _) = at_acme(jsm, COLLEAGUES_READ).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let acme = acme.to_string();
    let sent = raise(&site, &mut ann, (&ticket, &acme)).await;
    assert_eq!(sent.location, site.at("/p/it/IT-1?said=created"), "{}", sent.body);
    assert_eq!(site.jsm.requests()[0].organizations, [acme.parse::<u64>().unwrap()]);
    let fields = &raised(&site)[0]["requestFieldValues"];
    assert_eq!(fields, &json!({ "summary": "My screen" }));
    let page = site.logged_in("bob").await.open(&site.at("/p/it/IT-1")).await;
    assert_eq!(page.status, StatusCode::OK, "a colleague does not see it");
    // A reload shows the request, and does nothing again.
    assert_eq!(raise(&site, &mut ann, (&ticket, &acme)).await.location, sent.location);
    assert_eq!((raised(&site).len(), shared(&site)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_private_unless_its_customer_chooses_otherwise() {
    let (site, ..) = at_acme(JsmSettings::cloud(), COLLEAGUES_READ).await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at(FORM)).await;
    let private = "<input type=\"radio\" name=\"sharing\" id=\"sharing\" value=\"\" checked>";
    assert!(form.body.contains(private), "{}", form.body);
    assert!(!form.body.contains("Globex"), "{}", form.body);
    let ticket = ticket(&site, &mut ann, FORM).await;
    for choice in [vec![], vec![("sharing", "")]] {
        let mut pairs = vec![("ticket", ticket.as_str()), ("summary", "My screen")];
        pairs.extend(choice);
        assert_eq!(send(&site, &mut ann, FORM, &pairs).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(shared(&site), 0);
    let page = site.logged_in("bob").await.open(&site.at("/p/it/IT-1")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn p16_a_request_is_not_shared_with_an_organisation_of_others() {
    let (site, acme, globex) = at_acme(JsmSettings::cloud(), COLLEAGUES_READ).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    for id in [globex.to_string(), format!("{acme} "), "Acme".to_owned(), "0".to_owned()] {
        let sent = raise(&site, &mut ann, (&ticket, &id)).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{id}");
    }
    assert_eq!(raised(&site).len(), 0);
}

/// The form still offered it.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p16_a_request_is_not_shared_with_an_organisation_that_was_just_left(
    #[case] jsm: JsmSettings,
) {
    let (site, acme, _) = at_acme(jsm, COLLEAGUES_READ).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    site.jsm.change_organization(acme, |it| it.members.retain(|member| member != ANN));
    let acme = acme.to_string();
    let sent = raise(&site, &mut ann, (&ticket, &acme)).await;
    assert_eq!(sent.location, site.at("/p/it/IT-1?said=created-not-shared"), "{}", sent.body);
    assert_eq!(site.jsm.requests()[0].organizations, [] as [u64; 0]);
}

/// The request is there, and only the customer sees it. They are told so.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_could_not_be_shared_says_so() {
    let (site, acme, _) = at_acme(JsmSettings::cloud(), COLLEAGUES_READ).await;
    site.jsm.revoke_permission("EDIT_ISSUES");
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let acme = acme.to_string();
    let sent = raise(&site, &mut ann, (&ticket, &acme)).await;
    assert_eq!(sent.location, site.at("/p/it/IT-1?said=created-not-shared"), "{}", sent.body);
    let page = ann.open(&sent.location).await;
    assert!(page.body.contains("It could not be shared"), "{}", page.body);
}

/// What JSM shows counts, for whoever clicks twice as well.
#[rstest]
#[case::carried_out(Canned::lost(), ["created", "created"])]
#[case::not_carried_out(Canned::html(502, ""), ["created-perhaps-shared", "created-not-shared"])]
#[case::refused(Canned::json(403, "{}"), ["created-not-shared", "created-not-shared"])]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_lost_answer_about_sharing_is_told_by_what_jsm_shows(
    #[case] answer: Canned,
    #[case] said: [&str; 2],
) {
    let (site, acme, _) = at_acme(JsmSettings::cloud(), COLLEAGUES_READ).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let acme = acme.to_string();
    // The property of the request is written before.
    site.jsm.answer_next(1, &Canned::json(204, "").for_calls(Method::PUT, "/properties/"));
    site.jsm.answer_next(1, &answer.for_calls(Method::PUT, "/issue/IT-1"));
    for said in said {
        let sent = raise(&site, &mut ann, (&ticket, &acme)).await;
        assert_eq!(sent.location, site.at(&format!("/p/it/IT-1?said={said}")), "{}", sent.body);
    }
    assert_eq!((raised(&site).len(), shared(&site)), (1, 1));
}

/// Nobody is told that it is private as long as nobody knows.
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_request_that_may_be_shared_says_so() {
    let (site, acme, _) = at_acme(JsmSettings::cloud(), COLLEAGUES_READ).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let acme = acme.to_string();
    site.jsm.answer_next(1, &Canned::json(204, "").for_calls(Method::PUT, "/properties/"));
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::PUT, "/issue/IT-1"));
    site.jsm.answer_next(1, &Canned::html(502, "").for_calls(Method::GET, "/request/IT-1"));
    let sent = raise(&site, &mut ann, (&ticket, &acme)).await;
    assert_eq!(sent.location, site.at("/p/it/IT-1?said=created-perhaps-shared"), "{}", sent.body);
    let page = ann.open(&sent.location).await;
    assert!(page.body.contains("We do not know yet whether it is shared"), "{}", page.body);
}

/// Where colleagues do not see each other's requests, nobody is asked, and a form that was made up shares
/// nothing.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_what_would_change_nothing() {
    let (site, acme, _) = at_acme(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    assert!(!ann.open(&site.at(FORM)).await.body.contains("name=\"sharing\""));
    let ticket = ticket(&site, &mut ann, FORM).await;
    let acme = acme.to_string();
    assert_eq!(raise(&site, &mut ann, (&ticket, &acme)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(raised(&site).len(), 0);
}

/// JSM takes the organisation with the request where its own form asks for it.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn jsms_own_question_is_answered_with_the_request(#[case] jsm: JsmSettings) {
    let jsm = jsm.with_desks([Desk::with_every_kind_of_field(2, "IT")]);
    let (site, acme, _) = at_acme(jsm, COLLEAGUES_READ).await;
    let mut ann = site.logged_in("ann").await;
    let form = "/p/it/create/201";
    let ticket = ticket(&site, &mut ann, form).await;
    let chosen = acme.to_string();
    let pairs = [
        ("ticket", ticket.as_str()),
        ("summary", "A visit"),
        ("customfield_10102", "Because"),
        ("customfield_10103", "3"),
        ("customfield_10121", "10201"),
        ("customfield_10031", &chosen),
    ];
    let sent = send(&site, &mut ann, form, &pairs).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(raised(&site)[0]["requestFieldValues"]["customfield_10031"], json!([acme]));
    assert_eq!(shared(&site), 0);
}
