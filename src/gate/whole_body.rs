//! Bodies that are read whole before they are forwarded, so that the upstream gets exactly what was
//! checked. The memory of all of them together is bounded. It must not know what is in them.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header;
use pingora::protocols::http::ServerSession;
use pingora::proxy::Session;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// As much as pingora plays back. Bodies up to here need no room of their own and no length.
const SMALL: usize = 60 * 1024;

/// pingora keeps up to this much of what it has read, to play it back.
const KEPT_BY_PINGORA: usize = 64 * 1024;

/// How many bodies of the longest kind there is room for at a time.
const LONGEST_AT_ONCE: usize = 64;

/// How long such a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// Room in memory for long bodies, shared by all requests.
pub(crate) struct Room {
    /// Of one body, in bytes.
    longest: usize,
    /// What is free for all bodies, in KiB.
    free: Arc<Semaphore>,
    /// What strangers' bodies have to leave free.
    for_customers: usize,
}

/// A body, and its place in the room.
pub(crate) struct WholeBody {
    bytes: Bytes,
    _place: Option<OwnedSemaphorePermit>,
}

impl WholeBody {
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl Room {
    /// For bodies of up to `longest` bytes.
    pub(crate) fn new(longest: usize) -> Self {
        let all = kib(longest).saturating_mul(LONGEST_AT_ONCE).min(Semaphore::MAX_PERMITS);
        Self { longest, free: Arc::new(Semaphore::new(all)), for_customers: all / 2 }
    }

    /// Reads the whole body of a request. `stranger` says that nobody is logged in.
    pub(crate) async fn read(
        &self,
        session: &mut Session,
        stranger: bool,
    ) -> Result<WholeBody, Problem> {
        let downstream = session.as_downstream_mut();
        if downstream.is_body_done() {
            return Ok(WholeBody { bytes: Bytes::new(), _place: None });
        }
        let length = downstream.req_header().headers.get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let place = self.place(length.unwrap_or_default(), stranger)?;
        let expects = downstream.req_header().headers.contains_key(header::EXPECT);
        if expects && downstream.write_continue_response().await.is_err() {
            return Err(Problem::bad_request("its body broke off"));
        }
        let bytes = match tokio::time::timeout(BODY_TIMEOUT, self.collect(downstream, length)).await
        {
            Ok(read) => read?,
            Err(_) => return Err(Problem::bad_request("its body takes too long")),
        };
        // pingora only asks for the body to forward if it has kept something to play back.
        if bytes.is_empty() || downstream.get_retry_buffer().is_some() {
            Ok(WholeBody { bytes, _place: place })
        } else {
            Err(Problem::bad_request("its body could not be kept"))
        }
    }

    /// A place for a body of this length. Strangers leave half of the room to customers.
    fn place(
        &self,
        length: usize,
        stranger: bool,
    ) -> Result<Option<OwnedSemaphorePermit>, Problem> {
        if length > self.longest {
            return Err(self.too_long());
        }
        if length <= SMALL {
            return Ok(None);
        }
        let taken = u32::try_from(kib(length)).unwrap_or(u32::MAX);
        let left = self.free.available_permits().saturating_sub(kib(length));
        let place = Arc::clone(&self.free).try_acquire_many_owned(taken);
        match place {
            Ok(place) if !stranger || left >= self.for_customers => Ok(Some(place)),
            _ => Err(Problem::TooManyTexts),
        }
    }

    fn too_long(&self) -> Problem {
        Problem::TextTooLong { limit: u64::try_from(self.longest).unwrap_or(u64::MAX) }
    }

    async fn collect(
        &self,
        downstream: &mut ServerSession,
        length: Option<usize>,
    ) -> Result<Bytes, Problem> {
        let longest = length.unwrap_or_else(|| SMALL.min(self.longest));
        let mut bytes = BytesMut::new();
        loop {
            // From here on pingora keeps what it reads. Something is left to be read, and no more
            // than pingora keeps. Of a body without a length it keeps everything.
            if length.is_none_or(|length| length - bytes.len() <= KEPT_BY_PINGORA) {
                downstream.enable_retry_buffering();
            }
            match downstream.read_request_body().await {
                Err(_) => return Err(Problem::bad_request("its body broke off")),
                Ok(None) => return Ok(bytes.freeze()),
                Ok(Some(chunk)) if bytes.len() + chunk.len() > longest => {
                    return Err(Problem::LengthRequired);
                }
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            }
        }
    }
}

fn kib(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_bodies_need_no_room_and_long_ones_leave_when_they_are_done() {
        let room = Room::new(1024 * 1024);
        let free = || room.free.available_permits();
        let all = free();
        assert!(room.place(SMALL, true).unwrap().is_none());
        let place = room.place(100 * 1024, false).unwrap();
        assert_eq!(free(), all - 100);
        drop(place);
        assert_eq!(free(), all);
    }

    #[test]
    fn strangers_leave_half_of_the_room_to_customers() {
        let room = Room::new(1024 * 1024);
        let fill = |stranger| {
            std::iter::from_fn(|| room.place(room.longest, stranger).ok()).collect::<Vec<_>>()
        };
        let strangers = fill(true);
        assert_eq!(strangers.len(), LONGEST_AT_ONCE / 2);
        let customers = fill(false);
        assert_eq!(customers.len(), LONGEST_AT_ONCE / 2);
        let refused = room.place(room.longest, false).map(drop).unwrap_err();
        assert_eq!(refused, Problem::TooManyTexts);
        drop(strangers);
        assert!(room.place(room.longest, false).is_ok());
    }

    #[test]
    fn what_is_over_the_limit_is_refused_by_its_length() {
        let refused = Room::new(100_000).place(100_001, false).map(drop).unwrap_err();
        assert_eq!((refused.status().as_u16(), refused.code().as_str()), (413, "text-too-long"));
    }
}
