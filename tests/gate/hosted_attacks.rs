//! The attacks on customers of hosted portals that docs/security.md lists, through the door: a browser's requests
//! in, and what comes back. Each has its number there.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Desk, JsmSettings, MARKED_WORDS, RequestType, RequestTypeGroup};

use crate::hosted_site::{ANN, BOB, OPEN_IT, page, with_customers};
use crate::site::{Site, site};
use crate::visitor::Visitor;

const HTML: &str = "<img src=x onerror=x()>";

async fn hosted(jsm: JsmSettings, toml: &str) -> Site {
    with_customers(site().in_front_of(jsm).with(&format!("{OPEN_IT}{toml}"))).await
}

/// Opens a page until it is gone.
async fn loses_sight(site: &Site, visitor: &mut Visitor, path: &str) {
    let gone = async {
        while page(site, visitor, path).await.0 != StatusCode::NOT_FOUND {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(crate::site::TEST_TIMEOUT, gone).await.is_ok(), "{path} stays");
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p4_whose_request_is_given_to_somebody_else_no_longer_sees_it(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let path = format!("/p/it/{key}");
    assert_eq!(page(&site, &mut ann, &path).await.0, StatusCode::OK);
    site.jsm.change_request(&key, |request| request.reporter = Some(BOB.to_owned()));
    loses_sight(&site, &mut ann, &path).await;
    let (_, list) = page(&site, &mut ann, "/p/it/requests?state=all").await;
    assert!(!list.contains(&key), "{list}");
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p4_a_request_that_is_no_longer_shared_is_not_seen(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "[hosted]\norganization_requests = \"read\"").await;
    let acme = site.jsm.add_organization("Acme", &[ANN, BOB], &["IT"]);
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.change_request(&key, |request| request.organizations.push(acme));
    let mut bob = site.logged_in("bob").await;
    let (path, list) = (format!("/p/it/{key}"), format!("/p/it/requests?whose={acme}"));
    assert_eq!(page(&site, &mut bob, &path).await.0, StatusCode::OK);
    assert!(page(&site, &mut bob, &list).await.1.contains(&key));
    site.jsm.change_request(&key, |request| request.organizations.clear());
    loses_sight(&site, &mut bob, &path).await;
    assert!(!page(&site, &mut bob, &list).await.1.contains(&key));
}

/// In pages, in files of lists, in what a search finds, in what an error says, in the order of lists.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p6_what_the_team_writes_for_itself_is_in_no_answer(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "").await;
    let quiet = site.jsm.add_request("IT", ANN, "The first");
    let key = site.jsm.add_request("IT", ANN, "The second");
    let rows = async |ann: &mut Visitor| page(&site, ann, "/p/it/requests.csv").await.1;
    let mut ann = site.logged_in("ann").await;
    let before = rows(&mut ann).await;
    site.jsm.note(&quiet, "gossip");
    let hidden = site.jsm.note_with_file(&key, "gossip.txt");
    assert_eq!(rows(&mut ann).await, before, "a list tells when the team wrote");
    for path in [
        "/p/it".to_owned(),
        "/p/it/create/66".to_owned(),
        "/p/it/requests?state=all".to_owned(),
        "/_gate/requests".to_owned(),
        "/_gate/requests.csv".to_owned(),
        format!("/p/it/{key}"),
        format!("/p/it/{key}/files/{hidden}"),
        format!("/p/it/{key}/files/{hidden}/thumbnail"),
    ] {
        let (_, body) = page(&site, &mut ann, &path).await;
        assert!(!body.contains("gossip"), "{path}: {body}");
        let json = |get: reqwest::RequestBuilder| get.header("accept", "application/json");
        let answer = ann.request(Method::GET, &site.at(&path), json).await.text().await.unwrap();
        assert!(!MARKED_WORDS.iter().any(|word| answer.contains(word)), "{path}: {answer}");
    }
    for words in ["gossip", "internal%20comment", "internal"] {
        let list = page(&site, &mut ann, &format!("/p/it/requests?state=all&q={words}")).await.1;
        assert!(!list.contains(&key) && !list.contains(&quiet), "{words}: {list}");
    }
}

/// Whatever an address says, it is words, or nothing, to JSM.
#[rstest]
#[case::quote("q=%22%20OR%20project%20%3D%20IT%20OR%20summary%20~%20%22")]
#[case::backslash("q=a%5C%22%20OR%20reporter%20is%20not%20EMPTY")]
#[case::line("q=a%0AORDER%20BY%20created")]
#[case::function("q=currentUser()")]
#[case::whose("whose=mine%20OR%20reporter%20%3D%20%22id-of-bob%22")]
#[case::kind("type=66%20OR%20project%20%3D%20IT")]
#[case::day("from=2000-01-01%22%20OR%20project%20%3D%20IT%20OR%20created%20%3E%20%222000-01-01")]
#[case::order("sort=created%20DESC%2C%20reporter")]
#[case::portal("portal=it%22)%20OR%20project%20in%20(%22IT")]
#[tokio::test(flavor = "multi_thread")]
async fn p8_an_address_finds_nothing_of_others(#[case] query: &str) {
    let site = hosted(JsmSettings::cloud(), "").await;
    let theirs = site.jsm.add_request("IT", BOB, "a project of Bob");
    let mut ann = site.logged_in("ann").await;
    for list in ["/p/it/requests", "/_gate/requests", "/p/it/requests.csv"] {
        let (status, body) = page(&site, &mut ann, &format!("{list}?state=all&{query}")).await;
        assert!(status == StatusCode::OK && !body.contains(&theirs), "{list}: {status} {body}");
    }
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p10_html_in_names_is_text(#[case] jsm: JsmSettings) {
    let kind = RequestType::new(66, &format!("Ask {HTML}"), HTML);
    let group = RequestTypeGroup::new(6, &format!("Group {HTML}"), [kind]);
    let desk = Desk { groups: vec![group], ..Desk::new(2, "IT", &format!("IT {HTML}")) };
    let site = hosted(jsm.with_desks([desk]), "").await;
    site.jsm.change_account(ANN, |ann| ann.display_name = format!("Ann {HTML}"));
    let key = site.jsm.add_request("IT", ANN, &format!("Screen {HTML}"));
    site.jsm.answer_with_file(&key, &format!("{HTML}.txt"), "text");
    site.jsm.answer(&key, HTML);
    let mut ann = site.logged_in("ann").await;
    for path in [
        "/".to_owned(),
        "/p/it".to_owned(),
        "/p/it/group/6".to_owned(),
        "/p/it/create/66".to_owned(),
        "/p/it/requests".to_owned(),
        "/_gate/requests".to_owned(),
        format!("/p/it/search?q={HTML}"),
        format!("/p/it/{key}"),
    ] {
        let (status, body) = page(&site, &mut ann, &path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        assert!(!body.contains("<img src=x") && body.contains("&lt;img"), "{path}: {body}");
    }
}

/// JSM renders what customers and agents write, and what comes by mail.
#[rstest]
#[case::p10_script(
    "<p>Hello</p><script>x()</script><p onclick=x() style=color:red class=a id=b>there</p>"
)]
#[case::p11_address(
    "<p>Hello there <a href='java\tscript:x()'>a</a> <a href='data:text/html,x'>b</a></p>"
)]
#[case::p12_mutation(
    "<p>Hello there</p><math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=x()&gt;'>"
)]
#[case::p12_noscript(
    "<p>Hello there</p><noscript><p title='</noscript><img src=x onerror=x()>'></noscript>"
)]
#[tokio::test(flavor = "multi_thread")]
async fn p12_a_comment_is_shown_without_what_does_harm(#[case] html: &str) {
    let site = hosted(JsmSettings::cloud(), "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let comment = site.jsm.answer(&key, "text");
    site.jsm.change_comment(&key, comment, |comment| comment.html = Some(html.to_owned()));
    let mut ann = site.logged_in("ann").await;
    let (_, body) = page(&site, &mut ann, &format!("/p/it/{key}")).await;
    let prose = body.split_once("class=\"says").unwrap().1.split_once("</article>").unwrap().0;
    assert!(prose.contains("Hello"), "{prose}");
    for harm in ["<script", "onclick", "onerror", "style", "script:", "data:", "<math", "src="] {
        assert!(!prose.contains(harm), "{harm} in {prose}");
    }
}

/// Not even whether there is such a request.
#[tokio::test(flavor = "multi_thread")]
async fn p20_a_portal_that_is_closed_to_somebody_tells_nothing_of_its_requests() {
    let hr = "[[portal]]\nproject = \"HR\"\nmode = \"hosted\"\naccess = \"private\"\n\
              allow = { emails = [\"bob@example.com\"] }";
    let site = hosted(JsmSettings::cloud(), hr).await;
    let key = site.jsm.add_request("HR", ANN, "My salary");
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let known = page(&site, &mut ann, &format!("/p/hr/{key}")).await;
    let unknown = page(&site, &mut ann, "/p/hr/HR-4711").await;
    let unlike = |page: &str| page.replace(|c: char| c.is_ascii_hexdigit() || c == '-', "");
    assert_eq!(known.0, StatusCode::FORBIDDEN);
    assert_eq!(
        (known.0, unlike(&known.1.replace(&key, ""))),
        (unknown.0, unlike(&unknown.1.replace("HR-4711", "")))
    );
    assert_eq!(page(&site, &mut ann, &format!("/p/it/{key}")).await.0, StatusCode::NOT_FOUND);
    let (_, list) = page(&site, &mut ann, "/_gate/requests?state=all").await;
    assert!(!list.contains(&key) && !list.contains("salary"), "{list}");
    let asked = site.jsm.seen().into_iter().filter(|call| call.path().contains(&key)).count();
    assert_eq!(asked, 0, "JSM was asked for it");
}

/// What one customer saw, nobody sees after them, in the same browser neither.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p24_no_answer_is_kept_for_anybody(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, "").await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let file = site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let paths = [
        "/p/it".to_owned(),
        "/p/it/requests".to_owned(),
        "/p/it/requests.csv".to_owned(),
        "/_gate/requests".to_owned(),
        "/p/it/search?q=screen".to_owned(),
        format!("/p/it/{key}"),
        format!("/p/it/{key}/files/{file}"),
    ];
    for path in &paths {
        let answer = ann.request(Method::GET, &site.at(path), |get| get).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let kept = answer.headers()["cache-control"].to_str().unwrap().to_owned();
        assert!(kept.contains("no-store"), "{path}: {kept}");
        let body = answer.text().await.unwrap();
        assert!(body.contains("dark") || body.contains("red goes"), "{path}: {body}");
        let (_, body) = page(&site, &mut bob, path).await;
        assert!(!body.contains("dark") && !body.contains("red goes"), "{path}: {body}");
    }
    let home = ann.open(&site.at("/p/it")).await;
    ann.submit(&home, "/_gate/logout", &[]).await;
    for path in &paths {
        let answer = ann.request(Method::GET, &site.at(path), |get| get).await;
        assert_ne!(answer.status(), StatusCode::OK, "{path} after the logout");
    }
}
