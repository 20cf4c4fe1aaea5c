//! Which values of the configuration only a start takes up. A reload compares them with those that
//! the gate was started with, and names the keys that differ. It must not know what the values do.
//!
//! Every section is taken apart field by field, so that a new field does not compile until it is
//! either listed here or left to reloads on purpose (`_`).

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::parsed::{
    AuditConfig, Config, CustomersConfig, ForwardConfig, GateConfig, HostedConfig, JsmConfig,
    LimitsConfig, LogConfig, RedisConfig, SessionConfig, StoreConfig,
};

/// The values that only a start takes up, each with its key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Startup(Vec<(&'static str, String)>);

impl Startup {
    /// Those of a configuration.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let Config {
            gate,
            jsm,
            providers: _,
            saml_ids: _,
            service_providers: _,
            portal_defaults: _,
            portals: _,
            customers: CustomersConfig { create: _, staff_groups: _, organizations: _, groups: _ },
            session,
            forward,
            branding: _,
            hosted:
                HostedConfig {
                    languages: _,
                    time_zone: _,
                    organization_requests: _,
                    file_bytes: _,
                    files: _,
                    knowledge_base: _,
                    native_links: _,
                    show_fields: _,
                    groups: _,
                    participants: _,
                },
            emergency: _,
            limits,
            // Each reload opens the trail again, wherever it is.
            audit: AuditConfig { to: _ },
            log: LogConfig { format, level },
        } = config;
        let mut values = vec![("log.format", text(format)), ("log.level", text(level))];
        values.extend(of_gate(gate));
        values.extend(of_jsm(jsm));
        values.extend(of_session(session));
        values.extend(of_forward(forward));
        values.extend(of_limits(limits));
        Self(values)
    }

    /// The keys whose values differ in another configuration.
    #[must_use]
    pub fn changed(&self, other: &Self) -> Vec<&'static str> {
        let pairs = self.0.iter().zip(&other.0);
        pairs.filter(|(own, other)| own != other).map(|((key, _), _)| *key).collect()
    }
}

type Values<const N: usize> = [(&'static str, String); N];

fn of_gate(gate: &GateConfig) -> Values<4> {
    let GateConfig { public_url: _, listen, tls, trusted_proxies: _, operations_listen, state_dir } =
        gate;
    [
        ("gate.listen", text(listen)),
        // A reload takes over another pair. Whether there is TLS at all is decided at start, with
        // the sockets.
        ("gate.certificate", text(tls.is_some())),
        ("gate.operations_listen", text(operations_listen)),
        ("gate.state_dir", text(state_dir)),
    ]
}

fn of_jsm(jsm: &JsmConfig) -> Values<1> {
    let JsmConfig {
        url: _,
        deployment: _,
        email: _,
        api_token: _,
        refresh,
        timeout: _,
        concurrency: _,
        ca_file: _,
        cloud_api_url: _,
    } = jsm;
    [("jsm.refresh", text(refresh))]
}

fn of_session(session: &SessionConfig) -> Values<3> {
    let SessionConfig { idle: _, absolute: _, per_customer: _, store, secrets: _ } = session;
    let (place, password, ca_file) = match store {
        StoreConfig::Embedded => ("embedded".to_owned(), String::new(), String::new()),
        StoreConfig::Memory => ("memory".to_owned(), String::new(), String::new()),
        StoreConfig::Redis(RedisConfig { url, password, ca_file }) => {
            (text(url.as_str()), password.as_ref().map(digest).unwrap_or_default(), text(ca_file))
        }
    };
    [
        ("session.store", place),
        ("session.store_password", password),
        ("session.store_ca_file", ca_file),
    ]
}

fn of_forward(forward: &ForwardConfig) -> Values<1> {
    let ForwardConfig {
        identity: _,
        assertion: _,
        host: _,
        jira_login: _,
        allow_paths: _,
        public_paths: _,
        connect_timeout: _,
        read_timeout: _,
        write_timeout: _,
        keep_alive: _,
        ca_file,
        upstreams: _,
        health_path: _,
        health_interval: _,
        rewrite_bodies: _,
        websockets: _,
        concurrency: _,
        queue_timeout: _,
    } = forward;
    [("forward.ca_file", text(ca_file))]
}

fn of_limits(limits: &LimitsConfig) -> Values<2> {
    let LimitsConfig {
        header_bytes: _,
        headers: _,
        body_bytes: _,
        identity_bytes: _,
        pending_logins: _,
        pending_login_age: _,
        logins_per_minute: _,
        connections: _,
        connections_per_address: _,
        header_timeout: _,
        keep_alive,
        sessions,
        drain: _,
        data_call_bytes: _,
        requests_per_customer: _,
        requests_per_address: _,
        websockets_per_customer: _,
        websockets: _,
    } = limits;
    [("limits.keep_alive over HTTP/2", text(keep_alive)), ("limits.sessions", text(sessions))]
}

fn text(value: impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

/// Tells whether a secret is another one, without keeping it.
fn digest(secret: &SecretString) -> String {
    text(Sha256::digest(secret.expose_secret()))
}
