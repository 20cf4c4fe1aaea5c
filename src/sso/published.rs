//! What a service provider's admin takes over from the gate: metadata and the certificate. It is the same for
//! everybody. Must not know requests.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

use super::SsoState;
use crate::problem::Problem;
use crate::web::Caller;

/// Short: after a change of keys somebody reads it again and wants the new one.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// `GET /_gate/saml/{id}/metadata` (SAML metadata 2.0). Its address is the gate's entity id.
pub(super) async fn metadata(
    State(state): State<Arc<SsoState>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let of = match state.service_provider(&id, &caller) {
        Ok(of) => of,
        Err(page) => return *page,
    };
    match of.metadata() {
        Ok(xml) => file(xml, HeaderValue::from_static("application/samlmetadata+xml")),
        Err(error) => {
            tracing::error!(request_id = %caller.request_id, service_provider = %of.id(), %error, "the metadata cannot be written");
            state.problem(&Problem::Internal, &caller)
        }
    }
}

/// `GET /_gate/saml/{id}/certificate.pem`: one clean file. A certificate with stray line breaks is refused
/// where it is pasted (Atlassian's ACCESS-1498).
pub(super) async fn certificate(
    State(state): State<Arc<SsoState>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let of = match state.service_provider(&id, &caller) {
        Ok(of) => of,
        Err(page) => return *page,
    };
    let pem = of.key().certificate_pem();
    let mut response = file(pem, HeaderValue::from_static("application/x-pem-file"));
    let name = format!("attachment; filename=\"{}.pem\"", of.id());
    if let Ok(name) = HeaderValue::try_from(name) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    response
}

fn file(text: String, kind: HeaderValue) -> Response {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response.headers_mut().insert(CACHE_CONTROL, CACHED);
    response
}
