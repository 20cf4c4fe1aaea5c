//! The gate's own pages, put together from those of each room. Must not know what a page does.

use std::sync::Arc;

use http::HeaderValue;

use super::build::{authors, tickets};
use super::current::Current;
use super::persistent::Persistent;
use crate::auth::Ending;
use crate::config::Config;
use crate::domain::{ContextPath, PublicUrl};
use crate::jsm::paths::login_cookies;
use crate::login::{self, LoginState};
use crate::portal::hosted::{self, HostedState, KnownForms};
use crate::portal::kept::KeptTexts;
use crate::portal::{self, PortalState};
use crate::server::StartError;
use crate::session::{Sealer, cookie};
use crate::sso::{self, ServiceProviders, SsoState};
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
    let sso = Arc::new(sso_state(pages, current, persistent));
    let web = WebState { pages: Arc::clone(pages), keyring: current.keyring.clone() };
    let rooms = [
        portal::routes(portal),
        hosted::routes(hosted_state(pages, current, persistent)),
        sso::routes(Arc::clone(&sso)),
        login::routes(login_state(pages, current, persistent, sso)),
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

fn sso_state(pages: &Arc<Pages>, current: &Current, persistent: &Persistent) -> SsoState {
    let config = &current.config;
    let service_providers = ServiceProviders::new(config, &current.saml_keyrings);
    SsoState {
        pages: Arc::clone(pages),
        service_providers: Arc::new(service_providers),
        sessions: Arc::clone(&current.sessions),
        authenticator: Arc::clone(&current.authenticator),
        ending: Arc::new(ending(current)),
        customers: Arc::clone(&current.customers),
        jira_login: current.jira_login.clone(),
        sealer: Arc::new(Sealer::new(&config.session.secrets)),
        throttle: Arc::new(throttle(config, persistent)),
        signing: Arc::clone(&persistent.signing),
        trace: Arc::clone(&persistent.trace),
        metrics: Arc::clone(&persistent.metrics),
        audit: persistent.audit.clone(),
        strangers: Arc::clone(&persistent.strangers),
    }
}

fn login_state(
    pages: &Arc<Pages>,
    current: &Current,
    persistent: &Persistent,
    sso: Arc<SsoState>,
) -> LoginState {
    let config = &current.config;
    LoginState {
        pages: Arc::clone(pages),
        authenticator: Arc::clone(&current.authenticator),
        throttle: Arc::clone(&sso.throttle),
        sessions: Arc::clone(&current.sessions),
        ending: Arc::clone(&sso.ending),
        portals: persistent.directory.portals_now(),
        context_path: ContextPath::of(&config.jsm.url),
        metrics: Arc::clone(&persistent.metrics),
        tests: Arc::clone(&persistent.tests),
        emergency: Arc::clone(&persistent.emergency),
        emergency_config: config.emergency.clone().map(Arc::new),
        audit: persistent.audit.clone(),
        strangers: Arc::clone(&persistent.strangers),
        sso,
    }
}

fn throttle(config: &Config, persistent: &Persistent) -> Throttle {
    Throttle::new(config.limits.logins_per_minute, persistent.clock.clone())
}

fn ending(current: &Current) -> Ending {
    let config = &current.config;
    let context_path = ContextPath::of(&config.jsm.url);
    Ending {
        sessions: Arc::clone(&current.sessions),
        authenticator: Arc::clone(&current.authenticator),
        clear_cookies: clear_jira_cookies(&config.gate.public_url, &context_path),
    }
}

/// `Set-Cookie` values that remove Jira's own login from a browser.
fn clear_jira_cookies(public_url: &PublicUrl, context_path: &ContextPath) -> Arc<[HeaderValue]> {
    let clear = |(name, path)| cookie::clear_below(public_url, name, path);
    login_cookies(context_path).filter_map(clear).collect()
}
