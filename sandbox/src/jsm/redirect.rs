//! Redirects as Tomcat makes them.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

/// 302 with an absolute address, as Tomcat redirects.
pub(super) fn found(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
