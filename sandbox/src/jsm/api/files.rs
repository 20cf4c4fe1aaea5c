//! Files of requests: lists, and the way to their content, which on Cloud leads to another host.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::super::attachments::send;
use super::super::data::requests::CustomerRequest;
use super::super::marks::MEDIA_TOKEN;
use super::super::platform::ServiceAccount;
use super::super::state::{App, Attachment, Shared, State as Kept};
use super::answer::{Answer, Refusal, found};
use super::ask::{CloudOnly, DataCenterOnly};
use super::named::OfRequest;
use super::paging::page;
use super::values::View;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/servicedeskapi/request/{key}/attachment", get(of_request))
        .route("/rest/api/{version}/attachment/content/{id}", get(content))
        .route("/rest/api/{version}/attachment/thumbnail/{id}", get(content))
        .route("/secure/attachment/{id}/{name}", get(direct))
        .route("/secure/thumbnail/{id}/{name}", get(direct))
}

/// What the other host serves, to whoever knows the address and brings no token of JSM's.
pub(in crate::jsm) fn media() -> Router<App> {
    Router::new().route("/media/file/{id}/binary", get(binary))
}

async fn of_request(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    OfRequest(request): OfRequest,
) -> Answer {
    found(list(&app, &request))
}

/// All of a request's files: an agent is given internal ones too.
pub(super) fn list(app: &Shared, request: &CustomerRequest) -> Value {
    let view = app.view();
    let all = app.change(|state| {
        let own = |it: &&Attachment| it.request.as_deref() == Some(request.key.as_str());
        state.attachments.iter().filter(own).map(|it| value(&view, state, it)).collect()
    });
    let window = super::paging::Window { start: 0, limit: 50 };
    page(app, &format!("request/{}/attachment", request.key), window, all)
}

/// A file as JSM's calls have it.
pub(super) fn value(view: &View, state: &Kept, it: &Attachment) -> Value {
    let base = &view.base_url;
    let shim = format!("{base}/servicedesk/customershim/secure");
    json!({
        "filename": it.name,
        "author": view.user_by_id(&state.people, &it.author),
        "created": it.created.value(),
        "size": it.content.len(),
        "mimeType": it.mime_type,
        "_links": {
            "jiraRest": format!("{base}/rest/api/2/attachment/{}", it.id),
            "content": format!("{shim}/attachment/{}/{}", it.id, it.name),
            "thumbnail": format!("{shim}/thumbnail/{}/_thumb_{}.png", it.id, it.id),
        },
    })
}

/// The same, as the platform's calls have it.
pub(super) fn of_platform(view: &View, state: &Kept, it: &Attachment) -> Value {
    let (base, id) = (&view.base_url, it.id);
    let (content, thumbnail) = if view.cloud {
        let file = format!("{base}/rest/api/3/attachment");
        (format!("{file}/content/{id}"), format!("{file}/thumbnail/{id}"))
    } else {
        let file = format!("{base}/secure");
        (
            format!("{file}/attachment/{id}/{}", it.name),
            format!("{file}/thumbnail/{id}/_thumb_{id}.png"),
        )
    };
    json!({
        "self": format!("{base}/rest/api/2/attachment/{id}"),
        "id": id.to_string(),
        "filename": it.name,
        "author": view.platform_user_by_id(&state.people, &it.author),
        "created": it.created.platform(),
        "size": it.content.len(),
        "mimeType": it.mime_type,
        "content": content,
        "thumbnail": thumbnail,
    })
}

fn by_id(app: &Shared, path: &HashMap<String, String>) -> Result<Attachment, Refusal> {
    let id = path.get("id").and_then(|id| id.parse::<u64>().ok());
    let there = app.change(|state| state.attachments.iter().find(|it| Some(it.id) == id).cloned());
    let sentence = "The attachment with the given id does not exist.";
    there.ok_or_else(|| Refusal::platform(StatusCode::NOT_FOUND, sentence))
}

/// Cloud's redirect to the other host, with an address that is a secret.
async fn content(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    Path(path): Path<HashMap<String, String>>,
) -> Answer {
    let file = by_id(&app, &path)?;
    let media = app.change(|state| state.media.clone());
    let location = format!("{media}/media/file/{}/binary?token={MEDIA_TOKEN}&client=x", file.id);
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

async fn direct(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    Path(path): Path<HashMap<String, String>>,
    headers: HeaderMap,
) -> Answer {
    Ok(with_own_type(by_id(&app, &path)?, &headers))
}

async fn binary(
    State(app): State<App>,
    Path(path): Path<HashMap<String, String>>,
    asked: super::ask::Asked,
    headers: HeaderMap,
) -> Answer {
    if headers.contains_key(header::AUTHORIZATION) {
        let sentence = "This host was sent the token of JSM.";
        return Err(Refusal::platform(StatusCode::BAD_REQUEST, sentence));
    }
    if asked.first("token") != Some(MEDIA_TOKEN) {
        return Err(Refusal::platform(StatusCode::FORBIDDEN, "Forbidden"));
    }
    Ok(with_own_type(by_id(&app, &path)?, &headers))
}

/// The file with the type that whoever uploaded it gave it, and shown in place: neither is what a
/// customer may be sent.
fn with_own_type(file: Attachment, headers: &HeaderMap) -> Response {
    let (kind, name) = (file.mime_type.parse(), file.name.replace('"', ""));
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let mut response = send(file, range);
    if let Ok(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    if let Ok(shown) = format!("inline; filename=\"{name}\"").parse() {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, shown);
    }
    response
}
