//! How many connections there may be, in all and from one address, and how long each is waited for.
//! Knows nothing of sockets.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::domain::network_of;
use crate::gate::HeadClock;
use crate::telemetry::Metrics;

/// The places for connections.
pub(super) struct Places {
    free: Arc<Semaphore>,
    state: Mutex<State>,
    metrics: Arc<Metrics>,
}

struct State {
    shares: Shares,
    /// Of the places that are taken, how many are not to be free again.
    too_many: usize,
    taken: HashMap<IpAddr, usize>,
}

/// Who may have how many connections, and for how long.
pub(super) struct Shares {
    total: usize,
    per_address: usize,
    /// How long a head may take.
    for_a_head: Duration,
    /// How long nothing may be said between requests.
    for_a_word: Duration,
    /// Fronts that bring everybody's connections.
    fronts: Vec<IpNet>,
}

impl Shares {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            total: config.limits.connections,
            per_address: config.limits.connections_per_address,
            for_a_head: config.limits.header_timeout,
            for_a_word: config.limits.keep_alive,
            fronts: config.gate.trusted_proxies.clone(),
        }
    }
}

impl Places {
    pub(super) fn new(shares: Shares, metrics: Arc<Metrics>) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(shares.total));
        let state = Mutex::new(State { shares, too_many: 0, taken: HashMap::new() });
        Arc::new(Self { free, state, metrics })
    }

    /// Has other shares from now on. Connections over them stay as they are.
    pub(super) fn apply(&self, shares: Shares) {
        let mut state = self.state.lock();
        let (old, new) = (state.shares.total, shares.total);
        let (more, fewer) = (new.saturating_sub(old), old.saturating_sub(new));
        let stay = more.min(state.too_many);
        self.free.add_permits(more - stay);
        let gone = self.free.forget_permits(fewer);
        state.too_many = state.too_many - stay + fewer - gone;
        state.shares = shares;
    }

    /// Waits for a free place.
    pub(super) async fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Takes a free place for a connection; `None` when its address has its share already.
    pub(super) fn take(
        self: &Arc<Self>,
        peer: IpAddr,
        free: OwnedSemaphorePermit,
    ) -> Option<Place> {
        let peer = peer.to_canonical();
        let mut state = self.state.lock();
        let front = state.shares.fronts.iter().any(|front| front.contains(&peer));
        let network = (!front).then(|| network_of(peer));
        if let Some(network) = network {
            let per_address = state.shares.per_address;
            let count = state.taken.entry(network).or_default();
            if *count >= per_address {
                self.metrics.connection_refused();
                tracing::debug!(%peer, "has too many connections");
                return None;
            }
            *count += 1;
        }
        self.metrics.connection_opened();
        let clock = HeadClock::new(state.shares.for_a_head, state.shares.for_a_word);
        Some(Place { places: Arc::clone(self), network, free: Some(free), clock })
    }
}

/// A place that is taken, until it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    network: Option<IpAddr>,
    free: Option<OwnedSemaphorePermit>,
    /// How long it may be kept without saying what for.
    pub(super) clock: Arc<HeadClock>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.metrics.connection_closed();
        let mut state = self.places.state.lock();
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

    fn places(total: usize, per_address: usize) -> Arc<Places> {
        Places::new(shares(total, per_address), Arc::default())
    }

    fn shares(total: usize, per_address: usize) -> Shares {
        let (for_a_head, for_a_word) = (Duration::from_secs(1), Duration::from_secs(1));
        let fronts = vec!["10.0.0.0/8".parse().unwrap()];
        Shares { total, per_address, for_a_head, for_a_word, fronts }
    }

    /// A place for one connection.
    pub(in crate::server) async fn place() -> Place {
        places(1, 1).come("192.0.2.1").await.unwrap()
    }

    impl Places {
        async fn come(self: &Arc<Self>, peer: &str) -> Option<Place> {
            let free = self.free().await.unwrap();
            self.take(peer.parse().unwrap(), free)
        }
    }

    #[tokio::test]
    async fn one_address_gets_its_share_and_no_more() {
        let places = places(100, 2);
        let (first, second) = (places.come("192.0.2.1").await, places.come("192.0.2.1").await);
        assert!(first.is_some() && second.is_some());
        assert!(places.come("192.0.2.1").await.is_none());
        assert!(places.come("192.0.2.2").await.is_some());
        drop(second);
        assert!(places.come("192.0.2.1").await.is_some());
        drop(first);
        assert!(places.state.lock().taken.is_empty(), "an address is remembered for nothing");
    }

    #[tokio::test]
    async fn an_ipv6_customer_is_a_whole_network() {
        let places = places(100, 1);
        let _first = places.come("2001:db8:0:1::1").await.unwrap();
        assert!(places.come("2001:db8:0:1:ffff::2").await.is_none());
        assert!(places.come("2001:db8:0:2::1").await.is_some());
    }

    #[tokio::test]
    async fn a_front_brings_everybody() {
        let places = places(100, 1);
        let _first = places.come("10.0.0.1").await.unwrap();
        assert!(places.come("10.0.0.1").await.is_some());
        assert!(places.come("::ffff:10.0.0.1").await.is_some());
    }

    #[tokio::test]
    async fn a_refused_connection_leaves_its_place_to_others() {
        let places = places(2, 1);
        let _first = places.come("192.0.2.1").await.unwrap();
        assert!(places.come("192.0.2.1").await.is_none());
        assert!(places.come("192.0.2.2").await.is_some());
    }

    #[tokio::test]
    async fn fewer_places_hold_once_connections_have_left_and_more_at_once() {
        let places = places(3, 9);
        let first = places.come("192.0.2.1").await.unwrap();
        let second = places.come("192.0.2.1").await.unwrap();
        places.apply(shares(1, 9));
        assert_eq!(places.free.available_permits(), 0);
        drop(first);
        assert_eq!(places.free.available_permits(), 0, "two are still taken by one");
        drop(second);
        assert_eq!(places.free.available_permits(), 1);
        places.apply(shares(3, 1));
        assert_eq!(places.free.available_permits(), 3);
        let _first = places.come("192.0.2.1").await.unwrap();
        assert!(places.come("192.0.2.1").await.is_none(), "the new share does not hold");
    }

    #[tokio::test]
    async fn places_that_were_to_go_may_stay() {
        let places = places(2, 9);
        let both = (places.come("192.0.2.1").await, places.come("192.0.2.1").await);
        places.apply(shares(1, 9));
        places.apply(shares(2, 9));
        drop(both);
        assert_eq!(places.free.available_permits(), 2);
    }
}
