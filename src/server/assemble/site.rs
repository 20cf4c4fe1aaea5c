//! The gate's own pages, put together from what the rooms offer. Must not know what a page does.

use std::sync::Arc;

use http::HeaderValue;

use super::{Lasting, Present, part};
use crate::domain::{ContextPath, PublicUrl};
use crate::jsm::paths::login_cookies;
use crate::login::{self, LoginState};
use crate::portal::{self, PortalState};
use crate::server::StartError;
use crate::session::cookie;
use crate::web::{self, Pages, Site, Throttle, WebState};

pub(super) fn site(
    pages: &Arc<Pages>,
    present: &Present,
    lasting: &Lasting,
) -> Result<Site, StartError> {
    let portal = PortalState {
        pages: Arc::clone(pages),
        portals: lasting.directory.portals_now(),
        sessions: Arc::clone(&present.sessions),
    };
    let web = WebState { pages: Arc::clone(pages), keyring: present.keyring.clone() };
    let rooms = [
        portal::routes(portal),
        login::routes(login_state(pages, present, lasting)),
        web::routes(web),
    ];
    Site::new(pages, rooms).map_err(part)
}

fn login_state(pages: &Arc<Pages>, present: &Present, lasting: &Lasting) -> LoginState {
    let config = &present.config;
    let context_path = ContextPath::of(&config.jsm.url);
    let per_minute = config.limits.logins_per_minute;
    LoginState {
        pages: Arc::clone(pages),
        authenticator: Arc::clone(&present.authenticator),
        throttle: Arc::new(Throttle::new(per_minute, lasting.clock.clone())),
        sessions: Arc::clone(&present.sessions),
        clear_jira_cookies: clear_jira_cookies(&config.gate.public_url, &context_path),
        portals: lasting.directory.portals_now(),
        context_path,
        metrics: Arc::clone(&lasting.metrics),
        tests: Arc::clone(&lasting.tests),
        emergency: Arc::clone(&lasting.emergency),
        emergency_config: config.emergency.clone().map(Arc::new),
        audit: lasting.audit.clone(),
        strangers: Arc::clone(&lasting.strangers),
    }
}

/// `Set-Cookie` values that remove Jira's own login from a browser.
fn clear_jira_cookies(public_url: &PublicUrl, context_path: &ContextPath) -> Arc<[HeaderValue]> {
    let clear = |(name, path)| cookie::clear_below(public_url, name, path);
    login_cookies(context_path).filter_map(clear).collect()
}
