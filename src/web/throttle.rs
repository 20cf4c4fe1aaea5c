//! How many logins one address may begin and end within a minute, and how many answers a session may ask for.
//! Must not know what a login is.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use moka::sync::Cache;

use crate::domain::{Clock, network_of};
use crate::session::SessionKey;

/// How many addresses and sessions are counted at once. They take a few megabytes (docs/security.md G5).
const COUNTS: u64 = 50_000;

/// How long a count is kept: longer than the minute that it is for.
const FORGET_AFTER: Duration = Duration::from_secs(120);

/// What is counted, each separately.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Counted {
    /// A login that begins.
    Begun,
    /// The same, when another site sent the browser: no site can use up the logins that people
    /// begin themselves.
    BegunElsewhere,
    /// An answer of the provider that belongs to a login.
    Answered,
    /// An answer about nobody to a service provider, which has to be signed.
    NotVouched,
}

/// By what it is counted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Key {
    Address(IpAddr, Counted),
    /// Answers about a person to service providers. Many people may come from one address, and each has logged
    /// in, which is counted by address.
    Session(SessionKey),
}

/// Counts by address or session, and by minute.
pub struct Throttle {
    counts: Cache<(Key, u64), Arc<AtomicU32>>,
    per_minute: u32,
    clock: Clock,
}

impl Throttle {
    /// Allows `per_minute` of each.
    #[must_use]
    pub fn new(per_minute: u32, clock: Clock) -> Self {
        let counts = Cache::builder().max_capacity(COUNTS).time_to_live(FORGET_AFTER).build();
        Self { counts, per_minute, clock }
    }

    /// Whether one more from this address is allowed.
    #[must_use]
    pub fn allows(&self, client: IpAddr, counted: Counted) -> bool {
        self.count(Key::Address(network_of(client), counted))
    }

    /// Whether one more answer about the person of a session is allowed.
    #[must_use]
    pub fn allows_answer_about(&self, session: &SessionKey) -> bool {
        self.count(Key::Session(*session))
    }

    fn count(&self, key: Key) -> bool {
        let minute = self.clock.unix_seconds() / 60;
        let count = self.counts.get_with((key, minute), Arc::default);
        count.fetch_add(1, Ordering::Relaxed) < self.per_minute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_begins_so_many_a_minute() {
        let (clock, now) = Clock::stopped_at(1_800_000_000);
        let throttle = Throttle::new(2, clock);
        let allows = |address: &str| throttle.allows(address.parse().unwrap(), Counted::Begun);
        assert!(allows("2001:db8::1") && allows("2001:db8::2"));
        assert!(!allows("2001:db8::3"), "one network is one customer");
        assert!(allows("2001:db8:0:1::1") && allows("192.0.2.1"));
        let elsewhere = |counted| throttle.allows("2001:db8::3".parse().unwrap(), counted);
        assert!(elsewhere(Counted::BegunElsewhere) && elsewhere(Counted::Answered));
        now.fetch_add(60, Ordering::SeqCst);
        assert!(allows("2001:db8::1"));
    }
}
