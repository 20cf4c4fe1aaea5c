//! The JSM REST API as far as the gate uses it, with the shapes of Atlassian's own document.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::answer::Refusal;
use super::api::ask::{Asked, InDesk};
use super::api::paging::page;
use super::desk::Desk;
use super::platform::ServiceAccount;
use super::state::{App, Shared};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/servicedeskapi/info", get(info))
        .route("/rest/servicedeskapi/servicedesk", get(service_desks))
        .route("/rest/servicedeskapi/servicedesk/{desk}", get(service_desk))
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
    let Some(desk) = app.desks().into_iter().find(is_it).filter(|_| !app.is_cloud()) else {
        let sentence = "The portal does not exist.";
        return Refusal::jsm(StatusCode::NOT_FOUND, sentence, "sd.portal.error.not.found")
            .into_response();
    };
    Json(json!({
        "id": desk.portal_id,
        "name": desk.name,
        "description": desk.description,
        "_links": {"self": rest_url(&app, &format!("portals/{}", desk.portal_id))},
    }))
    .into_response()
}

pub(super) fn desk_value(app: &Shared, desk: &Desk) -> Value {
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

fn rest_url(app: &Shared, call: &str) -> String {
    format!("{}/rest/servicedeskapi/{call}", app.base_url())
}
