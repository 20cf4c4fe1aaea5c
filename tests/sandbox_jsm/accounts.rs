//! Customers are found, made and listed at desks as JSM does it.

use reqwest::Method;
use rstest::rstest;
use sandbox::jsm::{Account, AccountKind, JsmSettings};
use serde_json::json;

use crate::rest::{cloud, data_center, each};
use crate::support::Site;

const CUSTOMERS: &str = "servicedeskapi/servicedesk/12/customer";

#[rstest]
#[case::cloud(JsmSettings::cloud(), "accountId", "qm:")]
#[case::data_center(JsmSettings::data_center(), "name", "ann@example.com")]
#[tokio::test]
async fn a_customer_is_made_once(
    #[case] settings: JsmSettings,
    #[case] id: &str,
    #[case] begins: &str,
) {
    let site = Site::start(settings).await;
    let ann = site.customer("Ann Example", "Ann@example.com");
    let (status, made) = site.post("servicedeskapi/customer", ann.clone()).await;
    assert_eq!(status, 201, "{made}");
    assert!(made[id].as_str().unwrap().starts_with(begins), "{made}");
    assert_eq!(made["emailAddress"], "Ann@example.com");
    let (status, refusal) = site.post("servicedeskapi/customer", ann).await;
    assert_eq!(status, 400);
    assert!(refusal["errorMessage"].as_str().unwrap().contains("already exists"));
    let accounts = site.jsm.accounts_of("ann@example.com");
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].kind, AccountKind::Customer);
}

#[tokio::test]
async fn a_strict_conflict_is_clouds_alone() {
    for (site, expected) in [(cloud().await, 409), (data_center().await, 400)] {
        site.jsm.add_account(Account::customer("Ann", "ann@example.com").hiding_email());
        let call = "servicedeskapi/customer?strictConflictStatusCode=true";
        let ann = site.customer("Ann", "ann@example.com");
        assert_eq!(site.post(call, ann).await.0, expected);
    }
}

#[rstest]
#[case::no_name(json!({"email": "ann@example.com"}), 400)]
#[case::no_address(json!({"email": "ann", "displayName": "Ann"}), 400)]
#[case::another_member(json!({"email": "ann@example.com", "displayName": "Ann", "x": 1}), 400)]
#[case::right(json!({"email": "ann@example.com", "displayName": "Ann"}), 201)]
#[tokio::test]
async fn what_is_no_customer_is_refused(#[case] body: serde_json::Value, #[case] expected: u16) {
    let site = cloud().await;
    assert_eq!(site.post("servicedeskapi/customer", body).await.0, expected);
}

#[tokio::test]
async fn only_administrators_make_customers() {
    let site = cloud().await;
    site.jsm.revoke_permission("ADMINISTER");
    let ann = site.customer("Ann", "ann@example.com");
    let (status, refusal) = site.post("servicedeskapi/customer", ann).await;
    assert_eq!(status, 403);
    let sentence = refusal["errorMessage"].as_str().unwrap();
    assert!(sentence.ends_with("JIRA Administrators global permission is required."));
    assert!(site.jsm.accounts_of("ann@example.com").is_empty());
}

/// Searches go by the beginning of address and name, so they give near matches as well.
#[tokio::test]
async fn a_search_also_finds_longer_addresses() {
    let site = cloud().await;
    site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    site.jsm.add_account(Account::customer("Eve", "ann@example.com.evil.example"));
    site.jsm.add_account(Account::customer("ann@example.com", "other@example.com"));
    site.jsm.add_account(Account::customer("Gone", "ann@example.com").deactivated());
    let found = site.read("api/3/user/search?query=ann%40example.com").await;
    assert_eq!(each(&found, "displayName"), ["Ann", "Eve", "ann@example.com"]);
    site.jsm.revoke_permission("USER_PICKER");
    let found = site.read("api/3/user/search?query=ann%40example.com").await;
    assert_eq!(found, json!([]), "an empty list and no refusal");
}

#[tokio::test]
async fn a_hidden_address_is_found_and_not_said() {
    let site = cloud().await;
    let id = site.jsm.add_account(Account::customer("Ann", "ann@example.com").hiding_email());
    let found = site.read("api/3/user/search?query=ann%40example.com").await;
    assert_eq!(found[0]["accountId"], id);
    assert!(found[0].get("emailAddress").is_none());
}

#[tokio::test]
async fn data_center_finds_people_by_username() {
    let site = data_center().await;
    site.jsm.add_account(Account::customer("Ann Example", "ann@example.com"));
    let found = site.read("api/2/user/search?username=ann%40example.com").await;
    assert_eq!(each(&found, "name"), ["ann@example.com"]);
    let one = "api/2/user?username=ann%40example.com&expand=groups,applicationRoles";
    let one = site.read(one).await;
    assert_eq!(one["applicationRoles"]["size"], 0);
    assert_eq!(site.get("api/2/user?username=bob").await.0, 404);
    assert_eq!(site.get("api/3/user/search?query=ann").await.0, 404, "no version 3");
}

#[tokio::test]
async fn listing_at_a_desk_adds_who_exists_and_names_who_does_not() {
    for site in [cloud().await, data_center().await] {
        let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
        let (status, refusal) = site.post(CUSTOMERS, site.ids(&[&ann, "nobody"])).await;
        assert_eq!(status, 400, "{refusal}");
        assert_eq!(site.jsm.customers_of("IT"), [ann.as_str()]);
        assert_eq!(site.post(CUSTOMERS, site.ids(&[&ann])).await.0, 204, "once more");
        assert_eq!(site.jsm.customers_of("IT").len(), 1);
        let open = site.delete(CUSTOMERS, site.ids(&[&ann])).await;
        assert_eq!(open.0, 400, "an open desk removes nobody");
        site.jsm.open_desk("IT", false);
        assert_eq!(site.delete(CUSTOMERS, site.ids(&[&ann])).await.0, 204);
        assert!(site.jsm.customers_of("IT").is_empty());
    }
}

#[tokio::test]
async fn cloud_says_who_is_listed_and_data_center_does_not() {
    let site = cloud().await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let bob = site.jsm.add_account(Account::customer("Bob", "bob@example.com"));
    site.jsm.list_customer("IT", &ann);
    site.jsm.list_customer("IT", &bob);
    let found = site.read(&format!("{CUSTOMERS}?query=bob@example.com")).await;
    assert_eq!(each(&found, "accountId"), [bob]);
    assert_eq!(data_center().await.get(CUSTOMERS).await.0, 404);
}

#[tokio::test]
async fn each_product_refuses_the_others_ids() {
    let site = cloud().await;
    assert_eq!(site.post(CUSTOMERS, json!({"usernames": ["ann"]})).await.0, 400);
    let site = data_center().await;
    assert_eq!(site.post(CUSTOMERS, json!({"accountIds": ["ann"]})).await.0, 400);
}

#[tokio::test]
async fn a_writing_call_of_a_browser_is_taken_for_forged() {
    let site = cloud().await;
    let call = site.call(Method::POST, CUSTOMERS).header("user-agent", "Mozilla/5.0");
    let response = call.json(&site.ids(&["ann"])).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.text().await.unwrap(), "XSRF check failed");
}

#[tokio::test]
async fn the_token_says_what_it_may() {
    let site = cloud().await;
    site.jsm.revoke_permission("SERVICEDESK_AGENT");
    let call = "api/3/mypermissions?projectKey=IT&permissions=SERVICEDESK_AGENT,USER_PICKER";
    let answer = site.read(call).await;
    assert_eq!(answer["permissions"]["SERVICEDESK_AGENT"]["havePermission"], false);
    assert_eq!(answer["permissions"]["USER_PICKER"]["havePermission"], true);
    assert_eq!(site.get("api/3/mypermissions?permissions=NO_SUCH_KEY").await.0, 400);
    assert_eq!(site.get(&call.replace("=IT", "=NO")).await.0, 404);
}
