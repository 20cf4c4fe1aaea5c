//! What customers see at a portal that the gate serves itself, on Cloud and on Data Center: what is theirs,
//! and nothing else. The service account may read everything; the gate alone holds back.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;

use crate::hosted_site::{ANN, BOB, OPEN_IT, page, with_customers};
use crate::site::{Site, site};

/// The IT portal is hosted; Ann and Bob are customers there.
async fn hosted(jsm: JsmSettings) -> Site {
    with_customers(site().in_front_of(jsm).with(OPEN_IT)).await
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn the_home_page_offers_what_can_be_asked_for_and_shows_what_is_open(
    #[case] jsm: JsmSettings,
) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.add_request("IT", BOB, "Bob's own trouble");
    let mut ann = site.logged_in("ann").await;
    let (status, home) = page(&site, &mut ann, "/p/it").await;
    assert_eq!(status, StatusCode::OK, "{home}");
    assert!(home.contains("src=\"/_gate/static/icon.svg"), "without the site's own icon: {home}");
    for shown in ["Access and equipment", "Request access", "/p/it/create/66", "My screen is dark"]
    {
        assert!(home.contains(shown), "without {shown}: {home}");
    }
    assert!(home.contains(&format!("/p/it/{key}")), "{home}");
    assert!(!home.contains("Bob's own"), "{home}");
    let (status, group) = page(&site, &mut ann, "/p/it/group/7").await;
    assert_eq!(status, StatusCode::OK);
    assert!(group.contains("Something is broken") && !group.contains("Request access"), "{group}");
    assert_eq!(page(&site, &mut ann, "/p/it/group/999").await.0, StatusCode::NOT_FOUND);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_shows_what_its_customer_may_know(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.answer(&key, "Have you tried the other cable?");
    site.jsm.note(&key, "She always says that");
    let shown = site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
    let hidden = site.jsm.note_with_file(&key, "gossip.txt");
    let mut ann = site.logged_in("ann").await;
    let (status, body) = page(&site, &mut ann, &format!("/p/it/{key}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    for part in ["My screen is dark", "Have you tried the other cable?", "Ann Example", "cable.txt"]
    {
        assert!(body.contains(part), "without {part}: {body}");
    }
    let file = |id: u64| format!("/p/it/{key}/files/{id}");
    assert_eq!(
        page(&site, &mut ann, &file(shown)).await,
        (StatusCode::OK, "red goes to red".into())
    );
    assert_eq!(page(&site, &mut ann, &file(hidden)).await.0, StatusCode::NOT_FOUND);
}

/// It reads like a conversation, from the beginning; of a long one the end is shown first.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_long_conversation_begins_with_its_latest_entries(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let short = site.jsm.add_request("IT", ANN, "My desk is broken");
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let path = format!("/p/it/{key}");
    let (_, body) = page(&site, &mut ann, &format!("/p/it/{short}")).await;
    assert!(body.contains("You made this request") && !body.contains("earlier"), "{body}");
    for number in 0..25 {
        site.jsm.answer(&key, &format!("Answer {number}."));
    }
    let whole = format!("{path}?activity=all");
    let (_, all) = page(&site, &mut ann, &whole).await;
    assert!(all.contains("Answer 0.") && all.contains("You made this request"), "{all}");
    let (_, latest) = page(&site, &mut ann, &path).await;
    let link = format!("<a href=\"{whole}#activity\">Show 6 earlier entries</a>");
    assert!(latest.contains(&link), "without {link}: {latest}");
    assert!(latest.contains("Answer 5.") && !latest.contains("Answer 4."), "{latest}");
}

/// What there is not and what is somebody else's look alike.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p1_nobody_sees_somebody_elses_request(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let elsewhere = site.jsm.add_request("FAC", BOB, "The door");
    let file = site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
    let own = site.jsm.add_request("IT", BOB, "Bob's own trouble");
    let mut bob = site.logged_in("bob").await;
    let unlike = |page: &str| page.replace(|c: char| c.is_ascii_hexdigit(), "");
    let unknown = page(&site, &mut bob, "/p/it/IT-4711").await;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);
    for path in [
        format!("/p/it/{key}"),
        format!("/p/it/{}", key.to_lowercase()),
        format!("/p/it/{key}%2F.."),
        "/p/it/10000".to_owned(),
        format!("/p/it/{elsewhere}"),
        format!("/p/it/{key}/files/{file}"),
        format!("/p/it/{own}/files/{file}"),
        format!("/p/it/{own}/files/{file}/thumbnail"),
    ] {
        let (status, body) = page(&site, &mut bob, &path).await;
        assert!(!body.contains("screen") && !body.contains("red goes"), "{path}: {body}");
        if status != StatusCode::BAD_REQUEST {
            assert_eq!((status, unlike(&body)), (unknown.0, unlike(&unknown.1)), "{path}");
        }
    }
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p4_who_no_longer_takes_part_no_longer_sees_it(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.change_request(&key, |request| request.participants.push(BOB.to_owned()));
    let mut bob = site.logged_in("bob").await;
    let path = format!("/p/it/{key}");
    assert_eq!(page(&site, &mut bob, &path).await.0, StatusCode::OK);
    site.jsm.change_request(&key, |request| request.participants.clear());
    let gone = async {
        while page(&site, &mut bob, &path).await.0 != StatusCode::NOT_FOUND {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    assert!(
        tokio::time::timeout(crate::site::TEST_TIMEOUT, gone).await.is_ok(),
        "Bob still sees it"
    );
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn lists_hold_what_was_looked_for_and_nobody_elses(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let dark = site.jsm.add_request("IT", ANN, "My screen is dark");
    let loud = site.jsm.add_request("IT", ANN, "=Loud printer");
    let shared = site.jsm.add_request("IT", BOB, "A desk for two");
    site.jsm.change_request(&shared, |request| request.participants.push(ANN.to_owned()));
    let hidden = site.jsm.add_request("IT", BOB, "Bob's own screen");
    let mut ann = site.logged_in("ann").await;
    for (address, there) in [
        ("/p/it/requests", vec![&dark, &loud]),
        ("/p/it/requests?q=screen", vec![&dark]),
        ("/p/it/requests?whose=shared", vec![&shared]),
        ("/p/it/requests?state=closed", vec![]),
        ("/p/it/requests?state=all&sort=oldest", vec![&dark, &loud]),
        ("/p/it/requests?whose=1", vec![]),
        ("/p/it/search?q=screen", vec![&dark]),
        ("/_gate/requests", vec![&dark, &loud]),
        ("/p/it/requests.csv", vec![&dark, &loud]),
    ] {
        let (_, body) = page(&site, &mut ann, address).await;
        for key in [&dark, &loud, &shared, &hidden] {
            assert_eq!(
                body.contains(key.as_str()),
                there.contains(&key),
                "{address}, {key}: {body}"
            );
        }
    }
    let (_, csv) = page(&site, &mut ann, "/_gate/requests.csv").await;
    assert!(csv.contains("'=Loud printer"), "{csv}");
    let found = ann.open(&site.at(&format!("/p/it/search?q={}", dark.to_lowercase()))).await;
    assert_eq!(found.url.path(), format!("/p/it/{dark}"));
}

/// Who finds nothing sees what can be asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_search_says_what_it_found_and_offers_everything_when_that_is_nothing() {
    let site = hosted(JsmSettings::cloud()).await;
    site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let (_, found) = page(&site, &mut ann, "/p/it/search?q=SCREEN").await;
    for part in [
        "2 results for “SCREEN”",
        "<a href=\"#types\">1 request type</a>",
        "<a href=\"#mine\">1 of your requests</a>",
        "My <mark>screen</mark> is dark",
        "Laptops, <mark>screen</mark>s, headsets.",
    ] {
        assert!(found.contains(part), "without {part}: {found}");
    }
    assert!(!found.contains("/p/it/create/66"), "{found}");
    let (_, nothing) = page(&site, &mut ann, "/p/it/search?q=nothing+of+the+kind").await;
    for part in ["Nothing found for “nothing of the kind”", "Problems", "Request access"] {
        assert!(nothing.contains(part), "without {part}: {nothing}");
    }
}

#[rstest]
#[case::picture(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png", "inline")]
#[case::svg(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "application/octet-stream", "attachment")]
#[case::html(b"<!doctype html><script>x()</script>", "application/octet-stream", "attachment")]
#[tokio::test(flavor = "multi_thread")]
async fn p9_a_file_is_shown_if_it_is_a_picture_and_saved_if_not(
    #[case] content: &'static [u8],
    #[case] kind: &str,
    #[case] disposition: &str,
) {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let id = site.jsm.answer_with_file(&key, "desk.png", content);
    let mut ann = site.logged_in("ann").await;
    let address = site.at(&format!("/p/it/{key}/files/{id}"));
    let answer = ann.request(Method::GET, &address, |get| get).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), kind);
    assert!(header("content-disposition").starts_with(disposition));
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(header("x-content-type-options"), "nosniff");
}

/// JSM does not answer: a page that says so, and nothing of JSM's own error.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_jsm_is_told_as_one() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    assert_eq!(page(&site, &mut ann, "/p/it").await.0, StatusCode::OK);
    site.jsm.go_down().await;
    let (status, body) = page(&site, &mut ann, &format!("/p/it/{key}")).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(body.contains("upstream-unreachable"), "{body}");
}
