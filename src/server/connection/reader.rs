//! How fast a customer takes what is sent to a connection: a least rate, looked at only while
//! something waits to be sent. What the system keeps on the way does not count: it knows how much has
//! arrived.

use std::future::Future as _;
use std::os::fd::RawFd;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pingora::protocols::l4::ext::get_tcp_info;
use tokio::time::{Instant, Sleep};

use crate::gate::{LEAST, WINDOW};

/// What is known of how a customer reads.
#[derive(Default)]
pub(super) struct Reader {
    /// Since when something waits.
    since: Option<Instant>,
    /// How long something waited before that, within the present window.
    waited: Duration,
    /// Bytes that had arrived when the window began.
    arrived: u64,
    /// Rings when the window is over; made when something waits for the first time.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Reader {
    /// Something was taken.
    pub(super) fn goes_on(&mut self) {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
    }

    /// Ready when something has waited for a whole window and too little has arrived in it.
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

/// Bytes that the customer's system says it has.
fn arrived(socket: RawFd) -> u64 {
    get_tcp_info(socket).map_or(0, |info| info.tcpi_bytes_acked)
}
