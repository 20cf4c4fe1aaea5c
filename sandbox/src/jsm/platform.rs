//! Calls of Jira itself: what the server is and who calls. Also the check of the token, which
//! every REST call goes through.

use axum::extract::{FromRequestParts, OriginalUri, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};

use super::state::{App, Shared};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/api/{version}/serverInfo", get(server_info))
        .route("/_edge/tenant_info", get(tenant_info))
        .route("/status", get(status))
}

/// What load balancers ask for.
async fn status() -> Json<Value> {
    Json(json!({"state": "RUNNING"}))
}

/// Proof that the request carries the service account's token.
pub(super) struct ServiceAccount;

impl FromRequestParts<App> for ServiceAccount {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        if parts.method != Method::GET && is_browser(&parts.headers) {
            return Err((StatusCode::FORBIDDEN, "XSRF check failed").into_response());
        }
        let original = parts.extensions.get::<OriginalUri>();
        let path = original.map_or_else(|| parts.uri.path(), |uri| uri.path());
        if !app.is_cloud() && path.contains("/rest/api/3/") {
            return Err(StatusCode::NOT_FOUND.into_response());
        }
        let id = &app.settings.cloud_id;
        let gateway = [format!("/ex/jira/{id}/"), format!("/jira/forms/cloud/{id}/")];
        let through_gateway = gateway.iter().any(|gateway| path.starts_with(gateway));
        let (refuse, scoped) =
            app.change(|state| (state.faults.refuse_token, state.faults.scoped_token));
        let accepted = is_token(app, &parts.headers) && !refuse && (!scoped || through_gateway);
        if accepted { Ok(Self) } else { Err(unauthorized(through_gateway)) }
    }
}

/// Jira takes a writing call from a browser for a forged one, whatever token it brings.
fn is_browser(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    agent.is_some_and(|agent| agent.contains("Mozilla"))
}

fn is_token(app: &Shared, headers: &HeaderMap) -> bool {
    let settings = &app.settings;
    let expected = if app.is_cloud() {
        let pair = format!("{}:{}", settings.email, settings.token);
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    } else {
        format!("Bearer {}", settings.token)
    };
    headers.get(header::AUTHORIZATION).is_some_and(|value| value == expected.as_str())
}

fn unauthorized(through_gateway: bool) -> Response {
    let body = if through_gateway {
        json!({"code": 401, "message": "Unauthorized"})
    } else {
        json!({"errorMessages": ["You are not authenticated. Authentication required to perform \
                                  this operation."], "errors": {}})
    };
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

async fn server_info(State(app): State<App>) -> Json<Value> {
    let (deployment, version) =
        if app.is_cloud() { ("Cloud", "1001.0.0-SNAPSHOT") } else { ("Server", "10.3.6") };
    Json(json!({
        "baseUrl": app.base_url(),
        "version": version,
        "deploymentType": deployment,
        "buildNumber": 100_300,
        "serverTitle": "Sandbox Jira",
    }))
}

async fn tenant_info(State(app): State<App>) -> Response {
    if app.is_cloud() {
        Json(json!({"cloudId": app.settings.cloud_id})).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}
