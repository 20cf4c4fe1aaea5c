//! Steps of the workflow at a portal that the gate serves itself: a page asks before one is made, with a comment
//! or without.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings, Status};
use serde_json::json;

use crate::hosted_acts::{
    ANN, ask, audited, author_of, comments, hosted, open, post, press, seen, ticket, written,
};
use crate::site::{Site, log_in};
use crate::visitor::{Page, Visitor};

const RESOLVE: &str = "761";
const REOPEN: &str = "791";
const TYPED: &str = "It is <fixed>";
const SHOWN: &str = "It is &lt;fixed&gt;";

/// Presses the button of the page that asks.
async fn agree(visitor: &mut Visitor, asked: &Page, typed: &str) -> Page {
    seen(visitor.submit(asked, "/transition", &[("body", typed)]).await)
}

fn written_paths(site: &Site) -> Vec<String> {
    written(site).iter().map(|it| it.path().to_owned()).collect()
}

/// A link on the page of the request leads to the page that asks; looking at it changes nothing.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_made_when_somebody_has_said_yes(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    let link = format!("<a href=\"/p/it/{key}/transition/{RESOLVE}\"");
    assert!(page.body.contains(&link), "without {link}: {}", page.body);
    let asked = ask(&site, &mut ann, &key, RESOLVE).await;
    for shown in ["<h1 dir=\"auto\">Resolve this request?</h1>", "My screen is dark", "Go back"] {
        assert!(asked.body.contains(shown), "without {shown}: {}", asked.body);
    }
    assert_eq!(written(&site).len(), 0);

    let page = agree(&mut ann, &asked, " ").await;
    assert!(page.body.contains("The status of this request has changed."), "{}", page.body);
    assert_eq!(site.jsm.request(&key).unwrap().status, Status::Resolved);
    let said = "Status changed through the portal: Resolve this request";
    assert_eq!(author_of(&page, said), "Ann Example");
    assert!(comments(&site, &key)[0].public);

    let asked = ask(&site, &mut ann, &key, REOPEN).await;
    let page = agree(&mut ann, &asked, "It is dark **again**").await;
    assert_eq!(site.jsm.request(&key).unwrap().status, Status::WaitingForSupport);
    assert_eq!(author_of(&page, "again"), "Ann Example");
    let made = audited(&site, "transition_made").await;
    assert_eq!((&made[0]["reason"], &made[1]["reason"]), (&json!(RESOLVE), &json!(REOPEN)));
}

/// The button beside the reply: with words it sends them and makes the step, without words it asks.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_resolved_with_the_words_of_a_reply(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    assert!(page.body.contains("Send, then: Resolve this request"), "{}", page.body);
    let asked = press(&mut ann, &page, " \n", RESOLVE).await;
    assert_eq!(asked.url.path(), format!("/p/it/{key}/transition/{RESOLVE}"));
    assert_eq!(written(&site).len(), 0);
    let page = press(&mut ann, &page, "It works", RESOLVE).await;
    assert!(page.body.contains("The status of this request has changed."), "{}", page.body);
    let calls = written_paths(&site);
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(calls[0].ends_with("/comment") && calls[1].ends_with("/transition"), "{calls:?}");
    assert_eq!(written(&site)[1].sent(), Some(json!({"id": RESOLVE})));
    assert_eq!(site.jsm.request(&key).unwrap().status, Status::Resolved);
    assert_eq!(author_of(&page, "It works"), "Ann Example");
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_transition_that_is_not_offered_is_not_made() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let (page, asked) =
        (open(&site, &mut ann, &key).await, ask(&site, &mut ann, &key, RESOLVE).await);
    let made_up = ask(&site, &mut ann, &key, "11").await;
    assert!(made_up.body.contains("That cannot be done any more"), "{}", made_up.body);
    for odd in ["0", "x", "761%2F.."] {
        assert!(ask(&site, &mut ann, &key, odd).await.status.is_client_error(), "{odd}");
    }
    // Of pages that are out of date: neither the words nor the step, and the words are there still.
    site.jsm.set_status(&key, Status::Resolved);
    let late = press(&mut ann, &page, TYPED, RESOLVE).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("the status has changed") && late.body.contains(SHOWN));
    let late = agree(&mut ann, &asked, TYPED).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("the status has changed") && late.body.contains(SHOWN));
    let late = agree(&mut ann, &asked, "").await;
    assert!(late.body.contains("That cannot be done any more"), "{}", late.body);
    assert_eq!(written(&site).len(), 0);
}

#[rstest]
#[case::without_words("")]
#[case::with_words(TYPED)]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_transition_is_made_once(#[case] typed: &str) {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let asked = ask(&site, &mut ann, &key, RESOLVE).await;
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, "/transition"));
    for _ in 0..2 {
        let after = agree(&mut ann, &asked, typed).await;
        assert_eq!(after.status, StatusCode::OK, "{}", after.body);
    }
    let calls = written_paths(&site).into_iter().filter(|it| it.ends_with("/transition"));
    assert_eq!(calls.count(), 1);
    assert_eq!(site.jsm.request(&key).unwrap().status, Status::Resolved);
    assert_eq!(comments(&site, &key).len(), usize::from(!typed.is_empty()));
    assert_eq!(audited(&site, "transition_made").await.len(), 1);
}

/// The words are there though the answer was lost, and the step is still made.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_step_follows_words_whose_answer_was_lost(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, "/comment"));
    let page = press(&mut ann, &page, "It works", RESOLVE).await;
    assert!(page.body.contains("The status of this request has changed."), "{}", page.body);
    assert_eq!(site.jsm.request(&key).unwrap().status, Status::Resolved);
    assert_eq!(comments(&site, &key).len(), 1);
    for event in ["commented", "transition_made"] {
        assert_eq!(audited(&site, event).await.len(), 1, "{event}");
    }
}

/// Whether the step was made is told by what JSM offers then; where that tells nothing, so does the page.
#[rstest]
#[case::carried_out(Canned::lost(), "The status of this request has changed.", 1)]
#[case::not_carried_out(
    Canned::html(502, ""),
    "Your reply is sent. We do not know whether the status was changed too",
    0
)]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_step_whose_answer_was_lost_is_not_said_to_have_failed(
    #[case] answer: Canned,
    #[case] told: &str,
    #[case] noted: usize,
) {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    site.jsm.answer_next(1, &answer.for_calls(Method::POST, "/transition"));
    // A second look says the same as the first one.
    for _ in 0..2 {
        let after = press(&mut ann, &page, "It works", RESOLVE).await;
        assert!(after.body.contains(told), "{}", after.body);
    }
    assert_eq!(comments(&site, &key).len(), 1);
    let calls = written(&site).into_iter().filter(|it| it.path().ends_with("/transition"));
    assert_eq!(calls.count(), 1);
    assert_eq!(audited(&site, "transition_made").await.len(), noted);
}

/// The first click found out nothing, and the second one finds the words: the status is not passed over.
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_second_look_tells_of_the_status_too() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    let list = format!("issue/{key}/comment");
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, "/comment"));
    // Before the step, and when the form is looked for.
    site.jsm.answer_next(2, &Canned::html(502, "").for_calls(Method::GET, &list));
    let unknown = press(&mut ann, &page, "It works", RESOLVE).await;
    assert!(unknown.body.contains("whether your reply arrived"), "{}", unknown.body);
    site.let_pass(Duration::from_secs(20));
    let found = press(&mut ann, &page, "It works", RESOLVE).await;
    assert!(found.body.contains("Your reply is sent. We do not know whether"), "{}", found.body);
    assert_eq!(site.jsm.request(&key).unwrap().status, Status::WaitingForSupport);
    // Somebody has made the step since.
    site.jsm.set_status(&key, Status::Resolved);
    let moved = press(&mut ann, &page, "It works", RESOLVE).await;
    assert!(moved.body.contains("The status of this request has changed."), "{}", moved.body);
    assert_eq!((comments(&site, &key).len(), written(&site).len()), (1, 1));
}

/// The words are there; that the step failed is said.
#[tokio::test(flavor = "multi_thread")]
async fn words_are_not_lost_with_a_transition_that_fails() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.revoke_permission("TRANSITION_ISSUES");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    let page = press(&mut ann, &page, "It works", RESOLVE).await;
    assert!(page.body.contains("but the status could not be changed"), "{}", page.body);
    assert_eq!(author_of(&page, "It works"), "Ann Example");
    let asked = ask(&site, &mut ann, &key, RESOLVE).await;
    let again = agree(&mut ann, &asked, "").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("Nothing was changed"), "{}", again.body);
    assert_eq!(comments(&site, &key).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_is_too_long_is_shown_again() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let asked = ask(&site, &mut ann, &key, RESOLVE).await;
    let again = agree(&mut ann, &asked, &"x".repeat(20_001)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("<title>Error: Resolve this request?"), "{}", again.body);
    assert_eq!(again.body.matches("characters or less. You have").count(), 2);
    assert_eq!(written(&site).len(), 0);
}

/// What was typed outlives the login, and a JSM that does not answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_there_again_when_it_could_not_be_sent() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let path = format!("/p/it/{key}/transition/{RESOLVE}");
    let kept = "What you typed is kept for an hour";

    let asked = ask(&site, &mut ann, &key, RESOLVE).await;
    site.jsm.go_down().await;
    let sent = agree(&mut ann, &asked, TYPED).await;
    assert!(sent.status.is_server_error() && sent.body.contains(kept), "{}", sent.body);
    site.jsm.come_up().await.unwrap();
    let shown = ask(&site, &mut ann, &key, RESOLVE).await;
    assert!(shown.body.contains(SHOWN), "{}", shown.body);

    ann.forget_cookie("gate");
    let sent = agree(&mut ann, &shown, TYPED).await;
    assert_eq!((sent.status, sent.url.path()), (StatusCode::UNAUTHORIZED, path.as_str()));
    assert!(sent.body.contains(kept), "{}", sent.body);
    let mut page = ann.open(&site.at(&path)).await;
    if page.url.path() != path {
        page = log_in(&mut ann, &page, "ann").await;
    }
    assert!(page.body.contains(SHOWN) && page.body.contains("You typed this before"));
    assert_eq!(written(&site).len(), 0);

    let pairs = [("ticket", ticket(&page, "/transition")), ("body", TYPED.to_owned())];
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(post(&site, &mut ann, &path, &pairs).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(comments(&site, &key).len(), 1);
}
