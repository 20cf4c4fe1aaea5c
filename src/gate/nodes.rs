//! The upstream's nodes: which of them a request goes to, and which one is tried when that one
//! cannot be reached. It must not know what a request says.
//!
//! pingora's load balancer is not used: it does not look up names, does not eject a node that fails
//! under way, has no affinity by cookie, and makes health checks with certificates of its own.

pub(crate) mod check;
mod health;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use sha2::{Digest, Sha256};

use self::health::Health;
use crate::config::ServerName;

/// How often names are looked up again.
const LOOKUP_INTERVAL: Duration = Duration::from_secs(30);

/// How soon a name that was not found is looked up again.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// All nodes.
pub(crate) struct Nodes(Vec<Arc<Node>>);

/// One node: a host name and port. Several addresses of one name count as one node.
struct Node {
    name: ServerName,
    addresses: ArcSwap<Vec<SocketAddr>>,
    health: Health,
    /// What the node appends to its session ids (Tomcat's `jvmRoute`), learned from its answers.
    route: ArcSwapOption<String>,
}

/// Which node a request prefers.
#[derive(Clone, Copy, Default)]
pub(crate) struct NodePreference<'a> {
    /// The node that has the customer's Jira session, as the session id says.
    pub(crate) route: Option<&'a str>,
    /// A hash of the customer, so that all their requests go to the same node.
    pub(crate) customer: u64,
}

/// A node as operators see it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NodeState {
    /// As configured: host and port.
    pub name: String,
    /// Whether its name was found.
    pub resolved: bool,
    /// Whether it is healthy, as far as is known.
    pub up: bool,
}

impl Nodes {
    /// Nodes of which nothing is known yet. A node counts as healthy until it fails.
    pub(crate) fn new(names: impl IntoIterator<Item = ServerName>) -> Self {
        Self(names.into_iter().map(|name| Arc::new(Node::new(name))).collect())
    }

    /// Takes over what is known of nodes of the same name, so that customers need not wait for it
    /// after a reload.
    pub(crate) fn inherit(&mut self, from: &Self) {
        for node in &mut self.0 {
            if let Some(known) = from.0.iter().find(|known| known.name == node.name) {
                *node = Arc::clone(known);
            }
        }
    }

    /// Looks up the names that were not found yet, once.
    pub(crate) async fn look_up_missing(&self) {
        let missing = self.0.iter().filter(|node| node.addresses.load().is_empty());
        futures_util::future::join_all(missing.map(|node| node.look_up())).await;
    }

    /// Whether there is more than one node.
    pub(crate) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// Whether there is an address to try.
    pub(crate) fn are_resolved(&self) -> bool {
        self.0.iter().any(|node| !node.addresses.load().is_empty())
    }

    /// The node and address to try next. A healthy node comes first, then the node that has the Jira
    /// session, then the customer's own. `None` when all were tried.
    pub(crate) fn next(
        &self,
        preference: NodePreference<'_>,
        tried: &[SocketAddr],
    ) -> Option<(usize, SocketAddr)> {
        let candidates = self.0.iter().enumerate().filter_map(|(at, node)| {
            let addresses = node.addresses.load();
            let address = addresses.iter().find(|address| !tried.contains(address))?;
            Some((at, node, *address))
        });
        if !self.are_several() {
            return candidates.map(|(at, _, address)| (at, address)).next();
        }
        let best = candidates.max_by_key(|(_, node, _)| {
            (
                node.health.is_up(),
                node.has_route(preference.route),
                node.weight(preference.customer),
            )
        });
        best.map(|(at, _, address)| (at, address))
    }

    /// Records that no connection could be made to an address.
    pub(crate) fn record_unreachable(&self, address: SocketAddr) {
        // With one node there is no other to prefer.
        if !self.are_several() {
            return;
        }
        for node in self.0.iter().filter(|node| node.addresses.load().contains(&address)) {
            node.record_result(Err("it takes no connection"));
        }
    }

    /// Remembers what a node appends to its session ids.
    pub(crate) fn learn_route(&self, node: usize, route: &str) {
        let Some(node) = self.0.get(node) else { return };
        if !node.has_route(Some(route)) {
            node.route.store(Some(Arc::new(route.to_owned())));
        }
    }

    /// All nodes, for operators.
    pub(crate) fn states(&self) -> Vec<NodeState> {
        let state = |node: &Arc<Node>| NodeState {
            name: node.name.to_string(),
            resolved: !node.addresses.load().is_empty(),
            up: node.health.is_up(),
        };
        self.0.iter().map(state).collect()
    }

    /// Looks the names up at intervals, for ever, so that no request waits for a lookup.
    pub(crate) async fn keep_resolved(&self) {
        futures_util::future::join_all(self.0.iter().map(|node| node.keep_resolved())).await;
    }
}

impl Node {
    fn new(name: ServerName) -> Self {
        let (addresses, health) = (ArcSwap::default(), Health::default());
        Self { name, addresses, health, route: ArcSwapOption::empty() }
    }

    async fn keep_resolved(&self) {
        loop {
            self.look_up().await;
            let missing = self.addresses.load().is_empty();
            tokio::time::sleep(if missing { RETRY_INTERVAL } else { LOOKUP_INTERVAL }).await;
        }
    }

    async fn look_up(&self) {
        match tokio::net::lookup_host((self.name.host.as_str(), self.name.port)).await {
            Ok(found) => self.addresses.store(Arc::new(found.collect())),
            Err(error) => {
                tracing::warn!(host = self.name.host, %error, "the upstream's name is not found");
            }
        }
    }

    fn has_route(&self, route: Option<&str>) -> bool {
        route.is_some_and(|route| self.route.load().as_ref().is_some_and(|own| **own == route))
    }

    /// How strongly a customer prefers this node (rendezvous hashing): when a node comes or goes,
    /// only its own customers move. All gates compute the same number, whichever compiler built
    /// them.
    fn weight(&self, customer: u64) -> u64 {
        let ServerName { host, port } = &self.name;
        stable_hash(&[&customer.to_be_bytes(), &port.to_be_bytes(), host.as_bytes()])
    }

    /// Records whether the node answered as it should, and logs when that changes its health.
    fn record_result(&self, result: Result<(), &str>) {
        match (self.health.record(result.is_ok()), result) {
            (Some(true), _) => tracing::info!(node = %self.name, "an upstream node is up"),
            (Some(false), Err(reason)) => {
                tracing::warn!(node = %self.name, reason, "an upstream node is down");
            }
            _ => {}
        }
    }
}

/// A hash that does not depend on the process, the build or the machine.
pub(crate) fn stable_hash(parts: &[&[u8]]) -> u64 {
    let digest = parts.iter().fold(Sha256::new(), Digest::chain_update).finalize();
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests;
