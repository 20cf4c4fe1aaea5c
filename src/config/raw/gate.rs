//! `[gate]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Texts;
use crate::config::default;
use crate::config::field::Field;

/// Where the gate is reached.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Gate {
    /// What customers see; cookies, redirects and links derive from it alone.
    pub(in crate::config) public_url: Field<String>,
    /// Addresses to listen on; not used when systemd hands sockets over.
    #[serde(default)]
    #[schemars(extend("default" = default::LISTEN))]
    pub(in crate::config) listen: Texts,
    /// PEM file of the certificate chain, leaf first.
    #[serde(default)]
    pub(in crate::config) certificate: Field<String>,
    /// PEM file of the certificate's private key.
    #[serde(default)]
    pub(in crate::config) private_key: Field<String>,
    /// Networks whose X-Forwarded-* headers are believed.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) trusted_proxies: Texts,
    /// Where /healthz, /readyz and /metrics are served; an empty text serves them nowhere.
    #[serde(default)]
    #[schemars(extend("default" = default::OPERATIONS_LISTEN))]
    pub(in crate::config) operations_listen: Field<String>,
    /// Folder of what the gate remembers over a restart.
    #[serde(default)]
    #[schemars(extend("default" = default::STATE_DIR))]
    pub(in crate::config) state_dir: Field<String>,
}
