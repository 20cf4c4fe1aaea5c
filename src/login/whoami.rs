//! What the gate knows of the caller, for them and for those who help them. Must not tell tokens.

use std::collections::BTreeMap;

use axum::Extension;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::web::Caller;
use crate::web::response::json_response;

/// `GET /_gate/whoami`
pub(super) async fn show(Extension(caller): Extension<Caller>) -> Response {
    let Some(session) = caller.found.session() else {
        return json_response(StatusCode::OK, &json!({ "logged_in": false }));
    };
    let identity = &session.identity;
    let attributes = identity.attributes.iter();
    let attributes: BTreeMap<_, _> =
        attributes.filter_map(|(name, values)| Some((name, values.known()?))).collect();
    let body = json!({
        "logged_in": true,
        "provider": identity.provider,
        "subject": identity.subject,
        "email": identity.email.known(),
        "name": identity.name,
        "groups": identity.groups.values(),
        "attributes": attributes,
        "unknown": identity.unknown().collect::<Vec<_>>(),
        "since": session.created,
    });
    json_response(StatusCode::OK, &body)
}
