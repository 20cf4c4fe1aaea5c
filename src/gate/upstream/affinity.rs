//! Session affinity: which of several nodes a request should go to, because the customer's session at
//! JSM is there. It must not know how nodes are reached.

use http::HeaderMap;
use http::header::SET_COOKIE;
use pingora::http::RequestHeader;

use super::super::context::RequestContext;
use super::super::nodes::{NodePreference, Nodes, stable_hash};
use crate::jsm::paths::SESSION_COOKIE;
use crate::session::cookie;

/// Learns from the headers of an answer what its node appends to the ids of its sessions.
pub(super) fn learn_route(nodes: &Nodes, node: usize, answer: &HeaderMap) {
    let cookies = answer.get_all(SET_COOKIE).iter();
    for cookie in cookies.filter_map(|cookie| cookie.to_str().ok()) {
        let id = cookie.split(';').next().and_then(|pair| pair.split_once('='));
        let id = id.filter(|(name, _)| name.trim() == SESSION_COOKIE).map(|(_, id)| id);
        if let Some(route) = id.and_then(route_of) {
            nodes.learn_route(node, route);
        }
    }
}

/// The node that a request prefers. Who is not logged in is told apart by their address.
pub(super) fn preferred_node<'a>(
    request: &'a RequestHeader,
    context: &RequestContext,
) -> NodePreference<'a> {
    let session = context.forward.as_ref().and_then(|forward| forward.session.as_ref());
    let customer = match (session, context.client) {
        (Some(session), _) => stable_hash(&[session.key().bytes()]),
        (None, Some(address)) => stable_hash(&[address.to_string().as_bytes()]),
        (None, None) => 0,
    };
    let route = cookie::value(&request.headers, SESSION_COOKIE).and_then(route_of);
    NodePreference { route, customer }
}

/// What follows the last dot of a session's id.
fn route_of(id: &str) -> Option<&str> {
    id.trim().trim_matches('"').rsplit_once('.').map(|(_, route)| route)
}
