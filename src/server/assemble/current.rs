//! What one configuration needs to serve. A reload replaces all of it. Must not know what persists.

use std::sync::Arc;

use super::build::{authenticator, keyring, sessions, signer};
use super::persistent::Persistent;
use super::site::site;
use crate::auth::Authenticator;
use crate::config::Config;
use crate::gate::{App, AppParts};
use crate::keys::Keyring;
use crate::server::StartError;
use crate::session::Sessions;
use crate::web::Pages;

/// The parts that a reload replaces.
pub(super) struct Current {
    pub(super) config: Arc<Config>,
    pub(super) authenticator: Arc<Authenticator>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) keyring: Option<Arc<Keyring>>,
}

/// Builds the parts of one configuration.
pub(super) fn assemble(
    config: Arc<Config>,
    persistent: &Persistent,
) -> Result<(App, Current), StartError> {
    let clock = &persistent.clock;
    let public_url = &config.gate.public_url;
    let authenticator = Arc::new(authenticator(&config, clock)?);
    let sessions = Arc::new(sessions(&config, persistent, &authenticator));
    let keyring = keyring(&config, clock)?;
    let pages = Arc::new(
        Pages::new(public_url, config.providers.len() > 1).map_err(StartError::from_display)?,
    );
    let current = Current { config, authenticator, sessions, keyring };
    let app = App::new(AppParts {
        config: Arc::clone(&current.config),
        portals: persistent.directory.portals_now(),
        sessions: Arc::clone(&current.sessions),
        site: site(&pages, &current, persistent)?,
        pages,
        signer: signer(&current.config, current.keyring.as_ref(), clock),
        audit: persistent.audit.clone(),
        strangers: Arc::clone(&persistent.strangers),
    });
    Ok((app.map_err(StartError::from_display)?, current))
}
