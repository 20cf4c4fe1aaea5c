//! What one customer can make the gate and JSM work for, and what a file or a count tells. Attacks have their number
//! in docs/security.md.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::hosted_site::{ANN, BOB, OPEN_IT, page, with_customers};
use crate::site::{Site, SiteBuilder, TEST_TIMEOUT, site, until};

async fn hosted_at(site: SiteBuilder, jsm: JsmSettings, toml: &str) -> Site {
    with_customers(site.in_front_of(jsm).with(&format!("{OPEN_IT}{toml}"))).await
}

async fn hosted(jsm: JsmSettings, toml: &str) -> Site {
    hosted_at(site(), jsm, toml).await
}

/// How often JSM was asked for a page of a list.
fn searches(site: &Site) -> usize {
    site.jsm.seen().iter().filter(|call| call.path().ends_with("/search/jql")).count()
}

/// Where semicolons separate cells, the text goes on in another one, whatever quotation marks say.
#[tokio::test(flavor = "multi_thread")]
async fn p15_a_formula_within_a_text_is_a_text() {
    let site = hosted(JsmSettings::cloud(), "").await;
    site.jsm.add_request("IT", ANN, "dark;=1+1;\"=2+2\t@SUM(A1)");
    let mut ann = site.logged_in("ann").await;
    let (_, file) = page(&site, &mut ann, "/p/it/requests.csv").await;
    assert!(file.contains("dark;'=1+1;\"\"'=2+2\t'@SUM(A1)"), "{file}");
}

/// JSM's query language knows an organisation by its name alone.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p16_a_list_does_not_count_what_a_namesake_shares(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "[hosted]\norganization_requests = \"read\"").await;
    let acme = site.jsm.add_organization("Acme", &[ANN], &["IT"]);
    let namesake = site.jsm.add_organization("Acme too", &[BOB], &["IT"]);
    site.jsm.change_organization(namesake, |it| it.name = "Acme".to_owned());
    for number in 0..60 {
        let (with, by) = if number < 30 { (namesake, BOB) } else { (acme, ANN) };
        let key = site.jsm.add_request("IT", by, &format!("Screen {number}"));
        site.jsm.change_request(&key, |request| request.organizations.push(with));
    }
    let mut ann = site.logged_in("ann").await;
    let (_, list) = page(&site, &mut ann, &format!("/p/it/requests?whose={acme}")).await;
    assert!(list.contains("Screen") && !list.contains("of about"), "{list}");
}

/// Others may attach one by mail, under any name.
#[tokio::test(flavor = "multi_thread")]
async fn p25_a_file_is_shown_by_the_name_that_it_is_saved_by() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let file = site.jsm.answer_with_file(&key, "bill-\u{202e}fdp.exe", "MZ");
    let mut ann = site.logged_in("ann").await;
    let (_, shown) = page(&site, &mut ann, &format!("/p/it/{key}")).await;
    assert!(shown.contains(">bill-fdp.exe</a>"), "{shown}");
    let address = site.at(&format!("/p/it/{key}/files/{file}"));
    let saved = ann.request(Method::GET, &address, |get| get).await;
    let name = saved.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(name, "attachment; filename*=UTF-8''bill-fdp.exe");
}

/// Whoever makes one up finds nothing, and nobody hears that JSM is away.
#[tokio::test(flavor = "multi_thread")]
async fn p8_a_page_that_jsm_does_not_know_is_empty() {
    let site = hosted(JsmSettings::cloud(), "").await;
    site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let (status, list) = page(&site, &mut ann, "/p/it/requests?page=made-up").await;
    assert!(status == StatusCode::OK && !list.contains("IT-1"), "{status} {list}");
    assert!(list.contains("First page") || list.contains("nothing found"), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn p26_the_rest_of_an_endless_search_is_left_out() {
    let site = hosted(JsmSettings::cloud(), "").await;
    site.jsm.add_request("IT", ANN, &"x ".repeat(100));
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let search = format!("/p/it/search?q={}", "x+".repeat(10_000));
    let (status, found) = page(&site, &mut ann, &search).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    assert!(found.contains(&"x ".repeat(99)), "{found}");
    assert!(!found.contains(&"x ".repeat(101)), "more was looked for: {found}");
    let asked = site.jsm.seen().into_iter().filter(|call| call.path().ends_with("/search/jql"));
    let asked: Vec<_> = asked.filter_map(|call| call.sent()).collect();
    assert!(asked.iter().all(|body| body.to_string().len() < 2000), "{asked:?}");
}

/// The latest come first to the room that there is.
#[tokio::test(flavor = "multi_thread")]
async fn p26_a_page_has_room_for_so_much_html() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    for number in 0..12 {
        let comment = site.jsm.answer(&key, &format!("typed-{number}-"));
        let html = format!("<p>rendered-{number}-</p><p>{}</p>", "a".repeat(200_000));
        site.jsm.change_comment(&key, comment, |comment| comment.html = Some(html));
    }
    let mut ann = site.logged_in("ann").await;
    let (status, whole) = page(&site, &mut ann, &format!("/p/it/{key}?activity=all")).await;
    assert_eq!(status, StatusCode::OK);
    for number in 0..12 {
        let (rendered, typed) = (format!("rendered-{number}-"), format!("typed-{number}-"));
        let fits = number >= 7;
        assert_eq!(whole.contains(&rendered), fits, "{rendered}");
        assert_eq!(whole.contains(&typed), !fits, "{typed}");
    }
}

/// A filter by request type is the gate's own, so that JSM is asked for requests that do not fit it.
#[tokio::test(flavor = "multi_thread")]
async fn p26_a_file_of_a_list_asks_jsm_so_often() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let endless = json!({"issues": [], "nextPageToken": "more"}).to_string();
    let endless = Canned::json(200, endless).for_calls(Method::POST, "/search/jql");
    site.jsm.answer_next(100_000, &endless);
    site.jsm.clear_seen();
    let file = page(&site, &mut ann, "/p/it/requests.csv?state=all&type=4711");
    let (status, file) = timeout(TEST_TIMEOUT, file).await.expect("an end");
    assert_eq!((status, file.lines().count()), (StatusCode::OK, 1), "{file}");
    assert!(searches(&site) <= 150, "JSM was asked {} times", searches(&site));
}

/// Each file that somebody reads slowly keeps a thread of Jira's busy.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn g7_one_customer_has_so_many_files_under_way(#[case] jsm: JsmSettings) {
    let few = site().with_jsm("concurrency = 1\ntimeout = \"2s\"");
    let site = hosted_at(few, jsm, "").await;
    let [of_ann, of_bob] = [ANN, BOB].map(|who| {
        let key = site.jsm.add_request("IT", who, "My screen is dark");
        let file = site.jsm.answer_with_file(&key, "film.bin", vec![b'x'; 32_000_000]);
        format!("/p/it/{key}/files/{file}")
    });
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let cookie = ann.cookie_header(&site.url);
    let head =
        format!("GET {of_ann} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", site.address);
    let mut slow = TcpStream::connect(site.address).await.unwrap();
    slow.write_all(head.as_bytes()).await.unwrap();
    let begun = &mut [0; 12];
    timeout(TEST_TIMEOUT, slow.read_exact(begun)).await.expect("an answer").unwrap();
    assert_eq!(begun, b"HTTP/1.1 200");
    let as_json = |get: reqwest::RequestBuilder| get.header("accept", "application/json");
    let second = ann.request(Method::GET, &site.at(&of_ann), as_json).await;
    assert_eq!(second.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(second.text().await.unwrap().contains("too-many-requests"));
    let others = bob.request(Method::GET, &site.at(&of_bob), |get| get).await;
    assert_eq!(others.bytes().await.unwrap().len(), 32_000_000);
    drop(slow);
    let again = ann.request(Method::GET, &site.at(&of_ann), |get| get).await;
    assert_eq!(again.bytes().await.unwrap().len(), 32_000_000);
}

/// Whoever asks for much at once waits for their own calls, and nobody else does.
#[tokio::test(flavor = "multi_thread")]
async fn g7_one_customer_keeps_half_of_the_calls_to_jsm_busy_at_most() {
    let few = site().with_jsm("concurrency = 4\ntimeout = \"1h\"");
    let site = hosted_at(few, JsmSettings::cloud(), "").await;
    let key = site.jsm.add_request("IT", BOB, "My screen is dark");
    let mut bob = site.logged_in("bob").await;
    site.jsm.answer_next(100, &Canned::hanging().for_calls(Method::POST, "/search/jql"));
    site.jsm.clear_seen();
    let mut windows = Vec::new();
    for _ in 0..6 {
        let mut ann = site.logged_in("ann").await;
        let list = site.at("/p/it/requests");
        windows.push(tokio::spawn(async move { ann.open(&list).await }));
    }
    until("JSM is busy with Ann's lists", || searches(&site) == 2).await;
    let path = format!("/p/it/{key}");
    let seen = timeout(TEST_TIMEOUT, page(&site, &mut bob, &path)).await.expect("Bob's turn");
    assert_eq!(seen.0, StatusCode::OK, "{}", seen.1);
    assert_eq!(searches(&site), 2, "Ann has more than her share");
    windows.iter().for_each(tokio::task::JoinHandle::abort);
}
