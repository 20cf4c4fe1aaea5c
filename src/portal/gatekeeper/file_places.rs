//! Places for files on their way to JSM, or from there. There are so many, and one customer has a part of them at
//! most: each keeps a thread of JSM's Data Center busy for as long as its customer takes, so that the slow ones
//! would keep everybody else out. It must not know what a file is for.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::domain::AccountId;
use crate::jsm::Client;

/// How many places there are for each call that may be under way at once: a file takes as long as its
/// customer takes to send or to read it, and costs JSM little meanwhile.
const FOR_EACH_CALL: usize = 4;

/// How long it is remembered what a customer holds, since they took their last place.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// Customers who are remembered at once.
const MOST_CUSTOMERS: u64 = 100_000;

/// The places of one gate.
pub(super) struct FilePlaces {
    all: Arc<Semaphore>,
    of_customers: Cache<AccountId, Arc<Semaphore>>,
    of_one: usize,
    patience: Duration,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct FilePlace {
    _own: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl FilePlaces {
    /// As many as suit the calls that may be under way at once.
    pub(super) fn of(client: &Client) -> Self {
        let calls = client.concurrency();
        let most = calls.saturating_mul(FOR_EACH_CALL).min(Semaphore::MAX_PERMITS);
        let of_customers = Cache::builder().max_capacity(MOST_CUSTOMERS).time_to_idle(REMEMBERED);
        Self {
            all: Arc::new(Semaphore::new(most)),
            of_customers: of_customers.build(),
            of_one: calls.min(Semaphore::MAX_PERMITS),
            patience: client.timeout(),
        }
    }

    /// A place for a file of a customer. `None` where none becomes free while a call may take.
    pub(super) async fn take(&self, customer: &AccountId) -> Option<FilePlace> {
        let own = || Arc::new(Semaphore::new(self.of_one));
        let own = self.of_customers.get_with(customer.clone(), own);
        let place = async {
            // Whoever waits for a place of their own takes none of others.
            let own = own.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(FilePlace { _own: own, _of_all: of_all })
        };
        timeout(self.patience, place).await.ok().flatten()
    }
}

impl fmt::Debug for FilePlaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FilePlaces")
    }
}
