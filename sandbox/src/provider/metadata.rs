//! Discovery document and keys of the stand-in provider.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::faults::Fault;
use super::state::Shared;

/// OpenID Connect Discovery 1.0 section 3, RP-initiated logout 1.0 section 2.1, RFC 9207 section 3.
pub(super) async fn discovery(State(shared): State<Arc<Shared>>) -> Response {
    let faults = {
        let mut state = shared.state();
        state.saw("/.well-known/openid-configuration", &[], None);
        state.faults.clone()
    };
    let mut document = document(&shared);
    for fault in faults {
        match fault {
            Fault::DiscoveryStatus(status) => return failure(status),
            Fault::DiscoverySize(bytes) => return "x".repeat(bytes).into_response(),
            Fault::DiscoveryRedirect(to) => {
                return (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
            }
            Fault::Discovery(name, value) => set(&mut document, name, value),
            Fault::NoIssuerInResponses => {
                set(
                    &mut document,
                    "authorization_response_iss_parameter_supported",
                    Value::Bool(false),
                );
            }
            _ => {}
        }
    }
    Json(document).into_response()
}

/// RFC 7517 section 5.
pub(super) async fn jwks(State(shared): State<Arc<Shared>>) -> Response {
    let (mut keys, faults): (Vec<_>, _) = {
        let mut state = shared.state();
        state.saw("/jwks", &[], None);
        let keys = state.published.as_ref().unwrap_or(&state.keys);
        let keys = keys.iter().map(super::keys::SigningKey::public);
        (keys.chain(state.beside.iter().cloned()).collect(), state.faults.clone())
    };
    for fault in faults {
        match fault {
            Fault::KeysStatus(status) => return failure(status),
            Fault::SlowKeys(delay) => tokio::time::sleep(delay).await,
            Fault::NoKeyIds => {
                for key in &mut keys {
                    set(key, "kid", Value::Null);
                }
            }
            _ => {}
        }
    }
    Json(json!({ "keys": keys })).into_response()
}

fn document(shared: &Shared) -> Value {
    let at = |path: &str| format!("{}{path}", shared.issuer);
    let client_authentication = if shared.settings.client_key.is_some() {
        json!(["private_key_jwt"])
    } else if shared.settings.client_secret.is_some() {
        json!(["client_secret_basic", "client_secret_post"])
    } else {
        json!(["none"])
    };
    let pushed = shared.settings.pushed_requests.then(|| at("/par"));
    json!({
        "issuer": shared.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/end-session"),
        "revocation_endpoint": at("/revoke"),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "response_types_supported": ["code"],
        "pushed_authorization_request_endpoint": pushed,
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [shared.settings.algorithm.name()],
        "token_endpoint_auth_methods_supported": client_authentication,
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "groups", "offline_access"],
        "authorization_response_iss_parameter_supported": true,
    })
}

pub(super) fn set(object: &mut Value, name: &str, value: Value) {
    let Value::Object(members) = object else { return };
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
}

pub(super) fn failure(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
