//! Answers of the calls that the hosted portal uses.

use reqwest::{Client, Method};
use sandbox::jsm::{Account, JsmSettings};
use serde_json::{Value, json};

use super::Document;
use super::support::Site;

/// Calls and holds the answer against the document: `call` is the path below `servicedeskapi`, and
/// `template` its path in the document.
async fn hold(site: &Site, method: Method, template: &str, call: &str, body: Value) -> Value {
    let Some(document) = Document::at_hand() else { return Value::Null };
    let url = format!("{}/rest/servicedeskapi{call}", site.jsm.url());
    let request = Client::new().request(method.clone(), url).header("x-experimentalapi", "opt-in");
    let request = request.basic_auth(&site.settings.email, Some(&site.settings.token));
    let request = if body.is_null() { request } else { request.json(&body) };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16().to_string();
    let text = response.text().await.unwrap();
    if status == "204" {
        assert_eq!(text, "", "{method} {call}");
        return Value::Null;
    }
    let answer: Value = serde_json::from_str(&text).unwrap();
    let template = format!("/rest/servicedeskapi{template}");
    let method = method.as_str().to_ascii_lowercase();
    let problems = document.problems_of(&method, &template, &status, &answer);
    assert!(problems.is_empty(), "{method} {call} {status}: {problems:#?} in {answer:#}");
    answer
}

async fn read(site: &Site, template: &str, call: &str) -> Value {
    hold(site, Method::GET, template, call, Value::Null).await
}

#[tokio::test]
async fn about_people_have_atlassians_shapes() {
    let site = Site::start(JsmSettings::cloud()).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    site.jsm.list_customer("IT", &ann);
    site.jsm.add_organization("Acme", &[&ann], &["IT"]);
    let bob = json!({"displayName": "Bob", "email": "bob@example.com"});
    hold(&site, Method::POST, "/customer", "/customer", bob.clone()).await;
    hold(&site, Method::POST, "/customer", "/customer", bob).await;
    hold(&site, Method::POST, "/organization", "/organization", json!({"name": "New"})).await;
    read(&site, "/organization", "/organization?limit=1").await;
    read(&site, "/organization/{organizationId}", "/organization/1").await;
    read(&site, "/organization/{organizationId}", "/organization/99").await;
    read(&site, "/organization/{organizationId}/user", "/organization/1/user").await;
    read(
        &site,
        "/servicedesk/{serviceDeskId}/organization",
        &format!("/servicedesk/12/organization?accountId={ann}"),
    )
    .await;
    let customers = "/servicedesk/{serviceDeskId}/customer";
    let listed = read(&site, customers, "/servicedesk/12/customer?query=ann").await;
    assert!(listed.is_null() || listed["size"] == 1);
    let unknown = json!({"accountIds": ["nobody"]});
    hold(&site, Method::POST, customers, "/servicedesk/12/customer", unknown).await;
}

#[tokio::test]
async fn about_requests_have_atlassians_shapes() {
    let site = Site::start(JsmSettings::cloud()).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let key = site.jsm.add_request("IT", &ann, "Laptop");
    site.jsm.answer_with_file(&key, "manual.pdf", "read me");
    site.jsm.change_request(&key, |request| request.participants.push(ann.clone()));
    site.jsm.ask_approval(&key, &[&ann]);
    let all = "participant,status,sla,requestType,serviceDesk,attachment,comment,\
               comment.attachment,comment.renderedBody";
    let one = "/request/{issueIdOrKey}";
    read(&site, one, &format!("/request/{key}?expand={all}")).await;
    read(&site, one, "/request/IT-99").await;
    for part in ["status", "approval", "sla", "attachment"] {
        read(&site, &format!("{one}/{part}"), &format!("/request/{key}/{part}")).await;
    }
    let comments = format!("/request/{key}/comment?expand=attachment,renderedBody");
    read(&site, &format!("{one}/comment"), &comments).await;
    let desk = "/servicedesk/{serviceDeskId}";
    read(&site, &format!("{desk}/requesttypegroup"), "/servicedesk/12/requesttypegroup").await;
    let types = format!("{desk}/requesttype/{{requestTypeId}}");
    read(&site, &types, "/servicedesk/12/requesttype/66").await;
    let articles = "/knowledgebase/article";
    read(&site, articles, "/knowledgebase/article?query=x").await;
}

#[tokio::test]
async fn to_writing_calls_have_atlassians_shapes() {
    let site = Site::start(JsmSettings::cloud()).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let field = "/servicedesk/{serviceDeskId}/requesttype/{requestTypeId}/field";
    read(&site, field, "/servicedesk/12/requesttype/66/field").await;
    let raise = |values: Value| {
        json!({"serviceDeskId": "12", "requestTypeId": "66", "raiseOnBehalfOf": ann,
               "requestFieldValues": values})
    };
    let values = json!({"summary": "Laptop", "description": "please"});
    hold(&site, Method::POST, "/request", "/request", raise(values)).await;
    let key = if Document::at_hand().is_some() {
        "IT-1".to_owned()
    } else {
        site.jsm.add_request("IT", &ann, "Laptop")
    };
    let one = "/request/{issueIdOrKey}";
    let own = |part: &str| (format!("{one}/{part}"), format!("/request/{key}/{part}"));
    let (template, call) = own("comment");
    let body = json!({"body": "hello", "public": true});
    hold(&site, Method::POST, &template, &call, body).await;
    let (template, call) = own("participant");
    let body = json!({"accountIds": [ann]});
    hold(&site, Method::POST, &template, &call, body.clone()).await;
    hold(&site, Method::DELETE, &template, &call, body).await;
    let (template, call) = own("transition");
    read(&site, &template, &call).await;
    hold(&site, Method::POST, &template, &call, json!({"id": "761"})).await;
    hold(&site, Method::POST, &template, &call, json!({"id": "1"})).await;
}
