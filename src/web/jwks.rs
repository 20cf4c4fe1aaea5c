//! The keys that verify the assertion, for those who run the upstream. They are public. Must
//! not know what is signed.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};

use super::response::json_response;
use super::{Caller, WebState};
use crate::problem::Problem;

/// Far shorter than the time a key is published before it signs.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET /_gate/jwks.json`
pub(super) async fn show(
    State(state): State<WebState>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let Some(keyring) = &state.keyring else {
        return state.pages.tell(&Problem::NotFound, &caller);
    };
    let mut response = json_response(StatusCode::OK, &keyring.public());
    response.headers_mut().insert(CACHE_CONTROL, CACHED);
    response
}
