//! The background work of a sealed store: writes when sessions were used, removes what has expired,
//! and seals records anew after a change of secrets. Must not know requests.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{KEPT_LONGER, Records, SealedStore, TableRows};
use crate::session::Session;

/// How long uses of sessions are collected before they are written together.
const COLLECT: Duration = Duration::from_secs(5);

/// How often expired records are removed.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Runs until the store is dropped.
pub(super) async fn run<R: Records + TableRows>(store: Weak<SealedStore<R>>) {
    let mut last_sweep = Instant::now();
    loop {
        sleep(COLLECT).await;
        let Some(store) = store.upgrade() else { return };
        store.write_use().await;
        store.seal_anew_when_needed().await;
        if last_sweep.elapsed() >= SWEEP_EVERY {
            let now = store.clock.unix_seconds();
            store.sweep(now.saturating_sub(KEPT_LONGER)).await;
            store.sweep_rows().await;
            last_sweep = Instant::now();
        }
    }
}

impl<R: Records + TableRows> SealedStore<R> {
    /// Writes when sessions were last used. What cannot be written is forgotten: a session in use
    /// comes again within a minute.
    pub(in crate::session::store) async fn write_use(&self) {
        let in_use = std::mem::take(&mut *self.in_use.lock());
        if in_use.is_empty() {
            return;
        }
        let vault = self.vault.load_full();
        let entry = |session: Arc<Session>| Some((*session.key(), vault.seal_entry(&session)?));
        let entries = in_use.into_iter().filter_map(entry).collect();
        if let Err(error) = self.records.write_entries(entries).await {
            tracing::warn!(%error, "the latest use of sessions is not written");
        }
    }

    /// Removes the records that had expired at `by`, in small steps.
    pub(in crate::session::store) async fn sweep(&self, by: u64) {
        loop {
            match self.records.sweep(by).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, "sessions that are over are not removed");
                    return;
                }
            }
        }
    }

    /// What cannot be sealed now is sealed some seconds later.
    async fn seal_anew_when_needed(&self) {
        if self.to_seal_anew.swap(false, Ordering::Relaxed)
            && let Err(error) = self.seal_anew().await
        {
            tracing::debug!(%error, "records are not sealed with the present secret yet");
            self.to_seal_anew.store(true, Ordering::Relaxed);
        }
    }
}
