//! `[limits]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::default;
use crate::config::field::Field;

/// What one request, one browser and one gate may take.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Limits {
    /// Bytes of request line and headers together.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_HEADER_BYTES))]
    pub(in crate::config) header_bytes: Field<String>,
    /// Number of request headers.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_HEADERS))]
    pub(in crate::config) headers: Field<u64>,
    /// Bytes of a request body.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_BODY_BYTES))]
    pub(in crate::config) body_bytes: Field<String>,
    /// Bytes of the body of a portal's data call, where it has to be looked into.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_DATA_CALL_BYTES))]
    pub(in crate::config) data_call_bytes: Field<String>,
    /// Bytes of the headers that tell JSM who the customer is.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_IDENTITY_BYTES))]
    pub(in crate::config) identity_bytes: Field<String>,
    /// Logins a browser may have open at once; the oldest is dropped.
    #[serde(default)]
    #[schemars(range(min = 1, max = 20), extend("default" = default::LIMIT_PENDING_LOGINS))]
    pub(in crate::config) pending_logins: Field<u64>,
    /// How long a login may take.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_PENDING_LOGIN_AGE))]
    pub(in crate::config) pending_login_age: Field<String>,
    /// Logins that one address may begin within a minute, and answers to service providers about one session.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_LOGINS_PER_MINUTE))]
    pub(in crate::config) logins_per_minute: Field<u64>,
    /// Connections of customers, all together.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_CONNECTIONS))]
    pub(in crate::config) connections: Field<u64>,
    /// Connections from one address.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_CONNECTIONS_PER_ADDRESS))]
    pub(in crate::config) connections_per_address: Field<u64>,
    /// Requests of one customer under way at once.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_REQUESTS_PER_CUSTOMER))]
    pub(in crate::config) requests_per_customer: Field<u64>,
    /// Requests under way at once from one address, of people who are not logged in.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_REQUESTS_PER_ADDRESS))]
    pub(in crate::config) requests_per_address: Field<u64>,
    /// WebSockets of one customer.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_WEBSOCKETS_PER_CUSTOMER))]
    pub(in crate::config) websockets_per_customer: Field<u64>,
    /// WebSockets of all customers together.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_WEBSOCKETS))]
    pub(in crate::config) websockets: Field<u64>,
    /// How long a connection may take for TLS and the head of a request.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_HEADER_TIMEOUT))]
    pub(in crate::config) header_timeout: Field<String>,
    /// How long an idle customer connection is kept.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_KEEP_ALIVE))]
    pub(in crate::config) keep_alive: Field<String>,
    /// Sessions kept in memory.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_SESSIONS))]
    pub(in crate::config) sessions: Field<u64>,
    /// How long a stop waits for requests to finish.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_DRAIN))]
    pub(in crate::config) drain: Field<String>,
}
