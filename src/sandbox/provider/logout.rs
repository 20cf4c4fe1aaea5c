//! The stand-in provider's end of RP-initiated logout.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use url::Url;

use super::authorize::{COOKIE, login_cookie};
use super::page;
use super::state::Shared;

/// `GET /end-session` (RP-initiated logout 1.0 section 2): ends the single sign-on and goes back
/// where the client asked, if that is registered.
pub(super) async fn end_session(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Response {
    {
        let mut state = shared.state();
        state.saw("/end-session", &parameters, None);
        if let Some(login) = login_cookie(&headers) {
            state.log_out(login);
        }
    }
    let cookie = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], answer(&shared, &parameters)).into_response()
}

fn answer(shared: &Shared, parameters: &[(String, String)]) -> Response {
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let registered = &shared.settings.post_logout_redirect_uris;
    let allowed = |uri: &&String| registered.is_empty() || registered.contains(uri);
    let target = get("post_logout_redirect_uri")
        .filter(allowed)
        .filter(|_| get("id_token_hint").is_some())
        .and_then(|uri| Url::parse(uri).ok());
    let Some(mut url) = target else {
        return Html(page::message("You are logged out", "You may close this window."))
            .into_response();
    };
    if let Some(state) = get("state") {
        url.query_pairs_mut().append_pair("state", state);
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(url))]).into_response()
}
