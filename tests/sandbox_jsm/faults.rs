//! The stand-in misbehaves for the calls that a test names.

use reqwest::Method;
use sandbox::jsm::Canned;
use serde_json::json;

use crate::rest::cloud;

const ORGANIZATION: &str = "servicedeskapi/organization";

#[tokio::test]
async fn a_call_can_be_carried_out_and_its_answer_lost() {
    let site = cloud().await;
    let lost = Canned::lost().for_calls(Method::POST, "/organization");
    site.jsm.answer_next(1, &lost);
    let call = site.call(Method::POST, ORGANIZATION).json(&json!({"name": "Acme"}));
    assert!(call.send().await.is_err(), "no answer");
    assert_eq!(site.jsm.organizations()[0].name, "Acme");
    assert_eq!(site.read(ORGANIZATION).await["size"], 1, "the next is answered");
}

#[tokio::test]
async fn a_limit_is_of_one_call_and_says_which() {
    let site = cloud().await;
    let limited = Canned::rate_limited("jira-burst-based", "7");
    site.jsm.answer_next(1, &limited.for_calls(Method::POST, "/organization"));
    assert_eq!(site.get(ORGANIZATION).await.0, 200, "another method");
    let call = site.call(Method::POST, ORGANIZATION).json(&json!({"name": "Acme"}));
    let response = call.send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["ratelimit-reason"], "jira-burst-based");
    assert_eq!(response.headers()["retry-after"], "7");
    assert!(site.jsm.organizations().is_empty());
}

#[tokio::test]
async fn a_page_can_come_instead_of_json() {
    let site = cloud().await;
    site.jsm.answer_next(1, &Canned::html(502, "<h1>Bad gateway</h1>"));
    assert_eq!(site.get(ORGANIZATION).await, (502, json!("<h1>Bad gateway</h1>")));
}

#[tokio::test]
async fn a_call_can_hang_and_do_nothing() {
    let site = cloud().await;
    site.jsm.answer_next(1, &Canned::hanging().for_calls(Method::POST, "/organization"));
    let call = site.call(Method::POST, ORGANIZATION).json(&json!({"name": "Acme"}));
    let call = call.timeout(std::time::Duration::from_millis(100));
    assert!(call.send().await.unwrap_err().is_timeout());
    assert!(site.jsm.organizations().is_empty());
}

#[tokio::test]
async fn a_call_can_hang_when_it_is_carried_out() {
    let site = cloud().await;
    site.jsm.answer_next(1, &Canned::silent().for_calls(Method::POST, "/organization"));
    let call = site.call(Method::POST, ORGANIZATION).json(&json!({"name": "Acme"}));
    let made = async {
        while site.jsm.organizations().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        answer = call.send() => panic!("it is answered: {answer:?}"),
        () = made => {}
    }
    assert_eq!(site.jsm.organizations()[0].name, "Acme");
}
