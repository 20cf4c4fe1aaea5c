//! The beginning of a login: which provider, and off to it.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::response::Response;
use axum::{Extension, body::Body};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use minijinja::context;
use serde::Deserialize;

use super::choose::{self, Choice};
use super::login_problem;
use super::render::{Viewer, login_path, redirect, with_cookies};
use super::throttle::Counted;
use super::{Caller, PagesState, test_login, third_party};
use crate::access::{self, Decision, Refusal};
use crate::audit::Kind;
use crate::auth::{LoginError, LoginWish, Occasion, Provider, ReturnTo, signals};
use crate::domain::{Email, ProviderId};
use crate::problem::{Code, Problem};

/// What `/_gate/login` takes. Nothing of it reaches the provider (threats.md D15) but the address
/// somebody typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LoginQuery {
    return_to: Option<String>,
    fragment: Option<String>,
    go: Option<String>,
    /// The id of the provider that was chosen.
    pub(super) provider: Option<String>,
    /// Whether to choose again, whatever was chosen before.
    pub(super) choose: Option<String>,
    /// Whether to log in as somebody else.
    another: Option<String>,
    /// The secret of a test login.
    test: Option<String>,
    /// The issuer, when somebody else begins the login.
    iss: Option<String>,
    /// Where they want it to end.
    pub(super) target_link_uri: Option<String>,
    /// Who they say it is.
    pub(super) login_hint: Option<String>,
}

/// What the choice page posts.
#[derive(Debug, Default, Deserialize)]
pub(super) struct EmailForm {
    return_to: Option<String>,
    #[serde(default)]
    email: String,
}

/// `GET /_gate/login?return_to=…`
///
/// A browser is first given a page whose script takes the `#fragment` along, which browsers do not
/// send to servers: it comes back at once with `go`. So is one that another site sends with `go`, so
/// that no site begins logins. Everything else goes straight on, if it is a navigation.
pub(super) async fn begin(
    State(state): State<PagesState>,
    Extension(caller): Extension<Caller>,
    method: Method,
    query: Result<Query<LoginQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    if method == Method::HEAD || !signals::is_navigation(&headers) {
        return begin_nothing(&state, &caller, &query, &headers);
    }
    if let Some(link) = &query.test {
        return test_login::begin(&state, &caller, link, &headers).await;
    }
    if let Some(issuer) = &query.iss {
        return third_party::begin(&state, &caller, issuer, &query, &headers).await;
    }
    let return_to = return_to(&state, query.return_to.as_deref());
    let return_to = match &query.fragment {
        Some(fragment) => return_to.with_fragment(fragment),
        None => return_to,
    };
    if query.another.is_none() && !needs_login(&state, &caller, &return_to) {
        return state.pages.redirect(return_to.as_str());
    }
    let plain = query.go.is_none() && query.provider.is_none();
    if signals::is_browser(&headers) && (plain || signals::is_from_elsewhere(&headers)) {
        let values = context! { target => query.go_to(&return_to), take_fragment => true };
        return state.pages.page(StatusCode::OK, "continue.html", values);
    }
    let query = at_the_same_provider(&state, &caller, query);
    match choose::provider(&state, &query, &return_to, &headers) {
        Choice::Made { provider, chosen } => {
            let wish =
                LoginWish { chosen, occasion: query.occasion(), ..LoginWish::to(&return_to) };
            match start(&state, &caller, provider, wish, &headers).await {
                Ok((location, cookies)) => with_cookies(redirect(&location), &cookies),
                Err(response) => *response,
            }
        }
        Choice::Open => choose::page(&state, &return_to, None),
    }
}

/// For what nobody looks at: it cannot log in, and must not leave a pending login behind. A page that
/// waits for the provider learns here whether that is back.
fn begin_nothing(
    state: &PagesState,
    caller: &Caller,
    query: &LoginQuery,
    headers: &HeaderMap,
) -> Response {
    let return_to = return_to(state, query.return_to.as_deref());
    match choose::provider(state, query, &return_to, headers) {
        Choice::Made { provider, .. } if let Some(error) = provider.why_away() => {
            refuse(state, caller, &error, Some(&return_to))
        }
        Choice::Made { .. } | Choice::Open => state.problem(&Problem::LoginNeeded, caller),
    }
}

/// Whoever is logged in and needs another login gets it where the present one is from, unless they
/// want to choose.
fn at_the_same_provider(state: &PagesState, caller: &Caller, query: LoginQuery) -> LoginQuery {
    let several = state.authenticator.providers().len() > 1;
    let session = caller.found.session().filter(|_| several && query.choose.is_none());
    let same = session.map(|session| session.identity.provider.to_string());
    LoginQuery { provider: query.provider.or(same), ..query }
}

/// `POST /_gate/login`: an address, whose domain tells the provider. Answered by a page and not a
/// redirect, because browsers hold the whole chain of redirects after a form against `form-action`.
pub(super) async fn by_email(
    State(state): State<PagesState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Result<Form<EmailForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return state.problem(&Problem::bad_request("it is not a form"), &caller);
    };
    if !signals::is_navigation(&headers) {
        return state.problem(&Problem::LoginNeeded, &caller);
    }
    let return_to = return_to(&state, form.return_to.as_deref());
    if !needs_login(&state, &caller, &return_to) {
        return state.pages.redirect(return_to.as_str());
    }
    let typed = form.email.trim();
    let Ok(email) = Email::parse(typed) else {
        return choose::page(&state, &return_to, Some((typed, choose::NO_ADDRESS)));
    };
    let Some(provider) = state.authenticator.provider_of(&email) else {
        return choose::page(&state, &return_to, Some((typed, choose::NO_PROVIDER)));
    };
    let wish = LoginWish { chosen: true, login_hint: Some(&email), ..LoginWish::to(&return_to) };
    match start(&state, &caller, provider, wish, &headers).await {
        Ok((target, cookies)) => {
            let values = context! { target => target, take_fragment => false };
            with_cookies(state.pages.page(StatusCode::OK, "continue.html", values), &cookies)
        }
        Err(response) => *response,
    }
}

/// Where to send the browser, and with which cookies; or the page that says why not.
pub(super) async fn start(
    state: &PagesState,
    caller: &Caller,
    provider: &Provider,
    wish: LoginWish<'_>,
    headers: &HeaderMap,
) -> Result<(String, Vec<HeaderValue>), Box<Response>> {
    let elsewhere = signals::is_from_elsewhere(headers);
    let counted = if elsewhere { Counted::BegunElsewhere } else { Counted::Begun };
    if caller.client.is_some_and(|client| !state.throttle.allows(client, counted)) {
        let problem = Problem::TooManyLogins;
        note_too_many(state, caller);
        return Err(Box::new(state.problem(&problem, caller)));
    }
    let portal = choose::portal_of(state, wish.return_to);
    let demand = portal.as_ref().map(|portal| portal.demand.as_ref());
    let replaces_session = caller.found.session().is_some();
    let wish = LoginWish { replaces_session, demand, ..wish };
    match state.authenticator.begin(provider.id(), &wish, headers).await {
        Ok(start) => {
            let event = caller.event(Kind::LoginStarted);
            state.audit.note_stranger(event.at_provider(provider.id()));
            Ok((start.location, start.set_cookies))
        }
        Err(error) => {
            if state.strangers.may_write(caller.client, "a login did not start") {
                tracing::warn!(request_id = %caller.request_id, %error, "a login did not start");
            }
            note_refused(state, caller, provider.id(), &error);
            Err(Box::new(refuse(state, caller, &error, Some(wish.return_to))))
        }
    }
}

/// Whoever is logged in need not do so again, unless the portal wants another provider's word.
pub(super) fn needs_login(state: &PagesState, caller: &Caller, return_to: &ReturnTo) -> bool {
    let Some(session) = caller.found.session() else { return true };
    let Some(portal) = choose::portal_of(state, return_to) else { return false };
    let decision = access::decide(&portal, Some(&session.identity), state.sessions.now());
    matches!(decision, Decision::StepUpNeeded(_) | Decision::Refused(Refusal::OtherProvider))
}

/// Where to go after the login. The gate's own pages are known below JSM's context path too.
fn return_to(state: &PagesState, text: Option<&str>) -> ReturnTo {
    let may_be = |rest: &str| !rest.starts_with('/') || ReturnTo::parse(rest).is_some();
    let is_fine = |it: &ReturnTo| state.context_path.below(it.as_str()).is_none_or(may_be);
    text.and_then(ReturnTo::nearest).filter(is_fine).unwrap_or_else(ReturnTo::home)
}

/// Counts a login that failed, and puts it into the audit trail.
pub(super) fn note_refused(
    state: &PagesState,
    caller: &Caller,
    provider: &ProviderId,
    error: &LoginError,
) {
    state.metrics.logged_in(error.code().as_str());
    let event = caller.event(Kind::LoginRefused).at_provider(provider);
    let event = event.by_rule(error.code().as_str()).because(error);
    if error.is_of_person() {
        state.audit.note(event);
    } else {
        state.audit.note_stranger(event);
    }
}

/// Counts and audits a login that the throttle stopped.
pub(super) fn note_too_many(state: &PagesState, caller: &Caller) {
    let code = Code::TooManyLogins.as_str();
    state.metrics.logged_in(code);
    state.audit.note_stranger(caller.event(Kind::LoginRefused).by_rule(code));
}

/// The page for a login that failed, with a way to try again.
pub(super) fn refuse(
    state: &PagesState,
    caller: &Caller,
    error: &LoginError,
    return_to: Option<&ReturnTo>,
) -> Response {
    let home = ReturnTo::home();
    let return_to = return_to.unwrap_or(&home);
    let problem = login_problem::of(error, &state.authenticator, return_to);
    self::problem(state, &caller.viewer(), &problem, return_to)
}

/// A page with a way to log in again.
pub(super) fn problem(
    state: &PagesState,
    viewer: &Viewer<'_>,
    problem: &Problem,
    return_to: &ReturnTo,
) -> Response {
    state.pages.login_problem(problem, viewer, return_to.as_str()).map(Body::from)
}

impl LoginQuery {
    fn occasion(&self) -> Occasion {
        if self.another.is_some() { Occasion::AnotherAccount } else { Occasion::Visit }
    }

    /// The same login, begun at once.
    fn go_to(&self, return_to: &ReturnTo) -> String {
        let login = login_path(return_to.as_str());
        let choose = if self.choose.is_some() { "&choose=1" } else { "" };
        let another = if self.another.is_some() { "&another=1" } else { "" };
        let provider = self.provider.as_deref().and_then(|id| ProviderId::parse(id).ok());
        let provider = provider.map(|id| format!("&provider={id}")).unwrap_or_default();
        format!("{login}{choose}{another}{provider}&go=1")
    }
}
