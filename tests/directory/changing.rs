//! Calls that change something in JSM: each is sent once, whatever JSM answers.

use http::Method;
use jsm_gate::jsm::{Change, Client, Error};
use rstest::rstest;
use sandbox::jsm::{Canned, Desk, JsmSettings};
use serde_json::{Value, json};

use crate::support::Site;

const REQUEST: &str = "/rest/servicedeskapi/request";

fn cloud() -> JsmSettings {
    JsmSettings::cloud().with_desks([Desk::new(2, "IT", "IT Help")])
}

async fn raise_request(client: &Client) -> Result<Value, Error> {
    client.change(Change::Post, REQUEST, &json!({ "serviceDeskId": "12" })).await
}

/// The methods and paths with which the call reached JSM.
fn sent(site: &Site) -> Vec<(Method, String)> {
    let seen = site.jsm.seen().into_iter().filter(|seen| seen.path().ends_with(REQUEST));
    seen.map(|seen| (seen.method.clone(), seen.path().to_owned())).collect()
}

#[rstest]
#[case::post(Change::Post, Method::POST)]
#[case::put(Change::Put, Method::PUT)]
#[case::delete(Change::Delete, Method::DELETE)]
#[tokio::test]
async fn a_call_that_changes_something_is_not_repeated_when_jsm_is_busy(
    #[case] change: Change,
    #[case] method: Method,
    #[values(429, 503)] status: u16,
) {
    let site = Site::start(cloud()).await;
    let busy = Canned::text(status, "").header("retry-after", "1").for_paths(REQUEST);
    site.jsm.answer_next(4, &busy);
    let answer = site.client().change::<Value>(change, REQUEST, &Value::Null).await;
    let error = answer.unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error:?}");
    assert!(error.to_string().starts_with(&format!("{method} {REQUEST}: ")), "{error}");
    assert_eq!(sent(&site), [(method, REQUEST.to_owned())]);
}

#[tokio::test]
async fn it_is_not_tried_at_the_site_first_when_only_the_gateway_takes_the_token() {
    let site = Site::start(cloud()).await;
    site.jsm.scope_token(true);
    // What the stand-in says to it does not matter.
    let _ = raise_request(&site.client()).await;
    let sent = sent(&site);
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].1.starts_with("/ex/jira/"), "{sent:?}");
}

#[tokio::test]
async fn it_is_not_sent_at_all_with_a_token_that_is_refused() {
    let site = Site::start(cloud()).await;
    site.jsm.refuse_token(true);
    assert!(raise_request(&site.client()).await.unwrap_err().is_refused_token());
    assert_eq!(sent(&site), []);
}

#[tokio::test]
async fn its_answer_is_json_or_nothing() {
    let site = Site::start(cloud()).await;
    let client = site.client();
    site.jsm.answer_next(1, &Canned::json(201, r#"{"issueKey":"IT-1"}"#).for_paths(REQUEST));
    assert_eq!(raise_request(&client).await.unwrap()["issueKey"], "IT-1");
    site.jsm.answer_next(1, &Canned::text(204, "").for_paths(REQUEST));
    client.change::<()>(Change::Delete, REQUEST, &Value::Null).await.unwrap();
}
