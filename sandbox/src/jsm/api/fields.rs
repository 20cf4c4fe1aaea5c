//! The fields of a request type's form.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Value, json};

use super::super::data::fields::{Choice, Field};
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, found};
use super::ask::{Asked, InDesk};
use super::permissions::may;
use super::types::OfType;

pub(super) fn routes() -> Router<App> {
    let path = "/rest/servicedeskapi/servicedesk/{desk}/requesttype/{type}/field";
    let meta = "/rest/api/{version}/issue/createmeta/{desk}/issuetypes/{issue_type}";
    Router::new().route(path, get(fields)).route(meta, get(of_issue_type))
}

/// Cloud also tells of fields that the form does not show, and of children and defaults.
async fn fields(_: ServiceAccount, State(app): State<App>, OfType(_, it): OfType) -> Answer {
    let cloud = app.is_cloud();
    let shown = it.fields.iter().filter(|field| cloud || field.preset.is_none());
    let agent = may(&app, "SERVICEDESK_AGENT");
    found(json!({
        "requestTypeFields": shown.map(|field| value(field, cloud)).collect::<Vec<_>>(),
        "canRaiseOnBehalfOf": agent,
        "canAddRequestParticipants": agent,
    }))
}

/// The platform's description of a project's fields, the only one on Data Center with children.
async fn of_issue_type(_: ServiceAccount, InDesk(desk): InDesk, asked: Asked) -> Answer {
    let grouped = desk.groups.iter().flat_map(|group| &group.types);
    let mut all: Vec<&Field> = Vec::new();
    for field in grouped.chain(&desk.ungrouped).flat_map(|it| &it.fields) {
        if !all.iter().any(|there| there.id == field.id) {
            all.push(field);
        }
    }
    let (start, most) = (asked.number("startAt", 0), asked.number("maxResults", 50));
    let part: Vec<_> = all.iter().skip(start).take(most).map(|field| meta_value(field)).collect();
    found(json!({
        "startAt": start,
        "maxResults": most,
        "total": all.len(),
        "isLast": start + part.len() >= all.len(),
        "values": part,
    }))
}

fn meta_value(field: &Field) -> Value {
    let mut value = json!({
        "fieldId": field.id,
        "name": field.name,
        "required": field.required,
        "schema": field.schema(),
        "operations": ["set"],
        "hasDefaultValue": field.default.is_some(),
    });
    if let (false, Some(members)) = (field.choices.is_empty(), value.as_object_mut()) {
        let allowed = field.choices.iter().map(allowed_value);
        members.insert("allowedValues".to_owned(), allowed.collect());
    }
    value
}

fn allowed_value(choice: &Choice) -> Value {
    let children: Vec<_> = choice.children.iter().map(allowed_value).collect();
    let mut value = json!({"id": choice.id, "value": choice.label, "name": choice.label});
    if let (false, Some(members)) = (children.is_empty(), value.as_object_mut()) {
        members.insert("children".to_owned(), children.into());
    }
    value
}

fn value(field: &Field, cloud: bool) -> Value {
    let choices = field.choices.iter().map(|choice| choice_value(choice, cloud));
    let mut value = json!({
        "fieldId": field.id,
        "name": field.name,
        "description": field.description,
        "required": field.required,
        "validValues": choices.collect::<Vec<_>>(),
        "jiraSchema": field.schema(),
    });
    if let (true, Some(members)) = (cloud, value.as_object_mut()) {
        let default = field.default.as_ref().and_then(|id| field.choice(id));
        let defaults: Vec<_> = default.iter().map(|it| choice_value(it, true)).collect();
        let presets: Vec<_> = field.preset.iter().collect();
        members.insert("defaultValues".to_owned(), defaults.into());
        members.insert("presetValues".to_owned(), json!(presets));
        members.insert("visible".to_owned(), field.preset.is_none().into());
    }
    value
}

fn choice_value(choice: &Choice, cloud: bool) -> Value {
    let mut value = json!({"value": choice.id, "label": choice.label});
    if let (true, Some(members)) = (cloud, value.as_object_mut()) {
        let children = choice.children.iter().map(|it| choice_value(it, true));
        members.insert("children".to_owned(), children.collect());
    }
    value
}
