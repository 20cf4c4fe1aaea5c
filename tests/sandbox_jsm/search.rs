//! Searches understand the JQL that the hosted portal asks, and refuse what Jira refuses.

use rstest::rstest;
use sandbox::jsm::{Account, JsmSettings, Status};
use serde_json::{Value, json};

use crate::rest::each;
use crate::support::Site;

/// Ann's laptop (resolved, shared with Bob and Acme), Bob's mouse in IT, Bob's holiday in HR.
async fn three_requests(settings: JsmSettings) -> Site {
    let site = Site::start(settings).await;
    for (name, id) in [("Ann", "qm:ann"), ("Bob", "qm:bob")] {
        let email = format!("{}@example.com", name.to_lowercase());
        site.jsm.add_account(Account::customer(name, &email).with_id(id));
    }
    let acme = site.jsm.add_organization("Acme \"Inc\"", &["qm:ann"], &["IT"]);
    let laptop = site.jsm.add_request("IT", "qm:ann", "New laptop, please");
    site.jsm.add_request("IT", "qm:bob", "Mouse is broken");
    let holiday = site.jsm.add_request("HR", "qm:bob", "Holiday");
    site.jsm.change_request(&laptop, |request| {
        request.participants.push("qm:bob".to_owned());
        request.organizations.push(acme);
        request.description = "The old one is slow".to_owned();
    });
    site.jsm.set_status(&laptop, Status::Resolved);
    site.jsm.ask_approval(&holiday, &["qm:ann"]);
    site
}

async fn keys(site: &Site, jql: &str) -> Vec<String> {
    let body = json!({"jql": jql, "fields": ["summary"]});
    let (status, found) = site.post("api/3/search/jql", body).await;
    assert_eq!(status, 200, "{jql}: {found}");
    let mut keys = each(&found["issues"], "key");
    if !jql.contains("ORDER") {
        keys.sort();
    }
    keys
}

#[rstest]
#[case(r#"project = IT AND reporter = "qm:ann""#, &["IT-1"])]
#[case(r#"project in (IT, "HR") AND reporter = "qm:bob""#, &["HR-1", "IT-2"])]
#[case(r#"cf[10032] = "qm:bob""#, &["IT-1"])]
#[case(r#"cf[10031] = "Acme \"Inc\"""#, &["IT-1"])]
#[case("cf[10031] is EMPTY", &["HR-1", "IT-2"])]
#[case("cf[10030] is not EMPTY AND project = HR", &["HR-1"])]
#[case("cf[10033] = pending()", &["HR-1"])]
#[case(r#"cf[10033] = approver("qm:ann")"#, &["HR-1"])]
#[case(r#"cf[10033] = pendingBy("qm:bob")"#, &[])]
#[case("project = IT AND statusCategory != Done", &["IT-2"])]
#[case("project = IT AND resolution = EMPTY", &["IT-2"])]
#[case(r#"project = IT AND (summary ~ "laptop" OR description ~ "laptop")"#, &["IT-1"])]
#[case(r#"project = IT AND description ~ "slow old""#, &["IT-1"])]
#[case(r#"key = "IT-2" OR key in (HR-1)"#, &["HR-1", "IT-2"])]
#[case("NOT project = IT", &["HR-1"])]
#[case("created >= -1d AND updated <= \"2099-01-01 10:00\" AND project = HR", &["HR-1"])]
#[case("created < \"2020/01/01\"", &[])]
#[case("project in (IT, HR) ORDER BY created DESC", &["HR-1", "IT-2", "IT-1"])]
#[case("project = IT ORDER BY updated DESC, key ASC", &["IT-1", "IT-2"])]
#[tokio::test]
async fn a_query_finds(#[case] jql: &str, #[case] expected: &[&str]) {
    let site = three_requests(JsmSettings::cloud()).await;
    assert_eq!(keys(&site, jql).await, expected, "{jql}");
}

#[rstest]
#[case::unbounded("ORDER BY created", "Unbounded")]
#[case::empty("", "Unbounded")]
#[case::no_project("project = NONE", "does not exist for the field 'project'")]
#[case::no_account(r#"reporter = "qm:nobody""#, "does not exist for the field 'reporter'")]
#[case::no_issue("key = IT-99", "An issue with key 'IT-99' does not exist")]
#[case::no_field("cf[1] = 1", "Field 'cf[1]' does not exist")]
#[case::open_string(r#"project = "IT"#, "quoted string")]
#[case::two_clauses("project = IT reporter = x", "unexpected")]
#[case::a_reserved_character("project = IT*", "reserved")]
#[case::no_date("created > tomorrow", "Date value 'tomorrow'")]
#[tokio::test]
async fn a_query_is_refused(#[case] jql: &str, #[case] expected: &str) {
    let site = three_requests(JsmSettings::cloud()).await;
    let (status, refusal) = site.post("api/3/search/jql", json!({"jql": jql})).await;
    assert_eq!(status, 400, "{refusal}");
    let sentence = refusal["errorMessages"][0].as_str().unwrap();
    assert!(sentence.contains(expected), "{sentence}");
}

#[tokio::test]
async fn without_names_of_fields_only_ids_are_told() {
    let site = three_requests(JsmSettings::cloud()).await;
    let (_, found) = site.post("api/3/search/jql", json!({"jql": "project = HR"})).await;
    let only: Vec<_> = found["issues"][0].as_object().unwrap().keys().collect();
    assert_eq!(only, ["id"]);
}

#[tokio::test]
async fn the_request_type_field_has_the_customers_status() {
    let site = three_requests(JsmSettings::cloud()).await;
    site.jsm.number_fields_from(10_800);
    let fields = site.read("api/3/field").await;
    let is_it = |field: &&Value| field["schema"]["custom"] == "com.atlassian.servicedesk:vp-origin";
    let field = fields.as_array().unwrap().iter().find(is_it).unwrap();
    assert_eq!(
        (field["id"].as_str(), field["name"].as_str()),
        (Some("customfield_10800"), Some("Anfragetyp"))
    );
    let body = json!({"jql": "key = IT-1", "fields": ["customfield_10800", "status"]});
    let (_, found) = site.post("api/3/search/jql", body).await;
    let fields = &found["issues"][0]["fields"];
    assert_eq!(fields["customfield_10800"]["currentStatus"]["status"], "Resolved");
    assert_eq!(fields["customfield_10800"]["requestType"]["id"], "66");
    assert_eq!(fields["status"]["name"], "INTERNAL-STATUS Resolved");
}

#[tokio::test]
async fn pages_lead_from_token_to_token() {
    let site = three_requests(JsmSettings::cloud()).await;
    site.jsm.cap_pages(2);
    let mut body = json!({"jql": "project in (IT, HR)", "fields": ["summary"], "maxResults": 50});
    let (_, first) = site.post("api/3/search/jql", body.clone()).await;
    assert_eq!(first["issues"].as_array().unwrap().len(), 2, "fewer than asked");
    assert_eq!(first["isLast"], false);
    body["nextPageToken"] = first["nextPageToken"].clone();
    let (_, second) = site.post("api/3/search/jql", body.clone()).await;
    assert_eq!((&second["isLast"], &second["nextPageToken"]), (&json!(true), &Value::Null));
    body["jql"] = json!("project = IT");
    assert_eq!(site.post("api/3/search/jql", body).await.0, 400, "a token is of one query");
    let count = site.post("api/3/search/approximate-count", json!({"jql": "project = IT"})).await;
    assert_eq!(count.1["count"], 2);
}

#[tokio::test]
async fn the_index_lags_but_for_issues_that_are_named() {
    let site = three_requests(JsmSettings::cloud()).await;
    site.jsm.hold_index(true);
    let new = site.jsm.add_request("HR", "qm:ann", "Parking");
    site.jsm.set_status("HR-1", Status::Resolved);
    let open = "project = HR AND resolution = EMPTY";
    assert_eq!(keys(&site, open).await, ["HR-1"], "as it was");
    let ids: Vec<_> =
        ["HR-1", &new].iter().map(|key| site.jsm.request(key).unwrap().issue_id).collect();
    let body = json!({"jql": open, "fields": ["summary"], "reconcileIssues": ids});
    let (_, found) = site.post("api/3/search/jql", body).await;
    assert_eq!(each(&found["issues"], "key"), ["HR-2"]);
    site.jsm.hold_index(false);
    assert_eq!(keys(&site, open).await, ["HR-2"]);
}

#[tokio::test]
async fn data_center_searches_by_numbers() {
    let site = three_requests(JsmSettings::data_center()).await;
    let call = "api/2/search?jql=project%20%3D%20IT&startAt=1&maxResults=1&fields=summary";
    let found = site.read(call).await;
    assert_eq!((&found["total"], &found["startAt"]), (&json!(2), &json!(1)));
    assert_eq!(found["issues"].as_array().unwrap().len(), 1);
    assert_eq!(site.post("api/2/search/jql", json!({"jql": "project = IT"})).await.0, 404);
    let cloud = three_requests(JsmSettings::cloud()).await;
    assert_eq!(cloud.get("api/3/search?jql=project%20%3D%20IT").await.0, 410, "switched off");
}
