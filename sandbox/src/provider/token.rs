//! The stand-in provider's token and UserInfo endpoints.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::claims;
use super::client::{self, Parameters, authorization, parameter};
use super::faults::Fault;
use super::metadata::{self, failure};
use super::state::{Grant, Shared, now};

const LIFETIME_SECONDS: u64 = 300;

/// `POST /token` (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.6).
pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Response {
    let faults = {
        let mut state = shared.state();
        state.saw("/token", &form, authorization(&headers));
        state.faults.clone()
    };
    for fault in &faults {
        match fault {
            Fault::SlowToken(delay) => tokio::time::sleep(*delay).await,
            Fault::TokenAnswer(status, body) => {
                return (failure(*status).status(), Json(body.clone())).into_response();
            }
            _ => {}
        }
    }
    if !client::is_ours(&shared, &headers, &form) {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    match redeem(&shared, &form) {
        Some(grant) => tokens(&shared, &grant, &faults),
        None => refusal(StatusCode::BAD_REQUEST, "invalid_grant"),
    }
}

/// `GET /userinfo` (OpenID Connect Core 1.0 section 5.3).
pub(super) async fn user_info(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let bearer = authorization(&headers);
    let (owner, faults) = {
        let mut state = shared.state();
        state.saw("/userinfo", &[], bearer);
        let token = bearer.and_then(|bearer| bearer.strip_prefix("Bearer "));
        (token.and_then(|token| state.token_owner(token)), state.faults.clone())
    };
    let Some(user) = owner.and_then(|owner| shared.user(&owner)) else {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_token");
    };
    let mut claims = claims::object(&user.claims);
    if shared.settings.plain_oauth2 {
        claims.retain(|name, _| !name.starts_with("email"));
        claims.insert("id".to_owned(), json!(user.username));
    } else {
        claims.insert("sub".to_owned(), json!(user.username));
    }
    for fault in faults {
        match fault {
            Fault::UserInfoAnswer(status, kind, body) => {
                let status = failure(status).status();
                return (status, [(header::CONTENT_TYPE, kind)], body).into_response();
            }
            Fault::UserInfoClaim(name, value) => {
                claims.insert(name.to_owned(), value);
            }
            _ => {}
        }
    }
    Json(claims).into_response()
}

/// `GET /emails`, as GitHub's `/user/emails`: more than one, of which one is the primary.
pub(super) async fn emails(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let owner = {
        let mut state = shared.state();
        state.saw("/emails", &[], authorization(&headers));
        let token = authorization(&headers).and_then(|bearer| bearer.strip_prefix("Bearer "));
        token.and_then(|token| state.token_owner(token))
    };
    let Some(user) = owner.and_then(|owner| shared.user(&owner)) else {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_token");
    };
    let claim = |name: &str| user.claims.get(name).cloned().unwrap_or_default();
    Json(json!([
        { "email": "other@example.org", "primary": false, "verified": true },
        { "email": claim("email"), "primary": true, "verified": claim("email_verified") },
    ]))
    .into_response()
}

fn redeem(shared: &Shared, form: &Parameters) -> Option<Grant> {
    if parameter(form, "grant_type") == Some("refresh_token") {
        return shared.state().redeem_refresh_token(parameter(form, "refresh_token")?);
    }
    let grant = shared.state().redeem_code(parameter(form, "code")?)?;
    let verifier = parameter(form, "code_verifier")?;
    let proven = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == grant.challenge;
    let same_address = parameter(form, "redirect_uri") == Some(&grant.redirect_uri);
    let right_grant = parameter(form, "grant_type") == Some("authorization_code");
    (proven && same_address && right_grant).then_some(grant)
}

fn tokens(shared: &Shared, grant: &Grant, faults: &[Fault]) -> Response {
    let access_token = shared.state().issue_token(&grant.username);
    let refresh_token = grant.offline.then(|| shared.state().issue_refresh_token(grant));
    let payload = payload(shared, grant, &access_token, faults);
    let key = shared.state().keys.first().cloned();
    let secret = shared.settings.client_secret.as_deref().unwrap_or_default();
    let Some(mut id_token) = key.and_then(|key| key.token(&payload, secret, faults)) else {
        return failure(500);
    };
    if faults.contains(&Fault::Encrypted) {
        id_token.push_str(".AAAA.AAAA");
    }
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "scope": "openid profile email groups",
    });
    let no_id_token = shared.settings.plain_oauth2 || faults.contains(&Fault::NoIdToken);
    if let (Value::Object(answer), false) = (&mut answer, no_id_token) {
        answer.insert("id_token".to_owned(), json!(id_token));
    }
    if let (Value::Object(answer), Some(token)) = (&mut answer, refresh_token) {
        answer.insert("refresh_token".to_owned(), json!(token));
    }
    for fault in faults {
        if let Fault::TokenMember(name, value) = fault {
            metadata::set(&mut answer, name, value.clone());
        }
    }
    Json(answer).into_response()
}

fn payload(shared: &Shared, grant: &Grant, access_token: &str, faults: &[Fault]) -> String {
    let mut claims = if faults.contains(&Fault::SlimIdToken) {
        Map::new()
    } else {
        shared.user(&grant.username).map(|user| claims::object(&user.claims)).unwrap_or_default()
    };
    let hash = Sha256::digest(access_token);
    claims.extend(claims::object(&json!({
        "iss": shared.issuer,
        "sub": grant.username,
        "aud": shared.settings.client_id,
        "iat": now(),
        "exp": now() + LIFETIME_SECONDS,
        "sid": grant.sid,
        "auth_time": now(),
        "at_hash": URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default()),
    })));
    if let Some(nonce) = &grant.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    claims::payload(claims, faults)
}

fn refusal(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
