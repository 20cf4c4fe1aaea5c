//! `[jsm]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::default;
use crate::config::field::Field;
use crate::config::parsed::Deployment;

/// The JSM server and the service account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Jsm {
    /// Address of the JSM server, with its context path if it has one.
    pub(in crate::config) url: Field<String>,
    /// Which of the two products it is; found out when left out.
    #[serde(default)]
    pub(in crate::config) deployment: Field<Deployment>,
    /// Address of the service account; needed for Cloud.
    #[serde(default)]
    pub(in crate::config) email: Field<String>,
    /// File with the service account's API token or personal access token.
    #[serde(default)]
    pub(in crate::config) api_token_file: Field<String>,
    /// Environment variable with the token.
    #[serde(default)]
    pub(in crate::config) api_token_env: Field<String>,
    /// systemd credential with the token.
    #[serde(default)]
    pub(in crate::config) api_token_credential: Field<String>,
    /// How often the list of portals is read again.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_REFRESH))]
    pub(in crate::config) refresh: Field<String>,
    /// How long one REST call may take.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_TIMEOUT))]
    pub(in crate::config) timeout: Field<String>,
    /// REST calls that are under way at once; more wait.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000), extend("default" = default::JSM_CONCURRENCY))]
    pub(in crate::config) concurrency: Field<u64>,
    /// PEM file of a further certificate authority to trust for the server.
    #[serde(default)]
    pub(in crate::config) ca_file: Field<String>,
    /// Atlassian's API gateway, which scoped tokens use.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_CLOUD_API_URL))]
    pub(in crate::config) cloud_api_url: Field<String>,
    /// Send the token over plain http to another machine.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) insecure_plain_http: Field<bool>,
}
