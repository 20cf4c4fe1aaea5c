//! Health checks: asks each node at intervals whether it is healthy, over a connection of its own.
//! It must not know customers' requests.

use std::time::Duration;

use futures_util::future::join_all;
use http::HeaderValue;
use http::header::{ACCEPT, CONNECTION, HOST, USER_AGENT};
use pingora::Result;
use pingora::connectors::http::v1::Connector;
use pingora::http::RequestHeader;
use pingora::upstreams::peer::HttpPeer;
use tokio::time::{sleep, timeout};

use super::super::failure::Cause;
use super::{Node, Nodes};

/// How nodes are checked.
#[derive(Debug)]
pub(crate) struct Check {
    /// The path that is asked for, context path included. Without one, a connection is enough.
    pub(crate) path: Option<String>,
    /// The `Host` of the requests.
    pub(crate) host: HeaderValue,
    /// How often.
    pub(crate) interval: Duration,
    /// How long an answer may take.
    pub(crate) timeout: Duration,
}

impl Check {
    /// Checks all nodes at intervals, for ever.
    pub(crate) async fn keep_checking(
        &self,
        nodes: &Nodes,
        connector: &Connector,
        peer_at: impl Fn(std::net::SocketAddr) -> HttpPeer,
    ) {
        // With one server no request depends on the checks; they are for operators to see.
        if !nodes.are_several() {
            sleep(self.interval).await;
        }
        loop {
            join_all(nodes.0.iter().map(|node| self.check(node, connector, &peer_at))).await;
            sleep(self.interval).await;
        }
    }

    async fn check(
        &self,
        node: &Node,
        connector: &Connector,
        peer_at: &impl Fn(std::net::SocketAddr) -> HttpPeer,
    ) {
        let Some(address) = node.addresses.load().first().copied() else { return };
        match timeout(self.timeout, self.answer(connector, &peer_at(address))).await {
            Ok(Ok(None)) => node.record_result(Ok(())),
            Ok(Ok(Some(status))) => node.record_result(Err(&format!("it answers {status}"))),
            Ok(Err(error)) => node.record_result(Err(&Cause(&error).to_string())),
            Err(_) => node.record_result(Err("it does not answer in time")),
        }
    }

    /// `None` from a healthy node, else the status that says it is not.
    async fn answer(&self, connector: &Connector, peer: &HttpPeer) -> Result<Option<u16>> {
        let (mut node, _) = connector.get_http_session(peer).await?;
        let Some(path) = &self.path else { return Ok(None) };
        let mut request = RequestHeader::build("GET", path.as_bytes(), Some(4))?;
        request.insert_header(HOST, &self.host)?;
        request.insert_header(USER_AGENT, concat!("jsm-gate/", env!("CARGO_PKG_VERSION")))?;
        request.insert_header(ACCEPT, "*/*")?;
        request.insert_header(CONNECTION, "close")?;
        node.write_request_header(Box::new(request)).await?;
        node.read_response().await?;
        let status = node.get_status().filter(|status| !status.is_success());
        Ok(status.map(|status| status.as_u16()))
    }
}
