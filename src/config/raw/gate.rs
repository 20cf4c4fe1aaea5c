//! `[gate]` and `[jsm]`

use schemars::JsonSchema;
use serde::Deserialize;

use super::Texts;
use crate::config::default;
use crate::config::given::Given;
use crate::config::parsed::Deployment;

/// Where the gate is reached.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Gate {
    /// What customers see; cookies, redirects and links derive from it alone.
    pub(in crate::config) public_url: Given<String>,
    /// Addresses to listen on; not used when systemd hands sockets over.
    #[serde(default)]
    #[schemars(extend("default" = default::LISTEN))]
    pub(in crate::config) listen: Texts,
    /// PEM file of the certificate chain, leaf first.
    #[serde(default)]
    pub(in crate::config) certificate: Given<String>,
    /// PEM file of the certificate's private key.
    #[serde(default)]
    pub(in crate::config) private_key: Given<String>,
    /// Networks whose X-Forwarded-* headers are believed.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) trusted_proxies: Texts,
    /// Where /healthz, /readyz and /metrics are served; an empty text serves them nowhere.
    #[serde(default)]
    #[schemars(extend("default" = default::OPERATIONS_LISTEN))]
    pub(in crate::config) operations_listen: Given<String>,
    /// Folder of what the gate remembers over a restart.
    #[serde(default)]
    #[schemars(extend("default" = default::STATE_DIR))]
    pub(in crate::config) state_dir: Given<String>,
}

/// The JSM server and the service account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Jsm {
    /// Address of the JSM server, with its context path if it has one.
    pub(in crate::config) url: Given<String>,
    /// Which of the two products it is; found out when left out.
    #[serde(default)]
    pub(in crate::config) deployment: Given<Deployment>,
    /// Address of the service account; needed for Cloud.
    #[serde(default)]
    pub(in crate::config) email: Given<String>,
    /// File with the service account's API token or personal access token.
    #[serde(default)]
    pub(in crate::config) api_token_file: Given<String>,
    /// Environment variable with the token.
    #[serde(default)]
    pub(in crate::config) api_token_env: Given<String>,
    /// systemd credential with the token.
    #[serde(default)]
    pub(in crate::config) api_token_credential: Given<String>,
    /// How often the list of portals is read again.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_REFRESH))]
    pub(in crate::config) refresh: Given<String>,
    /// How long one REST call may take.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_TIMEOUT))]
    pub(in crate::config) timeout: Given<String>,
    /// PEM file of a further certificate authority to trust for the server.
    #[serde(default)]
    pub(in crate::config) ca_file: Given<String>,
    /// Atlassian's API gateway, which scoped tokens use.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_CLOUD_API_URL))]
    pub(in crate::config) cloud_api_url: Given<String>,
    /// Send the token over plain http to another machine.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) insecure_plain_http: Given<bool>,
}
