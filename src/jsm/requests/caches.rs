//! What was read of JSM and may be used again. Whoever asks for what is being read waits for that one
//! reading. It must not know what the values mean.

use std::fmt;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use smol_str::SmolStr;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::permissions::Usable;
use super::site::SiteFacts;
use super::{Article, Conversation, FieldsAnswer, IssueFields, Request, RequestTypes, SearchText};
use crate::domain::{AccountId, IssueTypeId, RequestKey, RequestTypeId};
use crate::jsm::rest::for_everybody;
use crate::jsm::{Error, RequestLanguage};

/// What an admin changes in JSM shows after so long.
const SHARED: Duration = Duration::from_secs(5 * 60);
/// A right that is taken away is gone after so long.
const OWN: Duration = Duration::from_secs(30);
/// Whoever loses sight of a request loses it after so long.
const REQUEST: Duration = Duration::from_secs(5);
/// During an outage JSM is asked again after so long.
const OUTAGE: Duration = Duration::from_secs(10);
/// What is shown during an outage is no older than this.
const OLDEST: Duration = Duration::from_secs(12 * 60 * 60);
/// How long it is remembered that a request was changed: longer than what was read before is kept.
const CHANGED: Duration = Duration::from_secs(60);
/// Entries of one cache. A large site has some hundreds of request types, in five languages.
const MOST: u64 = 10_000;

/// A desk, by JSM's id of it.
pub(super) type Desk = SmolStr;

/// Everything that is kept.
pub(super) struct Caches {
    pub(super) site: Shared<(), SiteFacts>,
    pub(super) types: Shared<(Desk, RequestLanguage), RequestTypes>,
    pub(super) fields: Shared<(Desk, RequestTypeId, RequestLanguage), FieldsAnswer>,
    pub(super) issue_fields: Shared<(Desk, IssueTypeId), IssueFields>,
    pub(super) attached_forms: Shared<(Desk, RequestTypeId), Option<bool>>,
    pub(super) attachment_limit: Shared<(), u64>,
    pub(super) usable: Shared<(Desk, AccountId), Usable>,
    articles: Cache<(Desk, String), Arc<Vec<Article>>>,
    requests: Cache<(RequestKey, u64, RequestLanguage), Option<Arc<Request>>>,
    conversations: Cache<(RequestKey, u64), Arc<Conversation>>,
    changes: Changes,
    turns: moka::sync::Cache<RequestKey, Arc<Mutex<()>>>,
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            site: Shared::new(SHARED),
            types: Shared::new(SHARED),
            fields: Shared::new(SHARED),
            issue_fields: Shared::new(SHARED),
            attached_forms: Shared::new(SHARED),
            attachment_limit: Shared::new(SHARED),
            usable: Shared::new(OWN),
            articles: Cache::builder().max_capacity(MOST).time_to_live(SHARED).build(),
            requests: brief(),
            conversations: brief(),
            changes: Changes::default(),
            turns: moka::sync::Cache::builder().max_capacity(MOST).time_to_idle(CHANGED).build(),
        }
    }
}

impl Caches {
    /// A request as it was at most seconds ago.
    pub(super) async fn request(
        &self,
        key: &RequestKey,
        language: &RequestLanguage,
        read: impl Future<Output = Result<Option<Request>, Error>>,
    ) -> Result<Option<Arc<Request>>, Error> {
        let key = (key.clone(), self.changes.of(key), language.clone());
        let read = Box::pin(for_everybody(async { Ok(read.await?.map(Arc::new)) }));
        self.requests.try_get_with(key, read).await.map_err(|error| Error::clone(&error))
    }

    /// What is said in a request, as it was at most seconds ago.
    pub(super) async fn conversation(
        &self,
        key: &RequestKey,
        read: impl Future<Output = Result<Conversation, Error>>,
    ) -> Result<Arc<Conversation>, Error> {
        let key = (key.clone(), self.changes.of(key));
        let read = Box::pin(for_everybody(async { read.await.map(Arc::new) }));
        self.conversations.try_get_with(key, read).await.map_err(|error| Error::clone(&error))
    }

    /// The articles about something, as they were minutes ago at most, in an outage too: what a search
    /// finds decides who may read what.
    pub(super) async fn articles(
        &self,
        desk: &str,
        text: &SearchText,
        read: impl Future<Output = Result<Vec<Article>, Error>>,
    ) -> Result<Arc<Vec<Article>>, Error> {
        let key = (desk.into(), text.as_str().to_owned());
        let read = Box::pin(for_everybody(async { read.await.map(Arc::new) }));
        self.articles.try_get_with(key, read).await.map_err(|error| Error::clone(&error))
    }

    /// Waits until nobody else changes a request: JSM limits the changes of one, and two at once would
    /// overtake each other.
    pub(super) async fn turn(&self, key: &RequestKey) -> OwnedMutexGuard<()> {
        self.turns.get_with(key.clone(), Arc::default).lock_owned().await
    }

    /// Nothing that was read of a request until now is used again, nor what is being read.
    pub(super) fn changed(&self, key: &RequestKey) {
        self.changes.note(key);
    }
}

impl fmt::Debug for Caches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Caches")
    }
}

fn brief<K, V>() -> Cache<K, V>
where
    K: Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder().max_capacity(MOST).time_to_live(REQUEST).build()
}

/// How often each request was changed. The count is part of what its readings are kept by: what began to
/// be read before a change is found by nobody after it.
struct Changes {
    latest: AtomicU64,
    of_requests: moka::sync::Cache<RequestKey, u64>,
}

impl Default for Changes {
    fn default() -> Self {
        let of_requests = moka::sync::Cache::builder().max_capacity(MOST).time_to_live(CHANGED);
        Self { latest: AtomicU64::new(0), of_requests: of_requests.build() }
    }
}

impl Changes {
    fn of(&self, key: &RequestKey) -> u64 {
        self.of_requests.get(key).unwrap_or_default()
    }

    fn note(&self, key: &RequestKey) {
        let count = self.latest.fetch_add(1, Ordering::Relaxed) + 1;
        self.of_requests.insert(key.clone(), count);
    }
}

/// A value, and whether JSM could not be asked for a newer one.
#[derive(Debug)]
pub struct Known<T> {
    value: Arc<T>,
    /// Whether it is from before an outage.
    pub is_old: bool,
}

impl<T> Clone for Known<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), is_old: self.is_old }
    }
}

impl<T> Deref for Known<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Values that do not depend on a request. The latest one stays for an outage.
pub(super) struct Shared<K, V> {
    fresh: Cache<K, Known<V>>,
    latest: Cache<K, Arc<V>>,
}

impl<K, V> Shared<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn new(fresh: Duration) -> Self {
        let fresh = Cache::builder().max_capacity(MOST).expire_after(Lifetime { fresh });
        let latest = Cache::builder().max_capacity(MOST).time_to_live(OLDEST);
        Self { fresh: fresh.build(), latest: latest.build() }
    }

    /// The value that is known, or else the one that JSM tells now.
    pub(super) async fn get(
        &self,
        key: K,
        read: impl Future<Output = Result<V, Error>>,
    ) -> Result<Known<V>, Error> {
        let read = Box::pin(for_everybody(async {
            match read.await {
                Ok(value) => {
                    let value = Arc::new(value);
                    self.latest.insert(key.clone(), Arc::clone(&value)).await;
                    Ok(Known { value, is_old: false })
                }
                Err(error) if error.is_outage() => {
                    let latest = self.latest.get(&key).await;
                    latest.map(|value| Known { value, is_old: true }).ok_or(error)
                }
                Err(error) => Err(error),
            }
        }));
        let known = self.fresh.try_get_with(key.clone(), read).await;
        known.map_err(|error| Error::clone(&error))
    }
}

struct Lifetime {
    fresh: Duration,
}

impl<K, V> Expiry<K, Known<V>> for Lifetime {
    fn expire_after_create(&self, _: &K, value: &Known<V>, _: Instant) -> Option<Duration> {
        Some(if value.is_old { OUTAGE } else { self.fresh })
    }
}

#[cfg(test)]
mod tests;
