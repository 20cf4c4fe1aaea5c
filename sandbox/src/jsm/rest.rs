//! The JSM REST API as far as the gate uses it, with the shapes of Atlassian's own document.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::{Asked, Experimental, InDesk, Refusal, page};
use super::platform::ServiceAccount;
use super::state::{App, Shared};
use super::{Desk, RequestType, RequestTypeGroup};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/servicedeskapi/info", get(info))
        .route("/rest/servicedeskapi/servicedesk", get(service_desks))
        .route("/rest/servicedeskapi/servicedesk/{desk}", get(service_desk))
        .route("/rest/servicedeskapi/servicedesk/{desk}/requesttype", get(types_of_desk))
        .route("/rest/servicedeskapi/requesttype", get(request_types))
        .route("/rest/servicedeskapi/portals/project/{key}", get(portal_of_project))
}

async fn info(State(app): State<App>) -> Json<Value> {
    Json(json!({
        "version": "5.12.15",
        "platformVersion": "9.12.15",
        "buildDate": {
            "iso8601": "2015-10-08T14:42:00+0700",
            "jira": "2015-10-08T14:42:00.000+0700",
            "friendly": "Monday 14:42 PM",
            "epochMillis": 1_444_290_120_000_i64,
        },
        "buildChangeSet": "c667de1a1d8e0d4d8c1f4d4d9c8f9ad2f1c2b9f0",
        "isLicensedForUse": true,
        "_links": {"self": rest_url(&app, "info")},
    }))
}

async fn service_desks(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Json<Value> {
    let all = app.desks().iter().map(|desk| desk_value(&app, desk)).collect();
    Json(page(&app, "servicedesk", asked.window(), all))
}

async fn service_desk(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
) -> Json<Value> {
    Json(desk_value(&app, &desk))
}

async fn types_of_desk(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    asked: Asked,
) -> Response {
    let call = format!("servicedesk/{}/requesttype", desk.id);
    Json(page(&app, &call, asked.window(), type_values(&app, &desk))).into_response()
}

async fn request_types(
    _: ServiceAccount,
    _: Experimental,
    State(app): State<App>,
    asked: Asked,
) -> Response {
    let all = app.desks().iter().flat_map(|desk| type_values(&app, desk)).collect();
    Json(page(&app, "requesttype", asked.window(), all)).into_response()
}

#[derive(Deserialize)]
struct KeyOfProject {
    key: String,
}

/// Data Center only.
async fn portal_of_project(
    _: ServiceAccount,
    State(app): State<App>,
    Path(path): Path<KeyOfProject>,
) -> Response {
    let is_it = |desk: &Desk| desk.key == path.key && desk.tells_portal_id;
    match app.desks().into_iter().find(is_it).filter(|_| !app.is_cloud()) {
        Some(desk) => Json(json!({
            "id": desk.portal_id,
            "name": desk.name,
            "description": desk.description,
            "_links": {"self": rest_url(&app, &format!("portals/{}", desk.portal_id))},
        }))
        .into_response(),
        None => {
            let sentence = "The portal does not exist.";
            Refusal::jsm(StatusCode::NOT_FOUND, sentence, "sd.portal.error.not.found")
                .into_response()
        }
    }
}

fn desk_value(app: &Shared, desk: &Desk) -> Value {
    let mut value = json!({
        "id": desk.id.to_string(),
        "projectId": desk.project_id.to_string(),
        "projectName": desk.name,
        "projectKey": desk.key,
        "_links": {"self": rest_url(app, &format!("servicedesk/{}", desk.id))},
    });
    if let (false, true, Some(links)) = (
        app.is_cloud(),
        desk.tells_portal_id,
        value.get_mut("_links").and_then(Value::as_object_mut),
    ) {
        let portal = format!("{}/servicedesk/customer/portal/{}", app.base_url(), desk.portal_id);
        links.insert("portal".to_owned(), portal.into());
    }
    value
}

fn type_values(app: &Shared, desk: &Desk) -> Vec<Value> {
    if !desk.tells_portal_id {
        // As on a site where every request type is hidden.
        return Vec::new();
    }
    let of_group = |group: &RequestTypeGroup| {
        let group_id = group.id;
        group.types.iter().map(move |it| type_value(app, desk, group_id, it)).collect::<Vec<_>>()
    };
    desk.groups.iter().flat_map(of_group).collect()
}

fn type_value(app: &Shared, desk: &Desk, group_id: u64, it: &RequestType) -> Value {
    let own = format!("servicedesk/{}/requesttype/{}", desk.id, it.id);
    let avatar =
        format!("{}/rest/api/2/universal_avatar/view/type/SD_REQTYPE/avatar/10505", app.base_url());
    let mut value = json!({
        "_expands": [],
        "id": it.id.to_string(),
        "_links": {"self": rest_url(app, &own)},
        "name": it.name,
        "description": it.description,
        "helpText": "",
        "issueTypeId": "10002",
        "serviceDeskId": desk.id.to_string(),
        "groupIds": [group_id.to_string()],
        "icon": {"id": "10505", "_links": {"iconUrls": {"48x48": avatar}}},
    });
    if let (true, Some(fields)) = (app.is_cloud(), value.as_object_mut()) {
        fields.insert("portalId".to_owned(), desk.portal_id.to_string().into());
    }
    value
}

fn rest_url(app: &Shared, call: &str) -> String {
    format!("{}/rest/servicedeskapi/{call}", app.base_url())
}
