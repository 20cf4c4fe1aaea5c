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
use super::{Conversation, FieldsAnswer, Request, RequestTypes};
use crate::domain::{AccountId, RequestKey, RequestTypeId};
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
    pub(super) usable: Shared<(Desk, AccountId), Usable>,
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
            usable: Shared::new(OWN),
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
        let read = Box::pin(async { Ok(read.await?.map(Arc::new)) });
        self.requests.try_get_with(key, read).await.map_err(|error| Error::clone(&error))
    }

    /// What is said in a request, as it was at most seconds ago.
    pub(super) async fn conversation(
        &self,
        key: &RequestKey,
        read: impl Future<Output = Result<Conversation, Error>>,
    ) -> Result<Arc<Conversation>, Error> {
        let key = (key.clone(), self.changes.of(key));
        let read = Box::pin(async { read.await.map(Arc::new) });
        self.conversations.try_get_with(key, read).await.map_err(|error| Error::clone(&error))
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
        let read = Box::pin(async {
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
        });
        let known = self.fresh.try_get_with(key.clone(), read).await;
        known.map_err(|error| Error::clone(&error))
    }

    /// The value has to be read again.
    pub(super) async fn forget(&self, key: &K) {
        self.fresh.invalidate(key).await;
        self.latest.invalidate(key).await;
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
mod tests {
    use std::sync::atomic::AtomicUsize;

    use futures_util::FutureExt as _;
    use tokio::sync::Notify;

    use super::*;

    fn outage() -> Error {
        let (call, wait) = ("GET /x".to_owned(), Duration::from_secs(9));
        Error::Maintenance { call, wait }
    }

    #[tokio::test]
    async fn a_hundred_who_ask_at_once_cost_one_reading() {
        let (shared, readings) = (Shared::<u8, u8>::new(SHARED), AtomicUsize::new(0));
        let read = || async {
            readings.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(7)
        };
        let all = futures_util::future::join_all((0..100).map(|_| shared.get(1, read()))).await;
        assert!(all.into_iter().all(|known| *known.unwrap() == 7));
        assert_eq!(readings.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn an_outage_shows_what_was_known_and_says_that_it_is_old() {
        let shared = Shared::<u8, u8>::new(Duration::ZERO);
        assert!(shared.get(1, async { Err(outage()) }).await.is_err());
        assert!(!shared.get(1, async { Ok(7) }).await.unwrap().is_old);
        let known = shared.get(1, async { Err(outage()) }).await.unwrap();
        assert_eq!((*known, known.is_old), (7, true));
    }

    #[tokio::test]
    async fn a_refusal_is_no_outage() {
        let shared = Shared::<u8, u8>::new(Duration::ZERO);
        shared.get(1, async { Ok(7) }).await.unwrap();
        assert!(shared.get(1, async { Err(Error::EmailMissing) }).await.is_err());
    }

    #[tokio::test]
    async fn what_is_forgotten_is_not_shown_in_an_outage_either() {
        let shared = Shared::<u8, u8>::new(SHARED);
        shared.get(1, async { Ok(7) }).await.unwrap();
        shared.forget(&1).await;
        assert!(shared.get(1, async { Err(outage()) }).await.is_err());
    }

    #[tokio::test]
    async fn one_request_is_changed_by_one_at_a_time() {
        let caches = Caches::default();
        let [it_1, it_2] = ["IT-1", "IT-2"].map(|key| RequestKey::parse(key).unwrap());
        let turn = caches.turn(&it_1).await;
        assert!(caches.turn(&it_1).now_or_never().is_none());
        assert!(caches.turn(&it_2).now_or_never().is_some());
        drop(turn);
        assert!(caches.turn(&it_1).now_or_never().is_some());
    }

    #[tokio::test]
    async fn p4_what_began_to_be_read_before_a_change_is_not_used_after_it() {
        let caches = Caches::default();
        let key = RequestKey::parse("IT-1").unwrap();
        let language = RequestLanguage::parse("en").unwrap();
        let (begun, go_on) = (Notify::new(), Notify::new());
        let slow = caches.request(&key, &language, async {
            begun.notify_one();
            go_on.notified().await;
            Ok(None)
        });
        let change = async {
            begun.notified().await;
            caches.changed(&key);
            go_on.notify_one();
        };
        let (slow, ()) = tokio::join!(slow, change);
        assert!(slow.unwrap().is_none());
        let after = caches.request(&key, &language, async { Err(outage()) }).await;
        assert!(after.is_err(), "the reading of before the change was used");
    }
}
