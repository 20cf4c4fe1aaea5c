//! `[session]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::default;
use crate::config::field::Field;

/// The gate's own login session.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Session {
    /// Ends after this long without a request.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_IDLE))]
    pub(in crate::config) idle: Field<String>,
    /// Ends this long after login, used or not.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_ABSOLUTE))]
    pub(in crate::config) absolute: Field<String>,
    /// Sessions that one customer may have at once; the oldest ends for the newest.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::SESSION_PER_CUSTOMER))]
    pub(in crate::config) per_customer: Field<u64>,
    /// Where sessions are kept: "embedded", "memory", or a Redis for several gates.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_STORE))]
    pub(in crate::config) store: Field<String>,
    /// File with the password of the Redis store.
    #[serde(default)]
    pub(in crate::config) store_password_file: Field<String>,
    /// Environment variable with the password.
    #[serde(default)]
    pub(in crate::config) store_password_env: Field<String>,
    /// systemd credential with the password.
    #[serde(default)]
    pub(in crate::config) store_password_credential: Field<String>,
    /// PEM file of the certificate authority to trust for a `rediss://` store, instead of the system's.
    #[serde(default)]
    pub(in crate::config) store_ca_file: Field<String>,
    /// File with the secrets that seal cookies and sessions, one a line: the first seals, all open.
    #[serde(default)]
    pub(in crate::config) secret_file: Field<String>,
    /// Environment variable with the secrets.
    #[serde(default)]
    pub(in crate::config) secret_env: Field<String>,
    /// systemd credential with the secrets.
    #[serde(default)]
    pub(in crate::config) secret_credential: Field<String>,
}
