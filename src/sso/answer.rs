//! Answers a service provider: at once where somebody is logged in who may be vouched for, else after a login.
//! Must not know how the request came, or how somebody logs in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, Method};

use super::logout::there;
use super::vouch::{Unvouched, Vouched};
use super::waiting::{NoRequest, Waiting};
use super::{Exchange, ServiceProvider, SsoState, refusal};
use crate::access::Decision;
use crate::audit::Kind;
use crate::jira_login::{Asked, Verdict};
use crate::problem::{Code, Problem};
use crate::session::Session;
use crate::web::response::with_cookies;
use crate::web::{Caller, Counted};

/// `GET /_gate/saml/{id}/answer?request=…`: where a login comes back to.
pub(super) async fn show(
    State(state): State<Arc<SsoState>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let to = match state.opened(&id, &caller, &method, &headers) {
        Ok(to) => to,
        Err(page) => return *page,
    };
    match Waiting::read(&query.unwrap_or_default(), to.id(), &state.sealer, state.now()) {
        Ok(waiting) => answer(&state, &caller, &to, &waiting, &headers).await,
        Err(NoRequest::Old) => {
            let problem = Problem::SamlRequestOld { name: to.name().to_owned() };
            refusal::of_request(&state, &caller, &to, &problem, &NoRequest::Old)
        }
        Err(why @ NoRequest::Foreign) => refusal::of_unreadable(&state, &caller, &to, &why),
    }
}

/// Answers a request, or has the browser log in first.
pub(super) async fn answer(
    state: &SsoState,
    caller: &Caller,
    to: &Arc<ServiceProvider>,
    waiting: &Waiting,
    headers: &HeaderMap,
) -> Response {
    let Some(session) = caller.found.session() else {
        return log_in_first(state, caller, to, waiting);
    };
    if let Some(page) = what_jira_needs(state, caller, to, waiting, session, headers) {
        return page;
    }
    match waiting.decide(to, Some(session), state.now()) {
        decision @ Decision::Allowed(_) => {
            vouch(state, caller, to, waiting, session, decision, headers).await
        }
        decision @ Decision::Refused(_) => {
            refusal::of_person(state, caller, to, waiting, session, decision)
        }
        Decision::LoginNeeded | Decision::StepUpNeeded(_) => {
            log_in_first(state, caller, to, waiting)
        }
    }
}

/// Sends the browser to log in. The request waits in the address that it comes back to.
fn log_in_first(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    waiting: &Waiting,
) -> Response {
    let Some(address) = waiting.address_at(to.id(), &state.sealer) else {
        return state.problem(&Problem::LoginCookie, caller);
    };
    let exchange = Exchange::default().asked(waiting).ended("login", None);
    let exchange = match caller.found.session() {
        Some(session) => exchange.of(&session.identity),
        None => exchange,
    };
    state.remember(caller, to, exchange);
    state.pages.login_redirect(&address)
}

/// Jira's own login has rules of its own: a request is good for minutes, and one that comes right after an
/// answer means that Jira does not let the customer in.
fn what_jira_needs(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    waiting: &Waiting,
    session: &Session,
    headers: &HeaderMap,
) -> Option<Response> {
    let jira_login = state.jira_login.as_ref().filter(|_| to.is_jira())?;
    let asked = Asked { again: waiting.force_authn, arrived: waiting.arrived };
    match jira_login.judge(headers, &session.identity, asked) {
        Verdict::Answer => None,
        Verdict::BeginAgain(address) => Some(state.pages.redirect(&address)),
        Verdict::Refuse(problem) => {
            let exchange = Exchange::default().asked(waiting).of(&session.identity);
            state.remember(caller, to, exchange.ended(problem.code().as_str(), None));
            Some(state.problem(&problem, caller))
        }
    }
}

/// Vouches for the person of a session.
async fn vouch(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    waiting: &Waiting,
    session: &Session,
    decision: Decision,
    headers: &HeaderMap,
) -> Response {
    if !state.throttle.allows_answer_about(session.key()) {
        state.metrics.asserted(to.id(), Code::TooManyLogins.as_str());
        return state.problem(&Problem::TooManyLogins, caller);
    }
    match state.vouch_for(session, to, waiting).await {
        Ok(vouched) => {
            let event = caller.event(Kind::Asserted).about(&session.identity);
            state.audit.note_customer(event.of_service_provider(to.id()).decided(decision));
            state.metrics.asserted(to.id(), "ok");
            let exchange = Exchange::default().asked(waiting).of(&session.identity);
            let exchange = exchange.telling(&vouched.statement, &vouched.key);
            let exchange = Exchange { acs: waiting.acs_at(to).map(str::to_owned), ..exchange };
            state.remember(caller, to, exchange.ended("ok", None));
            tracing::info!(request_id = %caller.request_id, service_provider = %to.id(), "vouched for somebody");
            let response = BASE64_STANDARD.encode(&vouched.xml);
            let page = post(state, caller, to, waiting, &response);
            with_cookies(page, &cookies(state, to, session, (&vouched, &response), headers))
        }
        Err(unvouched) => refusal::unvouched(state, caller, to, waiting, session, &unvouched),
    }
}

/// What the browser keeps of an answer, which it is to post as this response.
fn cookies(
    state: &SsoState,
    to: &ServiceProvider,
    session: &Session,
    (vouched, response): (&Vouched, &str),
    headers: &HeaderMap,
) -> Vec<http::HeaderValue> {
    let jira_login = state.jira_login.as_ref().filter(|_| to.is_jira());
    let jira = jira_login.zip(vouched.customer.as_ref()).and_then(|(jira_login, customer)| {
        jira_login.answered(headers, session, &customer.account, response)
    });
    jira.into_iter().chain(there::tell(state, headers, to)).collect()
}

/// The answer to a request that allows no questions.
pub(super) async fn answer_passively(
    state: &SsoState,
    caller: &Caller,
    to: &Arc<ServiceProvider>,
    waiting: &Waiting,
    headers: &HeaderMap,
) -> Response {
    let decision = waiting.decide(to, caller.found.session().map(AsRef::as_ref), state.now());
    let request = match (&waiting.id, decision) {
        (None, _) | (_, Decision::Allowed(_)) => {
            return answer(state, caller, to, waiting, headers).await;
        }
        (Some(request), _) => request,
    };
    if caller.client.is_some_and(|client| !state.throttle.allows(client, Counted::NotVouched)) {
        return state.problem(&Problem::TooManyLogins, caller);
    }
    match state.no_passive(to, waiting, request).await {
        Ok(xml) => {
            state.metrics.asserted(to.id(), "no-passive");
            state.remember(
                caller,
                to,
                Exchange::default().asked(waiting).ended("no-passive", None),
            );
            post(state, caller, to, waiting, &BASE64_STANDARD.encode(xml))
        }
        Err(unvouched) => {
            let problem = unvouched.problem(to.name(), "/".to_owned());
            refusal::of_request(state, caller, to, &problem, &unvouched)
        }
    }
}

/// The page that posts a Response, in Base64, to the service provider.
fn post(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    waiting: &Waiting,
    response: &str,
) -> Response {
    let Some(acs) = waiting.acs_at(to) else {
        let problem = Unvouched::NoAddress.problem(to.name(), "/".to_owned());
        return state.problem(&problem, caller);
    };
    let relay_state = waiting.relay_state.as_deref().map(|state| ("RelayState", state));
    let fields: Vec<_> = [("SAMLResponse", response)].into_iter().chain(relay_state).collect();
    state.pages.posting(&caller.preferences, acs, &fields)
}
