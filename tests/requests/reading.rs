//! What is asked of JSM, and how often.

use jsm_gate::jsm::Error;
use jsm_gate::jsm::requests::{Search, SearchText, Whose};
use std::sync::Arc;

use super::*;

/// Method and target of everything that was asked for since, without what finds out about the site.
fn asked(site: &Site) -> Vec<String> {
    let seen = site.jsm.seen();
    let about_requests =
        seen.iter().filter(|it| it.target.contains("IT-12") || it.target.contains("search"));
    about_requests.map(|it| format!("{} {}", it.method, it.target)).collect()
}

#[tokio::test]
async fn a_request_is_read_once_for_all_who_ask_within_seconds() {
    let site = Site::start(cloud()).await;
    answer_for_it_12(&site);
    let (requests, key, german) = (requests(&site), key("IT-12"), german());
    let readings = (0..20).map(|_| requests.request(&key, &german));
    for request in futures_util::future::join_all(readings).await {
        let request = request.unwrap().unwrap();
        assert_eq!(
            (request.summary.as_str(), request.status.name.as_str()),
            ("Neue Maus", "Offen")
        );
    }
    assert_eq!(asked(&site).len(), 3, "{:?}", asked(&site));
}

#[tokio::test]
async fn jsm_is_asked_in_the_readers_language() {
    let site = Site::start(cloud()).await;
    answer_for_it_12(&site);
    requests(&site).request(&key("IT-12"), &german()).await.unwrap().unwrap();
    let asked = asked(&site);
    let told = asked.iter().find(|it| it.contains("servicedeskapi/request/IT-12?")).unwrap();
    assert!(told.contains("requestLanguage=de-DE"), "{told}");
}

#[tokio::test]
async fn p4_after_a_change_a_request_is_read_again() {
    let site = Site::start(cloud()).await;
    answer_for_it_12(&site);
    let (requests, key, german) = (requests(&site), key("IT-12"), german());
    let before = requests.request(&key, &german).await.unwrap().unwrap();
    assert_eq!(before.reporter.name, "Ann");
    answer_for_it_12(&site);
    requests.changed(&key);
    requests.request(&key, &german).await.unwrap().unwrap();
    assert_eq!(asked(&site).len(), 6, "{:?}", asked(&site));
}

#[tokio::test]
async fn p1_what_jsm_does_not_show_is_not_there() {
    let site = Site::start(cloud()).await;
    for status in [400, 403, 404] {
        site.jsm.answer_next(
            1,
            &Canned::json(200, fields().to_string()).for_paths("/rest/api/3/field"),
        );
        let no = Canned::json(status, r#"{"errorMessage":"No."}"#);
        site.jsm.answer_next(2, &no.clone().for_paths("/rest/servicedeskapi/request/IT-12"));
        site.jsm.answer_next(1, &no.for_paths("/rest/api/3/issue/IT-12"));
        let request = requests(&site).request(&key("IT-12"), &german()).await.unwrap();
        assert!(request.is_none(), "{status}");
    }
}

#[tokio::test]
async fn a_jsm_that_fails_is_an_error_and_not_an_empty_place() {
    let site = Site::start(cloud()).await;
    answer_for_it_12(&site);
    let (requests, key, german) = (requests(&site), key("IT-12"), german());
    let request = requests.request(&key, &german).await.unwrap().unwrap();
    let comments = "/rest/api/3/issue/IT-12/comment";
    site.jsm.answer_next(1, &Canned::text(500, "boom").for_paths(comments));
    // The good answer for the same path comes first.
    requests.conversation(&request).await.unwrap();
    requests.changed(&key);
    assert!(matches!(requests.conversation(&request).await, Err(Error::Refused { .. })));
}

#[tokio::test]
async fn p8_what_was_typed_reaches_jsm_as_a_literal() {
    let site = Site::start(cloud()).await;
    site.jsm
        .answer_next(1, &Canned::json(200, fields().to_string()).for_paths("/rest/api/3/field"));
    let found = json!({"issues": [], "isLast": true}).to_string();
    site.jsm.answer_next(1, &Canned::json(200, found).for_paths("/rest/api/3/search/jql"));
    let count =
        Canned::json(200, r#"{"count":0}"#).for_paths("/rest/api/3/search/approximate-count");
    site.jsm.answer_next(1, &count);
    let directory = site.fresh_directory(support::no_rules()).await;
    let ann = jsm_gate::domain::AccountId::parse("ann").unwrap();
    let search = Search {
        text: SearchText::parse("\" OR project = HR"),
        ..Search::new(vec![Arc::clone(&directory.portals().all()[0])], Whose::Mine(ann))
    };
    let list = requests(&site).search(&search).await.unwrap();
    assert_eq!((list.rows.len(), list.about), (0, Some(0)));
    assert_eq!(asked(&site).len(), 2);
}

/// A search is a POST that changes nothing.
#[tokio::test]
async fn a_search_is_made_again_when_jsm_asks_to_wait() {
    let site = Site::start(cloud()).await;
    site.jsm
        .answer_next(1, &Canned::json(200, fields().to_string()).for_paths("/rest/api/3/field"));
    let busy = Canned::text(429, "").header("retry-after", "1");
    site.jsm.answer_next(1, &busy.for_paths("/rest/api/3/search/jql"));
    let found = Canned::json(200, r#"{"issues":[]}"#).for_paths("/rest/api/3/search");
    site.jsm.answer_next(2, &found);
    let directory = site.fresh_directory(support::no_rules()).await;
    let ann = jsm_gate::domain::AccountId::parse("ann").unwrap();
    let portals = vec![Arc::clone(&directory.portals().all()[0])];
    requests(&site).search(&Search::new(portals, Whose::Mine(ann))).await.unwrap();
    let searches = asked(&site).into_iter().filter(|it| it.contains("search/jql")).count();
    assert_eq!(searches, 2);
}
