//! A hosted portal while JSM limits its callers, is slow, or is away: every page says so, a page that only
//! reads looks again by itself, and nothing that was typed is lost or sent twice.

use std::time::Duration;

use reqwest::header::{ACCEPT, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};

use crate::hosted_forms::send;
use crate::hosted_site::{ANN, BOB, OPEN_IT, with_customers};
use crate::site::{Site, site};
use crate::visitor::{Visitor, fields};

const FORM: &str = "/p/it/create/66";
const SEARCH: &str = "/rest/api/3/search/jql";

async fn hosted() -> Site {
    let site = site().in_front_of(JsmSettings::cloud()).with_jsm("timeout = \"1s\"").with(OPEN_IT);
    with_customers(site).await
}

async fn shown(site: &Site, visitor: &mut Visitor, path: &str) -> (StatusCode, u64, String) {
    let html = |get: reqwest::RequestBuilder| get.header(ACCEPT, "text/html");
    let answer = visitor.request(Method::GET, &site.at(path), html).await;
    let seconds = answer.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok()?.parse().ok());
    (answer.status(), seconds.unwrap_or_default(), answer.text().await.unwrap())
}

/// Browsers without scripts look again as well, and each of them no sooner than JSM wants.
#[rstest]
#[case::limited(Canned::rate_limited("jira-burst-based", "20"), 503, 20, "upstream-busy")]
#[case::limited_for_long(
    Canned::rate_limited("jira-burst-based", "31536000"),
    503,
    60,
    "upstream-busy"
)]
#[case::maintenance(Canned::html(503, "<h1>Soon</h1>").header("retry-after", "60"), 502, 10, "upstream-unreachable")]
#[case::broken(Canned::html(500, "<h1>SECRET-TRACE</h1>"), 502, 10, "upstream-unreachable")]
#[case::lost(Canned::lost(), 502, 10, "upstream-unreachable")]
#[case::silent(Canned::hanging(), 504, 10, "upstream-slow")]
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_jsm_does_not_answer_says_so_and_looks_again(
    #[case] fault: Canned,
    #[case] status: u16,
    #[case] wait: u64,
    #[case] code: &str,
) {
    let site = hosted().await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    assert_eq!(shown(&site, &mut ann, "/p/it/requests").await.0, StatusCode::OK);
    site.jsm.answer_next(1, &fault.for_calls(Method::POST, SEARCH));
    let (answered, seconds, page) = shown(&site, &mut ann, "/p/it/requests").await;
    assert_eq!((answered.as_u16(), seconds), (status, wait), "{page}");
    let without_scripts = format!("http-equiv=\"refresh\" content=\"{}\"", wait.max(30));
    for part in [code, &format!("data-seconds=\"{wait}\""), &without_scripts] {
        assert!(page.contains(part), "without {part}: {page}");
    }
    assert!(!page.contains(&key) && !page.contains("SECRET-TRACE"), "{page}");
}

/// A call made all the same would be refused, and JSM would count it.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_one_customer_met_is_not_tried_by_the_next() {
    let site = hosted().await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    for visitor in [&mut ann, &mut bob] {
        assert_eq!(shown(&site, visitor, "/p/it/create/66").await.0, StatusCode::OK);
    }
    let limited = Canned::rate_limited("jira-burst-based", "30");
    site.jsm.answer_next(1, &limited.for_calls(Method::POST, SEARCH));
    site.jsm.clear_seen();
    for visitor in [&mut ann, &mut bob] {
        let (status, _, page) = shown(&site, visitor, "/p/it/requests").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
    }
    let searches = site.jsm.seen().into_iter().filter(|call| call.path() == SEARCH).count();
    assert_eq!(searches, 1);
}

/// What the portal offers is known from before; what is the customer's own is not shown from before.
#[tokio::test(flavor = "multi_thread")]
async fn home_search_and_forms_are_shown_during_an_outage_without_what_is_the_customers() {
    let site = hosted().await;
    let key = site.jsm.add_request("IT", ANN, "Request of mine");
    let mut ann = site.logged_in("ann").await;
    for path in ["/p/it", FORM] {
        assert_eq!(shown(&site, &mut ann, path).await.0, StatusCode::OK);
    }
    site.jsm.go_down().await;
    for path in ["/p/it", "/p/it/search?q=request"] {
        let (status, _, page) = shown(&site, &mut ann, path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        let offered = page.replace("&#x2f;", "/").contains(&format!("href=\"{FORM}\""));
        assert!(offered && page.contains("cannot be shown now"), "{page}");
        assert!(!page.contains(&key) && !page.contains("Nothing found"), "{page}");
    }
    assert_eq!(shown(&site, &mut ann, FORM).await.0, StatusCode::OK);
    let mut bob = site.logged_in("bob").await;
    let (status, _, page) = shown(&site, &mut bob, "/p/it").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
    assert!(page.contains("customers-unavailable") && !page.contains("Request access"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn p23_a_form_that_jsm_does_not_take_keeps_its_text_and_is_not_sent_again_by_itself() {
    let site = hosted().await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at(FORM)).await;
    let ticket = fields(&form, FORM).into_iter().find(|(name, _)| name == "ticket").unwrap().1;
    let filled = [("ticket", ticket.as_str()), ("summary", "It is <dark>")];
    site.jsm.go_down().await;
    let mut bob = site.logged_in("bob").await;
    for (visitor, expected, says) in [
        (&mut ann, StatusCode::UNPROCESSABLE_ENTITY, "It is &lt;dark&gt;"),
        // Who Bob is was never found out. The form is Ann's.
        (&mut bob, StatusCode::SERVICE_UNAVAILABLE, "for the person who filled the form in"),
    ] {
        let post = |post: reqwest::RequestBuilder| {
            post.form(&filled).header("origin", &site.url).header(ACCEPT, "text/html")
        };
        let answer = visitor.request(Method::POST, &site.at(FORM), post).await;
        let (status, page) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, expected, "{page}");
        assert!(page.contains(says), "{page}");
        assert!(!page.contains("data-seconds") && !page.contains("\"refresh\""), "{page}");
    }
}

/// Whoever asks, for pages, lists, forms and files, to read and to write: all wait for each other.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn calls_to_jsm_stay_within_their_number(#[case] jsm: JsmSettings) {
    const MOST: usize = 3;
    let limited = site().in_front_of(jsm).with_jsm(&format!("concurrency = {MOST}")).with(OPEN_IT);
    let site = with_customers(limited).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.change_request(&key, |request| request.participants.push(BOB.to_owned()));
    let file = site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
    let (page, form) = (format!("/p/it/{key}"), format!("/p/it/{key}/comment"));
    let mut visitors = Vec::new();
    for who in ["ann", "bob"].into_iter().cycle().take(8) {
        let mut visitor = site.logged_in(who).await;
        let reply = visitor.open(&site.at(&page)).await;
        let ticket = fields(&reply, &form).into_iter().find(|(name, _)| name == "ticket");
        visitors.push((visitor, ticket.expect("a ticket").1));
    }
    site.gate.assembly().customers().forget_answers();
    site.jsm.slow_down(Duration::from_millis(20));
    site.jsm.most_at_once();
    let paths = [
        "/p/it".to_owned(),
        "/p/it/requests".to_owned(),
        "/_gate/requests".to_owned(),
        FORM.to_owned(),
        page,
        format!("/p/it/{key}/files/{file}"),
        "/p/it/search?q=screen".to_owned(),
    ];
    let (site, paths, form) = (&site, &paths, &form);
    let each = visitors.into_iter().enumerate().map(async |(number, (mut visitor, ticket))| {
        let others = paths.iter().cycle().skip(number).take(paths.len());
        for path in others {
            assert_eq!(shown(site, &mut visitor, path).await.0, StatusCode::OK, "{path}");
        }
        let pairs = [("ticket", ticket.as_str()), ("body", "It works")];
        let sent = send(site, &mut visitor, form, &pairs).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    });
    futures_util::future::join_all(each).await;
    assert_eq!(site.jsm.most_at_once(), MOST);
    assert_eq!(site.jsm.request(&key).unwrap().comments.len(), 1 + 8);
}
