//! What JSM and Jira tell of one request, read into one. Must not know how they are asked.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::files::RawAttachment;
use super::super::shapes::{RawDate, RawList, RawOrganization, RawStatus, RawUser, each, each_of};
use super::super::site::SiteFacts;
use super::super::value::RawField;
use super::super::{FieldValue, Organization, Person};
use super::{OWN_PROPERTY, Request};
use crate::config::Deployment;
use crate::domain::{AttachmentId, IssueId, RequestKey, RequestTypeId};
use crate::jsm::rest::{or_default, text_or_number};

/// `GET /rest/servicedeskapi/request/{key}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::jsm::requests) struct RawRequest {
    issue_id: IssueId,
    issue_key: RequestKey,
    #[serde(default)]
    request_type_id: Option<RequestTypeId>,
    #[serde(deserialize_with = "text_or_number")]
    service_desk_id: String,
    created_date: RawDate,
    #[serde(default, deserialize_with = "or_default")]
    reporter: RawUser,
    #[serde(default, deserialize_with = "or_default")]
    request_field_values: Vec<Value>,
    current_status: RawStatus,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    request_type: Value,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) participants: RawList,
    #[serde(default, deserialize_with = "or_default")]
    status: RawList,
}

/// `GET /rest/api/…/issue/{key}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::jsm::requests) struct RawIssue {
    key: RequestKey,
    fields: Map<String, Value>,
    #[serde(default, deserialize_with = "or_default")]
    properties: Map<String, Value>,
    rendered_fields: Option<Map<String, Value>>,
}

#[derive(Debug, Default, Deserialize)]
struct OwnProperty {
    #[serde(default)]
    attachments: Vec<Value>,
}

fn people(values: Vec<Value>, deployment: Deployment) -> Vec<Person> {
    each::<RawUser>(values).into_iter().map(|user| user.person(deployment)).collect()
}

/// `None` for what is no request of a portal, and for one that has another key now.
pub(in crate::jsm::requests) fn request(
    key: &RequestKey,
    told: RawRequest,
    issue: &RawIssue,
    site: &SiteFacts,
) -> Option<Request> {
    let is_request =
        issue.fields.get(&site.request_type.to_string()).is_some_and(|it| !it.is_null());
    if !is_request || told.issue_key != *key || issue.key != *key {
        return None;
    }
    let organizations = site.organizations.map(|id| id.to_string());
    let organizations = organizations.and_then(|id| issue.fields.get(&id));
    let organizations: Vec<RawOrganization> = each_of(organizations);
    let attachments: Vec<RawAttachment> = each_of(issue.fields.get("attachment"));
    let attachments = attachments.into_iter().map(|it| it.attachment(site.deployment));
    let (summary, fields) = fields(told.request_field_values, issue.rendered_fields.as_ref());
    let type_name = told.request_type.get("name").and_then(Value::as_str).unwrap_or_default();
    Some(Request {
        key: told.issue_key,
        id: told.issue_id,
        request_type: told.request_type_id?,
        type_name: type_name.to_owned(),
        service_desk_id: told.service_desk_id,
        summary: told.summary.or(summary).unwrap_or_default(),
        status: told.current_status.status(),
        history: each::<RawStatus>(told.status.values).into_iter().map(RawStatus::status).collect(),
        created: told.created_date.time()?,
        reporter: told.reporter.person(site.deployment),
        priority: priority(&issue.fields),
        assignee: person_in(&issue.fields, "assignee", site.deployment),
        fields,
        participants: people(told.participants.values, site.deployment),
        organizations: organizations.into_iter().map(Organization::from).collect(),
        approvals: Vec::new(),
        attachments: attachments.collect(),
        own_files: own_files(&issue.properties),
    })
}

/// How urgent an issue is.
pub(in crate::jsm::requests) fn priority(fields: &Map<String, Value>) -> Option<String> {
    fields.get("priority")?.get("name")?.as_str().map(str::to_owned)
}

/// Somebody whom a field of an issue names.
pub(in crate::jsm::requests) fn person_in(
    fields: &Map<String, Value>,
    name: &str,
    deployment: Deployment,
) -> Option<Person> {
    let user = fields.get(name).filter(|it| it.is_object())?;
    RawUser::deserialize(user).ok().map(|user| user.person(deployment))
}

/// The summary, and the fields besides it. Files have a place of their own.
fn fields(
    values: Vec<Value>,
    rendered: Option<&Map<String, Value>>,
) -> (Option<String>, Vec<FieldValue>) {
    let mut summary = None;
    let mut fields = Vec::new();
    for raw in each::<RawField>(values) {
        match raw.field_id.as_str() {
            "summary" => summary = raw.value.as_str().map(str::to_owned),
            "attachment" => {}
            _ => fields.extend(raw.into_value(rendered)),
        }
    }
    (summary, fields)
}

fn own_files(properties: &Map<String, Value>) -> HashSet<AttachmentId> {
    let property = properties.get(OWN_PROPERTY).cloned().unwrap_or_default();
    let property: OwnProperty = serde_json::from_value(property).unwrap_or_default();
    each(property.attachments).into_iter().collect()
}
