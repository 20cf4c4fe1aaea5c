//! How many connections there may be, in all and from one address, and how long each may take to
//! ask. Must not know sockets.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::domain::network_of;
use crate::gate::ReadDeadline;
use crate::telemetry::Metrics;

/// Gives out permits for connections.
pub(super) struct ConnectionLimits {
    free: Arc<Semaphore>,
    state: Mutex<State>,
    metrics: Arc<Metrics>,
}

struct State {
    config: LimitConfig,
    /// How many of the taken permits are dropped when they come back, because the limit was
    /// lowered.
    too_many: usize,
    taken: HashMap<IpAddr, usize>,
}

/// How many connections are allowed, and their deadlines.
pub(super) struct LimitConfig {
    total: usize,
    per_address: usize,
    /// How long the head of a request may take.
    header_timeout: Duration,
    /// How long a connection may be idle between requests.
    keep_alive: Duration,
    /// Proxies in front of the gate, which bring the connections of many customers.
    fronts: Vec<IpNet>,
}

impl LimitConfig {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            total: config.limits.connections,
            per_address: config.limits.connections_per_address,
            header_timeout: config.limits.header_timeout,
            keep_alive: config.limits.keep_alive,
            fronts: config.gate.trusted_proxies.clone(),
        }
    }
}

impl ConnectionLimits {
    pub(super) fn new(config: LimitConfig, metrics: Arc<Metrics>) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(config.total));
        let state = Mutex::new(State { config, too_many: 0, taken: HashMap::new() });
        Arc::new(Self { free, state, metrics })
    }

    /// Applies other limits from now on. Existing connections stay.
    pub(super) fn apply(&self, config: LimitConfig) {
        let mut state = self.state.lock();
        let (old, new) = (state.config.total, config.total);
        let (more, fewer) = (new.saturating_sub(old), old.saturating_sub(new));
        let stay = more.min(state.too_many);
        self.free.add_permits(more - stay);
        let gone = self.free.forget_permits(fewer);
        state.too_many = state.too_many - stay + fewer - gone;
        state.config = config;
    }

    /// Waits until a connection may be accepted.
    pub(super) async fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Gives a permit to a connection; `None` when its address has as many as it may.
    pub(super) fn take(
        self: &Arc<Self>,
        peer: IpAddr,
        free: OwnedSemaphorePermit,
    ) -> Option<ConnectionPermit> {
        let peer = peer.to_canonical();
        let mut state = self.state.lock();
        let front = state.config.fronts.iter().any(|front| front.contains(&peer));
        let network = (!front).then(|| network_of(peer));
        if let Some(network) = network {
            let per_address = state.config.per_address;
            let count = state.taken.entry(network).or_default();
            if *count >= per_address {
                self.metrics.connection_refused();
                tracing::debug!(%peer, "has too many connections");
                return None;
            }
            *count += 1;
        }
        self.metrics.connection_opened();
        let deadline = ReadDeadline::new(state.config.header_timeout, state.config.keep_alive);
        Some(ConnectionPermit { limits: Arc::clone(self), network, free: Some(free), deadline })
    }
}

/// The permit of one connection. Dropping it returns the permit.
pub(super) struct ConnectionPermit {
    limits: Arc<ConnectionLimits>,
    network: Option<IpAddr>,
    free: Option<OwnedSemaphorePermit>,
    /// The deadlines of the connection.
    pub(super) deadline: Arc<ReadDeadline>,
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.limits.metrics.connection_closed();
        let mut state = self.limits.state.lock();
        if state.too_many > 0 {
            state.too_many -= 1;
            self.free.take().into_iter().for_each(OwnedSemaphorePermit::forget);
        }
        let Some(network) = self.network else { return };
        match state.taken.get_mut(&network) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(state.taken.remove(&network)),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn limits(total: usize, per_address: usize) -> Arc<ConnectionLimits> {
        ConnectionLimits::new(config(total, per_address), Arc::default())
    }

    fn config(total: usize, per_address: usize) -> LimitConfig {
        let (header_timeout, keep_alive) = (Duration::from_secs(1), Duration::from_secs(1));
        let fronts = vec!["10.0.0.0/8".parse().unwrap()];
        LimitConfig { total, per_address, header_timeout, keep_alive, fronts }
    }

    /// A permit for one connection.
    pub(in crate::server) async fn permit() -> ConnectionPermit {
        limits(1, 1).come("192.0.2.1").await.unwrap()
    }

    impl ConnectionLimits {
        async fn come(self: &Arc<Self>, peer: &str) -> Option<ConnectionPermit> {
            let free = self.free().await.unwrap();
            self.take(peer.parse().unwrap(), free)
        }
    }

    #[tokio::test]
    async fn one_address_gets_its_share_and_no_more() {
        let limits = limits(100, 2);
        let (first, second) = (limits.come("192.0.2.1").await, limits.come("192.0.2.1").await);
        assert!(first.is_some() && second.is_some());
        assert!(limits.come("192.0.2.1").await.is_none());
        assert!(limits.come("192.0.2.2").await.is_some());
        drop(second);
        assert!(limits.come("192.0.2.1").await.is_some());
        drop(first);
        assert!(limits.state.lock().taken.is_empty(), "an address is remembered for nothing");
    }

    #[tokio::test]
    async fn an_ipv6_customer_is_a_whole_network() {
        let limits = limits(100, 1);
        let _first = limits.come("2001:db8:0:1::1").await.unwrap();
        assert!(limits.come("2001:db8:0:1:ffff::2").await.is_none());
        assert!(limits.come("2001:db8:0:2::1").await.is_some());
    }

    #[tokio::test]
    async fn a_front_brings_everybody() {
        let limits = limits(100, 1);
        let _first = limits.come("10.0.0.1").await.unwrap();
        assert!(limits.come("10.0.0.1").await.is_some());
        assert!(limits.come("::ffff:10.0.0.1").await.is_some());
    }

    #[tokio::test]
    async fn a_refused_connection_leaves_its_place_to_others() {
        let limits = limits(2, 1);
        let _first = limits.come("192.0.2.1").await.unwrap();
        assert!(limits.come("192.0.2.1").await.is_none());
        assert!(limits.come("192.0.2.2").await.is_some());
    }

    #[tokio::test]
    async fn fewer_places_hold_once_connections_have_left_and_more_at_once() {
        let limits = limits(3, 9);
        let first = limits.come("192.0.2.1").await.unwrap();
        let second = limits.come("192.0.2.1").await.unwrap();
        limits.apply(config(1, 9));
        assert_eq!(limits.free.available_permits(), 0);
        drop(first);
        assert_eq!(limits.free.available_permits(), 0, "two are still taken by one");
        drop(second);
        assert_eq!(limits.free.available_permits(), 1);
        limits.apply(config(3, 1));
        assert_eq!(limits.free.available_permits(), 3);
        let _first = limits.come("192.0.2.1").await.unwrap();
        assert!(limits.come("192.0.2.1").await.is_none(), "the new share does not hold");
    }

    #[tokio::test]
    async fn places_that_were_to_go_may_stay() {
        let limits = limits(2, 9);
        let both = (limits.come("192.0.2.1").await, limits.come("192.0.2.1").await);
        limits.apply(config(1, 9));
        limits.apply(config(2, 9));
        drop(both);
        assert_eq!(limits.free.available_permits(), 2);
    }
}
