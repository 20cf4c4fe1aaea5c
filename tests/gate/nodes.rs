//! Several nodes of one JSM: who is served by which, and what happens when one goes.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use jsm_gate::config;
use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, RequestBuilder};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::site::{Site, SiteBuilder, free_address, site, until};
use crate::visitor::Visitor;

const PAGE: &str = "/servicedesk/customer/page";

/// One node: says its name, and appends it to the ids of its sessions.
struct Node {
    address: SocketAddr,
    told: Arc<Told>,
    task: JoinHandle<()>,
}

struct Told {
    name: &'static str,
    well: AtomicBool,
}

impl Node {
    async fn start(name: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let told = Arc::new(Told { name, well: AtomicBool::new(true) });
        let routes = Router::new().route("/status", get(status)).fallback(page);
        let routes = routes.with_state(Arc::clone(&told));
        let task = tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
        Self { address, told, task }
    }

    /// Takes no connections any more, and ends those there are.
    async fn die(&mut self) {
        self.task.abort();
        drop((&mut self.task).await);
    }
}

async fn status(State(told): State<Arc<Told>>) -> StatusCode {
    let well = told.well.load(Ordering::SeqCst);
    if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

async fn page(State(told): State<Arc<Told>>, body: String) -> Response {
    let session = format!("JSESSIONID=0123456789ABCDEF.{}; Path=/", told.name);
    ([("set-cookie", session)], format!("{}{body}", told.name)).into_response()
}

fn before(nodes: [SocketAddr; 2]) -> SiteBuilder {
    let [one, two] = nodes;
    let keys = format!("upstreams = [\"{one}\", \"{two}\"]\nhealth_interval = \"50ms\"");
    site().with_upstream(one).with_forward(&keys).with_limit("logins_per_minute = 1000")
}

async fn two_nodes() -> (Node, Node, Site) {
    let (one, two) = (Node::start("node1").await, Node::start("node2").await);
    let site = before([one.address, two.address]).start().await;
    (one, two, site)
}

/// Which node answers.
async fn node_of(site: &Site, visitor: &mut Visitor) -> String {
    let answer = visitor.request(Method::GET, &site.at(PAGE), |get| get).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

/// Somebody whom this node serves.
async fn customer_of(site: &Site, node: &str) -> Visitor {
    for _ in 0..64 {
        let mut visitor = site.logged_in("ann").await;
        visitor.forget_cookie("JSESSIONID");
        if node_of(site, &mut visitor).await == node {
            return visitor;
        }
    }
    panic!("{node} serves nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_spread_and_each_stays_with_or_without_a_session_there() {
    let (_one, _two, site) = two_nodes().await;
    for node in ["node1", "node2"] {
        let mut visitor = customer_of(&site, node).await;
        let mut seen = HashSet::new();
        for _ in 0..4 {
            seen.insert(node_of(&site, &mut visitor).await);
            seen.insert(node_of(&site, &mut visitor).await);
            visitor.forget_cookie("JSESSIONID");
        }
        assert_eq!(seen, HashSet::from([node.to_owned()]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_jsm_stays_at_the_node_its_id_names() {
    let (_one, _two, site) = two_nodes().await;
    let mut hers = customer_of(&site, "node1").await;
    let _learned = customer_of(&site, "node2").await;
    let cookies = hers.cookie_header(&site.url).replace(".node1", ".node2");
    let elsewhere = |get: RequestBuilder| get.header(COOKIE, cookies);
    let answer = site.visitor().request(Method::GET, &site.at(PAGE), elsewhere).await;
    assert_eq!(answer.text().await.unwrap(), "node2");
    hers.forget_cookie("JSESSIONID");
    assert_eq!(node_of(&site, &mut hers).await, "node1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_to_a_node_is_sent_to_the_next_whatever_it_is() {
    let (mut one, _two, site) = two_nodes().await;
    let mut ann = customer_of(&site, "node1").await;
    one.die().await;
    let origin = site.url.clone();
    let post = |post: RequestBuilder| post.header(ORIGIN, origin).body("+once");
    let answer = ann.request(Method::POST, &site.at(PAGE), post).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.text().await.unwrap(), "node2+once");
    until("the dead node is known", || !is_up(&site, one.address)).await;
    assert_eq!(node_of(&site, &mut ann).await, "node2");
}

fn is_up(site: &Site, address: SocketAddr) -> bool {
    let nodes = site.gate.assembly().upstream_nodes();
    nodes.iter().find(|node| node.name == address.to_string()).unwrap().up
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_says_it_is_not_well_is_left_alone_until_it_is() {
    let (one, two, site) = two_nodes().await;
    let mut ann = customer_of(&site, "node1").await;
    one.told.well.store(false, Ordering::SeqCst);
    until("the sick node is known", || !is_up(&site, one.address)).await;
    assert_eq!(node_of(&site, &mut ann).await, "node2");

    let operations = format!("http://{}", site.gate.operations_address().unwrap());
    let mut operator = site.visitor();
    let ready = operator.request(Method::GET, &format!("{operations}/readyz"), |get| get).await;
    let ready = ready.text().await.unwrap();
    let (sick, well) = (one.address, two.address);
    assert!(
        ready.contains(&format!(r#"{{"node":"{sick}","resolved":true,"up":false}}"#)),
        "{ready}"
    );
    assert!(
        ready.contains(&format!(r#"{{"node":"{well}","resolved":true,"up":true}}"#)),
        "{ready}"
    );
    let metrics = operator.request(Method::GET, &format!("{operations}/metrics"), |get| get).await;
    let metrics = metrics.text().await.unwrap();
    let line = format!("jsm_gate_upstream_node_up{{node=\"{sick}\"}} 0");
    assert!(metrics.contains(&line), "{metrics}");

    one.told.well.store(true, Ordering::SeqCst);
    until("the node is back", || is_up(&site, one.address)).await;
    ann.forget_cookie("JSESSIONID");
    assert_eq!(node_of(&site, &mut ann).await, "node1");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_are_all_down_are_tried_all_the_same() {
    let (one, two, site) = two_nodes().await;
    let mut ann = customer_of(&site, "node1").await;
    for node in [&one, &two] {
        node.told.well.store(false, Ordering::SeqCst);
    }
    until("both are down", || !is_up(&site, one.address) && !is_up(&site, two.address)).await;
    assert_eq!(node_of(&site, &mut ann).await, "node1");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_no_node_to_reach_a_page_says_so() {
    let site = before([free_address(), free_address()]).start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(PAGE)).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.body.contains("upstream-unreachable"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_alone_is_asked_how_it_is_for_operators_and_serves_all_the_same() {
    let one = Node::start("node1").await;
    let keys = format!("upstreams = [\"{}\"]\nhealth_interval = \"1ms\"", one.address);
    let site = site().with_upstream(one.address).with_forward(&keys).start().await;
    let mut ann = site.logged_in("ann").await;
    one.told.well.store(false, Ordering::SeqCst);
    until("it is seen to be down", || !site.gate.assembly().upstream_nodes()[0].up).await;
    assert_eq!(node_of(&site, &mut ann).await, "node1");
    one.told.well.store(true, Ordering::SeqCst);
    until("it is seen to be up", || site.gate.assembly().upstream_nodes()[0].up).await;
}

/// Nobody waits, or meets a node that is down, because the configuration was read again.
#[tokio::test(flavor = "multi_thread")]
async fn a_reload_forgets_nothing_about_the_nodes() {
    let (mut one, two) = (Node::start("node1").await, Node::start("node2").await);
    let slowly = before([one.address, two.address]);
    let site = slowly.start().await;
    one.die().await;
    let assembly = site.gate.assembly();
    let known = || {
        assembly.upstream_nodes().iter().map(|node| (node.resolved, node.up)).collect::<Vec<_>>()
    };
    until("node1 is down", || known() == [(true, false), (true, true)]).await;
    let file = site.folder.path().join("proxy.toml");
    let rarely = std::fs::read_to_string(&file).unwrap().replace("50ms", "1h");
    std::fs::write(&file, rarely).unwrap();
    assembly.reload(config::load(&file).unwrap().config).await.unwrap();
    assert_eq!(known(), [(true, false), (true, true)]);
}
