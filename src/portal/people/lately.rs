//! How many people a customer has named lately. Each gate counts for itself.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use parking_lot::Mutex;

use crate::domain::{AccountId, Clock, Email};

/// How many different addresses a customer may name within an hour (docs/security.md P7).
const MOST: usize = 20;

const HOUR: Duration = Duration::from_secs(3600);

/// Customers whose addresses are remembered at once.
const MOST_CUSTOMERS: u64 = 100_000;

/// Addresses, each with when it was first named, in Unix seconds.
type Named = Arc<Mutex<Vec<(u64, Email)>>>;

pub(super) struct Lately {
    named: Cache<AccountId, Named>,
    clock: Clock,
}

impl Lately {
    pub(super) fn new(clock: Clock) -> Self {
        let named = Cache::builder().max_capacity(MOST_CUSTOMERS).time_to_idle(HOUR).build();
        Self { named, clock }
    }

    /// Whether a customer may name these now. A form that is sent again names nobody anew.
    pub(super) fn may_name(&self, customer: &AccountId, emails: &BTreeSet<&Email>) -> bool {
        let now = self.clock.unix_seconds();
        let named = self.named.get_with(customer.clone(), Named::default);
        let mut named = named.lock();
        named.retain(|(at, _)| now.saturating_sub(*at) < HOUR.as_secs());
        let is_new = |email: &&&Email| !named.iter().any(|(_, there)| there == **email);
        let new: Vec<_> =
            emails.iter().filter(is_new).map(|email| (now, (*email).clone())).collect();
        let may = named.len() + new.len() <= MOST;
        if may {
            named.extend(new);
        }
        may
    }
}

impl fmt::Debug for Lately {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lately")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;

    #[test]
    fn p7_a_customer_names_twenty_people_an_hour() {
        let (clock, now) = Clock::stopped_at(1_800_000_000);
        let lately = Lately::new(clock);
        let may_name = |customer: &str, numbers: std::ops::Range<usize>| {
            let emails = numbers.map(|it| Email::parse(&format!("p{it}@example.com")).unwrap());
            let emails: Vec<_> = emails.collect();
            lately.may_name(&AccountId::parse(customer).unwrap(), &emails.iter().collect())
        };
        assert!(!may_name("ann", 0..21), "all at once");
        assert!(may_name("ann", 0..20));
        assert!(may_name("ann", 5..20), "the same again");
        assert!(!may_name("ann", 19..21), "one more");
        assert!(may_name("bob", 20..21), "another customer");
        now.fetch_add(3600, Ordering::SeqCst);
        assert!(may_name("ann", 20..21), "an hour later");
    }
}
