//! The parts of a body as the parser of forms with files takes them: one at a time. Must not know what is in
//! them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use super::error::broken;

/// The head of an entry does not end.
#[derive(Debug, thiserror::Error)]
#[error("the head of an entry does not end")]
struct HeadTooLong;

/// The parts of a body, one at a time, and no more of them than the head of an entry may have. multer takes
/// whatever is there before it looks, and looks for the end of a head for ever: a body without one would be
/// in memory as a whole.
pub(super) struct OneByOne {
    body: BodyDataStream,
    /// What is left of the head of an entry; `usize::MAX` while no head is read.
    head_left: Arc<AtomicUsize>,
    has_given: bool,
}

impl OneByOne {
    pub(super) fn new(body: Body, head_left: Arc<AtomicUsize>) -> Self {
        Self { body: body.into_data_stream(), head_left, has_given: false }
    }
}

impl Stream for OneByOne {
    type Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.has_given) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let left = self.head_left.load(Ordering::Relaxed);
        if left == 0 {
            return Poll::Ready(Some(Err(HeadTooLong.into())));
        }
        let Some(chunk) = ready!(self.body.poll_next_unpin(cx)) else { return Poll::Ready(None) };
        let chunk = chunk.map_err(|error| broken(&error))?;
        self.has_given = true;
        if left != usize::MAX {
            self.head_left.store(left.saturating_sub(chunk.len()), Ordering::Relaxed);
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}
