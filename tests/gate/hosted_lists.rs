//! Lists of requests over all hosted portals, and while JSM's search lags behind.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Account, Canned, JsmSettings, Status};

use crate::site::{Site, site};
use crate::visitor::{Visitor, fields};

const ANN: &str = "id-of-ann";
const FORM: &str = "/p/it/create/66";
const ALL_ARE_HOSTED: &str = "[portals]\nmode = \"hosted\"";

/// Three portals are hosted, and JSM knows Ann.
async fn hosted(jsm: JsmSettings, toml: &str) -> Site {
    let site = site().in_front_of(jsm).with(toml).start().await;
    site.jsm.add_account(Account::customer("Ann Example", "ann@example.com").with_id(ANN));
    site
}

async fn body(site: &Site, visitor: &mut Visitor, path: &str) -> String {
    let page = visitor.open(&site.at(path)).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    page.body
}

/// JSM still names her as the reporter, but the desk is no longer open to her.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p4_whoever_is_off_a_desk_sees_none_of_its_requests_in_a_list_of_all(
    #[case] jsm: JsmSettings,
) {
    let site = hosted(jsm, ALL_ARE_HOSTED).await;
    site.jsm.list_customer("IT", ANN);
    let here = site.jsm.add_request("IT", ANN, "My screen is dark");
    let there = site.jsm.add_request("FAC", ANN, "The door is open");
    let mut ann = site.logged_in("ann").await;
    for path in ["/_gate/requests", "/_gate/requests?state=all&portal=fac", "/_gate/requests.csv"] {
        let list = body(&site, &mut ann, path).await;
        assert_eq!(list.contains(&here), !path.contains("portal=fac"), "{path}: {list}");
        assert!(!list.contains(&there), "{path}: {list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_whoever_may_act_at_no_desk_is_told_so() {
    let site = hosted(JsmSettings::cloud(), ALL_ARE_HOSTED).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/_gate/requests")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.body.contains("customer-not-listed") && !page.body.contains(&key),
        "{}",
        page.body
    );
}

/// What JSM does not tell is neither shown nor taken for a no.
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_jsm_does_not_tell_of_is_left_out_and_named() {
    let site = hosted(JsmSettings::cloud(), ALL_ARE_HOSTED).await;
    site.jsm.list_customer("IT", ANN);
    site.jsm.list_customer("FAC", ANN);
    let here = site.jsm.add_request("IT", ANN, "My screen is dark");
    let there = site.jsm.add_request("FAC", ANN, "The door is open");
    let mut ann = site.logged_in("ann").await;
    let silent = Canned::json(500, "{}").for_calls(Method::GET, "/servicedesk/14/customer");
    site.jsm.answer_next(2, &silent);
    let list = body(&site, &mut ann, "/_gate/requests").await;
    assert!(list.contains("are missing here") && list.contains("Facilities"), "{list}");
    assert!(list.contains(&here) && !list.contains(&there), "{list}");
    let file = ann.open(&site.at("/_gate/requests.csv")).await;
    assert_eq!(file.status, StatusCode::SERVICE_UNAVAILABLE, "a file cannot say what is missing");
    let list = body(&site, &mut ann, "/_gate/requests").await;
    assert!(!list.contains("are missing here") && list.contains(&there), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_just_made_is_in_every_list_though_jsms_search_lags() {
    let toml = "[[portal]]\nproject = \"IT\"\nmode = \"hosted\"\nopen_desk = true";
    let site = hosted(JsmSettings::cloud(), toml).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.hold_index(true);
    let form = ann.open(&site.at(FORM)).await;
    let ticket = fields(&form, FORM).into_iter().find(|(name, _)| name == "ticket").unwrap().1;
    let filled = [("ticket", ticket.as_str()), ("summary", "My screen is dark")];
    let send = |post: reqwest::RequestBuilder| post.form(&filled).header("origin", &site.url);
    let made = ann.request(Method::POST, &site.at(FORM), send).await;
    assert_eq!(made.status(), StatusCode::SEE_OTHER);
    assert!(made.headers()["location"].to_str().unwrap().contains("/p/it/IT-1"));
    for path in [
        "/p/it",
        "/p/it/search?q=screen",
        "/p/it/requests",
        "/p/it/requests.csv",
        "/_gate/requests",
    ] {
        let list = body(&site, &mut ann, path).await;
        assert!(list.contains("IT-1"), "{path}: {list}");
    }
}

/// The address that a link with this relation leads to.
fn link(page: &str, relation: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("rel=\"{relation}\" href=\""))?;
    rest.split('"').next().map(unescaped)
}

fn unescaped(address: &str) -> String {
    address.replace("&amp;", "&").replace("&#x2f;", "/")
}

/// The numbers of the requests on a page, in its order.
fn keys(page: &str) -> Vec<String> {
    let (_, rows) = page.split_once("<ul class=\"rows\"").unwrap_or_default();
    let rows = rows.split("</ul>").next().unwrap_or_default();
    rows.split("href=\"").skip(1).map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

/// JSM may send fewer than it is asked for. Each request is on one page, and every page has a way back to the one
/// before, under the same filter.
#[rstest]
#[case::cloud(JsmSettings::cloud(), "/p/it/requests")]
#[case::data_center(JsmSettings::data_center(), "/p/it/requests")]
#[case::of_all_portals(JsmSettings::cloud(), "/_gate/requests")]
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_list_leads_to_the_next_and_back(
    #[case] jsm: JsmSettings,
    #[case] list: &str,
) {
    let site = hosted(jsm, ALL_ARE_HOSTED).await;
    site.jsm.list_customer("IT", ANN);
    for number in 0..30 {
        site.jsm.add_request("IT", ANN, &format!("Screen {number}"));
        site.jsm.add_request("IT", ANN, &format!("Printer {number}"));
    }
    site.jsm.cap_pages(7);
    let mut ann = site.logged_in("ann").await;
    let first = format!("{list}?q=screen&state=all");
    let mut pages = vec![body(&site, &mut ann, &first).await];
    assert_eq!(link(&pages[0], "prev"), None, "{}", pages[0]);
    while let Some(next) = pages.last().and_then(|page| link(page, "next")) {
        assert!(next.starts_with(&format!("{first}&page=")), "{next}");
        pages.push(body(&site, &mut ann, &next).await);
    }
    let mut all: Vec<_> = pages.iter().flat_map(|page| keys(page)).collect();
    assert_eq!((pages.len(), all.len()), (5, 30));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 30, "a request is on two pages");
    let last = pages.pop().unwrap();
    let all_pages = format!("{list}.csv?q=screen&state=all");
    assert!(unescaped(&last).contains(&format!("href=\"{all_pages}\"")), "{last}");
    let file = body(&site, &mut ann, &all_pages).await;
    assert_eq!(file.lines().count(), 31, "{file}");
    let mut page = last;
    while let Some(before) = pages.pop() {
        let previous = link(&page, "prev").expect("a way back");
        page = body(&site, &mut ann, &previous).await;
        assert_eq!(keys(&page), keys(&before), "{previous}");
    }
    assert_eq!(link(&page, "prev"), None, "{page}");
}

/// The filter by request type is the gate's own, and JSM has many requests of other types first.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_request_leads_to_the_next_all_the_same() {
    let site = hosted(JsmSettings::cloud(), ALL_ARE_HOSTED).await;
    site.jsm.list_customer("IT", ANN);
    let wanted = site.jsm.add_request("IT", ANN, "The oldest");
    site.jsm.change_request(&wanted, |request| request.type_id = Some(67));
    for number in 0..4 {
        site.jsm.add_request("IT", ANN, &format!("Screen {number}"));
    }
    site.jsm.cap_pages(1);
    let mut ann = site.logged_in("ann").await;
    let first = body(&site, &mut ann, "/p/it/requests?type=67&sort=newest").await;
    assert!(first.contains("No request on this page"), "{first}");
    let next = link(&first, "next").expect("a next page");
    let second = body(&site, &mut ann, &next).await;
    assert!(second.contains(&wanted) && link(&second, "prev").is_some(), "{second}");
}

/// What is told of each request is the customer's choice, and the address holds it, from page to page.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_chooses_what_a_list_tells(#[case] jsm: JsmSettings) {
    let toml = format!("{ALL_ARE_HOSTED}\n[hosted]\nshow_fields = [\"priority\", \"sla\"]");
    let site = hosted(jsm, &toml).await;
    site.jsm.list_customer("IT", ANN);
    for number in 0..30 {
        site.jsm.add_request("IT", ANN, &format!("Screen {number}"));
    }
    let mut ann = site.logged_in("ann").await;
    let told = ["Request access", "Made <time", "Updated <time", "made by Ann", "Priority: High"];
    let sla = "Time to first response: ";
    for (columns, expected) in [
        ("", vec!["Request access", "Made <time", "Updated <time", "Priority: High", sla]),
        ("?column=made&column=by", vec!["Made <time", "made by Ann"]),
        ("?column=sla&column=assignee&column=nothing", vec![sla]),
        ("?column=", vec![]),
    ] {
        let list = body(&site, &mut ann, &format!("/p/it/requests{columns}")).await;
        let (_, rows) = list.split_once("<ul class=\"rows\"").unwrap();
        for part in told.into_iter().chain([sla]) {
            assert_eq!(rows.contains(part), expected.contains(&part), "{columns}, {part}: {rows}");
        }
    }
    let list = body(&site, &mut ann, "/p/it/requests?q=screen&column=by").await;
    for link in ["q=screen&amp;page=", "requests.csv?q=screen&amp;column=by"] {
        assert!(list.contains(link) && list.contains("&amp;column=by\""), "no {link}: {list}");
    }
    let file = body(&site, &mut ann, "/p/it/requests.csv?column=by").await;
    assert_eq!(file.lines().next(), Some("Request,Summary,Status,Made by,Portal"), "{file}");
    assert!(file.contains(",Ann Example,IT Help"), "{file}");
    let file = body(&site, &mut ann, "/_gate/requests.csv").await;
    let usual = "Request,Summary,Request type,Status,Made,Updated,Portal,Priority,Agreed times";
    assert_eq!(file.lines().next(), Some(usual), "{file}");
}

/// In a list of all portals each request says where it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_all_portals_names_them() {
    let site = hosted(JsmSettings::cloud(), ALL_ARE_HOSTED).await;
    site.jsm.list_customer("FAC", ANN);
    site.jsm.add_request("FAC", ANN, "The door is open");
    let mut ann = site.logged_in("ann").await;
    for (path, named) in [("/_gate/requests", true), ("/p/fac/requests", false)] {
        let list = body(&site, &mut ann, path).await;
        let (_, rows) = list.split_once("<ul class=\"rows\"").unwrap();
        let rows = rows.split("</ul>").next().unwrap();
        assert_eq!(rows.contains(">Facilities</span>"), named, "{path}: {rows}");
    }
}

/// A list without a request says what was looked for, what closed requests have of it, and one step on.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_has_nothing_says_what_there_is_instead(#[case] jsm: JsmSettings) {
    let site = hosted(jsm, ALL_ARE_HOSTED).await;
    site.jsm.list_customer("IT", ANN);
    let mut ann = site.logged_in("ann").await;
    let first = body(&site, &mut ann, "/p/it/requests").await.replace("&#x2f;", "/");
    assert!(first.contains("You have not made a request yet"), "{first}");
    assert!(first.contains("<a class=\"btn\" href=\"/p/it\">Make a request</a>"), "{first}");

    for summary in ["A printer", "Another printer"] {
        let key = site.jsm.add_request("IT", ANN, summary);
        site.jsm.set_status(&key, Status::Resolved);
    }
    for (query, told, untold) in [
        ("", vec!["You have no open requests", "2 closed requests fit"], "Clear search"),
        (
            "?q=printer&column=by",
            vec![
                "No open request with “printer”",
                "2 closed requests fit",
                "?q=printer&amp;state=all&amp;column=by\">Show closed requests too",
                "href=\"/p/it/requests?column=by\">Clear search and filters",
            ],
            "Make a request",
        ),
        ("?q=scanner", vec!["No open request with “scanner”"], "Show closed requests too"),
        ("?state=closed&q=scanner", vec!["No closed request with “scanner”"], "requests fit"),
        ("?from=2999-01-01", vec!["No open request fits these filters"], "Show closed"),
        ("?whose=shared", vec!["No open request is shared with you"], "Make a request"),
        ("?whose=approvals", vec!["No request waits for your approval"], "Make a request"),
    ] {
        let list = body(&site, &mut ann, &format!("/p/it/requests{query}")).await;
        let list = list.replace("&#x2f;", "/");
        assert!(list.contains("<title>My requests: nothing found"), "{query}: {list}");
        for part in told {
            assert!(list.contains(part), "{query}, without {part}: {list}");
        }
        assert!(!list.contains(untold), "{query}, with {untold}: {list}");
    }
}
