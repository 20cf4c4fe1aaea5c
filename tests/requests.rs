//! Customers' requests, as the gate reads them from a JSM over HTTP.

#![cfg(test)]

#[path = "requests/files.rs"]
mod files;
#[path = "requests/lists.rs"]
mod lists;
#[path = "requests/reading.rs"]
mod reading;
#[path = "requests/seen.rs"]
mod seen;
#[path = "support/jsm.rs"]
mod support;

use jsm_gate::domain::RequestKey;
use jsm_gate::jsm::RequestLanguage;
use jsm_gate::jsm::requests::Requests;
use sandbox::jsm::{Canned, Desk, JsmSettings};
use serde_json::{Value, json};

use support::Site;

fn cloud() -> JsmSettings {
    JsmSettings::cloud().with_desks([Desk::new(2, "IT", "IT Help")])
}

fn german() -> RequestLanguage {
    RequestLanguage::parse("de-DE").unwrap()
}

fn key(text: &str) -> RequestKey {
    RequestKey::parse(text).unwrap()
}

/// The answers that tell of one request, `IT-12`, with one file of the reporter's.
fn answer_for_it_12(site: &Site) {
    let once = |path: &str, body: &Value| {
        site.jsm.answer_next(1, &Canned::json(200, body.to_string()).for_paths(path));
    };
    once("/rest/api/3/field", &fields());
    once("/rest/api/3/issue/IT-12/comment", &json!({"comments": [], "total": 0}));
    once("/rest/servicedeskapi/request/IT-12/comment", &json!({"isLastPage": true, "values": []}));
    once("/rest/servicedeskapi/request/IT-12/approval", &json!({"isLastPage": true, "values": []}));
    once("/rest/api/3/issue/IT-12", &issue());
    once("/rest/servicedeskapi/request/IT-12", &told());
}

fn fields() -> Value {
    let custom = |id: u64, custom: &str| {
        json!({"id": format!("customfield_{id}"), "name": "Anfragetyp",
            "schema": {"type": "any", "custom": custom, "customId": id}})
    };
    json!([
        {"id": "summary", "name": "Zusammenfassung", "schema": {"type": "string"}},
        {"id": "thumbnail", "name": "Bilder"},
        custom(10010, "com.atlassian.servicedesk:vp-origin"),
        custom(10012, "com.atlassian.servicedesk:sd-customer-organizations"),
    ])
}

fn told() -> Value {
    json!({
        "issueId": "107001", "issueKey": "IT-12", "requestTypeId": "66", "serviceDeskId": "12",
        "createdDate": {"epochMillis": 1_444_290_120_000_i64},
        "reporter": {"accountId": "ann", "displayName": "Ann"},
        "requestFieldValues": [{"fieldId": "summary", "label": "Was?", "value": "Neue Maus"}],
        "currentStatus": {"status": "Offen", "statusCategory": "NEW"},
    })
}

fn issue() -> Value {
    json!({"id": "107001", "key": "IT-12", "fields": {
        "customfield_10010": {"requestType": {"id": "66"}},
        "attachment": [{"id": "10000", "filename": "maus.png", "author": {"accountId": "ann"}}],
    }})
}

fn requests(site: &Site) -> Requests {
    Requests::new(site.client())
}
