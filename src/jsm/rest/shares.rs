//! One customer cannot keep all calls to JSM busy: each has a share of those that may be under way at once, and
//! waits for a part of it before they wait among others. It must not know what is called for.
//!
//! For whom a call is made is known to the task that makes it, so that no function in between has to hand it on.

use std::sync::Arc;

use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::Identity;

/// Customers whose shares are in memory at once. A share that nobody holds a part of is as good as a new one.
const MOST_CUSTOMERS: u64 = 100_000;

tokio::task_local! {
    /// For whom calls are made here; `None` for everybody.
    static CUSTOMER: Option<Arc<str>>;
}

/// Does something for a customer, or for nobody who is known: the calls that it makes are of their share.
pub fn for_customer<F: Future>(
    identity: Option<&Identity>,
    work: F,
) -> impl Future<Output = F::Output> + use<F> {
    // A provider's id has no blank, so that this is one person's.
    let name = |it: &Identity| Arc::from(format!("{} {}", it.provider, it.subject));
    CUSTOMER.scope(identity.map(name), work)
}

/// Does something that several customers may wait for: its calls are of nobody's share, or they would wait for
/// the one who happened to be the first.
pub fn for_everybody<F: Future>(work: F) -> impl Future<Output = F::Output> + use<F> {
    CUSTOMER.scope(None, work)
}

/// The shares of all customers.
pub(super) struct Shares {
    of_customers: Cache<Arc<str>, Arc<Semaphore>>,
    /// How many calls a share has.
    size: u32,
}

/// A part of a customer's share, until it is dropped.
pub(in crate::jsm) struct Part {
    _calls: OwnedSemaphorePermit,
}

impl Shares {
    /// Of so many calls that may be under way at once, a customer has half.
    pub(super) fn of(calls: usize) -> Self {
        let size = u32::try_from(calls / 2).unwrap_or(u32::MAX).max(1);
        Self { of_customers: Cache::new(MOST_CUSTOMERS), size }
    }

    /// Waits for so many calls of the share of whoever this is done for. `None` where that is nobody's.
    pub(super) async fn take(&self, calls: u32) -> Option<Part> {
        let customer = CUSTOMER.try_with(Clone::clone).ok().flatten()?;
        let whole = || Arc::new(Semaphore::new(usize::try_from(self.size).unwrap_or(usize::MAX)));
        let share = self.of_customers.get_with(customer, whole);
        share
            .acquire_many_owned(calls.min(self.size))
            .await
            .ok()
            .map(|calls| Part { _calls: calls })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::domain::ProviderId;

    fn identity(subject: &str) -> Identity {
        Identity::bare(ProviderId::parse("corporate").unwrap(), subject)
    }

    /// Whether there is a part for somebody at this moment.
    fn has(shares: &Shares, subject: &str) -> bool {
        for_customer(Some(&identity(subject)), shares.take(1)).now_or_never().flatten().is_some()
    }

    #[test]
    fn a_customer_has_half_of_the_calls() {
        let shares = Shares::of(4);
        let take = |calls| for_customer(Some(&identity("ann")), shares.take(calls)).now_or_never();
        let (first, _second) = (take(1).flatten(), take(1).flatten());
        assert!(!has(&shares, "ann") && has(&shares, "bob"));
        drop(first);
        assert!(has(&shares, "ann"));
    }

    /// However many calls are made together, and however few there may be.
    #[test]
    fn nobody_waits_for_more_than_a_share() {
        for calls in [1, 2, 3] {
            let shares = Shares::of(calls);
            let all = for_customer(Some(&identity("ann")), shares.take(3)).now_or_never();
            assert!(all.flatten().is_some() && has(&shares, "ann"), "{calls}");
        }
    }

    #[test]
    fn g7_what_many_wait_for_is_nobodys_call() {
        let shares = Shares::of(2);
        let ann = identity("ann");
        let _all = for_customer(Some(&ann), shares.take(1)).now_or_never().flatten().unwrap();
        assert!(!has(&shares, "ann"));
        let for_all = for_customer(Some(&ann), for_everybody(shares.take(1)));
        assert!(for_all.now_or_never().expect("nobody is waited for").is_none());
        assert!(shares.take(1).now_or_never().expect("a task of the gate's own").is_none());
    }
}
