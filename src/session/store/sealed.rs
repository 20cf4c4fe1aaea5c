//! A store of sealed records with a cache in front, which the embedded store and Redis share. Must
//! not know where the bytes are kept: that is for its [`Records`].

mod records;
mod upkeep;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use parking_lot::Mutex;
use secrecy::SecretString;
use tokio::sync::broadcast;

use super::session_cache::SessionCache;
use super::session_rows::{EndedRows, Records, SealedRow};
use super::table_rows::TableRows;
use super::{Lease, SessionStore, StoreError, Terms, Wanted};
use crate::domain::Clock;
use crate::session::vault::Vault;
use crate::session::{
    ProviderData, Session, SessionCredential, SessionEntry, SessionKey, SessionSelector,
};

/// How long records are kept after their end, in seconds. While a clock is wrong, sessions do not
/// open; once it is right again, they must still be there.
pub(super) const KEPT_LONGER: u64 = 24 * 60 * 60;

/// A [`SessionStore`] on top of [`Records`].
pub(super) struct SealedStore<R> {
    records: R,
    vault: ArcSwap<Vault>,
    cache: Arc<SessionCache>,
    /// Sessions whose latest use is not written yet.
    in_use: Mutex<Vec<Arc<Session>>>,
    /// Whether another secret than the first may have sealed small records.
    to_seal_anew: AtomicBool,
    clock: Clock,
}

impl<R: Records + TableRows> SealedStore<R> {
    /// Starts the background task on the runtime that this is called in. It ends when the store is
    /// dropped.
    pub(super) fn start(
        records: R,
        cache: Arc<SessionCache>,
        secrets: &[SecretString],
        clock: Clock,
    ) -> Arc<Self> {
        let vault = ArcSwap::from_pointee(Vault::new(secrets));
        let store = Arc::new(Self {
            records,
            vault,
            cache,
            in_use: Mutex::default(),
            to_seal_anew: AtomicBool::new(true),
            clock,
        });
        tokio::spawn(upkeep::run(Arc::downgrade(&store)));
        store
    }

    #[cfg(test)]
    pub(super) fn records(&self) -> &R {
        &self.records
    }

    fn open_all(&self, ended: &EndedRows) -> Vec<SessionEntry> {
        let vault = self.vault.load();
        for (key, _) in ended {
            self.cache.end(key);
        }
        ended.iter().filter_map(|(key, entry)| vault.open_entry(*key, entry)).collect()
    }
}

#[async_trait]
impl<R: Records + TableRows> SessionStore for SealedStore<R> {
    async fn put(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
        terms: Terms,
    ) -> Result<Vec<SessionEntry>, StoreError> {
        let vault = self.vault.load_full();
        let row = SealedRow {
            key: *session.key(),
            created: session.created,
            until: terms.until,
            tags: vault.tags_of(&session),
            sealed: vault.seal(&session, &provider_data).ok_or_else(no_secret)?,
        };
        let person =
            session.selectors().next().map(|selector| vault.tags(&selector)).unwrap_or_default();
        let generation = self.cache.generation();
        let ended = self.records.put(row, person, terms.per_customer.max(1)).await?;
        self.cache.keep(generation, session);
        Ok(self.open_all(&ended))
    }

    async fn update(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
    ) -> Result<bool, StoreError> {
        let vault = self.vault.load_full();
        let sealed = vault.seal(&session, &provider_data).ok_or_else(no_secret)?;
        let tags = vault.tags_of(&session);
        let generation = self.cache.generation();
        let was_there = self.records.update(*session.key(), tags, sealed).await?;
        if was_there {
            self.cache.replace(generation, session);
        } else {
            self.cache.forget(session.key());
        }
        Ok(was_there)
    }

    fn find_in_memory(&self, credential: &SessionCredential) -> Option<Arc<Session>> {
        let valid = self.records.is_cache_valid();
        let session = valid.then(|| self.cache.get(&credential.key)).flatten();
        session.filter(|session| session.credential.matches(credential))
    }

    async fn find(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        if self.records.is_cache_valid()
            && let Some(session) = self.cache.get(&credential.key)
        {
            return Ok(session.credential.matches(credential).then_some(session));
        }
        self.find_stored(credential).await
    }

    async fn find_stored(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        let generation = self.cache.generation();
        let Some(sealed) = self.records.get(credential.key).await? else {
            self.cache.forget_missing(&credential.key);
            return Ok(None);
        };
        let Some(session) = self.vault.load().open(credential, &sealed) else {
            tracing::info!(session = %credential.key, "a session's record does not open: log in again");
            return Ok(None);
        };
        Ok(Some(self.cache.keep(generation, Arc::new(session))))
    }

    async fn provider_data(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<ProviderData>, StoreError> {
        let sealed = self.records.get(credential.key).await?;
        Ok(sealed.and_then(|sealed| self.vault.load().open_provider_data(credential, &sealed)))
    }

    async fn lease(&self, key: &SessionKey, length: Duration) -> Result<Option<Lease>, StoreError> {
        let lease = Lease::new(*key);
        let taken = self.records.lease(lease.key, lease.holder, length).await?;
        Ok(taken.then_some(lease))
    }

    async fn release(&self, lease: Lease) -> Result<bool, StoreError> {
        self.records.release(lease.key, lease.holder).await
    }

    fn list_in_memory(&self, wanted: &dyn Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        self.cache.those(wanted)
    }

    fn forget(&self, key: &SessionKey) {
        self.cache.forget(key);
    }

    fn record_use(&self, session: &Arc<Session>) {
        self.in_use.lock().push(Arc::clone(session));
    }

    async fn remove(&self, key: &SessionKey) -> Result<bool, StoreError> {
        let was_there = self.records.remove(*key).await?;
        self.cache.end(key);
        Ok(was_there)
    }

    async fn remove_all(
        &self,
        selector: &SessionSelector,
    ) -> Result<Vec<SessionEntry>, StoreError> {
        let tags = self.vault.load().tags(selector);
        // The store may have lost their tags. Sessions in memory are found nevertheless.
        let is_theirs = |session: &Session| session.selectors().any(|other| other == *selector);
        let in_memory = self.cache.those(&is_theirs);
        let removed = self.records.remove_tagged(tags).await?;
        let mut ended = self.open_all(&removed);
        for session in in_memory {
            if !removed.iter().any(|(key, _)| key == session.key()) {
                self.remove(session.key()).await?;
                ended.push(SessionEntry::of(&session));
            }
        }
        Ok(ended)
    }

    async fn list(&self, wanted: Wanted) -> Result<Vec<SessionEntry>, StoreError> {
        let vault = self.vault.load_full();
        let found = Arc::<Mutex<Vec<SessionEntry>>>::default();
        let into = Arc::clone(&found);
        let see = move |key, entry: &[u8]| {
            let entry = vault.open_entry(key, entry);
            into.lock().extend(entry.filter(|entry| wanted(entry)));
        };
        self.records.visit_entries(Box::new(see)).await?;
        Ok(std::mem::take(&mut *found.lock()))
    }

    fn use_secrets(&self, secrets: &[SecretString]) {
        let vault = Vault::new(secrets);
        if !self.vault.load().has_same_keys(&vault) {
            self.vault.store(Arc::new(vault));
            // Sessions that only a removed secret opens have ended.
            self.cache.forget_all();
            self.to_seal_anew.store(true, Ordering::Relaxed);
        }
    }

    fn record_store(self: Arc<Self>) -> Arc<dyn super::RecordStore> {
        self
    }

    fn removals(&self) -> broadcast::Receiver<SessionKey> {
        self.cache.removals()
    }

    fn count(&self) -> u64 {
        self.records.count()
    }

    fn fault(&self) -> Option<String> {
        self.records.fault()
    }

    async fn close(&self) {
        self.write_use().await;
        self.records.close().await;
    }
}

fn no_secret() -> StoreError {
    StoreError::new("there is no secret to seal with")
}
