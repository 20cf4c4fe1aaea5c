//! Limits the log lines that strangers cause, so that a flood of them neither fills the disk nor
//! makes journald suppress other lines. It must not know what a line says.

use std::net::IpAddr;

use crate::domain::{Tally, network_of};

/// Lines of one kind from one address in a minute: more than one person at a browser causes.
const LINES: u64 = 30;

/// Addresses and kinds that are told apart in a minute. With those of the audit trail that is some
/// 20,000 lines, far below `LogRateLimitBurst=` in deploy/jsm-gate.service.
const KEYS: usize = 500;

/// Decides which log lines about strangers are written.
#[derive(Debug)]
pub struct Strangers(Tally<(Option<IpAddr>, &'static str)>);

impl Default for Strangers {
    fn default() -> Self {
        Self(Tally::new(LINES, KEYS, |(_, kind)| (None, kind)))
    }
}

impl Strangers {
    /// Whether one more line of a kind is written for an address.
    #[must_use]
    pub fn may_write(&self, client: Option<IpAddr>, kind: &'static str) -> bool {
        self.0.passes((client.map(network_of), kind))
    }

    /// Writes how many lines were left out since the last time: once a minute.
    pub fn sum_up(&self) {
        for ((client, kind), count) in self.0.take() {
            let client = client.map(tracing::field::display);
            tracing::info!(client, kind, count, "log lines about strangers were left out");
        }
    }
}
