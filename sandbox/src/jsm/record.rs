//! A request as it arrived, so that tests can ask what reached JSM.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, Method, Version};

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
    /// A request of whose body nothing has arrived, and what counts it.
    pub(super) fn new(request: SeenRequest) -> (Self, Arc<AtomicU64>) {
        let body_len = Arc::new(AtomicU64::new(0));
        (Self { request, body_len: Arc::clone(&body_len) }, body_len)
    }

    pub(super) fn so_far(&self) -> SeenRequest {
        SeenRequest { body_len: self.body_len.load(Ordering::Relaxed), ..self.request.clone() }
    }
}
