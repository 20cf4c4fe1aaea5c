//! The stand-in provider's endpoint of pushed authorization requests (RFC 9126).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use serde_json::json;

use super::client::{self, Parameters};
use super::state::Shared;

/// `POST /par`
pub(super) async fn push(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Response {
    shared.state().saw("/par", &form, client::authorization(&headers));
    let refuse = |status, error| (status, Json(json!({ "error": error }))).into_response();
    if !client::is_ours(&shared, &headers, &form) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if client::parameter(&form, "request_uri").is_some() {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let reference = shared.state().push(form);
    let answer = json!({ "request_uri": reference, "expires_in": 60 });
    (StatusCode::CREATED, Json(answer)).into_response()
}
