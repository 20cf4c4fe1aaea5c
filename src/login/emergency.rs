//! The page of a link for emergency access, which lets one person in without a provider. Must not
//! know who asks for links, or decide who is let in: that is for `grants`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode};
use minijinja::context;
use serde::Deserialize;

use super::{LoginState, session};
use crate::audit::Kind;
use crate::grants::emergency::{EmergencyAccess, is_granted, may_open_from, watch};
use crate::problem::Problem;
use crate::session::{Login, ProviderData};
use crate::web::Caller;
use crate::web::response::with_cookies;

/// The secret of a link.
#[derive(Deserialize)]
pub(super) struct Key {
    key: String,
}

/// `GET /_gate/emergency?key=…`: says whom the link lets in. It does not use the link up, because
/// mail scanners and chat programs open links.
pub(super) async fn ask(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<Key>, QueryRejection>,
) -> Response {
    let key = query.map(|Query(query)| query.key).unwrap_or_default();
    let found = may_open(&state, &caller, &key);
    match found {
        Ok(access) => {
            let values = context! {
                key => key,
                account => access.email.as_str(),
                minutes => access.minutes,
                portals => names(&state, &access),
            };
            state.pages.page(&caller.preferences, StatusCode::OK, "emergency.html", values)
        }
        Err(problem) => state.problem(&problem, &caller),
    }
}

/// The portals that it opens, by the names that customers know.
fn names(state: &LoginState, access: &EmergencyAccess) -> Vec<String> {
    let portals = state.portals.load();
    let desks = access.service_desks.iter().filter_map(|desk| portals.by_service_desk(desk));
    desks.map(|portal| portal.name.clone()).collect()
}

/// `POST /_gate/emergency`
pub(super) async fn open(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    form: Result<Form<Key>, FormRejection>,
) -> Response {
    let key = form.map(|Form(form)| form.key).unwrap_or_default();
    let opened = match may_open(&state, &caller, &key) {
        Ok(_) => let_in(&state, &caller, &key).await,
        Err(problem) => Err(problem),
    };
    match opened {
        Ok(cookie) => {
            let response = with_cookies(state.pages.redirect("/"), &[cookie]);
            with_cookies(response, &state.ending.clear_cookies)
        }
        Err(problem) => state.problem(&problem, &caller),
    }
}

/// Whom a link lets in, if it may be opened from this address. From other addresses nobody learns
/// whether it exists.
fn may_open(state: &LoginState, caller: &Caller, key: &str) -> Result<EmergencyAccess, Problem> {
    let config = state.emergency_config.as_deref().ok_or(Problem::NotFound)?;
    let found = state.emergency.find(key);
    let problem = match &found {
        _ if !may_open_from(config, caller.client) => Problem::EmergencyNetwork,
        Some(access) if is_granted(config, access) => return Ok(access.clone()),
        _ => Problem::LinkUsed,
    };
    let event = caller.event(Kind::EmergencyRefused).by_rule(problem.code().as_str());
    match &found {
        Some(access) => state.audit.note(access.told(event)),
        None => state.audit.note_stranger(event),
    }
    Err(problem)
}

/// Uses the link up, writes that down, and begins the session, in this order. A failure in between
/// costs a new link, and lets nobody in.
async fn let_in(state: &LoginState, caller: &Caller, key: &str) -> Result<HeaderValue, Problem> {
    let access = state.emergency.take(key).ok_or(Problem::LinkUsed)?;
    let identity = state.emergency.identity(&access);
    let event = access.told(caller.event(Kind::EmergencyUsed)).about(&identity);
    if !state.audit.write(event).await {
        return Err(Problem::EmergencyUnaudited);
    }
    let login = Login { identity, sid: None, provider_data: ProviderData::default() };
    let began = session::begin(state, caller, login).await;
    let (session, cookie) = began.map_err(|error| {
        tracing::error!(request_id = %caller.request_id, %error, "nobody is let in");
        Problem::SessionsUnavailable
    })?;
    tracing::warn!(request_id = %caller.request_id, who = %access.email, "emergency access begins");
    let (sessions, identity) = (Arc::clone(&state.sessions), session.identity.clone());
    let over = async move { sessions.wait_for_end(&session).await };
    watch(&state.emergency, &state.audit, identity, over);
    Ok(cookie)
}
