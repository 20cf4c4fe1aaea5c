//! `[limits]` as the rest of the gate sees it.

use std::time::Duration;

/// `[limits]`
#[derive(Clone, Copy, Debug)]
pub struct LimitsConfig {
    /// Bytes of request line and headers together; more is answered 431.
    pub header_bytes: usize,
    /// Number of request headers; more is answered 431.
    pub headers: usize,
    /// Bytes of a request body; more is answered 413.
    pub body_bytes: u64,
    /// Bytes of a data call's body that is looked into; more is answered 413.
    pub data_call_bytes: usize,
    /// Bytes of the headers that tell the upstream who the customer is; more is answered 403.
    pub identity_bytes: usize,
    /// Logins a browser may have open at once; the oldest is dropped.
    pub pending_logins: usize,
    /// How long a login may take.
    pub pending_login_age: Duration,
    /// Logins that one address (an IPv6 /64) may begin within a minute; more is answered 429.
    pub logins_per_minute: u32,
    /// Connections of customers, all together; more wait.
    pub connections: usize,
    /// Connections from one address (an IPv6 /64); more are closed.
    pub connections_per_address: usize,
    /// Requests of one customer under way at once; more are answered 503.
    pub requests_per_customer: usize,
    /// Requests under way at once from one address (an IPv6 /64), of people who are not logged in; more
    /// are answered 503.
    pub requests_per_address: usize,
    /// WebSockets of one customer; more are answered 503.
    pub websockets_per_customer: usize,
    /// WebSockets of all customers together; more are answered 503.
    pub websockets: usize,
    /// How long a connection may take for TLS and the head of a request.
    pub header_timeout: Duration,
    /// How long an idle customer connection is kept.
    pub keep_alive: Duration,
    /// Sessions kept in memory.
    pub sessions: u64,
    /// How long a stop waits for requests to finish.
    pub drain: Duration,
}
