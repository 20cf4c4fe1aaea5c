//! A request, a portal and a site for tests, in the shapes that Atlassian's description of the API has.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::CustomFieldId;
use super::Request;
use super::request::{RawIssue, RawRequest, request as read};
use super::site::SiteFacts;
use crate::config::Deployment;
use crate::domain::{AccountId, LinkName, Mode, Portal, PortalId, RequestKey};

/// An account.
pub(crate) fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

/// A portal of a project.
pub(crate) fn portal(key: &str) -> Portal {
    Portal {
        service_desk_id: "12".to_owned(),
        portal_id: PortalId::parse("2").ok(),
        project_id: "10002".to_owned(),
        project_key: key.to_owned(),
        former_keys: Vec::new(),
        name: key.to_owned(),
        link: LinkName::parse(&key.to_lowercase()).unwrap(),
        mode: Mode::Hosted,
        service_provider: None,
        rules: Arc::default(),
        open_desk: false,
        greeting: Arc::default(),
        gone: false,
    }
}

/// A site of Cloud, whose service account is `gate`.
pub(super) fn site() -> SiteFacts {
    let field = |id: u64| CustomFieldId::of(id);
    SiteFacts {
        deployment: Deployment::Cloud,
        request_type: field(10010),
        participants: Some(field(10011)),
        organizations: Some(field(10012)),
        approvals: Some(field(10013)),
        slas: vec![field(10014), field(10015)],
        service_account: Some(account("gate")),
        time_zone: TimeZone::get("Europe/Berlin").unwrap(),
    }
}

/// What JSM answers for customers: a request of Ann's, in which Bob takes part.
pub(super) fn told() -> Value {
    json!({
        "_expands": [], "issueId": "107001", "issueKey": "IT-12", "requestTypeId": "66",
        "serviceDeskId": "12",
        "createdDate": {"iso8601": "2015-10-08T14:42:00+0700", "epochMillis": 1_444_290_120_000_i64},
        "reporter": {"accountId": "ann", "emailAddress": "ann@b.example", "displayName": "Ann",
            "_links": {"jiraRest": "https://acme.atlassian.net/rest/api/2/user?accountId=ann"}},
        "requestFieldValues": [
            {"fieldId": "summary", "label": "What?", "value": "New mouse"},
            {"fieldId": "description", "label": "Why?", "value": "a *mouse*",
                "renderedValue": {"html": "<p>a <b>mouse</b></p>"}},
            {"fieldId": "attachment", "label": "Files", "value": [{"filename": "x"}]},
            {"fieldId": "customfield_10020", "label": "Colour", "value": {"id": "1", "value": "Red"}},
            {"fieldId": "customfield_10021", "label": "Size", "value": null},
        ],
        "currentStatus": {"status": "Waiting for you", "statusCategory": "INDETERMINATE",
            "statusDate": {"epochMillis": 1_444_290_130_000_i64}},
        "requestType": {"id": "66", "name": "Get help"},
        "participants": {"isLastPage": true, "size": 1, "values": [
            {"accountId": "bob", "emailAddress": "bob@b.example", "displayName": "Bob"}]},
        "status": {"isLastPage": true, "values": [
            {"status": "Waiting for you", "statusCategory": "INDETERMINATE",
                "statusDate": {"epochMillis": 1_444_290_130_000_i64}},
            {"status": "Open", "statusCategory": "NEW",
                "statusDate": {"epochMillis": 1_444_290_120_000_i64}}]},
        "_links": {"agent": "https://acme.atlassian.net/browse/IT-12",
            "jiraRest": "https://acme.atlassian.net/rest/api/2/issue/107001"},
    })
}

/// A file of somebody.
pub(super) fn file(id: u64, name: &str, author: &str) -> Value {
    json!({
        "id": id.to_string(), "filename": name, "size": 23123, "mimeType": "image/png",
        "created": "2015-10-08T14:42:00.000+0700", "author": {"accountId": author},
        "content": format!("https://acme.atlassian.net/rest/api/3/attachment/content/{id}"),
        "thumbnail": format!("https://acme.atlassian.net/rest/api/3/attachment/thumbnail/{id}"),
    })
}

/// What Jira answers of the same request: Acme shares it, and it has five files.
pub(super) fn issue() -> Value {
    json!({
        "id": "107001", "key": "IT-12",
        "fields": {
            "customfield_10010": {"requestType": {"id": "66"}},
            "customfield_10012": [{"id": "3", "name": "Acme"}],
            "attachment": [
                file(1, "by-ann.png", "ann"),
                file(2, "INTERNAL-FILE.png", "agent"),
                file(3, "public-of-agent.png", "agent"),
                file(4, "by-the-gate.png", "gate"),
                file(5, "by-ann-for-the-team.png", "ann"),
            ],
        },
        "properties": {"jsm-gate.request": {"link": "it", "attachments": ["4"]}},
    })
}

/// The request that the two make, if any.
pub(super) fn request_of(told: Value, issue: Value) -> Option<Request> {
    let told: RawRequest = serde_json::from_value(told).unwrap();
    let issue: RawIssue = serde_json::from_value(issue).unwrap();
    read(&RequestKey::parse("IT-12").unwrap(), told, &issue, &site())
}

/// A request of Ann's that Acme shares, in which Bob takes part, and which Cem has to approve.
pub(crate) fn request() -> Request {
    let approval = json!({
        "id": "1", "name": "Please approve", "finalDecision": "pending", "approvers": [
            {"approver": {"accountId": "cem", "displayName": "Cem"}, "approverDecision": "pending"}],
    });
    let approval: super::approvals::RawApproval = serde_json::from_value(approval).unwrap();
    let mut request = request_of(told(), issue()).unwrap();
    request.approvals = vec![approval.approval(Deployment::Cloud)];
    request
}
