//! A JSM with another address: what of it the customer gets to see.

use std::io::Read as _;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};

use crate::site::{Site, site};
use crate::visitor::Visitor;

const SPELLINGS: &str = "/servicedesk/customer/spellings/";

/// The same of a JSM with a context path.
const IN_CONTEXT: &str = "/jira/servicedesk/customer/spellings/";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

/// A gate in front of a JSM with an address of its own.
async fn rewriting(context_path: &str) -> Site {
    let jsm = JsmSettings::data_center().with_context_path(context_path);
    let site = site().in_front_of(jsm).with_another_base_address();
    site.with_forward("rewrite_bodies = true").start().await
}

/// What the customer gets, decompressed.
async fn get(visitor: &mut Visitor, site: &Site, path: &str, accept: &str) -> Answer {
    let accept = |get: reqwest::RequestBuilder| get.header(ACCEPT_ENCODING, accept);
    read(visitor.request(Method::GET, &site.at(path), accept).await).await
}

/// The same as JSM sends it.
async fn original(site: &Site, path: &str) -> Answer {
    read(reqwest::get(format!("{}{path}", site.jsm.origin())).await.unwrap()).await
}

async fn read(answer: reqwest::Response) -> Answer {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.bytes().await.unwrap();
    let mut body = String::new();
    match headers.get("content-encoding").map(|coding| coding.to_str().unwrap()) {
        None => body.push_str(std::str::from_utf8(&bytes).unwrap()),
        Some("gzip") => {
            flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut body).unwrap();
        }
        Some("br") => {
            brotli::Decompressor::new(&bytes[..], 4096).read_to_string(&mut body).unwrap();
        }
        Some(other) => panic!("compressed with {other}"),
    }
    Answer { status, headers, body }
}

/// The reference: each spelling replaced in the body as a whole.
fn replaced(body: &str, site: &Site, context_path: &str) -> String {
    const SLASHES: [&str; 7] = [r"\\/", r"\\u002f", r"\/", r"\u002f", "&#x2F;", "&#47;", "/"];
    let (from, to) = (site.jsm.url(), site.at(context_path));
    let host = from.split_once("//").unwrap().1;
    let percent = |text: &str| text.replace(':', "%3A").replace('/', "%2F");
    let mut body = body.replace(&percent(&from), &percent(&to));
    for slash in SLASHES {
        let spell = |text: &str| text.replace('/', slash);
        body = body.replace(&spell(&format!("{from}/")), &spell(&format!("{to}/")));
        let (host, public) = (format!("//{host}/"), to.replace("http:", "") + "/");
        body = body.replace(&spell(&host), &spell(&public));
    }
    for end in ["\"", r"\u0022", r"\\u0022", "\n", "'", ";"] {
        body = body.replace(&format!("{from}{end}"), &format!("{to}{end}"));
    }
    body
}

#[rstest]
#[case::own_address("", "page.html", None, None)]
#[case::context_path("/jira", "page.html", None, None)]
#[case::in_single_bytes("/jira", "page.html", None, Some(1))]
#[case::gzip("/jira", "page.html", Some("gzip"), None)]
#[case::brotli_in_pieces("/jira", "page.html", Some("br"), Some(7))]
#[case::json("/jira", "data.json", None, Some(5))]
#[case::json_with_gzip("", "data.json", Some("gzip"), Some(100))]
#[case::script("/jira", "script.js", Some("br"), None)]
#[case::style("/jira", "style.css", None, None)]
#[tokio::test(flavor = "multi_thread")]
async fn bodies_say_the_public_address(
    #[case] context_path: &str,
    #[case] name: &str,
    #[case] coding: Option<&'static str>,
    #[case] piece: Option<usize>,
) {
    let site = rewriting(context_path).await;
    let mut ann = site.logged_in("ann").await;
    let path = format!("{context_path}{SPELLINGS}{name}");
    let original = original(&site, &path).await;
    site.jsm.compress_answers(coding);
    site.jsm.cut_answers(piece);
    let answer = get(&mut ann, &site, &path, "gzip, deflate, br, zstd").await;

    let expected = replaced(&original.body, &site, context_path);
    assert_ne!(expected, original.body);
    pretty(&answer.body, &expected);
    let sent_coding = answer.headers.get("content-encoding").map(|it| it.to_str().unwrap());
    assert_eq!(sent_coding, coding);
    assert!(!answer.headers.contains_key("content-length"));
    if original.headers.contains_key("etag") {
        assert_eq!(answer.headers["etag"], "W/\"spelled\"");
    }
}

/// Compares line by line, so that a failure shows the one line.
fn pretty(found: &str, expected: &str) {
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_say_the_public_address() {
    let site = rewriting("/jira").await;
    let mut ann = site.logged_in("ann").await;
    let answer = get(&mut ann, &site, &format!("{IN_CONTEXT}page.html"), "identity").await;
    let url = &site.url;
    let header = |name: &str| answer.headers[name].to_str().unwrap();
    let policy = format!("default-src 'self' {url}; report-uri /jira/csp");
    assert_eq!(header("content-security-policy"), policy);
    assert_eq!(header("link"), format!("<{url}/jira/s/a.css>; rel=preload, </jira/b>; rel=next"));
    assert_eq!(header("refresh"), format!("600; url={url}/jira/servicedesk/customer/portals"));
    assert_eq!(header("access-control-allow-origin"), url);
    assert_eq!(header("set-cookie"), "seen=1; Path=/");
}

#[rstest]
#[case::plain_text("notes.txt")]
#[case::not_found("missing.html")]
#[case::a_range("part.html")]
#[case::a_download("upload.html")]
#[case::a_file_shown_in_place("shown.html")]
#[case::nothing("empty.json")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_portals_own_text_stays_as_it_is(#[case] name: &str) {
    let site = rewriting("/jira").await;
    let mut ann = site.logged_in("ann").await;
    let path = format!("{IN_CONTEXT}{name}");
    let original = original(&site, &path).await;
    let answer = get(&mut ann, &site, &path, "gzip").await;
    assert_eq!((answer.status, answer.body), (original.status, original.body));
    assert_eq!(answer.headers["content-length"], original.headers["content-length"]);
    assert_eq!(answer.headers.get("etag"), original.headers.get("etag"));
    assert!(answer.headers.get("connection").is_none_or(|value| value != "close"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_head_stays_as_it_is() {
    let site = rewriting("").await;
    let mut ann = site.logged_in("ann").await;
    let path = format!("{SPELLINGS}page.html");
    let original = original(&site, &path).await;
    site.jsm.clear_seen();
    let answer = ann.request(Method::HEAD, &site.at(&path), |head| head).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["etag"], original.headers["etag"]);
    assert_eq!(answer.headers()["content-length"], original.headers["content-length"]);
    assert_eq!(site.forwarded()[0].method, Method::HEAD);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_modified_stays_as_it_is() {
    let site = rewriting("").await;
    let mut ann = site.logged_in("ann").await;
    let path = format!("{SPELLINGS}page.html");
    site.jsm.clear_seen();
    let canned = Canned::text(304, "").header("etag", "\"spelled\"");
    site.jsm.answer_next(1, &canned.for_paths(&path));
    let ask = |get: reqwest::RequestBuilder| get.header("if-none-match", "W/\"spelled\"");
    let answer = ann.request(Method::GET, &site.at(&path), ask).await;
    assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(answer.headers()["etag"], "\"spelled\"");
    assert_eq!(site.forwarded()[0].header("if-none-match"), "W/\"spelled\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_a_download_comes_through() {
    let site = rewriting("/jira").await;
    let mut ann = site.logged_in("ann").await;
    let path = site.jsm.add_download("big.bin", 1000, std::time::Duration::ZERO);
    let range = |get: reqwest::RequestBuilder| get.header("range", "bytes=10-19");
    let answer = ann.request(Method::GET, &site.at(&path), range).await;
    assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(answer.headers()["content-range"], "bytes 10-19/1000");
    assert_eq!(answer.bytes().await.unwrap().len(), 10);
}

#[rstest]
#[case("gzip, deflate, br, zstd", "gzip, br")]
#[case("zstd", "identity")]
#[case("br;q=0, GZIP;q=0.5", "gzip")]
#[tokio::test(flavor = "multi_thread")]
async fn jsm_is_asked_for_codings_that_can_be_read(#[case] accept: &str, #[case] asked: &str) {
    let site = rewriting("").await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    get(&mut ann, &site, &format!("{SPELLINGS}data.json"), accept).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert_eq!(seen.header("accept-encoding"), asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn unless_asked_to_the_gate_leaves_bodies_alone() {
    let site = site().with_another_base_address().start().await;
    let mut ann = site.logged_in("ann").await;
    let path = format!("{SPELLINGS}page.html");
    let original = original(&site, &path).await;
    site.jsm.clear_seen();
    let answer = get(&mut ann, &site, &path, "gzip, zstd").await;
    assert_eq!(answer.body, original.body);
    assert_eq!(answer.headers["etag"], "\"spelled\"");
    assert_eq!(site.forwarded()[0].header("accept-encoding"), "gzip, zstd");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_visit_never_leaves_the_public_address() {
    let site = rewriting("/jira").await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at("/p/it/create/66")).await;
    let request = ann.submit(&form, "create", &[("summary", "My screen is dark")]).await;
    assert_eq!(request.url.as_str(), site.at("/jira/servicedesk/customer/portal/2/IT-1"));
    let host = site.jsm.origin();
    let host = host.split_once("//").unwrap().1;
    for page in [&form, &request] {
        assert!(!page.body.contains(&format!("//{host}")), "{}", page.body);
        assert!(page.body.contains("href=\"/jira/servicedesk/"), "{}", page.body);
        assert!(page.body.contains(r#"context-path"]="\u0022/jira\u0022""#), "{}", page.body);
    }
}
