//! What the search box of a hosted portal suggests to its script while somebody types.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Desk, JsmSettings, RequestType, RequestTypeGroup};
use serde_json::{Value, json};

use crate::hosted_forms::{BOB, hosted};
use crate::site::Site;
use crate::visitor::Visitor;

fn desk() -> Desk {
    let restricted = RequestType::new(905, "Laptop for managers", "");
    let types = [
        RequestType::new(901, "Get equipment", "A laptop, a screen, a <phone>."),
        RequestType::new(902, "Report a broken laptop", ""),
        RequestType { allowed: Some(vec![BOB.to_owned()]), ..restricted },
    ];
    Desk { groups: vec![RequestTypeGroup::new(90, "All", types)], ..Desk::new(2, "IT", "IT Help") }
}

async fn suggested(site: &Site, visitor: &mut Visitor, typed: &str) -> Value {
    let address = site.at(&format!("/p/it/suggestions?q={typed}"));
    let script = |get: reqwest::RequestBuilder| {
        get.header("accept", "*/*")
            .header("sec-fetch-mode", "cors")
            .header("sec-fetch-dest", "empty")
    };
    let answer = visitor.request(Method::GET, &address, script).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("no-store"));
    answer.json().await.unwrap()
}

fn names(suggested: &Value) -> Vec<&str> {
    let all = suggested["suggestions"].as_array().unwrap();
    all.iter().map(|it| it["name"].as_str().unwrap()).collect()
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn request_types_are_suggested_those_that_are_named_so_first(#[case] jsm: JsmSettings) {
    let site = hosted(jsm.with_desks([desk()]), "").await;
    let mut ann = site.logged_in("ann").await;
    let laptops = suggested(&site, &mut ann, "LAPTOP").await;
    assert_eq!(names(&laptops), ["Report a broken laptop", "Get equipment"]);
    assert_eq!(laptops["suggestions"][0]["address"], "/p/it/create/902");
    assert_eq!(laptops["said"], "2 suggestions");
    assert_eq!(names(&suggested(&site, &mut ann, "broken+laptop").await).len(), 1);
    for nothing in ["", "+", "managers", "printer"] {
        let nothing = suggested(&site, &mut ann, nothing).await;
        assert_eq!(nothing, json!({ "suggestions": [], "said": "No suggestions" }));
    }
    let mut bob = site.logged_in("bob").await;
    assert_eq!(names(&suggested(&site, &mut bob, "managers").await), ["Laptop for managers"]);
}

/// Each letter would be a call.
#[tokio::test(flavor = "multi_thread")]
async fn jsm_is_not_searched_while_somebody_types() {
    let site = hosted(JsmSettings::cloud().with_desks([desk()]), "").await;
    let mut ann = site.logged_in("ann").await;
    suggested(&site, &mut ann, "l").await;
    site.jsm.clear_seen();
    for typed in ["la", "lap", "lapt"] {
        suggested(&site, &mut ann, typed).await;
    }
    let searches = site.jsm.seen().into_iter().filter(|it| it.path().contains("search"));
    assert_eq!(searches.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_of_somebody_who_is_not_logged_in_is_told_so() {
    let site = hosted(JsmSettings::cloud().with_desks([desk()]), "").await;
    let address = site.at("/p/it/suggestions?q=laptop");
    let script = |get: reqwest::RequestBuilder| {
        get.header("accept", "*/*")
            .header("sec-fetch-mode", "cors")
            .header("sec-fetch-dest", "empty")
    };
    let answer = site.visitor().request(Method::GET, &address, script).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let told: Value = answer.json().await.unwrap();
    assert_eq!(told["error"], "login-needed");
}

/// What JSM keeps for others is on no page, and its form is not there.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_a_customer_may_not_use_is_on_no_page(#[case] jsm: JsmSettings) {
    let site = hosted(jsm.with_desks([desk()]), "").await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    for path in ["/p/it", "/p/it/group/90", "/p/it/search?q=laptop", "/p/it/requests"] {
        for (visitor, is_theirs) in [(&mut ann, false), (&mut bob, true)] {
            let page = visitor.open(&site.at(path)).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
            let named = page.body.contains("for managers");
            assert_eq!(named, is_theirs, "{path}: {}", page.body);
        }
    }
    for (visitor, status) in [(&mut ann, StatusCode::NOT_FOUND), (&mut bob, StatusCode::OK)] {
        let form = visitor.open(&site.at("/p/it/create/905")).await;
        assert_eq!(form.status, status, "{}", form.body);
    }
}
