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
use crate::grants::TestReport;
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
    if method == Method::HEAD || !navigation::is_navigation(&headers) {
        return state.problem(&Problem::LoginNeeded, &caller);
    }
    let key = query.map(|Query(query)| query.key).unwrap_or_default();
    let Some((provider, test)) = state.tests.follow(&key) else {
        return state.problem(&Problem::LinkUsed, &caller);
    };
    let (home, purpose) = (ReturnTo::home(), test.purpose());
    // A test login is no loop.
    let wish =
        LoginWish { replaces_session: true, purpose: purpose.clone(), ..LoginWish::to(&home) };
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
pub(super) fn report_success(state: &LoginState, caller: &Caller, done: &LoginDone) -> Response {
    let Some(report_to) = state.tests.end(&done.purpose) else {
        let page = state.problem(&Problem::LinkUsed, caller);
        return with_cookies(page, &done.set_cookies);
    };
    let event = caller.event(Kind::LoginSucceeded).about(&done.login.identity);
    state.audit.note(event.because(REASON));
    let report = TestReport {
        error: None,
        provider_claims: done.provider_claims.clone(),
        identity: Some(done.login.identity.clone()),
        verdicts: access::verdicts(
            &state.portals.load(),
            &done.login.identity,
            state.sessions.now(),
        ),
    };
    // Whoever asked may be gone.
    drop(report_to.send(report));
    let values = context! { account => done.login.identity.label() };
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
    let report_to = state.tests.end(&refused.purpose)?;
    let (error, code) = (&refused.error, refused.error.code().as_str());
    let event = caller.event(Kind::LoginRefused).at_provider(provider).by_rule(code);
    state.audit.note(event.because(format!("{REASON}; {error}")));
    let report = TestReport {
        error: Some((code.to_owned(), error.to_string())),
        provider_claims: refused.provider_claims.clone(),
        identity: None,
        verdicts: Vec::new(),
    };
    drop(report_to.send(report));
    Some(with_cookies(refuse(state, caller, error, None), &refused.set_cookies))
}
