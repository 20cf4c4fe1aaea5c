//! One comment by the platform's calls, and its properties.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use axum::routing::{get, put};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::super::data::requests::Comment;
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, found};
use super::ask::{Asked, Sent};
use super::comments;
use super::named::OfIssue;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/api/{version}/issue/{key}/comment/{id}", get(one))
        .route("/rest/api/{version}/comment/{id}/properties/{property}", put(set_property))
}

fn id_in(path: &HashMap<String, String>) -> Option<u64> {
    path.get("id").and_then(|id| id.parse().ok())
}

fn no_comment() -> Refusal {
    let sentence = "Can not find a comment for the id given.";
    Refusal::platform(StatusCode::NOT_FOUND, sentence)
}

async fn one(
    _: ServiceAccount,
    State(app): State<App>,
    OfIssue(request): OfIssue,
    Path(path): Path<HashMap<String, String>>,
    asked: Asked,
) -> Answer {
    let view = app.view();
    let of_id = |comment: &&Comment| Some(comment.id) == id_in(&path);
    let comment = request.comments.iter().find(of_id).ok_or_else(no_comment)?;
    found(app.change(|state| comments::of_platform(&view, state, &request, comment, &asked)))
}

async fn set_property(
    _: ServiceAccount,
    State(app): State<App>,
    Path(path): Path<HashMap<String, String>>,
    Sent(value): Sent<Value>,
) -> Answer {
    let key = path.get("property").cloned().unwrap_or_default();
    let before = app.change(|state| {
        let mut all = state.requests.iter_mut().flat_map(|request| &mut request.comments);
        let comment = all.find(|comment| Some(comment.id) == id_in(&path))?;
        Some(comment.properties.insert(key, value))
    });
    let status = match before.ok_or_else(no_comment)? {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    };
    Ok((status, Json(json!({}))).into_response())
}
