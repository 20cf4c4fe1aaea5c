//! Remembers every request as it arrived, so that tests can ask what reached JSM. It must not
//! change any request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt as _;
use http::{HeaderMap, Method, Version};

use super::state::App;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    /// The method.
    pub method: Method,
    /// Path and query, byte for byte.
    pub target: String,
    /// HTTP version.
    pub version: Version,
    /// All headers.
    pub headers: HeaderMap,
    /// Bytes of body read until now.
    pub body_len: u64,
}

impl SeenRequest {
    /// The first value of a header, as text; empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The target without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// A request whose body may still be arriving.
#[derive(Debug)]
pub(super) struct Recorded {
    request: SeenRequest,
    body_len: Arc<AtomicU64>,
}

impl Recorded {
    pub(super) fn so_far(&self) -> SeenRequest {
        SeenRequest { body_len: self.body_len.load(Ordering::Relaxed), ..self.request.clone() }
    }
}

/// Middleware: records the request and counts its body as it passes.
pub(super) async fn record(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body_len = Arc::new(AtomicU64::new(0));
    let seen = SeenRequest {
        method: parts.method.clone(),
        target: parts.uri.to_string(),
        version: parts.version,
        headers: parts.headers.clone(),
        body_len: 0,
    };
    let recorded = Recorded { request: seen, body_len: Arc::clone(&body_len) };
    app.change(|state| state.seen.push(recorded));
    let counted = body.into_data_stream().inspect(move |chunk| {
        let bytes = chunk.as_ref().map_or(0, bytes::Bytes::len);
        body_len.fetch_add(bytes as u64, Ordering::Relaxed);
    });
    next.run(Request::from_parts(parts, Body::from_stream(counted))).await
}
