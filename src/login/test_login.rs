//! The pages of a test login: the link that begins it, and the page at its end. Must not know who
//! asked for the link.

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use minijinja::context;
use serde::Deserialize;

use super::LoginState;
use super::start::refuse;
use crate::access;
use crate::audit::Kind;
use crate::auth::{LoginDone, LoginRefused, LoginWish, ReturnTo};
use crate::domain::ProviderId;
use crate::grants::{TestReport, TestWish};
use crate::problem::Problem;
use crate::web::response::{redirect, with_cookies};
use crate::web::{Caller, navigation};

const REASON: &str = "test login: no session begins";

/// The secret of a link.
#[derive(Default, Deserialize)]
pub(super) struct Key {
    #[serde(default)]
    key: String,
}

/// `GET /_gate/test-login?key=…`: uses the link up, if a person may be looking at the page.
pub(super) async fn begin(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    method: Method,
    query: Result<Query<Key>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    if !navigation::may_be_looked_at(&method, &headers) {
        return state.problem(&Problem::LoginNeeded, &caller);
    }
    let key = query.map(|Query(query)| query.key).unwrap_or_default();
    let Some((TestWish { provider, service_provider }, test)) = state.tests.follow(&key) else {
        return state.problem(&Problem::LinkUsed, &caller);
    };
    let (home, purpose) = (ReturnTo::home(), test.purpose());
    let to = service_provider.and_then(|id| state.sso.service_providers.get(&id).cloned());
    let wish = LoginWish {
        // A test login is no loop.
        replaces_session: true,
        demand: to.as_ref().map(|to| &to.rules().demand),
        purpose: purpose.clone(),
        ..LoginWish::to(&home)
    };
    match state.authenticator.begin(&provider, &wish, &headers).await {
        Ok(start) => {
            let event = caller.event(Kind::LoginStarted).at_provider(&provider);
            state.audit.note(event.because(REASON));
            with_cookies(redirect(&start.location), &start.set_cookies)
        }
        Err(error) => {
            let refused = LoginRefused { purpose, ..LoginRefused::because(error) };
            report_failure(&state, &caller, &provider, &refused)
                .unwrap_or_else(|| state.problem(&Problem::LinkUsed, &caller))
        }
    }
}

/// The page after a test login that succeeded. It logs nobody in, even when the test has ended
/// meanwhile.
pub(super) async fn report_success(
    state: &LoginState,
    caller: &Caller,
    done: &LoginDone,
) -> Response {
    let Some((wish, report_to)) = state.tests.end(&done.purpose) else {
        let page = state.problem(&Problem::LinkUsed, caller);
        return with_cookies(page, &done.set_cookies);
    };
    let identity = &done.login.identity;
    state.audit.note(caller.event(Kind::LoginSucceeded).about(identity).because(REASON));
    let answer = match &wish.service_provider {
        Some(id) => state.sso.test_answer(id, identity).await,
        None => None,
    };
    let report = TestReport {
        error: None,
        provider_claims: done.provider_claims.clone(),
        identity: Some(identity.clone()),
        verdicts: access::verdicts(&state.portals.load(), identity, state.sessions.now()),
        answer,
    };
    // Whoever asked may be gone.
    drop(report_to.send(report));
    let values = context! { account => identity.label() };
    let page = state.pages.page(&caller.preferences, StatusCode::OK, "tested.html", values);
    let page = with_cookies(page, &done.set_cookies);
    // A test login is no loop.
    with_cookies(page, state.authenticator.clear_loop_guard().as_slice())
}

/// The page after a test login that failed; `None` for a login that is no test, or whose test has
/// ended.
pub(super) fn report_failure(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    refused: &LoginRefused,
) -> Option<Response> {
    let (_, report_to) = state.tests.end(&refused.purpose)?;
    let (error, code) = (&refused.error, refused.error.code().as_str());
    let event = caller.event(Kind::LoginRefused).at_provider(provider).by_rule(code);
    state.audit.note(event.because(format!("{REASON}; {error}")));
    let report = TestReport {
        error: Some((code.to_owned(), error.to_string())),
        provider_claims: refused.provider_claims.clone(),
        identity: None,
        verdicts: Vec::new(),
        answer: None,
    };
    drop(report_to.send(report));
    Some(with_cookies(refuse(state, caller, error, None), &refused.set_cookies))
}
