//! What was typed into a form of a hosted portal is not lost when the form cannot be taken: whoever typed it,
//! and nobody else, finds it in the form again.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;

use crate::hosted_acts::ticket as ticket_of_reply;
use crate::hosted_forms::{ANN, BOB, Sent, hosted, hosted_by, raised, send, ticket};
use crate::site::{Site, log_in, site};
use crate::visitor::{Page, Visitor, fields};

const FORM: &str = "/p/it/create/66";
const TYPED: &str = "The screen is <dark>";
const SHOWN: &str = "The screen is &lt;dark&gt;";

fn filled(ticket: &str) -> [(&str, &str); 3] {
    [("ticket", ticket), ("summary", "My screen"), ("description", TYPED)]
}

/// A site where a login lasts longer than a form.
async fn with_long_sessions() -> Site {
    let lasting = site().with_session("idle = \"48h\"\nabsolute = \"48h\"");
    hosted_by(lasting, JsmSettings::cloud(), "").await
}

/// The form as somebody sees it who logs in on the way, unless their provider remembers them.
async fn form_after_login(site: &Site, visitor: &mut Visitor, who: &str) -> Page {
    let mut page = visitor.open(&site.at(FORM)).await;
    if page.url.path() != FORM {
        page = log_in(visitor, &page, who).await;
    }
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, FORM), "{}", page.body);
    page
}

fn leads_back(sent: &Sent, status: StatusCode) {
    assert_eq!((sent.status, sent.location.as_str()), (status, ""), "{}", sent.body);
    assert!(sent.body.contains("What you typed is kept for an hour"), "{}", sent.body);
    let link = format!("href=\"{FORM}\"");
    assert!(sent.body.replace("&#x2f;", "/").contains(&link), "no way back: {}", sent.body);
    assert!(!sent.body.contains(SHOWN), "{}", sent.body);
}

/// As long as Jira takes it: characters are counted, and not their bytes.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_text_as_long_as_jira_takes_it_is_kept_and_sent_in_any_alphabet(
    #[values("x", "\u{436}", "\u{8aac}")] letter: &str,
) {
    let site = hosted(JsmSettings::data_center(), "").await;
    let text = letter.repeat(32_767);
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    ann.forget_cookie("gate");
    let pairs =
        [("ticket", sealed.as_str()), ("summary", "My screen"), ("description", text.as_str())];
    let sent = send(&site, &mut ann, FORM, &pairs).await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
    assert!(sent.body.contains("What you typed is kept for an hour"), "it is lost");
    let form = form_after_login(&site, &mut ann, "ann").await;
    assert!(form.body.contains(&text), "it is lost");
    let sent = send(&site, &mut ann, FORM, &pairs).await;
    assert_eq!(sent.location, site.at("/p/it/IT-1?said=created"));
    assert_eq!(raised(&site)[0]["requestFieldValues"]["description"], text);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_there_again_after_the_login(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "").await;
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    ann.forget_cookie("gate");
    leads_back(&send(&site, &mut ann, FORM, &filled(&sealed)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(raised(&site).len(), 0);

    let form = form_after_login(&site, &mut ann, "ann").await;
    assert!(form.body.contains("You typed this before, and it was not sent."), "{}", form.body);
    assert!(form.body.contains(SHOWN) && form.body.contains("My screen"), "{}", form.body);
    let again = ann.open(&site.at(FORM)).await;
    assert!(!again.body.contains(SHOWN), "shown twice: {}", again.body);

    // It is the form that it was: it makes one request, whichever copy is sent.
    let restored = fields(&form, FORM);
    let typed = |(name, _): &&(String, String)| name == "ticket" || name == "summary";
    let restored = restored.iter().filter(typed);
    let restored: Vec<_> = restored.map(|(name, value)| (&**name, &**value)).collect();
    for pairs in [restored.as_slice(), &filled(&sealed)] {
        let sent = send(&site, &mut ann, FORM, pairs).await;
        assert_eq!(sent.location, site.at("/p/it/IT-1?said=created"), "{}", sent.body);
    }
    assert_eq!(raised(&site).len(), 1);
    assert_eq!(raised(&site)[0]["requestFieldValues"]["summary"], "My screen");
}

/// At a shared computer: Ann's login is over, her form is still open, and Bob logs in.
#[tokio::test(flavor = "multi_thread")]
async fn p21_only_who_typed_it_sees_it() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    ann.forget_cookie("gate");
    leads_back(&send(&site, &mut ann, FORM, &filled(&sealed)).await, StatusCode::UNAUTHORIZED);
    let mut bob = site.logged_in("bob").await;
    let bobs = bob.open(&site.at(FORM)).await;
    assert!(!bobs.body.contains(SHOWN) && !bobs.body.contains("My screen"), "{}", bobs.body);

    let sent = send(&site, &mut bob, FORM, &filled(&sealed)).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(sent.body.contains("for the person who filled the form in"), "{}", sent.body);
    assert!(!sent.body.contains(SHOWN) && !sent.body.contains("ann@"), "{}", sent.body);
    assert!(!bob.open(&site.at(FORM)).await.body.contains(SHOWN));
    assert!(form_after_login(&site, &mut ann, "ann").await.body.contains(SHOWN));
    assert_eq!(raised(&site).len(), 0);
}

/// Whoever sends a lot takes room from nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn p21_three_texts_of_a_person_are_kept_and_the_oldest_makes_room() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut bob = site.logged_in("bob").await;
    let bobs = ticket(&site, &mut bob, FORM).await;
    bob.forget_cookie("gate");
    leads_back(&send(&site, &mut bob, FORM, &filled(&bobs)).await, StatusCode::UNAUTHORIZED);

    let mut ann = site.logged_in("ann").await;
    let mut replies = Vec::new();
    for summary in ["First", "Second", "Third", "Fourth"] {
        let page = format!("/p/it/{}", site.jsm.add_request("IT", ANN, summary));
        let form = format!("{page}/comment");
        let sealed = ticket_of_reply(&ann.open(&site.at(&page)).await, &form);
        replies.push((page, form, sealed));
    }
    ann.forget_cookie("gate");
    for (_, form, sealed) in &replies {
        let pairs = [("ticket", sealed.as_str()), ("body", TYPED), ("act", "send")];
        let sent = send(&site, &mut ann, form, &pairs).await;
        assert!(sent.body.contains("What you typed is kept for an hour"), "{}", sent.body);
        site.let_pass(Duration::from_secs(1));
    }
    let mut shown = Vec::new();
    for (page, ..) in &replies {
        let page = ann.open(&site.at(page)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        shown.push(page.body.contains(SHOWN));
    }
    assert_eq!(shown, [false, true, true, true]);
    assert!(form_after_login(&site, &mut bob, "bob").await.body.contains(SHOWN));
}

/// Without a ticket that the gate made for this address nothing is kept, whatever comes.
#[tokio::test(flavor = "multi_thread")]
async fn p21_nothing_of_strangers_is_kept() {
    let site = with_long_sessions().await;
    let mut ann = site.logged_in("ann").await;
    let of_another_form = ticket(&site, &mut ann, "/p/it/create/67").await;
    let old = ticket(&site, &mut ann, FORM).await;
    let mut stranger = site.visitor();
    for sealed in ["", "made up", &of_another_form] {
        let sent = send(&site, &mut stranger, FORM, &filled(sealed)).await;
        assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
        assert!(!sent.body.contains("is kept"), "{}", sent.body);
    }
    site.let_pass(Duration::from_secs(24 * 3600));
    let sent = send(&site, &mut stranger, FORM, &filled(&old)).await;
    assert!(!sent.body.contains("is kept"), "{}", sent.body);
    let from_elsewhere = |post: reqwest::RequestBuilder| {
        post.form(&filled(&old)).header("origin", "https://evil.example")
    };
    let answer = stranger.request(Method::POST, &site.at(FORM), from_elsewhere).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(!ann.open(&site.at(FORM)).await.body.contains(SHOWN));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_gone_after_an_hour_and_when_it_was_sent_after_all() {
    let site = with_long_sessions().await;
    let (mut ann, mut elsewhere) = (site.logged_in("ann").await, site.visitor());
    let sealed = ticket(&site, &mut ann, FORM).await;
    let sent = send(&site, &mut elsewhere, FORM, &filled(&sealed)).await;
    leads_back(&sent, StatusCode::UNAUTHORIZED);
    site.let_pass(Duration::from_secs(3600));
    assert!(!ann.open(&site.at(FORM)).await.body.contains(SHOWN));

    let sent = send(&site, &mut elsewhere, FORM, &filled(&sealed)).await;
    leads_back(&sent, StatusCode::UNAUTHORIZED);
    let sent = send(&site, &mut ann, FORM, &filled(&sealed)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert!(!ann.open(&site.at(FORM)).await.body.contains(SHOWN));
}

/// What stands in the way may be over in a minute, and then the form has everything again.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_what_was_typed_outlives_a_jsm_that_does_not_answer(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "").await;
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    site.jsm.go_down().await;
    site.gate.assembly().customers().forget_answers();
    let sent = send(&site, &mut ann, FORM, &filled(&sealed)).await;
    leads_back(&sent, StatusCode::SERVICE_UNAVAILABLE);
    site.jsm.come_up().await.unwrap();
    let form = ann.open(&site.at(FORM)).await;
    assert!(form.body.contains(SHOWN), "{}", form.body);
    assert_eq!(raised(&site).len(), 0);
}

/// The portal wants a more recent login than Ann's.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_outlives_a_login_that_is_not_enough() {
    let site = hosted(JsmSettings::cloud(), "max_age = \"10m\"").await;
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    site.let_pass(Duration::from_secs(11 * 60));
    leads_back(&send(&site, &mut ann, FORM, &filled(&sealed)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(raised(&site).len(), 0);
}

/// A form that stood open for days, or was made before a secret was replaced: what is in it is not lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_too_old_is_shown_again() {
    let site = with_long_sessions().await;
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    site.let_pass(Duration::from_secs(25 * 3600));
    let sent = send(&site, &mut ann, FORM, &filled(&sealed)).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(sent.body.contains("Check what you typed, and send it again."), "{}", sent.body);
    assert!(sent.body.contains(SHOWN), "{}", sent.body);
    assert_eq!(raised(&site).len(), 0);
}

/// A program gets JSON, and no redirect.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_told_that_a_login_is_needed() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    let post = |post: reqwest::RequestBuilder| {
        post.form(&filled(&sealed)).header("accept", "application/json")
    };
    let answer = site.visitor().request(Method::POST, &site.at(FORM), post).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(answer.text().await.unwrap().contains("login-needed"));
}

/// Of a form with files the texts are kept, also those that come after a file. No file goes to JSM for somebody
/// who is not logged in.
#[tokio::test(flavor = "multi_thread")]
async fn the_texts_of_a_form_with_files_are_kept() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket(&site, &mut ann, FORM).await;
    ann.forget_cookie("gate");
    let text = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = "--b\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nred goes to red\r\n";
    let (before, after) = (text("summary", "My screen"), text("description", TYPED));
    let body = format!("{}{before}{file}{after}--b--\r\n", text("ticket", &sealed));
    let post = |post: reqwest::RequestBuilder| {
        let post = post.header("content-type", "multipart/form-data; boundary=b").body(body);
        post.header("origin", &site.url).header("accept", "text/html")
    };
    let answer = ann.request(Method::POST, &site.at(FORM), post).await;
    let (status, location) = (answer.status(), String::new());
    leads_back(
        &Sent { status, location, body: answer.text().await.unwrap() },
        StatusCode::UNAUTHORIZED,
    );
    let form = form_after_login(&site, &mut ann, "ann").await;
    assert!(form.body.contains(SHOWN) && form.body.contains("My screen"), "{}", form.body);
    let uploaded = site.jsm.seen().iter().any(|it| it.path().contains("attachTemporaryFile"));
    assert!(!uploaded, "a file went to JSM");
}

/// A reply is kept while JSM does not answer, whatever it is asked first.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_reply_outlives_a_jsm_that_does_not_answer(
    #[case] jsm: JsmSettings,
    #[values(false, true)] forgets_customers: bool,
    #[values("send", "preview")] button: &str,
) {
    let site = hosted(jsm, "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen");
    let (page, form) = (format!("/p/it/{key}"), format!("/p/it/{key}/comment"));
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket_of_reply(&ann.open(&site.at(&page)).await, &form);
    site.jsm.go_down().await;
    if forgets_customers {
        site.gate.assembly().customers().forget_answers();
    }
    let pairs = [("ticket", sealed.as_str()), ("body", TYPED), ("act", button)];
    let sent = send(&site, &mut ann, &form, &pairs).await;
    assert!(sent.status.is_server_error() && sent.location.is_empty(), "{}", sent.body);
    assert!(sent.body.contains("What you typed is kept for an hour"), "{}", sent.body);
    let link = format!("href=\"{page}\"");
    assert!(sent.body.replace("&#x2f;", "/").contains(&link), "no way back: {}", sent.body);
    site.jsm.come_up().await.unwrap();
    let shown = ann.open(&site.at(&page)).await;
    assert!(shown.body.contains(SHOWN), "{}", shown.body);
    // It is the form that it was, and it is gone when it was sent.
    let restored = ticket_of_reply(&shown, &form);
    let pairs = [("ticket", restored.as_str()), ("body", TYPED), ("act", "send")];
    let sent = send(&site, &mut ann, &form, &pairs).await;
    assert_eq!(sent.location, site.at(&format!("{page}?said=replied")), "{}", sent.body);
    assert!(!ann.open(&site.at(&page)).await.body.contains("You typed this before"));
    assert_eq!(site.jsm.request(&key).unwrap().comments.len(), 1);
}

/// JSM is away when the page is to be shown again: what was typed is not lost with it.
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_reply_that_was_not_sent_outlives_a_page_that_cannot_be_shown() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen");
    let (page, form) = (format!("/p/it/{key}"), format!("/p/it/{key}/comment"));
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket_of_reply(&ann.open(&site.at(&page)).await, &form);
    let limited = sandbox::jsm::Canned::rate_limited("jira-burst-based", "60");
    site.jsm.answer_next(1, &limited.for_calls(Method::POST, "/comment"));
    let away = sandbox::jsm::Canned::html(502, "");
    site.jsm.answer_next(1, &away.for_calls(Method::GET, "/comment"));
    let pairs = [("ticket", sealed.as_str()), ("body", TYPED), ("act", "send")];
    let sent = send(&site, &mut ann, &form, &pairs).await;
    assert!(sent.body.contains("What you typed is kept for an hour"), "{}", sent.body);
    assert!(ann.open(&site.at(&page)).await.body.contains(SHOWN));
}

/// A page that stood open for days: its reply is not lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_too_old_is_shown_again() {
    let site = with_long_sessions().await;
    let key = site.jsm.add_request("IT", ANN, "My screen");
    let (page, form) = (format!("/p/it/{key}"), format!("/p/it/{key}/comment"));
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket_of_reply(&ann.open(&site.at(&page)).await, &form);
    site.let_pass(Duration::from_secs(25 * 3600));
    let pairs = [("ticket", sealed.as_str()), ("body", TYPED), ("act", "send")];
    let shown = send(&site, &mut ann, &form, &pairs).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN, "{}", shown.body);
    assert!(shown.body.contains("Check what you typed, and send it again."), "{}", shown.body);
    assert!(shown.body.contains(SHOWN), "{}", shown.body);
    assert!(site.jsm.request(&key).unwrap().comments.is_empty());
    let url = site.at(&form).parse().unwrap();
    let shown = Page { url, status: shown.status, body: shown.body, way: Vec::new() };
    let anew = ticket_of_reply(&shown, &form);
    let pairs = [("ticket", anew.as_str()), ("body", TYPED), ("act", "send")];
    let sent = send(&site, &mut ann, &form, &pairs).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    // And while JSM is away, it is kept.
    let sealed = ticket_of_reply(&ann.open(&site.at(&page)).await, &form);
    site.jsm.go_down().await;
    let pairs = [("ticket", sealed.as_str()), ("body", TYPED), ("act", "send")];
    let sent = send(&site, &mut ann, &form, &pairs).await;
    assert!(sent.body.contains("What you typed is kept for an hour"), "{}", sent.body);
    site.jsm.come_up().await.unwrap();
    assert!(ann.open(&site.at(&page)).await.body.contains(SHOWN));
}

/// Somebody else's request: nothing is kept for it.
#[tokio::test(flavor = "multi_thread")]
async fn p1_a_reply_to_a_request_of_others_is_not_kept() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let own = site.jsm.add_request("IT", ANN, "My screen");
    let other = site.jsm.add_request("IT", BOB, "His screen");
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(&format!("/p/it/{own}"))).await;
    let sealed = ticket_of_reply(&page, &format!("/p/it/{own}/comment"));
    let pairs = [("ticket", sealed.as_str()), ("body", TYPED), ("act", "send")];
    let sent = send(&site, &mut ann, &format!("/p/it/{other}/comment"), &pairs).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    assert!(!sent.body.contains("is kept"), "{}", sent.body);
}

/// A reply is kept like the form of a new request.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_there_again_after_the_login() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen");
    let (page, form) = (format!("/p/it/{key}"), format!("/p/it/{key}/comment"));
    let mut ann = site.logged_in("ann").await;
    let sealed = ticket_of_reply(&ann.open(&site.at(&page)).await, &form);
    let pairs = [("ticket", sealed.as_str()), ("body", TYPED), ("act", "send")];
    ann.forget_cookie("gate");
    let sent = send(&site, &mut ann, &form, &pairs).await;
    assert_eq!((sent.status, sent.location.as_str()), (StatusCode::UNAUTHORIZED, ""));
    assert!(sent.body.contains("What you typed is kept for an hour"), "{}", sent.body);
    let shown = ann.open(&site.at(&page)).await;
    assert!(shown.body.contains(SHOWN), "{}", shown.body);
    assert!(shown.body.contains("You typed this before, and it was not sent."), "{}", shown.body);
    assert!(!ann.open(&site.at(&page)).await.body.contains(SHOWN), "shown twice");
    let said = site.jsm.request(&key).unwrap().comments;
    assert!(said.is_empty(), "{said:?}");
}
