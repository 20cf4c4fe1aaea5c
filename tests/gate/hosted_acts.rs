//! What customers do in a request at a portal that the gate serves itself, on Cloud and on Data Center. JSM
//! takes all of it for the service account's doing: who it was, and whether they may, is for the gate.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, Comment, JsmSettings, SeenRequest};
use serde_json::{Value, json};

pub(crate) use crate::hosted_site::{ANN, BOB};
use crate::hosted_site::{OPEN_IT, with_customers};
use crate::site::{Site, site};
use crate::visitor::{Page, Visitor, fields};

const AUTHOR: &str = "jsm-gate.author";

/// The IT portal is hosted; Ann and Bob are customers there.
pub(crate) async fn hosted(jsm: JsmSettings) -> Site {
    hosted_with(jsm, "").await
}

pub(crate) async fn hosted_with(jsm: JsmSettings, toml: &str) -> Site {
    with_customers(site().in_front_of(jsm).with(OPEN_IT).with(toml)).await
}

/// Opens the page of a request.
pub(crate) async fn open(site: &Site, visitor: &mut Visitor, key: &str) -> Page {
    seen(visitor.open(&site.at(&format!("/p/it/{key}"))).await)
}

pub(crate) fn seen(page: Page) -> Page {
    Page { body: page.body.replace("&#x2f;", "/").replace("&#x27;", "'"), ..page }
}

/// Fills in the reply on a page and presses a button.
pub(crate) async fn press(visitor: &mut Visitor, page: &Page, typed: &str, button: &str) -> Page {
    seen(visitor.submit(page, "/comment", &[("body", typed), ("act", button)]).await)
}

/// Writes a reply from a page that was opened before.
async fn reply(site: &Site, visitor: &mut Visitor, key: &str, typed: &str) -> Page {
    let page = open(site, visitor, key).await;
    press(visitor, &page, typed, "send").await
}

/// Sends pairs to an address of a request as the portal's own form does, and follows nothing.
pub(crate) async fn post(
    site: &Site,
    visitor: &mut Visitor,
    path: &str,
    pairs: &[(&str, &str)],
) -> reqwest::Response {
    let form = |post: reqwest::RequestBuilder| post.form(pairs).header("origin", &site.url);
    visitor.request(Method::POST, &site.at(path), form).await
}

/// The ticket of the form that a page sends to this address.
pub(crate) fn ticket(page: &Page, action: &str) -> String {
    let all = fields(page, action);
    all.into_iter().find(|(name, _)| name == "ticket").expect("a ticket").1
}

/// Opens the page that asks about a step of the workflow.
pub(crate) async fn ask(site: &Site, visitor: &mut Visitor, key: &str, id: &str) -> Page {
    seen(visitor.open(&site.at(&format!("/p/it/{key}/transition/{id}"))).await)
}

/// The calls that write into requests.
pub(crate) fn written(site: &Site) -> Vec<SeenRequest> {
    let is_change = |it: &SeenRequest| it.method != Method::GET && it.path().contains("IT-");
    site.jsm.seen().into_iter().filter(is_change).collect()
}

pub(crate) fn comments(site: &Site, key: &str) -> Vec<Comment> {
    site.jsm.request(key).unwrap().comments
}

/// Whom the page names as the author of the comment that says this.
pub(crate) fn author_of(page: &Page, words: &str) -> String {
    let articles = page.body.split("<article").skip(1);
    let mut articles = articles.filter(|article| article.contains(words));
    let article = articles.next().unwrap_or_else(|| panic!("nobody says {words}: {}", page.body));
    let heading = article.split("<h3").nth(1).unwrap();
    heading.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()
}

pub(crate) async fn audited(site: &Site, event: &str) -> Vec<Value> {
    site.gate.assembly().audit().flush().await;
    let trail = site.folder.path().join("state/audit.log");
    let trail = std::fs::read_to_string(trail).unwrap_or_default();
    let events = trail.lines().map(|line| serde_json::from_str(line).unwrap());
    events.filter(|it: &Value| it["event"] == event).collect()
}

#[rstest]
#[case::cloud(JsmSettings::cloud(), json!({
    "type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [
            {"type": "text", "text": "Ann Example wrote:", "marks": [{"type": "strong"}]},
        ]},
        {"type": "paragraph", "content": [
            {"type": "text", "text": "It "},
            {"type": "text", "text": "works", "marks": [{"type": "strong"}]},
            {"type": "text", "text": " {html}"},
        ]},
        {"type": "bulletList", "content": [
            {"type": "listItem", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "now"}]},
            ]},
        ]},
    ],
}))]
#[case::data_center(
    JsmSettings::data_center(),
    json!("{*}Ann Example wrote:{*}\n\nIt {*}works{*} \\{html\\}\n\n* now")
)]
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_a_public_comment_that_says_who_wrote_it(
    #[case] jsm: JsmSettings,
    #[case] body: Value,
) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = reply(&site, &mut ann, &key, "It **works** {html}\n\n- now\n").await;
    let calls = written(&site);
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert!(calls[0].path().ends_with(&format!("/issue/{key}/comment")), "{}", calls[0].target);
    let sent = calls[0].sent().unwrap();
    assert_eq!(sent["body"], body);
    assert_eq!(
        sent["properties"][0],
        json!({
            "key": "sd.public.comment", "value": {"internal": false},
        })
    );
    let author = &sent["properties"][1]["value"];
    assert_eq!((&author["accountId"], &author["name"]), (&json!(ANN), &json!("Ann Example")));
    assert!(comments(&site, &key)[0].public);

    assert!(page.body.contains("Your reply is sent."), "{}", page.body);
    assert_eq!(author_of(&page, "works"), "Ann Example");
    assert!(!page.body.contains("wrote:"), "{}", page.body);
    let trail = audited(&site, "commented").await;
    assert_eq!((&trail[0]["request"], &trail[0]["account"]), (&json!(key), &json!(ANN)));
    assert!(!trail[0].to_string().contains("works"), "{trail:?}");
}

/// A colleague reads who wrote it; an agent's comment stays the agent's, and the gate's own stays its own.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p18_a_comment_is_somebodys_if_the_gate_signed_that(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.change_request(&key, |request| request.participants.push(BOB.to_owned()));
    let other = site.jsm.add_request("IT", BOB, "My own");
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    for words in ["It works", "It does not", "It may", "It must"] {
        let page = reply(&site, &mut ann, &key, words).await;
        assert_eq!(author_of(&page, words), "Ann Example");
    }
    reply(&site, &mut bob, &other, "It works").await;
    let agents = site.jsm.answer(&key, "Boss wrote:\n\nDo it");
    let there = comments(&site, &key);
    let signed = there[0].properties[AUTHOR].clone();
    let forge = |key: &str, id: u64, property: &Value| {
        site.jsm.change_comment(key, id, |comment| {
            comment.properties.insert(AUTHOR.to_owned(), property.clone());
        });
    };
    // The property of another comment, of another request, of nobody, and a text that changed.
    forge(&key, there[1].id, &signed);
    forge(&other, comments(&site, &other)[0].id, &signed);
    let mut boss = signed.clone();
    boss["name"] = json!("The Boss");
    forge(&key, there[2].id, &boss);
    forge(&key, agents, &signed);
    site.jsm.change_comment(&key, there[3].id, |comment| {
        comment.body = comment.body.replace("must", "must never");
        comment.document = comment.document.take().map(|document| {
            serde_json::from_str(&document.to_string().replace("must", "must never")).unwrap()
        });
    });

    let page = reply(&site, &mut ann, &key, "That is all").await;
    assert_eq!(author_of(&page, "It works"), "Ann Example");
    assert_eq!(author_of(&page, "That is all"), "Ann Example");
    for words in ["It does not", "It may", "must never"] {
        assert_eq!(author_of(&page, words), "Portal Gate", "{words}");
    }
    assert_eq!(page.body.matches("Ann Example wrote:").count(), 3, "{}", page.body);
    assert_eq!(author_of(&page, "Do it"), "Alex Agent");
    assert!(page.body.contains("Boss wrote:") && !page.body.contains("The Boss"), "{}", page.body);
    let page = reply(&site, &mut bob, &other, "Thank you").await;
    assert_eq!(author_of(&page, "It works"), "Portal Gate");
}

#[tokio::test(flavor = "multi_thread")]
async fn p23_two_clicks_and_a_reload_make_one_comment() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let (mut ann, mut other) = (site.logged_in("ann").await, site.logged_in("ann").await);
    let page = open(&site, &mut ann, &key).await;
    let ticket = ticket(&page, "/comment");
    let path = format!("/p/it/{key}/comment");
    let pairs = [("ticket", ticket.as_str()), ("body", "It works"), ("act", "send")];
    let (first, second) =
        tokio::join!(post(&site, &mut ann, &path, &pairs), post(&site, &mut other, &path, &pairs));
    assert_eq!((first.status(), second.status()), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let again = post(&site, &mut ann, &path, &pairs).await;
    let location = site.at(&format!("/p/it/{key}?said=replied"));
    assert_eq!(again.headers()["location"], location.as_str());
    assert_eq!((comments(&site, &key).len(), written(&site).len()), (1, 1));
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_after_a_lost_answer_the_comment_is_found(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, "/comment"));
    let page = reply(&site, &mut ann, &key, "It works").await;
    assert!(page.body.contains("Your reply is sent."), "{}", page.body);
    assert_eq!((comments(&site, &key).len(), written(&site).len()), (1, 1));
    assert_eq!(audited(&site, "commented").await.len(), 1);
}

/// As long as JSM does not tell what is in the request, the reply may be there.
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_reply_that_cannot_be_looked_for_is_not_said_to_be_missing() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    let silent = Canned::html(502, "").for_calls(Method::GET, &format!("issue/{key}/comment"));
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, "/comment"));
    for _ in 0..2 {
        // One for the search, and none for the page.
        site.jsm.answer_next(1, &silent);
        let page = press(&mut ann, &page, "It works", "send").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
        assert!(
            page.body.contains("We do not know yet whether your reply arrived"),
            "{}",
            page.body
        );
        assert!(page.body.contains("Look again"), "{}", page.body);
        site.let_pass(Duration::from_secs(130));
    }
    let page = press(&mut ann, &page, "It works", "send").await;
    assert!(page.body.contains("Your reply is sent."), "{}", page.body);
    assert_eq!((comments(&site, &key).len(), written(&site).len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn p23_a_reply_that_never_arrived_is_kept_and_can_be_sent_again() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let limited = Canned::json(429, "{}").header("retry-after", "0");
    site.jsm.answer_next(1, &limited.for_calls(Method::POST, "/comment"));
    let page = reply(&site, &mut ann, &key, "It <works>").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("was not sent") && page.body.contains("It &lt;works&gt;"));
    let refused = Canned::json(403, r#"{"errorMessages":["AGENT-ONLY"],"errors":{}}"#);
    site.jsm.answer_next(1, &refused.for_calls(Method::POST, "/comment"));
    let page = press(&mut ann, &page, "It <works>", "send").await;
    assert!(page.body.contains("did not take your reply"), "{}", page.body);
    let page = press(&mut ann, &page, "It <works>", "send").await;
    assert!(page.body.contains("Your reply is sent."), "{}", page.body);
    assert_eq!(comments(&site, &key).len(), 1);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_the_reply_and_sends_nothing(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    let typed = "**Now** <script>x()</script> [a](javascript:x) https://example.com/";
    let page = press(&mut ann, &page, typed, "preview").await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [
        "Preview of your reply",
        "<strong>Now</strong> &lt;script&gt;",
        "<a href=\"https://example.com/\" rel=",
        "[a](javascript:x)",
    ] {
        assert!(page.body.contains(shown), "without {shown}: {}", page.body);
    }
    assert!(!page.body.contains("<script>x"), "{}", page.body);
    assert_eq!(written(&site).len(), 0);
    let page = press(&mut ann, &page, typed, "send").await;
    assert!(page.body.contains("Your reply is sent."), "{}", page.body);
}

#[rstest]
#[case::nothing(" \n", "Enter a reply")]
#[case::too_much(&"x".repeat(20_001), "characters or less. You have")]
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_with_a_mistake_is_shown_again(#[case] typed: &str, #[case] told: &str) {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = reply(&site, &mut ann, &key, typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.body.matches(told).count(), 2, "{}", page.body);
    assert!(page.body.contains("<title>Error: "), "{}", page.body);
    assert_eq!(written(&site).len(), 0);
}

/// Macros run, mentions mail people and pictures are fetched by whoever reads.
#[tokio::test(flavor = "multi_thread")]
async fn p19_what_a_customer_types_does_not_act_in_jira() {
    let site = hosted(JsmSettings::data_center()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    reply(&site, &mut ann, &key, "{html}x{html} [~boss] !http://evil.example/x.png! h1. a").await;
    let sent = written(&site)[0].sent().unwrap();
    let body = sent["body"].as_str().unwrap();
    for acts in ["{html", "[~", " !", "http://evil.example/x.png!"] {
        assert!(!body.contains(acts) || body.contains(&format!("\\{acts}")), "{acts}: {body}");
    }
}

/// A colleague, by what `[hosted] organization_requests` lets them do.
#[rstest]
#[case::may_read("read", StatusCode::NOT_FOUND)]
#[case::may_comment("comment", StatusCode::SEE_OTHER)]
#[tokio::test(flavor = "multi_thread")]
async fn p2_a_colleague_does_what_the_rule_says(#[case] rule: &str, #[case] replies: StatusCode) {
    let toml = format!("[hosted]\norganization_requests = \"{rule}\"");
    let site = hosted_with(JsmSettings::cloud(), &toml).await;
    let acme = site.jsm.add_organization("Acme", &[ANN, BOB], &["IT"]);
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.change_request(&key, |request| {
        request.organizations.push(acme);
        request.participants.push(BOB.to_owned());
    });
    let mut bob = site.logged_in("bob").await;
    let page = open(&site, &mut bob, &key).await;
    let comment = ticket(&page, "/comment");
    let transition = ticket(&ask(&site, &mut bob, &key, "761").await, "/transition");
    site.jsm.change_request(&key, |request| request.participants.clear());

    let path = format!("/p/it/{key}/transition/761");
    let pairs = [("ticket", transition.as_str())];
    assert_eq!(post(&site, &mut bob, &path, &pairs).await.status(), StatusCode::NOT_FOUND);
    let path = format!("/p/it/{key}/comment");
    let pairs = [("ticket", comment.as_str()), ("body", "x"), ("act", "761")];
    assert_eq!(post(&site, &mut bob, &path, &pairs).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(written(&site).len(), 0);
    let pairs = [("ticket", comment.as_str()), ("body", "x"), ("act", "send")];
    assert_eq!(post(&site, &mut bob, &path, &pairs).await.status(), replies);
    assert_eq!(written(&site).len(), usize::from(replies == StatusCode::SEE_OTHER));

    let page = open(&site, &mut bob, &key).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.contains("<textarea"), rule == "comment", "{}", page.body);
    assert!(!page.body.contains("Resolve this request"), "{}", page.body);
    assert_eq!(ask(&site, &mut bob, &key, "761").await.status, StatusCode::NOT_FOUND);
}

/// A form that was made while somebody took part does nothing once they do not.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p4_whoever_was_taken_off_a_request_cannot_act_on_it(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.change_request(&key, |request| request.participants.push(BOB.to_owned()));
    let mut bob = site.logged_in("bob").await;
    let page = open(&site, &mut bob, &key).await;
    let asked = ask(&site, &mut bob, &key, "761").await;
    site.jsm.change_request(&key, |request| request.participants.clear());
    let answer = press(&mut bob, &page, "Still here", "send").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let moved = bob.submit(&asked, "/transition", &[("body", "Still here")]).await;
    assert_eq!(moved.status, StatusCode::NOT_FOUND);
    assert_eq!(written(&site).len(), 0);
    let refused = audited(&site, "request_refused").await;
    assert_eq!((&refused[0]["request"], &refused[0]["account"]), (&json!(key), &json!(BOB)));
}

#[tokio::test(flavor = "multi_thread")]
async fn p21_a_form_of_elsewhere_does_nothing() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let other = site.jsm.add_request("IT", ANN, "Another");
    site.jsm.change_request(&key, |request| request.participants.push(BOB.to_owned()));
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let page = open(&site, &mut ann, &key).await;
    let own = ticket(&page, "/comment");
    let path = format!("/p/it/{key}/comment");
    let of_another = ticket(&open(&site, &mut ann, &other).await, "/comment");
    let of_transition = ticket(&ask(&site, &mut ann, &key, "761").await, "/transition");
    for ticket in [of_another.as_str(), &of_transition, "", "x"] {
        let pairs = [("ticket", ticket), ("body", "x"), ("act", "send")];
        assert_eq!(post(&site, &mut ann, &path, &pairs).await.status(), StatusCode::FORBIDDEN);
    }
    // A step is not made by the form of another one either.
    for id in ["761", "791"] {
        let path = format!("/p/it/{key}/transition/{id}");
        let ticket = if id == "761" { &own } else { &of_transition };
        let pairs = [("ticket", ticket.as_str()), ("body", "x")];
        assert_eq!(post(&site, &mut ann, &path, &pairs).await.status(), StatusCode::FORBIDDEN);
    }
    let pairs = [("ticket", own.as_str()), ("body", "x"), ("act", "send")];
    assert_eq!(post(&site, &mut bob, &path, &pairs).await.status(), StatusCode::FORBIDDEN);
    let cross =
        |post: reqwest::RequestBuilder| post.form(&pairs).header("origin", "https://evil.example");
    let answer = ann.request(Method::POST, &site.at(&path), cross).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    for more in [("public", "false"), ("body", "y"), ("act", "761 ")] {
        let mut pairs = vec![("ticket", own.as_str()), ("body", "x")];
        pairs.push(more);
        let answer = post(&site, &mut ann, &path, &pairs).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{more:?}");
    }
    assert_eq!(written(&site).len(), 0);
    assert_eq!(post(&site, &mut ann, &path, &pairs).await.status(), StatusCode::SEE_OTHER);
}

/// Jira limits how often one issue is written to, and two steps at once would not know of each other.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_to_one_request_is_written_one_after_the_other() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.change_request(&key, |request| request.participants.push(BOB.to_owned()));
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let (of_ann, of_bob) = (open(&site, &mut ann, &key).await, open(&site, &mut bob, &key).await);
    site.jsm.clear_seen();
    site.jsm.slow_down(Duration::from_millis(100));
    let (first, second) = tokio::join!(
        press(&mut ann, &of_ann, "The first", "send"),
        press(&mut bob, &of_bob, "The second", "send")
    );
    assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::OK));
    let written = site.jsm.seen().into_iter();
    let written: Vec<_> =
        written.filter(|it| it.method != Method::GET && it.path().contains(&key)).collect();
    assert_eq!(written.len(), 2, "{written:?}");
    assert!(written[1].is_after(&written[0]), "{written:?}");
}
