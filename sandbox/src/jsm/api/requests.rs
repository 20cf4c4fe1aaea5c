//! One request by JSM's own calls: what customers may know of it, with more on demand.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::super::data::fields::{Field, FieldKind};
use super::super::data::requests::{Approval, CustomerRequest, Status};
use super::super::desk::Desk;
use super::super::marks::AGENT_ONLY;
use super::super::moment::Moment;
use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared, State as Kept};
use super::answer::{Answer, Refusal, found};
use super::ask::Asked;
use super::named::{OfRequest, desk_of, no_request};
use super::paging::page;
use super::values::View;
use super::{comments, files, html, permissions, types};

const PATH: &str = "/rest/servicedeskapi/request/{key}";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(one))
        .route(&format!("{PATH}/status"), get(history))
        .route(&format!("{PATH}/approval"), get(approvals))
        .route(&format!("{PATH}/sla"), get(sla))
}

async fn one(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    asked: Asked,
) -> Answer {
    let mut whole = value(&app, &request, &asked)?;
    let Some(members) = whole.as_object_mut() else { return Err(no_request()) };
    let desk = desk_of(&app, &request)?;
    for expand in asked.all("expand") {
        let more = match expand {
            "participant" => ("participants", participants(&app, &request)),
            "status" => ("status", statuses(&app, &request, &asked)),
            "requestType" => match request.type_id.and_then(|id| desk.request_type(id)) {
                Some(it) => ("requestType", types::value(&app.view(), &desk, it)),
                None => continue,
            },
            "serviceDesk" => ("serviceDesk", super::super::rest::desk_value(&app, &desk)),
            "sla" => ("sla", cycles(&app, &request)),
            "comment" if app.is_cloud() => {
                ("comments", comments::list(&app, &request, &asked, true, true))
            }
            "attachment" if app.is_cloud() => ("attachments", files::list(&app, &request)),
            _ => continue,
        };
        members.insert(more.0.to_owned(), more.1);
    }
    found(whole)
}

/// A request without what has to be asked for.
pub(super) fn value(
    app: &Shared,
    request: &CustomerRequest,
    asked: &Asked,
) -> Result<Value, Refusal> {
    let (view, desk) = (app.view(), desk_of(app, request)?);
    let reporter =
        app.change(|state| request.reporter.as_ref().map(|id| view.user_by_id(&state.people, id)));
    let mut value = json!({
        "_expands":
            ["participant", "status", "sla", "requestType", "serviceDesk", "attachment", "action",
             "comment"],
        "issueId": request.issue_id.to_string(),
        "issueKey": request.key,
        "requestTypeId": request.type_id.unwrap_or_default().to_string(),
        "serviceDeskId": desk.id.to_string(),
        "createdDate": request.created.value(),
        "requestFieldValues": app.change(|state| field_values(&view, state, &desk, request)),
        "currentStatus": current(request, asked),
        "_links": links(&view, request),
    });
    if let (Some(members), Some(reporter)) = (value.as_object_mut(), reporter) {
        members.insert("reporter".to_owned(), reporter);
    }
    Ok(value)
}

pub(super) fn links(view: &View, request: &CustomerRequest) -> Value {
    let CustomerRequest { key, issue_id, portal_id, .. } = request;
    let base = &view.base_url;
    json!({
        "jiraRest": format!("{base}/rest/api/2/issue/{issue_id}"),
        "web": format!("{base}/servicedesk/customer/portal/{portal_id}/{key}"),
        "self": view.rest(&format!("request/{issue_id}")),
        "agent": format!("{base}/browse/{key}?{AGENT_ONLY}"),
    })
}

/// The status as customers know it, in German for those who ask so.
pub(super) fn current(request: &CustomerRequest, asked: &Asked) -> Value {
    let at = request.history.last().map_or(request.created, |(_, at)| *at);
    json!({
        "status": name(request.status, asked),
        "statusCategory": request.status.category(),
        "statusDate": at.value(),
    })
}

fn name(status: Status, asked: &Asked) -> &'static str {
    let german = asked.first("requestLanguage").is_some_and(|it| it.starts_with("de"));
    if german { status.german() } else { status.name() }
}

/// The values of the fields that the form shows; hidden ones are left out, even for agents.
fn field_values(view: &View, state: &Kept, desk: &Desk, request: &CustomerRequest) -> Vec<Value> {
    let it = request.type_id.and_then(|id| desk.request_type(id));
    let shown = it.iter().flat_map(|it| &it.fields).filter(|field| field.preset.is_none());
    let value = |field: &Field| {
        let sent = match field.kind {
            FieldKind::Summary => request.summary.as_str().into(),
            FieldKind::Description if !request.description.is_empty() => {
                request.description.as_str().into()
            }
            _ => request.fields.get(&field.id)?.clone(),
        };
        let mut value = json!({
            "fieldId": field.id,
            "label": field.name,
            "value": read(view, state, field, &sent),
        });
        if let (true, Some(text)) = (field.kind.is_rich(), sent.as_str()) {
            let members = value.as_object_mut()?;
            members.insert("renderedValue".to_owned(), json!({"html": html::of_text(text)}));
        }
        Some(value)
    };
    shown.filter_map(value).collect()
}

/// A value as it is read: choices with their labels, people with their names.
pub(super) fn read(view: &View, state: &Kept, field: &Field, sent: &Value) -> Value {
    if let Some(list) = sent.as_array() {
        return list.iter().map(|it| read(view, state, field, it)).collect();
    }
    if let Some(id) = sent["id"].as_str()
        && let Some(choice) = field.choice(id)
    {
        let mut value = json!({"id": id, "value": choice.label, "name": choice.label});
        if let (Some(child), Some(members)) = (sent.get("child"), value.as_object_mut()) {
            members.insert("child".to_owned(), read(view, state, field, child));
        }
        return value;
    }
    match sent["accountId"].as_str().or_else(|| sent["name"].as_str()) {
        Some(id) if state.people.account(id).is_some() => view.user_by_id(&state.people, id),
        _ => sent.clone(),
    }
}

async fn history(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    asked: Asked,
) -> Answer {
    found(statuses(&app, &request, &asked))
}

/// The newest first.
fn statuses(app: &Shared, request: &CustomerRequest, asked: &Asked) -> Value {
    let value = |(status, at): &(Status, Moment)| {
        let mut value = json!({"status": name(*status, asked), "statusDate": at.value()});
        if let (true, Some(members)) = (app.is_cloud(), value.as_object_mut()) {
            members.insert("statusCategory".to_owned(), status.category().into());
        }
        value
    };
    let all = request.history.iter().rev().map(value).collect();
    page(app, &format!("request/{}/status", request.key), asked.window(), all)
}

/// Those it is shared with, without the reporter.
pub(super) fn participants(app: &Shared, request: &CustomerRequest) -> Value {
    let view = app.view();
    let all = app.change(|state| {
        let ids = request.participants.iter();
        ids.map(|id| view.user_by_id(&state.people, id)).collect()
    });
    let window = super::paging::Window { start: 0, limit: 50 };
    page(app, &format!("request/{}/participant", request.key), window, all)
}

async fn approvals(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    asked: Asked,
) -> Answer {
    let (view, own) = (app.view(), format!("request/{}/approval", request.key));
    let all = app.change(|state| {
        let value = |approval: &Approval| {
            let approver = |id: &String| {
                let approver = view.user_by_id(&state.people, id);
                json!({"approver": approver, "approverDecision": approval.decision})
            };
            json!({
                "id": approval.id.to_string(),
                "name": approval.name,
                "finalDecision": approval.decision,
                "canAnswerApproval": false,
                "approvers": approval.approvers.iter().map(approver).collect::<Vec<_>>(),
                "createdDate": approval.created.value(),
                "_links": {"self": view.rest(&format!("{own}/{}", approval.id))},
            })
        };
        request.approvals.iter().map(value).collect()
    });
    found(page(&app, &own, asked.window(), all))
}

async fn sla(_: ServiceAccount, State(app): State<App>, OfRequest(request): OfRequest) -> Answer {
    permissions::agent(&app)?;
    found(cycles(&app, &request))
}

fn cycles(app: &Shared, request: &CustomerRequest) -> Value {
    let own = format!("request/{}/sla", request.key);
    let window = super::paging::Window { start: 0, limit: 50 };
    page(app, &own, window, vec![agreed_time(&app.view(), request)])
}

/// The one agreed time of a request, in the shape that the field of the issue has too.
pub(super) fn agreed_time(view: &View, request: &CustomerRequest) -> Value {
    let hours = |hours: i64| json!({"millis": hours * 3_600_000, "friendly": format!("{hours}h")});
    let ongoing = json!({
        "startTime": request.created.value(),
        "breachTime": request.created.plus(4 * 3_600_000).value(),
        "breached": false,
        "paused": request.status == Status::WaitingForCustomer,
        "withinCalendarHours": true,
        "goalDuration": hours(4),
        "elapsedTime": hours(1),
        "remainingTime": hours(3),
    });
    let own = view.rest(&format!("request/{}/sla/1", request.key));
    let mut value = Map::from_iter([
        ("id".to_owned(), json!("1")),
        ("name".to_owned(), json!("Time to first response")),
        ("completedCycles".to_owned(), json!([])),
        ("_links".to_owned(), json!({"self": own})),
    ]);
    if !request.is_resolved() {
        value.insert("ongoingCycle".to_owned(), ongoing);
    }
    Value::Object(value)
}
