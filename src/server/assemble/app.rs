//! Builds all that one configuration needs, in order. Must not know how each part is built.

use std::sync::Arc;

use super::build::{
    authenticator, customers, gatekeeper, jira_login, keyring, pages, people, signer,
};
use super::current::Current;
use super::persistent::Persistent;
use super::sessions::sessions;
use super::site::site;
use crate::config::Config;
use crate::gate::{App, AppParts};
use crate::jsm::Client;
use crate::keys::SamlKeyrings;
use crate::server::StartError;

/// Builds the parts of one configuration.
pub(super) fn assemble(
    config: Arc<Config>,
    persistent: &Persistent,
    client: Client,
    saml_keyrings: SamlKeyrings,
) -> Result<(App, Current), StartError> {
    let clock = &persistent.clock;
    let authenticator = Arc::new(authenticator(&config, clock)?);
    let sessions = Arc::new(sessions(&config, persistent, &authenticator));
    let keyring = keyring(&config, clock)?;
    let pages = Arc::new(pages(&config)?);
    let gatekeeper = Arc::new(gatekeeper(&config, persistent, client.clone()));
    let people = Arc::new(people(&config, clock, client.clone()));
    let customers = Arc::new(customers(&config, persistent, client));
    let jira_login = jira_login(&config, &customers, clock).map(Arc::new);
    let current = Current {
        config,
        authenticator,
        sessions,
        keyring,
        saml_keyrings: Arc::new(saml_keyrings),
        jira_login,
        customers,
        gatekeeper,
        people,
    };
    let app = App::new(AppParts {
        config: Arc::clone(&current.config),
        portals: persistent.directory.portals_now(),
        sessions: Arc::clone(&current.sessions),
        site: site(&pages, &current, persistent)?,
        pages,
        signer: signer(&current.config, current.keyring.as_ref(), clock),
        audit: persistent.audit.clone(),
        strangers: Arc::clone(&persistent.strangers),
        jira_login: current.jira_login.clone(),
    });
    Ok((app.map_err(StartError::from_display)?, current))
}
