//! The gate's own pages, put together from those of each room. Must not know what a page does.

use std::sync::Arc;

use http::HeaderValue;

use super::build::{authors, tickets};
use super::current::Current;
use super::persistent::Persistent;
use crate::domain::{ContextPath, PublicUrl};
use crate::jsm::paths::login_cookies;
use crate::login::{self, LoginState};
use crate::portal::hosted::{self, HostedState, KnownForms};
use crate::portal::kept::KeptTexts;
use crate::portal::{self, PortalState};
use crate::server::StartError;
use crate::session::cookie;
use crate::web::{self, Pages, Site, Throttle, WebState};

pub(super) fn site(
    pages: &Arc<Pages>,
    current: &Current,
    persistent: &Persistent,
) -> Result<Site, StartError> {
    let portal = PortalState {
        pages: Arc::clone(pages),
        portals: persistent.directory.portals_now(),
        sessions: Arc::clone(&current.sessions),
    };
    let web = WebState { pages: Arc::clone(pages), keyring: current.keyring.clone() };
    let rooms = [
        portal::routes(portal),
        hosted::routes(hosted_state(pages, current, persistent)),
        login::routes(login_state(pages, current, persistent)),
        web::routes(web),
    ];
    Site::new(pages, rooms).map_err(StartError::from_display)
}

fn hosted_state(pages: &Arc<Pages>, current: &Current, persistent: &Persistent) -> HostedState {
    let records = Arc::clone(&persistent.store).record_store();
    HostedState {
        pages: Arc::clone(pages),
        portals: persistent.directory.portals_now(),
        customers: Arc::clone(&current.customers),
        gatekeeper: Arc::clone(&current.gatekeeper),
        people: Arc::clone(&current.people),
        tickets: tickets(&current.config, &persistent.clock),
        authors: Arc::new(authors(&current.config, &persistent.clock)),
        kept: KeptTexts::new(Arc::clone(&records), persistent.clock.clone()),
        records,
        known_forms: KnownForms::default(),
        audit: persistent.audit.clone(),
        config: current.config.hosted.clone(),
        jsm: current.config.jsm.url.clone(),
        clock: persistent.clock.clone(),
    }
}

fn login_state(pages: &Arc<Pages>, current: &Current, persistent: &Persistent) -> LoginState {
    let config = &current.config;
    let context_path = ContextPath::of(&config.jsm.url);
    let per_minute = config.limits.logins_per_minute;
    LoginState {
        pages: Arc::clone(pages),
        authenticator: Arc::clone(&current.authenticator),
        throttle: Arc::new(Throttle::new(per_minute, persistent.clock.clone())),
        sessions: Arc::clone(&current.sessions),
        clear_jira_cookies: clear_jira_cookies(&config.gate.public_url, &context_path),
        portals: persistent.directory.portals_now(),
        context_path,
        metrics: Arc::clone(&persistent.metrics),
        tests: Arc::clone(&persistent.tests),
        emergency: Arc::clone(&persistent.emergency),
        emergency_config: config.emergency.clone().map(Arc::new),
        audit: persistent.audit.clone(),
        strangers: Arc::clone(&persistent.strangers),
    }
}

/// `Set-Cookie` values that remove Jira's own login from a browser.
fn clear_jira_cookies(public_url: &PublicUrl, context_path: &ContextPath) -> Arc<[HeaderValue]> {
    let clear = |(name, path)| cookie::clear_below(public_url, name, path);
    login_cookies(context_path).filter_map(clear).collect()
}
