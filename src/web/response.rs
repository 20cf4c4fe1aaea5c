//! Small responses, and cookies on any of them. Must not know what a page is about.

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderValue, Response, StatusCode};

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Sends the browser to an absolute address.
pub(crate) fn redirect(location: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    match HeaderValue::try_from(location) {
        Ok(location) => drop(response.headers_mut().insert(LOCATION, location)),
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    response
}

/// A JSON document.
pub(crate) fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    with_body(status, JSON, body.to_string()).map(Body::from)
}

/// Adds `Set-Cookie` headers.
pub(crate) fn with_cookies(
    mut response: Response<Body>,
    cookies: &[HeaderValue],
) -> Response<Body> {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

/// A text of some media type.
pub(super) fn with_body(status: StatusCode, kind: HeaderValue, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
