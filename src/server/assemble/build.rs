//! Builds each part that a configuration needs. Must not know how the parts fit together.

use std::sync::Arc;

use pingora::apps::HttpServerOptions;
use pingora::protocols::http::v2::server::{H2Options, default_h2_options};
use pingora::proxy::HttpProxy;
use pingora::server::configuration::ServerConf;

use super::persistent::Persistent;
use crate::assertion::Signer;
use crate::auth::{Authenticator, Settings};
use crate::config::Config;
use crate::customers::{Customers, CustomersParts};
use crate::domain::Clock;
use crate::gate::Gate;
use crate::jira_login::{JiraLogin, JiraLoginParts};
use crate::jsm::Client;
use crate::jsm::requests::Requests;
use crate::keys::{Keyring, SamlKeyrings};
use crate::portal::authors::Authors;
use crate::portal::forms::Tickets;
use crate::portal::gatekeeper::{Gatekeeper, JustChanged};
use crate::portal::people::People;
use crate::server::StartError;
use crate::session::{Sealer, Signatures};
use crate::web::{PageSettings, Pages};

/// How many bytes of an answer may wait in h2: as many as are read from JSM at once.
const H2_SEND_BUFFER: usize = 64 * 1024;

pub(super) fn authenticator(config: &Config, clock: &Clock) -> Result<Authenticator, StartError> {
    let settings = Settings {
        providers: &config.providers,
        public_url: &config.gate.public_url,
        limits: &config.limits,
        sealer: Arc::new(Sealer::new(&config.session.secrets)),
        clock: clock.clone(),
    };
    Authenticator::new(settings).map_err(StartError::from_display)
}

/// The pages, as the configuration wants them.
pub(super) fn pages(config: &Config) -> Result<Pages, StartError> {
    let settings = PageSettings {
        public_url: &config.gate.public_url,
        several_providers: config.providers.len() > 1,
        languages: &config.hosted.languages,
        time_zone: config.hosted.time_zone.clone(),
        branding: Arc::clone(&config.branding),
    };
    Pages::new(&settings).map_err(StartError::from_display)
}

/// The tickets of forms, which every gate with the same secrets can read.
pub(super) fn tickets(config: &Config, clock: &Clock) -> Tickets {
    Tickets::new(Arc::new(Sealer::new(&config.session.secrets)), clock.clone())
}

/// Says who wrote comments. Every gate with the same secrets knows the signatures.
pub(super) fn authors(config: &Config, clock: &Clock) -> Authors {
    Authors::new(Signatures::new(&config.session.secrets, "comment-author"), clock.clone())
}

pub(super) fn gatekeeper(config: &Config, persistent: &Persistent, client: Client) -> Gatekeeper {
    let records = Arc::clone(&persistent.store).record_store();
    let requests = Requests::new(client).showing(&config.hosted.show_fields);
    Gatekeeper::new(requests, config.hosted.organization_requests)
        .with_knowledge_base(config.hosted.knowledge_base)
        .with_just_changed(JustChanged::new(records, persistent.clock.clone()))
}

/// Whom customers may name.
pub(super) fn people(config: &Config, clock: &Clock, client: Client) -> People {
    People::new(client, config.hosted.participants, clock.clone())
}

/// Who people are in JSM. What an earlier configuration found out is found out again.
pub(super) fn customers(config: &Config, persistent: &Persistent, client: Client) -> Customers {
    Customers::new(CustomersParts {
        client,
        sessions: Arc::clone(&persistent.store),
        config: config.customers.clone(),
        audit: persistent.audit.clone(),
        clock: persistent.clock.clone(),
    })
}

/// Jira's own login, where the gate logs customers in by it.
pub(super) fn jira_login(
    config: &Config,
    customers: &Arc<Customers>,
    clock: &Clock,
) -> Option<JiraLogin> {
    let jira = config.jira_login()?;
    Some(JiraLogin::new(JiraLoginParts {
        customers: Arc::clone(customers),
        allow_staff: jira.allow_staff,
        sealer: Sealer::new(&config.session.secrets),
        public_url: config.gate.public_url.clone(),
        clock: clock.clone(),
    }))
}

/// The keys of the assertion. They are read again with each configuration, so that deleting the
/// file and reloading replaces them.
pub(super) fn keyring(config: &Config, clock: &Clock) -> Result<Option<Arc<Keyring>>, StartError> {
    let Some(assertion) = &config.forward.assertion else { return Ok(None) };
    let keyring = Keyring::open(&config.gate.state_dir, assertion.rotate, clock.clone());
    Ok(Some(Arc::new(keyring.map_err(StartError::from_display)?)))
}

/// The keys of service providers, read again likewise. Takes about a second for each that has none yet.
pub(super) fn saml_keyrings(config: &Config, clock: &Clock) -> Result<SamlKeyrings, StartError> {
    SamlKeyrings::open(&config.gate.state_dir, &config.service_providers, clock)
        .map_err(StartError::from_display)
}

pub(super) fn signer(
    config: &Config,
    keyring: Option<&Arc<Keyring>>,
    clock: &Clock,
) -> Option<Signer> {
    let (assertion, keyring) = config.forward.assertion.as_ref().zip(keyring)?;
    let public_url = &config.gate.public_url;
    Some(Signer::new(assertion, public_url, Arc::clone(keyring), clock.clone()))
}

/// The proxy of one worker thread, with its own connections to the upstream.
pub(super) fn proxy(gate: Gate, conf: &Arc<ServerConf>, config: &Config) -> Arc<HttpProxy<Gate>> {
    let mut options = HttpServerOptions::default();
    options.h2_idle_timeout = Some(config.limits.keep_alive);
    let mut proxy = HttpProxy::new(gate, Arc::clone(conf));
    proxy.handle_init_modules();
    proxy.server_options = Some(options);
    proxy.h2_options = Some(h2_options());
    Arc::new(proxy)
}

/// pingora's own limits, but a smaller send buffer: for a customer who opens a window and reads
/// nothing h2 would keep 400 KB a stream.
fn h2_options() -> H2Options {
    let mut options = default_h2_options();
    options.max_send_buffer_size(H2_SEND_BUFFER);
    options
}

pub(super) fn server_conf(config: &Config) -> ServerConf {
    let ca_file = config.forward.ca_file.as_ref().map(|path| path.display().to_string());
    ServerConf { ca_file, max_retries: 4, ..ServerConf::default() }
}
