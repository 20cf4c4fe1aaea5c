//! Jira's own sessions: who a browser is by `JSESSIONID`, the header in which every answer says so, and the
//! portal pages that need a login. It must not know how somebody logs in.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::cookies::{SESSION_COOKIE, cookie};
use super::super::redirect::found;
use super::super::state::{App, Shared};
use super::{JiraSession, SamlLogin};

/// In which header Jira says who it takes a browser for.
const USERNAME_HEADER: &str = "x-ausername";

/// The id of a browser's session, made now if Jira knows none, and who logged in by it.
pub(in crate::jsm) fn session_of(
    app: &Shared,
    headers: &HeaderMap,
) -> (Option<String>, Option<String>) {
    app.change(|state| {
        let sessions = &mut state.saml.sessions;
        let known = cookie(headers, SESSION_COOKIE).filter(|id| sessions.contains_key(id));
        if let Some(id) = known {
            return (None, sessions.get(&id).and_then(|session| session.user.clone()));
        }
        let id = new_id();
        sessions.insert(id.clone(), JiraSession::default());
        (Some(id), None)
    })
}

impl SamlLogin {
    /// Ends all sessions.
    pub(in crate::jsm) fn forget_sessions(&mut self) {
        self.sessions.clear();
    }
}

/// As Tomcat makes them, with the name of a node behind a dot.
pub(super) fn new_id() -> String {
    format!("{:032X}.node1", rand::random::<u128>())
}

/// Who logged in by a browser's session.
pub(super) fn user_of(app: &Shared, headers: &HeaderMap) -> Option<String> {
    let id = cookie(headers, SESSION_COOKIE)?;
    app.change(|state| state.saml.sessions.get(&id)?.user.clone())
}

/// Middleware of a Jira with its own login: sends browsers there for pages that need it, and says in every
/// answer who they are.
pub(in crate::jsm) async fn guard(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    if !app.settings.saml_login {
        return next.run(request).await;
    }
    let user = user_of(&app, request.headers());
    let path = request.uri().path();
    let is_file = path.contains("/s/");
    let mut response = match to_login(&app, &request, user.as_deref()) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    if !is_file {
        let name = user.as_deref().unwrap_or("anonymous");
        let name = utf8_percent_encode(name, NON_ALPHANUMERIC).to_string();
        if let Ok(name) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(USERNAME_HEADER, name);
        }
    }
    response
}

/// Sends to the login whoever may not see a page of a portal: strangers, and customers whom the desk does not
/// have.
fn to_login(app: &Shared, request: &Request, user: Option<&str>) -> Option<Response> {
    let whole = request.uri().path_and_query().map_or("", http::uri::PathAndQuery::as_str);
    let page = whole.strip_prefix(app.context_path())?.strip_prefix("/servicedesk/customer/")?;
    let path = page.split('?').next().unwrap_or(page);
    let portal = path.strip_prefix("portal/").map(|rest| rest.split('/').next().unwrap_or(rest));
    let portal = portal.and_then(|number| number.parse().ok());
    let needs_login = portal.is_some() || path == "portals" || path == "user/requests";
    let desk = portal.and_then(|number| app.desk_by_portal(number));
    let may_see = app.change(|state| match (user, portal) {
        _ if !needs_login => true,
        (None, Some(number)) => state.saml.anonymous.contains(&number),
        (None, None) => path == "portals" && !state.saml.anonymous.is_empty(),
        (Some(user), _) => {
            desk.is_none_or(|desk| desk.open || state.people.has_access(desk.id, user))
        }
    });
    if may_see {
        return None;
    }
    if request.method() != Method::GET {
        return Some(StatusCode::UNAUTHORIZED.into_response());
    }
    let page = utf8_percent_encode(page, NON_ALPHANUMERIC);
    let base = app.base_url();
    Some(found(&format!("{base}/servicedesk/customer/user/login?destination={page}")))
}
