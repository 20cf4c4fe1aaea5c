//! The gate's own pages: an axum router that the gate calls in process, with the caller's identity
//! as a typed request extension. Knows nothing of pingora.

mod assets;
mod callback;
mod choose;
mod emergency;
mod home;
mod jwks;
mod login;
mod login_problem;
mod logo;
mod logout;
mod provider_logout;
mod render;
mod test_login;
mod third_party;
mod throttle;
mod whoami;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, header};

pub use emergency::{EmergencyAccess, EmergencyLinks, watch as watch_emergency};
pub use provider_logout::FramedBy;
pub use render::{Brings, Pages, Viewer};
pub use test_login::{PATIENCE as TEST_PATIENCE, TestLogins, TestReport};
pub use throttle::{Counted, Throttle};

use crate::audit::{Audit, Event, Kind};
use crate::auth::Authenticator;
use crate::config::EmergencyConfig;
use crate::domain::{ContextPath, PortalsNow};
use crate::keys::Keyring;
use crate::problem::Problem;
use crate::session::{Found, Sessions};
use crate::telemetry::{Metrics, Strangers};

/// The gate's forms have one field; nothing larger is read (threats.md G7).
const FORM_LIMIT: usize = 16 * 1024;

/// Who asks, as the gate found out before it called a page.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What their cookie opens.
    pub found: Found,
    /// The request's name in logs.
    pub request_id: Arc<str>,
    /// Their address.
    pub client: Option<IpAddr>,
    /// Whether they read HTML, rather than JSON.
    pub html: bool,
}

impl Caller {
    /// Something of this request for the audit trail.
    fn event(&self, kind: Kind) -> Event {
        Event::new(kind).in_request(&self.request_id, self.client)
    }

    /// The same, as the renderer wants it.
    #[must_use]
    pub fn viewer(&self) -> Viewer<'_> {
        let session = self.found.session().map(AsRef::as_ref);
        let (request_id, html) = (&*self.request_id, self.html);
        Viewer { request_id, session, html, brings: Brings::Nothing }
    }
}

/// Whether a request comes from something that shows HTML to a person.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    accepted.any(|line| line.contains("text/html") || line.contains("application/xhtml+xml"))
}

/// Whether a page of the gate is the same for everybody, logged in or not.
#[must_use]
pub fn is_for_anybody(path: &str) -> bool {
    path.starts_with("/_gate/static/") || path == "/_gate/jwks.json"
}

/// What the pages work with.
#[derive(Clone)]
pub struct PagesState {
    /// Renders.
    pub pages: Arc<Pages>,
    /// Logs people in.
    pub authenticator: Arc<Authenticator>,
    /// Slows those down who begin too many logins.
    pub throttle: Arc<Throttle>,
    /// Begins and ends sessions.
    pub sessions: Arc<Sessions>,
    /// Removes Jira's own login from a browser: it goes where the gate's session does.
    pub jiras_cookies: Arc<[HeaderValue]>,
    /// Tells the portals.
    pub portals: PortalsNow,
    /// What JSM's own addresses of them begin with.
    pub context_path: ContextPath,
    /// The keys of the assertion, if one is configured.
    pub keyring: Option<Arc<Keyring>>,
    /// Counts logins.
    pub metrics: Arc<Metrics>,
    /// Logins by one-time links that begin no session.
    pub tests: Arc<TestLogins>,
    /// Links that let somebody in without a provider.
    pub emergency: Arc<EmergencyLinks>,
    /// What they are bound to; `None` while there may be none.
    pub emergency_config: Option<Arc<EmergencyConfig>>,
    /// Takes what logins and logouts come to.
    pub audit: Audit,
    /// Decides which log lines about strangers are written.
    pub strangers: Arc<Strangers>,
}

impl PagesState {
    fn problem(&self, problem: &Problem, caller: &Caller) -> Response {
        self.pages.problem(problem, &caller.viewer()).map(Body::from)
    }
}

/// The router of all pages. Each request must carry a [`Caller`] extension.
pub fn router(state: PagesState) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/_gate/login", get(login::begin).post(login::by_email))
        .route("/_gate/callback/{provider}", get(callback::finish).post(callback::finish_posted))
        .route("/_gate/emergency", get(emergency::ask).post(emergency::open))
        .route("/_gate/logo/{provider}", get(logo::serve))
        .route("/_gate/logout", get(logout::ask).post(logout::end))
        .route("/_gate/logged-out", get(logout::done))
        .route("/_gate/backchannel-logout/{provider}", post(provider_logout::back_channel))
        .route("/_gate/frontchannel-logout/{provider}", get(provider_logout::front_channel))
        .route("/_gate/jwks.json", get(jwks::show))
        .route("/_gate/whoami", get(whoami::show))
        .route("/_gate/static/{file}", get(assets::serve))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .with_state(state)
}

async fn not_found(
    axum::extract::State(state): axum::extract::State<PagesState>,
    axum::Extension(caller): axum::Extension<Caller>,
) -> Response {
    state.problem(&Problem::NotFound, &caller)
}

async fn method_not_allowed(
    axum::extract::State(state): axum::extract::State<PagesState>,
    axum::Extension(caller): axum::Extension<Caller>,
) -> Response {
    state.problem(&Problem::MethodNotAllowed, &caller)
}
