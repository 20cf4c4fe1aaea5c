//! The day on which the service account's token expires, which is within a year for each of them.

use reqwest::StatusCode;
use sandbox::jsm::Canned;

use crate::process::Process;
use crate::site::{Site, site};

/// The list of service desks as a stranger gets it: 200, and nothing in it.
fn expire(site: &Site) {
    let nothing = Canned::json(200, r#"{"size":0,"isLastPage":true,"values":[]}"#);
    let refused = nothing.header("x-seraph-loginreason", "AUTHENTICATED_FAILED");
    site.jsm.answer_next(100, &refused.for_paths("/rest/servicedeskapi/servicedesk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_use_the_portals_that_were_known_before() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    expire(&site);
    site.gate.assembly().directory().refresh().await.unwrap_err();
    for link in ["/p/it", "/p/fac"] {
        assert_eq!(ann.open(&site.at(link)).await.status, StatusCode::OK, "{link}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_what_to_do_from_the_first_start_on() {
    let site = site().start().await;
    expire(&site);
    let gate = Process::beside(&site).await;
    gate.until_logged("JSM does not take the API token (AUTHENTICATED_FAILED)").await;
    gate.until_logged("make a new token").await;
}
