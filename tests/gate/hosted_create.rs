//! Making a request at a portal that the gate serves itself: one form makes one request, whatever happens.

use std::pin::pin;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};

use crate::hosted_forms::{ANN, Sent, hosted, hosted_by, raised, send, send_to, ticket};
use crate::redis::Redis;
use crate::site::{Site, free_address, site, until};
use crate::visitor::Visitor;

const FORM: &str = "/p/it/create/66";
const CALL: &str = "/rest/servicedeskapi/request";

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_form_makes_a_request_in_the_customers_name(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "").await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let filled = [
        ("ticket", ticket.as_str()),
        ("summary", "My screen"),
        ("description", "Dark"),
        ("act", "send"),
    ];
    let sent = send(&site, &mut ann, FORM, &filled).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(sent.location, site.at("/p/it/IT-1?said=created"));
    let call = raised(&site).remove(0);
    assert_eq!(call["raiseOnBehalfOf"], ANN);
    assert_eq!(call["requestTypeId"], "66");
    assert_eq!(call["requestFieldValues"]["summary"], "My screen");
    assert_eq!(call["requestFieldValues"]["description"], "Dark");

    let page = ann.open(&sent.location).await;
    assert!(page.body.contains("Your request is sent.") && page.body.contains("My screen"));
    let again = send(&site, &mut ann, FORM, &filled).await;
    assert_eq!((again.status, again.location), (StatusCode::SEE_OTHER, sent.location));
    assert_eq!(raised(&site).len(), 1, "the reload raised another");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_keeps_what_was_typed_and_sends_nothing() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let empty = [("ticket", ticket.as_str()), ("summary", " "), ("description", "It is <dark>")];
    let sent = send(&site, &mut ann, FORM, &empty).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.body.contains("There is a problem"), "{}", sent.body);
    assert!(sent.body.contains("It is &lt;dark&gt;"), "{}", sent.body);
    assert_eq!(raised(&site).len(), 0);
    let mended =
        [("ticket", ticket.as_str()), ("summary", "Dark"), ("description", "It is <dark>")];
    assert_eq!(send(&site, &mut ann, FORM, &mended).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn p23_two_clicks_make_one_request() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let ([mut ann, mut other], ticket) = with_a_form_twice(&site).await;
    let filled = [("ticket", ticket.as_str()), ("summary", "My screen")];
    let (first, second) =
        tokio::join!(send(&site, &mut ann, FORM, &filled), send(&site, &mut other, FORM, &filled));
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location, second.location);
    assert_eq!(raised(&site).len(), 1);
}

/// Two browsers of Ann's, and the ticket of a form that she can send with either.
async fn with_a_form_twice(site: &Site) -> ([Visitor; 2], String) {
    let (mut ann, again) = (site.logged_in("ann").await, site.logged_in("ann").await);
    let ticket = ticket(site, &mut ann, FORM).await;
    ([ann, again], ticket)
}

/// A site whose gates share what they keep.
async fn with_shared_store(redis: &Redis, jsm: JsmSettings) -> Site {
    let store = format!("store = \"redis://{}/0\"", redis.address);
    hosted_by(site().with_session(&store), jsm, "").await
}

/// Both gates lead to the one request that JSM got.
fn assert_one_request(site: &Site, sent: [(&str, &Sent); 2]) {
    for (gate, sent) in sent {
        let request = format!("{gate}/p/it/IT-1?said=created");
        let answer = (sent.status, sent.location.as_str());
        assert_eq!(answer, (StatusCode::SEE_OTHER, request.as_str()), "{}", sent.body);
    }
    assert_eq!(raised(site).len(), 1);
    assert_eq!(site.jsm.requests().len(), 1);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_form_sent_to_two_gates_makes_one_request(#[case] jsm: JsmSettings) {
    let redis = Redis::start(free_address(), &[]);
    let site = with_shared_store(&redis, jsm).await;
    let (_gate, other) = site.beside().await;
    let ([mut ann, mut again], ticket) = with_a_form_twice(&site).await;
    let filled = [("ticket", ticket.as_str()), ("summary", "My screen")];
    let (first, second) = tokio::join!(
        send(&site, &mut ann, FORM, &filled),
        send_to(&other, &mut again, FORM, &filled)
    );
    assert_one_request(&site, [(&site.url, &first), (&other, &second)]);
    let page = again.open(&second.location).await;
    assert!(page.body.contains("My screen"), "{}", page.body);
}

/// JSM made it and has not said so yet: the second gate looks for the request and sends nothing.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_second_gate_finds_the_request_while_the_first_one_waits(#[case] jsm: JsmSettings) {
    let redis = Redis::start(free_address(), &[]);
    let site = with_shared_store(&redis, jsm).await;
    let (_gate, other) = site.beside().await;
    let ([mut ann, mut again], ticket) = with_a_form_twice(&site).await;
    let filled = [("ticket", ticket.as_str()), ("summary", "My screen")];
    site.jsm.answer_next(1, &Canned::silent().for_calls(Method::POST, CALL));
    let mut first = pin!(send(&site, &mut ann, FORM, &filled));
    let second = async {
        until("JSM made it", || !site.jsm.requests().is_empty()).await;
        // So long ago that nobody waits for the first gate's answer.
        site.let_pass(Duration::from_secs(10));
        send_to(&other, &mut again, FORM, &filled).await
    };
    let second = tokio::select! {
        first = &mut first => panic!("the first gate does not wait: {first:?}"),
        second = second => second,
    };
    let first = first.await;
    assert_one_request(&site, [(&site.url, &first), (&other, &second)]);
}

/// JSM made it, and its answer was lost: the gate looks for the request and sends nothing again.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_after_a_lost_answer_the_request_is_found(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "").await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, CALL));
    let filled = [("ticket", ticket.as_str()), ("summary", "My screen")];
    let sent = send(&site, &mut ann, FORM, &filled).await;
    assert_eq!(sent.location, site.at("/p/it/IT-1?said=created"), "{}", sent.body);
    assert_eq!(raised(&site).len(), 1);
    assert_eq!(site.jsm.requests().len(), 1);
}

#[rstest]
#[case::hidden_field(&[("customfield_99999", "1")], StatusCode::BAD_REQUEST)]
#[case::reporter(&[("reporter", "bob")], StatusCode::BAD_REQUEST)]
#[case::behalf(&[("raiseOnBehalfOf", "bob")], StatusCode::BAD_REQUEST)]
#[tokio::test(flavor = "multi_thread")]
async fn p5_what_the_form_does_not_have_is_not_sent(
    #[case] more: &[(&str, &str)],
    #[case] status: StatusCode,
) {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let mut pairs = vec![("ticket", ticket.as_str()), ("summary", "My screen")];
    pairs.extend(more);
    assert_eq!(send(&site, &mut ann, FORM, &pairs).await.status, status);
    assert_eq!(raised(&site).len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p21_a_form_counts_for_whom_it_was_made_only() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let ticket = ticket(&site, &mut ann, FORM).await;
    let stolen = [("ticket", ticket.as_str()), ("summary", "My screen")];
    assert_eq!(send(&site, &mut bob, FORM, &stolen).await.status, StatusCode::FORBIDDEN);
    let made_up = [("ticket", "made up"), ("summary", "My screen")];
    assert_eq!(send(&site, &mut ann, FORM, &made_up).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        send(&site, &mut ann, FORM, &[("summary", "My screen")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(raised(&site).len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p23_a_request_that_never_left_can_be_sent_again() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let limited = Canned::json(429, "{}").header("retry-after", "60");
    site.jsm.answer_next(1, &limited.for_calls(Method::POST, CALL));
    let filled = [("ticket", ticket.as_str()), ("summary", "My screen")];
    let sent = send(&site, &mut ann, FORM, &filled).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.body.contains("was not sent") && sent.body.contains("My screen"), "{}", sent.body);
    assert_eq!(site.jsm.requests().len(), 0);
}

/// JSM has rules that its description of a form does not tell.
#[tokio::test(flavor = "multi_thread")]
async fn what_jsm_says_of_a_field_stands_at_it() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann, FORM).await;
    let said = r#"{"errorMessages": [], "errors": {"summary": "Name the <b>room</b> first"}}"#;
    let refused = Canned::json(400, said).for_calls(Method::POST, "/servicedeskapi/request");
    site.jsm.answer_next(1, &refused);
    let typed = [("ticket", ticket.as_str()), ("summary", "Dark"), ("description", "All of it")];
    let sent = send(&site, &mut ann, FORM, &typed).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.body);
    let (_, field) = sent.body.split_once("id=\"summary-error\"").expect("a message at the field");
    let said = field.split("</p>").next().unwrap();
    assert!(said.contains("Name the &lt;b&gt;room"), "{said}");
    assert!(sent.body.contains("All of it"), "{}", sent.body);
}
