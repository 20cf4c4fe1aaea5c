//! Issues by the platform's calls, with everything that agents know of them.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::data::fields::{Field, FieldKind};
use super::super::data::requests::CustomerRequest;
use super::super::desk::Desk;
use super::super::platform::ServiceAccount;
use super::super::state::{App, Attachment, State as Kept};
use super::answer::{Answer, Refusal, found};
use super::ask::Asked;
use super::named::OfIssue;
use super::values::View;
use super::{comments, files, requests, types};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/api/{version}/issue/{key}", get(one))
        .route("/rest/api/{version}/issue/{key}/properties/{property}", get(property))
        .route("/rest/api/{version}/field", get(fields))
}

async fn one(
    _: ServiceAccount,
    State(app): State<App>,
    OfIssue(request): OfIssue,
    asked: Asked,
) -> Answer {
    let view = app.view();
    let names: Vec<_> = asked.all("fields").map(str::to_owned).collect();
    let properties: Vec<_> = asked.all("properties").collect();
    let mut value = app.change(|state| issue(&view, state, &request, &names, &asked));
    if let (false, Some(members)) = (properties.is_empty(), value.as_object_mut()) {
        let wanted = |key: &str| properties.contains(&key) || properties.contains(&"*all");
        let all = request.properties.iter().filter(|(key, _)| wanted(key));
        let all: Map<_, _> = all.map(|(key, value)| (key.clone(), value.clone())).collect();
        members.insert("properties".to_owned(), all.into());
    }
    found(value)
}

/// An issue with the fields of these names; with all if there are none.
pub(super) fn issue(
    view: &View,
    state: &Kept,
    request: &CustomerRequest,
    names: &[String],
    asked: &Asked,
) -> Value {
    let version = if view.cloud { 3 } else { 2 };
    let all = names.is_empty() || names.iter().any(|it| it == "*all" || it == "*navigable");
    let every = every_field(view, state, request, asked);
    let wanted = every.into_iter().filter(|(name, _)| all || names.contains(name));
    json!({
        "expand": "renderedFields,names,schema,operations,editmeta,changelog",
        "id": request.issue_id.to_string(),
        "self": format!("{}/rest/api/{version}/issue/{}", view.base_url, request.issue_id),
        "key": request.key,
        "fields": wanted.collect::<Map<_, _>>(),
    })
}

/// The agent who works on every request.
fn assignee(cloud: bool) -> Value {
    let id = if cloud { "accountId" } else { "name" };
    json!({
        id: "agent-alex", "displayName": "Alex Agent", "emailAddress": "AGENT-ONLY@example.com",
        "active": true,
    })
}

fn every_field(
    view: &View,
    state: &Kept,
    request: &CustomerRequest,
    asked: &Asked,
) -> Map<String, Value> {
    let desk = state.desks.iter().find(|desk| desk.portal_id == request.portal_id);
    let mut fields = system_fields(view, state, request, desk, asked);
    let it = desk.and_then(|desk| desk.request_type(request.type_id?));
    for field in it.iter().flat_map(|it| &it.fields) {
        if let Some(sent) = request.fields.get(&field.id) {
            let read = requests::read(view, state, field, sent);
            fields.entry(field.id.clone()).or_insert(read);
        }
    }
    fields.extend(jsm_fields(view, state, request, desk, asked));
    fields
}

/// Those that every issue has.
fn system_fields(
    view: &View,
    state: &Kept,
    request: &CustomerRequest,
    desk: Option<&Desk>,
    asked: &Asked,
) -> Map<String, Value> {
    let person = |id: &String| view.platform_user_by_id(&state.people, id);
    let rich = |text: &str| {
        if view.cloud { comments::document(text) } else { Value::from(text) }
    };
    let own = |it: &&Attachment| it.request.as_deref() == Some(request.key.as_str());
    let files = state.attachments.iter().filter(own).map(|it| files::of_platform(view, state, it));
    let resolution = request.is_resolved().then(|| json!({"id": "10000", "name": "Done"}));
    let said = request.comments.iter();
    let said: Vec<_> =
        said.map(|it| comments::of_platform(view, state, request, it, asked)).collect();
    let project = desk
        .map(|desk| json!({"id": desk.project_id.to_string(), "key": desk.key, "name": desk.name}));
    Map::from_iter(
        [
            ("summary", json!(request.summary)),
            ("description", rich(&request.description)),
            ("status", status(request)),
            ("reporter", json!(request.reporter.as_ref().map(person))),
            ("creator", person(&request.creator)),
            (
                "priority",
                json!({"id": "2", "name": "High", "iconUrl": "https://example.net/high.svg"}),
            ),
            ("assignee", assignee(view.cloud)),
            ("created", request.created.platform().into()),
            ("updated", request.updated.platform().into()),
            ("resolution", json!(resolution)),
            ("project", json!(project)),
            ("issuetype", json!({"id": "10002", "name": "Service Request"})),
            ("attachment", files.collect()),
            ("comment", json!({"comments": said, "total": request.comments.len()})),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    )
}

/// The status as agents know it.
fn status(request: &CustomerRequest) -> Value {
    let (id, key, name) = request.status.platform_category();
    json!({
        "id": format!("1000{id}"),
        "name": request.status.internal(),
        "statusCategory": {"id": id, "key": key, "name": name},
    })
}

/// The fields that JSM adds, by the ids that they have on this site.
fn jsm_fields(
    view: &View,
    state: &Kept,
    request: &CustomerRequest,
    desk: Option<&Desk>,
    asked: &Asked,
) -> Map<String, Value> {
    let shared = |it: &&super::super::Organization| request.organizations.contains(&it.id);
    let organizations = state.people.organizations.iter().filter(shared);
    let organizations: Value = organizations.map(|it| view.organization(it)).collect();
    let participants: Value =
        request.participants.iter().map(|id| view.platform_user_by_id(&state.people, id)).collect();
    let it = desk.and_then(|desk| Some((desk, desk.request_type(request.type_id?)?)));
    let origin = it.map(|(desk, it)| {
        json!({
            "_links": requests::links(view, request),
            "requestType": types::value(view, desk, it),
            "currentStatus": requests::current(request, asked),
        })
    });
    let approvals: Value = request
        .approvals
        .iter()
        .map(|it| json!({"id": it.id.to_string(), "name": it.name, "finalDecision": it.decision}))
        .collect();
    let sla = requests::agreed_time(view, request);
    let all = [json!(origin), organizations, participants, approvals, sla];
    let ids = jsm_definitions(state.first_field);
    ids.into_iter().zip(all).map(|(field, value)| (field.id, value)).collect()
}

/// Their names are those of the site's language, and their ids its own.
pub(super) fn jsm_definitions(first: u64) -> [Field; 5] {
    let field = |by: u64, name: &str, kind: FieldKind| {
        Field::new(&format!("customfield_{}", first + by), name, kind)
    };
    [
        field(0, "Anfragetyp", FieldKind::RequestType),
        field(1, "Organisationen", FieldKind::Organizations),
        field(2, "Anfrageteilnehmer", FieldKind::Participants),
        field(3, "Genehmigungen", FieldKind::Approvals),
        field(4, "Zeit bis zur ersten Antwort", FieldKind::Sla),
    ]
}

async fn property(
    _: ServiceAccount,
    State(app): State<App>,
    OfIssue(request): OfIssue,
    axum::extract::Path(path): axum::extract::Path<std::collections::HashMap<String, String>>,
) -> Answer {
    let _ = app;
    let key = path.get("property").map(String::as_str).unwrap_or_default();
    let sentence = format!("The property with key '{key}' does not exist.");
    let value = request.properties.get(key);
    let value = value.ok_or_else(|| Refusal::platform(StatusCode::NOT_FOUND, &sentence))?;
    found(json!({"key": key, "value": value}))
}

async fn fields(_: ServiceAccount, State(app): State<App>) -> Answer {
    let first = app.change(|state| state.first_field);
    let desks = app.desks();
    let grouped = desks.iter().flat_map(|desk| desk.groups.iter().flat_map(|group| &group.types));
    let types = grouped.chain(desks.iter().flat_map(|desk| &desk.ungrouped));
    let mut all: Vec<Field> = jsm_definitions(first).into();
    for field in types.flat_map(|it| &it.fields) {
        if !all.iter().any(|there| there.id == field.id) {
            all.push(field.clone());
        }
    }
    let value = |field: &Field| {
        json!({
            "id": field.id,
            "key": field.id,
            "name": field.name,
            "custom": field.number().is_some(),
            "orderable": true,
            "navigable": true,
            "searchable": true,
            "clauseNames": field.number().map_or_else(
                || vec![field.id.clone()],
                |number| vec![format!("cf[{number}]"), field.name.clone()],
            ),
            "schema": field.schema(),
        })
    };
    found(all.iter().map(value).collect())
}
