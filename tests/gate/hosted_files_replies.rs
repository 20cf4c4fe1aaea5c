//! Files that come with a reply at a portal that the gate serves itself.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};

use crate::hosted_acts::{audited, open, ticket as ticket_at};
use crate::hosted_files::{Body, hosted, names, send_to, ticket_of, uploads};
use crate::hosted_site::{ANN, BOB};

/// The first form of the page is the way to log out.
fn ticket_of_reply(body: &str) -> String {
    let (_, reply) = body.split_once("id=\"reply\"").expect("a reply");
    ticket_of(reply)
}

#[rstest]
#[case::with_words("See **the** picture")]
#[case::without_words("")]
#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_reply_come_in_one_comment_of_its_author(
    #[case] words: &str,
    #[values(JsmSettings::cloud(), JsmSettings::data_center())] jsm: JsmSettings,
) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket_at(&open(&site, &mut ann, &key).await, "/comment");
    let path = format!("/p/it/{key}/comment");
    let body = Body::with(&ticket).text("body", words);
    let body = body.attached("one.txt", "1").attached("two.txt", "22").text("act", "send");
    let sent = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(sent.location, site.at(&format!("/p/it/{key}?said=replied")));
    let comments = site.jsm.request(&key).unwrap().comments;
    assert_eq!((comments.len(), comments[0].public, comments[0].attachments.len()), (1, true, 2));
    assert!(comments[0].body.contains("Ann Example wrote:"), "{}", comments[0].body);
    assert_eq!(comments[0].body.contains("picture"), !words.is_empty());

    let page = open(&site, &mut ann, &key).await.body;
    let article = page.split("<article").nth(1).expect("a comment");
    for shown in ["Ann Example</h3>", "one.txt", "two.txt"] {
        assert!(article.contains(shown), "without {shown}: {article}");
    }
    assert!(!article.contains("wrote:"), "{article}");
    let file = format!("/p/it/{key}/files/{}", comments[0].attachments[1]);
    assert_eq!(ann.open(&site.at(&file)).await.body, "22");
    assert_eq!(audited(&site, "attached").await.len(), 1);
    assert_eq!(audited(&site, "commented").await.len(), usize::from(!words.is_empty()));
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_reply_stay_until_they_are_removed_or_forgotten(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket_at(&open(&site, &mut ann, &key).await, "/comment");
    let path = format!("/p/it/{key}/comment");
    let body = Body::with(&ticket).text("body", "It is <dark>").attached("one.txt", "1");
    let body = body.attached("two.txt", "2").attached("none.txt", "").text("act", "upload");
    let kept = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", kept.body);
    for shown in ["“none.txt” is empty", "one.txt", "two.txt", "It is &lt;dark&gt;"] {
        assert!(kept.body.contains(shown), "without {shown}: {}", kept.body);
    }
    let body = Body::with(&ticket_of_reply(&kept.body)).text("remove", "1");
    let removed = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.body);
    assert!(!removed.body.contains("one.txt") && removed.body.contains("two.txt"));

    site.jsm.forget_temporary_files();
    let body = Body::with(&ticket_of_reply(&removed.body)).text("body", "Dark").text("act", "send");
    let asked = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", asked.body);
    assert!(asked.body.contains("“two.txt” was uploaded too long ago"), "{}", asked.body);
    let body = Body::with(&ticket_of_reply(&asked.body)).text("body", "Dark");
    let sent = send_to(&site, &mut ann, &path, body.attached("two.txt", "2")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(names(&site, &key), ["two.txt"]);
}

/// JSM makes the comment of a reply with files itself, and says nowhere of which form it came: it is found by its
/// files, and signed then.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_reply_with_files_is_found_again_after_a_lost_answer(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket_at(&open(&site, &mut ann, &key).await, "/comment");
    let path = format!("/p/it/{key}/comment");
    let filled = |ticket: &str| Body::with(ticket).text("body", "See the picture");
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, &format!("{key}/attachment")));
    // The first look finds out nothing.
    let list = format!("issue/{key}/comment");
    site.jsm.answer_next(1, &Canned::html(502, "").for_calls(Method::GET, &list));
    let body = filled(&ticket).attached("one.txt", "1").attached("two.txt", "22");
    let unknown = send_to(&site, &mut ann, &path, body.text("act", "send")).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
    assert!(unknown.body.contains("whether your reply arrived"), "{}", unknown.body);

    site.let_pass(Duration::from_secs(20));
    let body = filled(&ticket_of_reply(&unknown.body)).text("act", "send");
    let found = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(found.location, site.at(&format!("/p/it/{key}?said=replied")), "{}", found.body);
    assert_eq!(site.jsm.request(&key).unwrap().comments.len(), 1);
    let page = open(&site, &mut ann, &key).await.body;
    let article = page.split("<article").nth(1).expect("a comment");
    for shown in ["Ann Example</h3>", "one.txt", "two.txt", "See the picture"] {
        assert!(article.contains(shown), "without {shown}: {article}");
    }
    assert!(!article.contains("wrote:"), "{article}");
    for event in ["attached", "commented"] {
        assert_eq!(audited(&site, event).await.len(), 1, "{event}");
    }
}

/// Whoever may not reply cannot send JSM files either.
#[tokio::test(flavor = "multi_thread")]
async fn p3_no_file_gets_into_a_request_of_somebody_else() {
    let site = hosted(JsmSettings::cloud()).await;
    let own = site.jsm.add_request("IT", BOB, "Bob's own trouble");
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut bob = site.logged_in("bob").await;
    let ticket = ticket_at(&open(&site, &mut bob, &own).await, "/comment");
    let body = || Body::with(&ticket).text("body", "x").attached("bobs.txt", "x");
    let foreign = send_to(&site, &mut bob, &format!("/p/it/{key}/comment"), body()).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let late = Body::default().attached("bobs.txt", "x").text("ticket", &ticket);
    let late = send_to(&site, &mut bob, &format!("/p/it/{own}/comment"), late).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert_eq!(uploads(&site).len(), 0);
    let body = body().text("public", "false");
    let more = send_to(&site, &mut bob, &format!("/p/it/{own}/comment"), body).await;
    assert_eq!(more.status, StatusCode::BAD_REQUEST);
    assert_eq!(names(&site, &own).len() + names(&site, &key).len(), 0);
}
