//! Writing calls do what they say, and refuse what JSM refuses.

use reqwest::Method;
use rstest::rstest;
use sandbox::jsm::{Account, Desk, Flavour, JsmSettings, Status};
use serde_json::{Value, json};

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

/// A site with every kind of field, and a call's body that is right.
async fn every_kind(settings: JsmSettings) -> (Site, Value) {
    let cloud = settings.flavour == Flavour::Cloud;
    let desk = Desk::with_every_kind_of_field(7, "ALL").restricted();
    let site = Site::start(settings.with_desks([desk])).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let acme = site.jsm.add_organization("Acme", &[&ann], &["ALL"]);
    let person = if cloud { json!({"accountId": ann}) } else { json!({"name": ann}) };
    let values = json!({
        "summary": "Everything",
        "description": "a\n\nb",
        "duedate": "2026-11-28",
        "labels": ["a", "b"],
        "customfield_10101": "4.12",
        "customfield_10102": "because",
        "customfield_10103": 2.5,
        "customfield_10105": "2026-11-28T14:39:00.000+0100",
        "customfield_10106": "https://example.com/",
        "customfield_10121": {"id": "10201"},
        "customfield_10123": [{"id": "10201"}, {"id": "10202"}],
        "customfield_10125": {"id": "10211", "child": {"id": "10212"}},
        "components": [{"name": "Red"}],
        "priority": {"id": "3"},
        "customfield_10141": person,
        "customfield_10142": [person],
        "customfield_10144": [{"name": "staff"}],
        "customfield_10031": [acme],
    });
    let body = json!({
        "serviceDeskId": "17",
        "requestTypeId": "701",
        "requestFieldValues": values,
        "raiseOnBehalfOf": ann,
    });
    (site, body)
}

const RAISE: &str = "servicedeskapi/request";

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn a_request_is_raised_for_somebody_else(#[case] settings: JsmSettings) {
    let (site, body) = every_kind(settings).await;
    let (status, made) = site.post(RAISE, body.clone()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["reporter"]["displayName"], "Ann");
    let request = site.jsm.request("ALL-1").unwrap();
    assert_eq!(request.fields["customfield_10103"], 2.5);
    assert_eq!(request.organizations, [1]);
    assert_eq!(request.creator, site.jsm.accounts()[0].id, "the service account");
    let ann = request.reporter.unwrap();
    assert_eq!(site.jsm.customers_of("ALL"), [ann], "now a customer of the restricted desk");
    let shown = site.read("servicedeskapi/request/ALL-1").await;
    let fields = shown["requestFieldValues"].as_array().unwrap();
    let colour = fields.iter().find(|field| field["label"] == "Colour").unwrap();
    assert_eq!(colour["value"]["value"], "Red");
    assert!(!shown["requestFieldValues"].to_string().contains("HIDDEN-FIELD"));
}

#[rstest]
#[case::line_break("summary", json!("a\nb"), "line breaks")]
#[case::no_text("customfield_10102", json!({"type": "doc"}), "must be a string")]
#[case::number("customfield_10103", json!("2.5"), "must be a number")]
#[case::date("duedate", json!("28.11.2026"), "Error parsing date")]
#[case::no_day("duedate", json!("2026-02-30"), "Error parsing date")]
#[case::colon("customfield_10105", json!("2026-11-28T14:39:00.000+01:00"), "Error parsing date")]
#[case::no_millis("customfield_10105", json!("2026-11-28T14:39:00+0100"), "Error parsing date")]
#[case::script("customfield_10106", json!("javascript:alert(1)"), "Not a valid URL")]
#[case::bare_id("customfield_10121", json!("10201"), "Specify a valid 'id'")]
#[case::no_choice("customfield_10121", json!({"id": "1"}), "Specify a valid 'id'")]
#[case::no_list("customfield_10123", json!({"id": "10201"}), "not an array")]
#[case::others_child(
    "customfield_10125", json!({"id": "10211", "child": {"id": "10222"}}), "Specify a valid 'id'"
)]
#[case::blank("labels", json!(["a b"]), "contains spaces")]
#[case::nobody("customfield_10141", json!({"accountId": "qm:nobody"}), "valid value for the user")]
#[case::old_name("customfield_10141", json!({"name": "ann"}), "valid value for the user")]
#[case::text_of_id("customfield_10031", json!(["1"]), "organization ids")]
#[case::no_file("attachment", json!(["temp1"]), "does not exist")]
#[case::hidden("customfield_10199", json!("x"), "cannot be set")]
#[case::unknown("reporter", json!("x"), "cannot be set")]
#[case::required("customfield_10121", json!(null), "Colour is required")]
#[case::empty("summary", json!(" "), "Summary is required")]
#[tokio::test]
async fn a_value_of_another_shape_is_refused(
    #[case] field: &str,
    #[case] value: Value,
    #[case] expected: &str,
) {
    let (site, mut body) = every_kind(JsmSettings::cloud()).await;
    body["requestFieldValues"][field] = value;
    let (status, refusal) = site.post(RAISE, body.clone()).await;
    assert_eq!(status, 400, "{refusal}");
    let sentence = refusal["errors"][field].as_str().unwrap_or_default();
    assert!(sentence.contains(expected), "{refusal}");
    let (status, refusal) = site.post("servicedeskapi/request/validate", body).await;
    assert_eq!((status, &refusal["valid"]), (400, &json!(false)));
    assert_eq!(refusal["fieldErrors"][0]["field"], field);
    assert!(site.jsm.requests().is_empty());
}

#[tokio::test]
async fn somebody_unknown_refuses_the_whole() {
    let (site, mut body) = every_kind(JsmSettings::cloud()).await;
    assert_eq!(site.post("servicedeskapi/request/validate", body.clone()).await.0, 200);
    body["raiseOnBehalfOf"] = json!("qm:nobody");
    let (status, refusal) = site.post(RAISE, body.clone()).await;
    assert_eq!(status, 400);
    assert!(refusal["errorMessage"].as_str().unwrap().starts_with("raiseOnBehalfOf is invalid"));
    body["another"] = json!(1);
    assert_eq!(site.post(RAISE, body).await.0, 400);
    assert!(site.jsm.requests().is_empty());
}

#[tokio::test]
async fn with_documents_every_rich_field_is_one() {
    let (site, mut body) = every_kind(JsmSettings::cloud()).await;
    body["isAdfRequest"] = json!(true);
    let (_, refusal) = site.post(RAISE, body.clone()).await;
    assert!(refusal["errors"]["description"].as_str().unwrap().contains("Atlassian Document"));
    let document = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "please"}]}
    ]});
    for field in ["description", "customfield_10102"] {
        body["requestFieldValues"][field] = document.clone();
    }
    assert_eq!(site.post(RAISE, body).await.0, 201);
    assert_eq!(site.jsm.request("ALL-1").unwrap().description, "please");
}

#[tokio::test]
async fn only_cloud_tells_of_children_defaults_and_hidden_fields() {
    for (settings, hidden) in [(JsmSettings::cloud(), 1), (JsmSettings::data_center(), 0)] {
        let cloud = settings.flavour == Flavour::Cloud;
        let (site, _) = every_kind(settings).await;
        let answer = site.read("servicedeskapi/servicedesk/17/requesttype/701/field").await;
        assert_eq!(answer["canRaiseOnBehalfOf"], true);
        let fields = answer["requestTypeFields"].as_array().unwrap();
        let not_shown = fields.iter().filter(|field| field["visible"] == false);
        assert_eq!(not_shown.count(), hidden);
        let place = fields.iter().find(|field| field["name"] == "Place").unwrap();
        assert_eq!(place["validValues"][0].get("children").is_some(), cloud);
        let version = if cloud { 3 } else { 2 };
        let meta = format!("api/{version}/issue/createmeta/ALL/issuetypes/10002");
        let meta = site.read(&meta).await;
        let fields = meta["values"].as_array().unwrap();
        let place = fields.iter().find(|field| field["name"] == "Place").unwrap();
        assert_eq!(place["allowedValues"][0]["children"][0]["id"], "10212");
    }
}

async fn upload(site: &Site, call: &str, name: &str, cookie: &str) -> (u16, Value, String) {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n\
         hello\r\n--b--\r\n"
    );
    let request = site.call(Method::POST, call).header("x-atlassian-token", "no-check");
    let request = request.header("content-type", "multipart/form-data; boundary=b");
    let response = request.header("cookie", cookie).body(body).send().await.unwrap();
    let set = response.headers().get("set-cookie").map(|it| it.to_str().unwrap().to_owned());
    let set = set.unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
    (response.status().as_u16(), response.json().await.unwrap_or_default(), set)
}

const UPLOAD: &str = "servicedeskapi/servicedesk/12/attachTemporaryFile";

#[tokio::test]
async fn a_temporary_file_becomes_a_requests_once() {
    let (site, key, call) = one_request(JsmSettings::cloud()).await;
    let (status, answer, _) = upload(&site, UPLOAD, "a.txt", "").await;
    assert_eq!(status, 201);
    let file = &answer["temporaryAttachments"][0];
    assert_eq!(file["fileName"], "a.txt");
    let id = &file["temporaryAttachmentId"];
    let call = format!("{call}/attachment");
    let body = json!({"temporaryAttachmentIds": [id], "public": true,
                      "additionalComment": {"body": "See"}});
    let (status, answer) = site.post(&call, body.clone()).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(answer["attachments"]["values"][0]["filename"], "a.txt");
    assert_eq!(answer["comment"]["body"], "See\n\n[^a.txt]");
    assert_eq!(site.jsm.files(&key), [("a.txt".to_owned(), "hello".into())]);
    assert_eq!(site.post(&call, body).await.0, 400, "used up");
    site.jsm.limit_files(3);
    assert_eq!(upload(&site, UPLOAD, "a.txt", "").await.0, 400, "too large");
}

#[tokio::test]
async fn on_data_center_a_temporary_file_dies_with_its_session() {
    let (site, _, call) = one_request(JsmSettings::data_center()).await;
    let (_, answer, cookie) = upload(&site, UPLOAD, "a.txt", "").await;
    let ids = [&answer["temporaryAttachments"][0]["temporaryAttachmentId"]];
    let body = json!({"temporaryAttachmentIds": ids, "public": true});
    let call = format!("{call}/attachment");
    assert_eq!(site.post(&call, body.clone()).await.0, 400, "another session");
    let own = site.call(Method::POST, &call).header("cookie", cookie).json(&body);
    assert_eq!(own.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_comment_is_written_with_its_properties() {
    let (site, key, _) = one_request(JsmSettings::cloud()).await;
    let call = format!("api/3/issue/{key}/comment");
    let text = json!({"type": "text", "text": "hi", "marks": [{"type": "strong"}]});
    let document = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [text]}
    ]});
    let own = json!({"key": "own", "value": {"v": 1}});
    let internal = json!({"key": "sd.public.comment", "value": {"internal": true}});
    let body = json!({"body": document, "properties": [own]});
    assert_eq!(site.post(&call, body).await.0, 201);
    let body = json!({"body": document, "properties": [internal]});
    assert_eq!(site.post(&call, body).await.1["jsdPublic"], false);
    assert_eq!(site.post(&call, json!({"body": "plain"})).await.0, 400, "no document");
    let comments = site.read(&format!("{call}?expand=renderedBody,properties")).await;
    assert_eq!(comments["comments"][0]["renderedBody"], "<p><b>hi</b></p>");
    assert_eq!(comments["comments"][0]["properties"][0]["value"]["v"], 1);
    let request = site.jsm.request(&key).unwrap();
    let public: Vec<_> = request.comments.iter().map(|it| it.public).collect();
    assert_eq!(public, [true, false]);
}

#[tokio::test]
async fn on_data_center_only_agents_write_what_customers_see() {
    let (site, key, call) = one_request(JsmSettings::data_center()).await;
    let body = json!({"body": "hello", "public": true});
    assert_eq!(site.post(&format!("{call}/comment"), body.clone()).await.1["public"], true);
    site.jsm.revoke_permission("SERVICEDESK_AGENT");
    assert_eq!(site.post(&format!("{call}/comment"), body).await.1["public"], false);
    let wiki = json!({"body": "hello"});
    assert_eq!(site.post(&format!("api/2/issue/{key}/comment"), wiki).await.0, 201);
    assert!(!site.jsm.request(&key).unwrap().comments[2].public);
}

#[tokio::test]
async fn participants_come_and_go_but_not_the_reporter() {
    for settings in [JsmSettings::cloud(), JsmSettings::data_center()] {
        let (site, key, call) = one_request(settings).await;
        let bob = site.jsm.add_account(Account::customer("Bob", "bob@example.com"));
        let call = format!("{call}/participant");
        let (status, list) = site.post(&call, site.ids(&[&bob])).await;
        assert_eq!((status, &list["size"]), (200, &json!(1)));
        assert_eq!(site.post(&call, site.ids(&["nobody"])).await.0, 400);
        let ann = site.jsm.request(&key).unwrap().reporter.unwrap();
        assert_eq!(site.delete(&call, site.ids(&[&ann])).await.0, 400);
        assert_eq!(site.delete(&call, site.ids(&[&bob])).await.1["size"], 0);
    }
}

#[tokio::test]
async fn organizations_and_properties_are_set_on_the_issue() {
    let (site, key, _) = one_request(JsmSettings::cloud()).await;
    let acme = site.jsm.add_organization("Acme", &[], &["IT"]);
    let issue = format!("api/3/issue/{key}");
    let put = async |call: &str, body: Value| {
        let request = site.call(Method::PUT, call).json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    let fields = |value: Value| json!({"fields": {"customfield_10031": value}});
    assert_eq!(put(&issue, fields(json!([acme]))).await, 204);
    assert_eq!(put(&issue, fields(json!([99]))).await, 400);
    let organizations = || site.jsm.request(&key).unwrap().organizations;
    assert_eq!(organizations(), [acme]);
    let globex = site.jsm.add_organization("Globex", &[], &["IT"]);
    let update = |operation: Value| json!({"update": {"customfield_10031": [operation]}});
    assert_eq!(put(&issue, update(json!({"add": globex}))).await, 204);
    assert_eq!(organizations(), [acme, globex]);
    for odd in [json!({"add": acme.to_string()}), json!({"remove": {"id": acme}})] {
        assert_eq!(put(&issue, update(odd)).await, 400);
    }
    assert_eq!(put(&issue, update(json!({"remove": acme}))).await, 204);
    assert_eq!(organizations(), [globex]);
    let property = format!("{issue}/properties/own");
    assert_eq!(put(&property, json!({"a": 1})).await, 201);
    assert_eq!(site.read(&property).await["value"], json!({"a": 1}));
}
