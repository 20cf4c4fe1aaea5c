//! A request as it arrived, so that tests can ask what reached JSM.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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
    /// What has been read until now of a body of JSON; empty for any other.
    pub json: Vec<u8>,
    /// Its place among all beginnings and answers: those before it have a lower number.
    pub began: u64,
    /// The place of its answer, if it is answered.
    pub answered: Option<u64>,
}

impl SeenRequest {
    /// The first value of a header, as text; empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body, if it is JSON and has arrived whole.
    #[must_use]
    pub fn sent(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.json).ok()
    }

    /// The target without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Whether it began when the other one had been answered.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        other.answered.is_some_and(|answered| answered < self.began)
    }
}

/// The most of these requests that were made one after the other: the round trips that somebody waited for. They
/// stand in order of arrival, as [`super::Jsm::seen`] has them.
#[must_use]
pub fn one_after_the_other(requests: &[SeenRequest]) -> Vec<&SeenRequest> {
    let mut chains: Vec<Vec<&SeenRequest>> = Vec::new();
    for request in requests {
        let ends_before =
            |chain: &&Vec<&SeenRequest>| chain.last().is_some_and(|last| request.is_after(last));
        let before = chains.iter().filter(ends_before).max_by_key(|chain| chain.len());
        let mut chain = before.cloned().unwrap_or_default();
        chain.push(request);
        chains.push(chain);
    }
    chains.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

/// What becomes of a request: what has been read of its body, and its answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    len: Arc<AtomicU64>,
    /// Zero until then.
    answered: Arc<AtomicU64>,
    json: Arc<Mutex<Vec<u8>>>,
}

impl Read {
    /// Takes note of the answer's place.
    pub(super) fn note_answer(&self, place: u64) {
        self.answered.store(place, Ordering::SeqCst);
    }

    /// Takes note of one more piece, and keeps it if it is JSON.
    pub(super) fn note(&self, piece: &[u8], is_json: bool) {
        self.len.fetch_add(piece.len() as u64, Ordering::Relaxed);
        if is_json {
            self.json.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(piece);
        }
    }
}

/// A request whose body may still be arriving.
#[derive(Debug)]
pub(super) struct Recorded {
    request: SeenRequest,
    read: Read,
}

impl Recorded {
    /// A request of whose body nothing has arrived, and what notes what does.
    pub(super) fn new(request: SeenRequest) -> (Self, Read) {
        let read = Read::default();
        (Self { request, read: read.clone() }, read)
    }

    pub(super) fn so_far(&self) -> SeenRequest {
        let body_len = self.read.len.load(Ordering::Relaxed);
        let json = self.read.json.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let answered = Some(self.read.answered.load(Ordering::SeqCst)).filter(|place| *place > 0);
        SeenRequest { body_len, json, answered, ..self.request.clone() }
    }
}

/// How many requests are under way.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
    places: AtomicU64,
}

/// One of them, until it is dropped.
pub(super) struct Present(Arc<Crowd>);

impl Crowd {
    pub(super) fn enter(self: &Arc<Self>) -> Present {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        Present(Arc::clone(self))
    }

    /// The next place among beginnings and answers.
    pub(super) fn next_place(&self) -> u64 {
        self.places.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// How many there were at once since it was asked the last time.
    pub(super) fn take_most(&self) -> usize {
        self.most.swap(self.now.load(Ordering::SeqCst), Ordering::SeqCst)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(began: u64, answered: u64) -> SeenRequest {
        SeenRequest {
            method: Method::GET,
            target: String::new(),
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            body_len: 0,
            json: Vec::new(),
            began,
            answered: (answered > 0).then_some(answered),
        }
    }

    /// Two at once, one of which is never answered; then one after the other.
    #[test]
    fn a_call_is_after_another_that_was_answered_when_it_began() {
        let calls = [call(1, 0), call(2, 3), call(4, 6), call(5, 7), call(8, 9)];
        let chain = one_after_the_other(&calls);
        assert_eq!(chain.iter().map(|it| it.began).collect::<Vec<_>>(), [2, 5, 8]);
        assert_eq!(one_after_the_other(&[]).len(), 0);
    }
}
