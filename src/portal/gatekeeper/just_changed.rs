//! Which requests a customer has just raised or changed. JSM's search lags behind by seconds to minutes, and
//! looks at these again when it is told to (developer.atlassian.com, "Search and reconcile issue data").
//! It must not decide who sees what: a number here shows nobody what the search would not find for them.
//!
//! They are in the store that all gates share: the list may be asked for at another one.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{AccountId, Clock, IssueId};
use crate::session::{RecordStore, StoreError, Table};

/// How long JSM's search is told of a change, in seconds.
const KEPT: u64 = 5 * 60;
/// As many as one search looks at again.
const MOST: usize = 50;

/// Keeps what customers have just changed.
#[derive(Clone)]
pub struct JustChanged {
    records: Arc<dyn RecordStore>,
    clock: Clock,
}

/// One change.
#[derive(Debug, Deserialize, Serialize)]
struct Change {
    request: IssueId,
    /// When, in Unix seconds.
    at: u64,
}

impl JustChanged {
    /// Keeps it in these records.
    #[must_use]
    pub fn new(records: Arc<dyn RecordStore>, clock: Clock) -> Self {
        Self { records, clock }
    }

    /// Notes a change. Of two changes at two gates at once one may get lost, which costs its customer a
    /// reload.
    pub(super) async fn note(&self, account: &AccountId, request: IssueId) {
        let at = self.clock.unix_seconds();
        let mut changes = self.changes(account).await;
        changes.retain(|change| change.request != request);
        changes.insert(0, Change { request, at });
        changes.truncate(MOST);
        if let Err(error) = self.put(account, &changes, at).await {
            tracing::warn!(%error, "JSM's search will not be told of a change");
        }
    }

    /// The requests that a customer has just changed, the latest first.
    pub(super) async fn of(&self, account: &AccountId) -> Vec<IssueId> {
        self.changes(account).await.into_iter().map(|change| change.request).collect()
    }

    async fn put(
        &self,
        account: &AccountId,
        changes: &[Change],
        now: u64,
    ) -> Result<(), StoreError> {
        let value = serde_json::to_vec(changes).map_err(StoreError::new)?;
        let until = now.saturating_add(KEPT);
        self.records.put(Table::JustChanged, account.as_str(), &value, Some(until)).await
    }

    /// Without the store a list lags as JSM's search does, and nothing worse.
    async fn changes(&self, account: &AccountId) -> Vec<Change> {
        let kept = self.records.get(Table::JustChanged, account.as_str()).await;
        let kept = kept.inspect_err(|error| {
            tracing::warn!(%error, "what a customer has just changed is not known");
        });
        let value = kept.ok().flatten().unwrap_or_default();
        let changes: Vec<Change> = serde_json::from_slice(&value).unwrap_or_default();
        let oldest = self.clock.unix_seconds().saturating_sub(KEPT);
        changes.into_iter().filter(|change| change.at > oldest).collect()
    }
}

impl fmt::Debug for JustChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JustChanged")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::session::SessionStore as _;
    use crate::session::store::MemoryStore;

    fn id(number: u64) -> IssueId {
        IssueId::parse(&number.to_string()).unwrap()
    }

    fn gates() -> ([JustChanged; 2], Arc<AtomicU64>) {
        let (clock, now) = Clock::stopped_at(1_800_000_000);
        let store = Arc::new(MemoryStore::new(10).with_clock(clock.clone()));
        let gate = || JustChanged::new(store.clone().record_store(), clock.clone());
        ([gate(), gate()], now)
    }

    #[tokio::test]
    async fn every_gate_knows_for_minutes_what_a_customer_changed_at_one() {
        let ([one, other], now) = gates();
        let (ann, bob) = (AccountId::parse("ann").unwrap(), AccountId::parse("bob").unwrap());
        one.note(&ann, id(1)).await;
        other.note(&ann, id(2)).await;
        one.note(&ann, id(1)).await;
        assert_eq!(other.of(&ann).await, [id(1), id(2)]);
        assert_eq!(other.of(&bob).await, []);
        now.fetch_add(KEPT, Ordering::SeqCst);
        assert_eq!(one.of(&ann).await, []);
    }

    #[tokio::test]
    async fn no_more_are_kept_than_a_search_takes() {
        let ([gate, _], _) = gates();
        let ann = AccountId::parse("ann").unwrap();
        for number in 1..=60 {
            gate.note(&ann, id(number)).await;
        }
        let kept = gate.of(&ann).await;
        assert_eq!((kept.len(), kept[0]), (MOST, id(60)));
    }
}
