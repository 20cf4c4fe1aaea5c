//! Test logins: a real login by a one-time link that somebody on the gate's machine asked for. It
//! begins no session; what the provider said goes to whoever asked. Knows nothing of who that is.

use std::collections::HashMap;
use std::time::Duration;

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use minijinja::context;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::login::refuse;
use super::render::{redirect, with_cookies};
use super::{Caller, PagesState};
use crate::access::{self, Verdict};
use crate::audit::Kind;
use crate::auth::{LoginDone, LoginRefused, LoginWish, Received, ReturnTo};
use crate::domain::{Clock, Identity, ProviderId};
use crate::problem::Problem;
use crate::session::SessionId;

/// How long a link waits for somebody to log in.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// More at once are a mistake.
const MOST: usize = 16;

/// What the return address of a test login begins with; what follows is secret.
const RETURN: &str = "/?test-login=";

const REASON: &str = "test login: no session begins";

/// What came of a test login.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TestReport {
    /// The code and the sentence of what went wrong.
    pub error: Option<(String, String)>,
    /// What the provider said.
    pub received: Received,
    /// Who that makes.
    pub identity: Option<Identity>,
    /// What every portal would say.
    pub verdicts: Vec<Verdict>,
}

/// The test logins that are open.
#[derive(Debug)]
pub struct TestLogins {
    open: Mutex<HashMap<String, Open>>,
    clock: Clock,
}

#[derive(Debug)]
struct Open {
    provider: ProviderId,
    /// Gone once it was followed.
    link: Option<String>,
    until: u64,
    report: oneshot::Sender<TestReport>,
}

impl TestLogins {
    /// None yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { open: Mutex::default(), clock }
    }

    /// The path to open, and what will come of it; `None` when there are too many.
    pub fn start(&self, provider: &ProviderId) -> Option<(String, oneshot::Receiver<TestReport>)> {
        let now = self.clock.unix_seconds();
        let mut open = self.open.lock();
        open.retain(|_, one| one.until > now && !one.report.is_closed());
        if open.len() >= MOST {
            return None;
        }
        // As random as a session's secret.
        let [id, link] = [(); 2].map(|()| SessionId::random().cookie_value());
        let path = format!("/_gate/login?test={link}");
        let (report, done) = oneshot::channel();
        let (provider, until) = (provider.clone(), now + PATIENCE.as_secs());
        open.insert(id, Open { provider, link: Some(link), until, report });
        Some((path, done))
    }

    /// Follows a link, once: where it leads and where it comes back to.
    fn follow(&self, link: &str) -> Option<(ProviderId, ReturnTo)> {
        let now = self.clock.unix_seconds();
        let mut open = self.open.lock();
        let is_it = |one: &Open| one.until > now && one.link.as_deref() == Some(link);
        let (id, one) = open.iter_mut().find(|(_, one)| is_it(one))?;
        one.link = None;
        Some((one.provider.clone(), ReturnTo::parse(&format!("{RETURN}{id}"))?))
    }

    /// The test login that a return address belongs to, once.
    fn ended(&self, return_to: Option<&ReturnTo>) -> Option<Open> {
        let id = return_to?.as_str().strip_prefix(RETURN)?;
        self.open.lock().remove(id)
    }
}

/// `GET /_gate/login?test=…`
pub(super) async fn begin(
    state: &PagesState,
    caller: &Caller,
    link: &str,
    headers: &HeaderMap,
) -> Response {
    let Some((provider, return_to)) = state.tests.follow(link) else {
        return state.problem(&Problem::LinkUsed, caller);
    };
    // Who tests is not going round in circles.
    let wish = LoginWish { replaces_session: true, ..LoginWish::to(&return_to) };
    match state.authenticator.begin(&provider, &wish, headers).await {
        Ok(start) => {
            let event = caller.event(Kind::LoginStarted).at_provider(&provider);
            state.audit.note(event.because(REASON));
            with_cookies(redirect(&start.location), &start.set_cookies)
        }
        Err(error) => {
            let refused =
                LoginRefused { return_to: Some(return_to), ..LoginRefused::because(error) };
            refused_one(state, caller, &provider, &refused)
                .unwrap_or_else(|| state.problem(&Problem::LinkUsed, caller))
        }
    }
}

/// The page after a test login that succeeded; `None` for a login that is no test.
pub(super) fn done_one(state: &PagesState, caller: &Caller, done: &LoginDone) -> Option<Response> {
    let open = state.tests.ended(Some(&done.return_to))?;
    let event = caller.event(Kind::LoginSucceeded).about(&done.login.identity);
    state.audit.note(event.because(REASON));
    let report = TestReport {
        error: None,
        received: done.received.clone(),
        identity: Some(done.login.identity.clone()),
        verdicts: access::verdicts(
            &state.portals.load(),
            &done.login.identity,
            state.sessions.now(),
        ),
    };
    // Whoever asked may have gone.
    drop(open.report.send(report));
    let values = context! { account => done.login.identity.label() };
    let page = state.pages.page(StatusCode::OK, "tested.html", values);
    let page = with_cookies(page, &done.set_cookies);
    // Who tests is not going round in circles.
    Some(with_cookies(page, state.authenticator.forget_rounds().as_slice()))
}

/// The page after one that did not; `None` for a login that is no test.
pub(super) fn refused_one(
    state: &PagesState,
    caller: &Caller,
    provider: &ProviderId,
    refused: &LoginRefused,
) -> Option<Response> {
    let open = state.tests.ended(refused.return_to.as_ref())?;
    let (error, code) = (&refused.error, refused.error.code().as_str());
    let event = caller.event(Kind::LoginRefused).at_provider(provider).by_rule(code);
    state.audit.note(event.because(format!("{REASON}; {error}")));
    let report = TestReport {
        error: Some((code.to_owned(), error.to_string())),
        received: refused.received.clone(),
        identity: None,
        verdicts: Vec::new(),
    };
    drop(open.report.send(report));
    Some(with_cookies(refuse(state, caller, error, None), &refused.set_cookies))
}
