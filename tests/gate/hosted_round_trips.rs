//! For how many answers of JSM a page of a hosted portal waits, one after the other. What a page costs whom JSM is
//! asked about first, every two minutes, belongs to the login and not to the page.

use std::time::Duration;

use reqwest::StatusCode;
use rstest::rstest;
use sandbox::jsm::{Article, JsmSettings, SeenRequest, one_after_the_other};

use crate::hosted_site::{ANN, BOB, OPEN_IT, page, with_customers};
use crate::site::{Site, site};
use crate::visitor::Visitor;

/// Long enough for calls that do not wait for each other to be under way together.
const SLOW: Duration = Duration::from_millis(200);
const MOST: usize = 2;
const TOML: &str = "[hosted]\nknowledge_base = \"public\"\norganization_requests = \"read\"\n\
                    show_fields = [\"priority\", \"assignee\", \"sla\"]";

/// Forms are read beside the pages that list request types: nobody waits for them.
fn is_waited_for(call: &SeenRequest, path: &str) -> bool {
    let of_form = call.path().contains("/requesttype/")
        && (call.path().ends_with("/field") || call.path().ends_with("/form"));
    path.contains("/create/") || !of_form
}

async fn opened(site: &Site, ann: &mut Visitor, path: &str, temperature: &str) {
    site.jsm.clear_seen();
    let (status, body) = page(site, ann, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    let calls: Vec<_> =
        site.jsm.seen().into_iter().filter(|call| is_waited_for(call, path)).collect();
    let chain: Vec<_> =
        one_after_the_other(&calls).iter().map(|call| call.target.clone()).collect();
    assert!(chain.len() <= MOST, "{path}, {temperature}, waits for {chain:#?}");
}

#[rstest]
#[case::cloud(JsmSettings::cloud(), Some("/p/it/kb/101?q=cable"))]
#[case::data_center(JsmSettings::data_center(), None)]
#[tokio::test(flavor = "multi_thread")]
async fn no_page_needs_more_than_two_round_trips_one_after_the_other(
    #[case] jsm: JsmSettings,
    #[case] article: Option<&str>,
) {
    let site = with_customers(site().in_front_of(jsm).with(&format!("{OPEN_IT}{TOML}"))).await;
    site.jsm.add_article(Article {
        id: 101,
        title: "A loose cable".to_owned(),
        excerpt: String::new(),
        html: "<p>Plug it in</p>".to_owned(),
        project: Some("IT".to_owned()),
    });
    let acme = site.jsm.add_organization("Acme", &[ANN, BOB], &["IT"]);
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.answer(&key, "Does it stay dark with the other cable?");
    let other = site.jsm.add_request("IT", ANN, "The printer is empty");
    let shared = site.jsm.add_request("IT", BOB, "The printer is loud");
    site.jsm.change_request(&shared, |request| request.organizations.push(acme));
    let mut ann = site.logged_in("ann").await;
    // Who she is, what the site calls its fields and which types the portal has is not of one page.
    page(&site, &mut ann, "/p/it/requests?q=nothing").await;
    site.jsm.slow_down(SLOW);

    let request = format!("/p/it/{key}");
    let transition = format!("/p/it/{other}/transition/761");
    let of_acme = format!("/p/it/requests?whose={acme}");
    let pages = [
        "/p/it/create/66",
        "/p/it/requests",
        "/p/it/requests?q=screen&state=all&sort=oldest",
        "/p/it/requests?q=scanner",
        "/p/it/requests?whose=shared",
        "/p/it/requests?whose=approvals",
        &of_acme,
        "/_gate/requests",
        &request,
        &transition,
        "/p/it/search?q=screen",
        "/p/it/search?q=scanner",
        "/p/it/suggestions?q=laptop",
        "/p/it/group/7",
        "/p/it",
        "/",
        "/_gate/preferences",
    ];
    for path in pages.into_iter().chain(article) {
        opened(&site, &mut ann, path, "for the first time").await;
        opened(&site, &mut ann, path, "again").await;
    }
}
