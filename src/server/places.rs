//! How many connections there may be, in all and from one address. Knows nothing of sockets.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::domain::network_of;
use crate::telemetry::Metrics;

/// The places for connections.
pub(super) struct Places {
    free: Arc<Semaphore>,
    per_address: usize,
    /// Fronts that bring everybody's connections.
    fronts: Vec<IpNet>,
    taken: Mutex<HashMap<IpAddr, usize>>,
    metrics: Arc<Metrics>,
}

impl Places {
    pub(super) fn new(config: &Config, metrics: Arc<Metrics>) -> Arc<Self> {
        Arc::new(Self {
            free: Arc::new(Semaphore::new(config.limits.connections)),
            per_address: config.limits.connections_per_address,
            fronts: config.gate.trusted_proxies.clone(),
            taken: Mutex::default(),
            metrics,
        })
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
        let network =
            (!self.fronts.iter().any(|front| front.contains(&peer))).then(|| network_of(peer));
        if let Some(network) = network {
            let mut taken = self.taken.lock();
            let count = taken.entry(network).or_default();
            if *count >= self.per_address {
                self.metrics.connection_refused();
                tracing::debug!(%peer, "has too many connections");
                return None;
            }
            *count += 1;
        }
        self.metrics.connection_opened();
        Some(Place { places: Arc::clone(self), network, _free: free })
    }
}

/// A place that is taken, until it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    network: Option<IpAddr>,
    _free: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.metrics.connection_closed();
        let Some(network) = self.network else { return };
        let mut taken = self.places.taken.lock();
        match taken.get_mut(&network) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&network)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(total: usize, per_address: usize) -> Arc<Places> {
        Arc::new(Places {
            free: Arc::new(Semaphore::new(total)),
            per_address,
            fronts: vec!["10.0.0.0/8".parse().unwrap()],
            taken: Mutex::default(),
            metrics: Arc::default(),
        })
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
        assert!(places.taken.lock().is_empty(), "an address is remembered for nothing");
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
}
