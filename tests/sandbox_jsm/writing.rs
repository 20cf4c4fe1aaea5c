//! Writing calls do what they say, and refuse what JSM refuses.

use sandbox::jsm::{Account, JsmSettings, Status};
use serde_json::json;

use crate::rest::each;
use crate::support::Site;

/// Ann's request at a new site.
async fn one_request(settings: JsmSettings) -> (Site, String, String) {
    let site = Site::start(settings).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let key = site.jsm.add_request("IT", &ann, "Laptop");
    let call = format!("servicedeskapi/request/{key}");
    (site, key, call)
}

#[tokio::test]
async fn a_customers_transition_moves_the_request_and_says_why() {
    let (site, key, call) = one_request(JsmSettings::cloud()).await;
    let call = format!("{call}/transition");
    assert_eq!(each(&site.read(&call).await, "id"), ["761", "781"]);
    let resolve = json!({"id": "761", "additionalComment": {"body": "It works now."}});
    assert_eq!(site.post(&call, resolve.clone()).await.0, 204);
    let request = site.jsm.request(&key).unwrap();
    assert_eq!(request.status, Status::Resolved);
    assert_eq!(
        (request.comments[0].body.as_str(), request.comments[0].public),
        ("It works now.", true)
    );
    assert_eq!(site.post(&call, resolve).await.0, 400, "no longer offered");
    assert_eq!(each(&site.read(&call).await, "name"), ["Reopen"]);
}
