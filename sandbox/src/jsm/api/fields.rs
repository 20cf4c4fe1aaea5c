//! The fields of a request type's form.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Value, json};

use super::super::data::fields::{Choice, Field};
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::Answer;
use super::answer::found;
use super::permissions::may;
use super::types::OfType;

pub(super) fn routes() -> Router<App> {
    let path = "/rest/servicedeskapi/servicedesk/{desk}/requesttype/{type}/field";
    Router::new().route(path, get(fields))
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
