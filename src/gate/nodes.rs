//! The servers behind the upstream's one name: which of them a request goes to, and which next when
//! that one cannot be reached. Knows nothing of what a request says.
//!
//! pingora's load balancer is not used: it looks no names up, ejects nothing that fails under way,
//! knows no affinity by cookie and checks with certificates of its own. What would be left of it is
//! a ring of hashes for three servers.

pub(crate) mod check;
mod health;

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};

use self::health::Health;
use crate::config::ServerName;

/// How often names are looked up again.
const LOOK_UP_EVERY: Duration = Duration::from_secs(30);

/// How soon a name that was not found is looked up again.
const MISSING: Duration = Duration::from_secs(1);

/// All servers.
pub(crate) struct Nodes(Vec<Arc<Node>>);

/// One server, or several addresses of one name that are as good as one.
struct Node {
    name: ServerName,
    addresses: ArcSwap<Vec<SocketAddr>>,
    health: Health,
    /// What it appends to the ids of its sessions, as Tomcat's `jvmRoute`; learned from it.
    route: ArcSwapOption<String>,
}

/// Which node a request would like.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wish<'a> {
    /// The node that its session there is on, as the session's id says.
    pub(crate) route: Option<&'a str>,
    /// The same for all requests of one customer, so that they stay together.
    pub(crate) customer: u64,
}

/// A node as operators see it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NodeState {
    /// As configured: host and port.
    pub name: String,
    /// Whether its name was found.
    pub resolved: bool,
    /// Whether it can be reached and says that it is well, as far as is known.
    pub up: bool,
}

impl Nodes {
    /// Nodes that nothing is known of yet; they count as well until something fails.
    pub(crate) fn new(names: impl IntoIterator<Item = ServerName>) -> Self {
        Self(names.into_iter().map(|name| Arc::new(Node::new(name))).collect())
    }

    /// Takes over what is known of nodes of the same name, so that a new configuration need not
    /// find it out again while customers wait.
    pub(crate) fn inherit(&mut self, from: &Self) {
        for node in &mut self.0 {
            if let Some(known) = from.0.iter().find(|known| known.name == node.name) {
                *node = Arc::clone(known);
            }
        }
    }

    /// Looks up, once, the names that were not found yet.
    pub(crate) async fn look_up_missing(&self) {
        let missing = self.0.iter().filter(|node| node.addresses.load().is_empty());
        futures_util::future::join_all(missing.map(|node| node.look_up())).await;
    }

    /// Whether there is anything to choose.
    pub(crate) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// Whether there is an address to try.
    pub(crate) fn are_resolved(&self) -> bool {
        self.0.iter().any(|node| !node.addresses.load().is_empty())
    }

    /// The node and address to try next: one that is up before one that is down, then the one that
    /// has the session, then the customer's own. Nothing when all were tried.
    pub(crate) fn next(&self, wish: Wish<'_>, tried: &[SocketAddr]) -> Option<(usize, SocketAddr)> {
        let candidates = self.0.iter().enumerate().filter_map(|(at, node)| {
            let addresses = node.addresses.load();
            let address = addresses.iter().find(|address| !tried.contains(address))?;
            Some((at, node, *address))
        });
        if !self.are_several() {
            return candidates.map(|(at, _, address)| (at, address)).next();
        }
        let best = candidates.max_by_key(|(_, node, _)| {
            (node.health.is_up(), node.has_route(wish.route), node.weight(wish.customer))
        });
        best.map(|(at, _, address)| (at, address))
    }

    /// Notes that nothing could be sent to an address.
    pub(crate) fn unreachable(&self, address: SocketAddr) {
        // One name with several addresses is what DNS makes of it.
        if !self.are_several() {
            return;
        }
        for node in self.0.iter().filter(|node| node.addresses.load().contains(&address)) {
            node.note(Err("it takes no connection"));
        }
    }

    /// Notes what a node appends to the ids of its sessions.
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

    /// Looks the names up now and then for ever, so that no request ever waits for it.
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
            tokio::time::sleep(if missing { MISSING } else { LOOK_UP_EVERY }).await;
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

    /// How much a customer is drawn to this node: the same at every gate, and when a node goes or
    /// comes only its own customers move (rendezvous hashing).
    fn weight(&self, customer: u64) -> u64 {
        hash_of(&(customer, &self.name.host, self.name.port))
    }

    /// Notes whether the node answered as it should.
    fn note(&self, answered: Result<(), &str>) {
        match (self.health.note(answered.is_ok()), answered) {
            (Some(true), _) => tracing::info!(node = %self.name, "an upstream node is up"),
            (Some(false), Err(reason)) => {
                tracing::warn!(node = %self.name, reason, "an upstream node is down");
            }
            _ => {}
        }
    }
}

/// A hash that is the same in every process.
pub(crate) fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Nodes {
        let names = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
        let nodes = Nodes::new(names.map(|host| ServerName { host: host.to_owned(), port: 8080 }));
        for node in &nodes.0 {
            let address = format!("{}:8080", node.name.host).parse().unwrap();
            node.addresses.store(Arc::new(vec![address]));
        }
        nodes
    }

    fn wish(customer: u64) -> Wish<'static> {
        Wish { route: None, customer }
    }

    #[test]
    fn customers_are_spread_and_each_stays_where_it_is() {
        let nodes = three();
        let homes: Vec<_> = (0..300).map(|n| nodes.next(wish(n), &[]).unwrap().0).collect();
        let again: Vec<_> = (0..300).map(|n| nodes.next(wish(n), &[]).unwrap().0).collect();
        assert_eq!(homes, again);
        for node in 0..3 {
            let share = homes.iter().filter(|home| **home == node).count();
            assert!((60..140).contains(&share), "{share} of 300 at node {node}");
        }
    }

    #[test]
    fn who_goes_down_loses_its_customers_and_nobody_else_moves() {
        let nodes = three();
        let before: Vec<_> = (0..300).map(|n| nodes.next(wish(n), &[]).unwrap().0).collect();
        for _ in 0..2 {
            nodes.unreachable("10.0.0.2:8080".parse().unwrap());
        }
        for (customer, home) in (0..).zip(before) {
            let now = nodes.next(wish(customer), &[]).unwrap().0;
            assert_ne!(now, 1);
            assert!(home == 1 || now == home, "customer {customer} moved from {home} to {now}");
        }
    }

    #[test]
    fn a_session_is_where_its_id_says_unless_that_node_is_down() {
        let nodes = three();
        nodes.learn_route(2, "node3");
        let wish = Wish { route: Some("node3"), customer: 7 };
        assert_eq!(nodes.next(wish, &[]).unwrap().0, 2);
        assert!(nodes.next(Wish { route: Some("node9"), ..wish }, &[]).is_some());
        for _ in 0..2 {
            nodes.unreachable("10.0.0.3:8080".parse().unwrap());
        }
        assert_ne!(nodes.next(wish, &[]).unwrap().0, 2);
    }

    #[test]
    fn each_address_is_tried_once_the_ones_that_are_down_last() {
        let nodes = three();
        for _ in 0..2 {
            nodes.unreachable("10.0.0.1:8080".parse().unwrap());
        }
        let mut tried = Vec::new();
        while let Some((_, address)) = nodes.next(wish(1), &tried) {
            tried.push(address);
        }
        assert_eq!(tried.len(), 3);
        assert_eq!(tried[2], "10.0.0.1:8080".parse().unwrap());
    }
}
