//! How fast a customer takes what is sent: a least rate, which is checked only while something
//! waits to be sent. Buffers on the way do not count: the system knows how much has arrived. Must
//! not know what is sent.

use std::future::Future as _;
use std::os::fd::RawFd;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pingora::protocols::l4::ext::get_tcp_info;
use tokio::time::{Instant, Sleep};

use crate::gate::{LEAST, WINDOW};

/// What is known of a customer's speed.
#[derive(Default)]
pub(super) struct SendRate {
    /// Since when data waits to be sent.
    since: Option<Instant>,
    /// How long data waited before that, within the present window.
    waited: Duration,
    /// Bytes that had arrived when the window began.
    arrived: u64,
    /// Wakes at the end of the window. Made when data waits for the first time.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl SendRate {
    /// Data was taken.
    pub(super) fn record_progress(&mut self) {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
    }

    /// Ready when data has waited for a whole window in which too little arrived.
    pub(super) fn poll_too_slow(&mut self, cx: &mut Context<'_>, socket: RawFd) -> Poll<()> {
        if self.waited.is_zero() && self.since.is_none() {
            self.arrived = arrived(socket);
        }
        loop {
            let since = *self.since.get_or_insert_with(Instant::now);
            let end = since + WINDOW.saturating_sub(self.waited);
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end)));
            if alarm.deadline() != end {
                alarm.as_mut().reset(end);
            }
            ready!(alarm.as_mut().poll(cx));
            let arrived = arrived(socket);
            if arrived.saturating_sub(self.arrived) < LEAST {
                return Poll::Ready(());
            }
            *self = Self { since: Some(end), arrived, alarm: self.alarm.take(), ..Self::default() };
        }
    }
}

/// How many bytes the customer's system has acknowledged.
fn arrived(socket: RawFd) -> u64 {
    get_tcp_info(socket).map_or(0, |info| info.tcpi_bytes_acked)
}
