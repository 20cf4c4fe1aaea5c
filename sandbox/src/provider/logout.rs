//! The stand-in provider's end of logout: the page that customers come to, what it tells the gate
//! then, and the endpoint that takes tokens back.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use url::Url;

use super::authorize::{COOKIE, login_cookie};
use super::claims::{object, payload};
use super::client::{self, Parameters, parameter};
use super::faults::Fault;
use super::keys::random;
use super::page;
use super::state::{Login, Shared, now};

const LIFETIME_SECONDS: u64 = 120;

/// `GET /end-session` (RP-initiated logout 1.0 section 2): ends the single sign-on, tells the gate
/// where it wants to be told, and goes back where the client asked, if that is registered.
pub(super) async fn end_session(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Response {
    let (login, told) = {
        let mut state = shared.state();
        state.saw("/end-session", &parameters, None);
        let login = login_cookie(&headers).and_then(|login| state.log_out(login));
        (login, state.told_of_logouts.clone())
    };
    if let (Some(login), Some(address)) = (&login, &told.back_channel) {
        let faults = shared.state().faults.clone();
        send(&shared, login, address, &faults).await;
    }
    let cookie = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    let target = back(&shared, &parameters);
    let answer = match (login, told.front_channel) {
        (Some(login), Some(address)) => framing(&shared, &login, &address, target),
        _ => go_back(target),
    };
    ([(header::SET_COOKIE, cookie)], answer).into_response()
}

/// `POST /revoke` (RFC 7009 section 2.1).
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Response {
    shared.state().saw("/revoke", &form, client::authorization(&headers));
    if !client::is_ours(&shared, &headers, &form) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if let Some(token) = parameter(&form, "token") {
        shared.state().forget_token(token);
    }
    StatusCode::OK.into_response()
}

/// A logout token (Back-Channel Logout 1.0 section 2.4).
pub(super) fn token(shared: &Shared, login: &Login, faults: &[Fault]) -> Option<String> {
    let claims = object(&json!({
        "iss": shared.issuer,
        "aud": shared.settings.client_id,
        "sub": login.username,
        "sid": login.sid,
        "iat": now(),
        "exp": now() + LIFETIME_SECONDS,
        "jti": random(),
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    }));
    let mut all = vec![Fault::Header("typ", json!("logout+jwt"))];
    all.extend_from_slice(faults);
    let key = shared.state().keys.first().cloned()?;
    let secret = shared.settings.client_secret.as_deref().unwrap_or_default();
    let token = key.token(&payload(claims, &all), secret, &all)?;
    Some(if all.contains(&Fault::Encrypted) { token + ".AAAA.AAAA" } else { token })
}

/// Nobody waits for what the gate says to it, but it has to be there before the browser goes on.
async fn send(shared: &Shared, login: &Login, address: &str, faults: &[Fault]) {
    let Some(token) = token(shared, login, faults) else { return };
    let post = reqwest::Client::new().post(address).form(&[("logout_token", token)]);
    let status = post.send().await.map(|answer| answer.status().to_string());
    let said = status.unwrap_or_else(|error| error.to_string());
    shared.state().saw("logout token sent", &[("answer".to_owned(), said)], None);
}

/// A page that loads the gate's address in a frame and then goes on (Front-Channel Logout 1.0
/// section 2).
fn framing(shared: &Shared, login: &Login, address: &str, target: Option<Url>) -> Response {
    let Ok(mut frame) = Url::parse(address) else { return go_back(target) };
    frame.query_pairs_mut().append_pair("iss", &shared.issuer).append_pair("sid", &login.sid);
    let target = target.map(String::from).unwrap_or_default();
    Html(page::framing(frame.as_str(), &target)).into_response()
}

fn back(shared: &Shared, parameters: &[(String, String)]) -> Option<Url> {
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let registered = &shared.settings.post_logout_redirect_uris;
    let allowed = |uri: &&String| registered.is_empty() || registered.contains(uri);
    let mut url = get("post_logout_redirect_uri")
        .filter(allowed)
        .filter(|_| get("id_token_hint").is_some())
        .and_then(|uri| Url::parse(uri).ok())?;
    let mut state = get("state").cloned();
    for fault in &shared.state().faults {
        if let Fault::LogoutState(other) = fault {
            state.clone_from(other);
        }
    }
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", &state);
    }
    Some(url)
}

fn go_back(target: Option<Url>) -> Response {
    let Some(url) = target else {
        return Html(page::message("You are logged out", "You may close this window."))
            .into_response();
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(url))]).into_response()
}
