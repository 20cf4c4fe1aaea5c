//! Sessions in Redis or Valkey, shared by several gates. Must not know what the sealed bytes mean.
//!
//! What a gate has in memory is valid only while Redis was asked within the last 1.5 seconds which
//! sessions ended (`watch`). While Redis does not answer, nothing in memory counts, and nobody gets
//! in (docs/security.md C2). So a session that ends on one gate is over on all within 2 seconds,
//! even when messages are lost.

mod fault;
mod link;
mod rows;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use ::redis::Script;
use async_trait::async_trait;
use secrecy::SecretString;
use tokio::task::AbortHandle;

use self::link::Link;
use self::watch::Watch;
use super::leases::Holder;
use super::sealed::SealedStore;
use super::session_cache::SessionCache;
use super::session_rows::{EndedRows, EntryVisitor, Records, SealedRow};
use super::{SessionStore, StoreError};
use crate::config::RedisConfig;
use crate::domain::Clock;
use crate::session::SessionKey;
use crate::session::vault::{Sealed, Tag};

/// The prefix of all keys. The database may hold other data.
const PREFIX: &str = "jsm-gate:";

/// How many entries are written or listed at once. Redis does nothing else meanwhile.
const AT_ONCE: usize = 500;

/// Opens the sessions that several gates share, with at most `capacity` of them in memory. It does
/// not connect yet: Redis may be away.
///
/// # Errors
/// When the address or the certificate authority cannot be used.
pub fn open(
    config: &RedisConfig,
    capacity: u64,
    secrets: &[SecretString],
    clock: &Clock,
) -> Result<Arc<dyn SessionStore>, StoreError> {
    let cache = Arc::new(SessionCache::new(capacity));
    let records = RedisRecords::start(config, &cache)?;
    Ok(SealedStore::start(records, cache, secrets, clock.clone()))
}

/// Whether Redis answers and takes the password.
///
/// # Errors
/// When it does not.
pub async fn ping(config: &RedisConfig) -> Result<(), StoreError> {
    let link = Link::new(link::client(config)?);
    link.ask(&::redis::cmd("PING")).await
}

struct RedisRecords {
    link: Arc<Link>,
    watch: Arc<Watch>,
    watching: AbortHandle,
    scripts: Scripts,
}

impl RedisRecords {
    fn start(config: &RedisConfig, cache: &Arc<SessionCache>) -> Result<Self, StoreError> {
        let client = link::client(config)?;
        let link = Arc::new(Link::new(client.clone()));
        let watch = Arc::new(Watch::new(client, Arc::clone(&link), Arc::clone(cache)));
        let watching = tokio::spawn(Arc::clone(&watch).follow()).abort_handle();
        Ok(Self { link, watch, watching, scripts: Scripts::new() })
    }
}

impl Drop for RedisRecords {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

/// Each script is one step for Redis: all of it is done, or nothing. A script may run twice, when
/// its answer is lost, and has the same result.
struct Scripts {
    lease: Script,
    put: Script,
    update: Script,
    remove: Script,
    remove_tagged: Script,
    write_entries: Script,
    release: Script,
    put_new_row: Script,
    put_row: Script,
    remove_row: Script,
    reseal_row: Script,
}

impl Scripts {
    fn new() -> Self {
        let script = |own: &str| Script::new(&format!("{}{own}", include_str!("redis/common.lua")));
        Self {
            lease: script(include_str!("redis/lease.lua")),
            put: script(include_str!("redis/put.lua")),
            update: script(include_str!("redis/update.lua")),
            remove: script(include_str!("redis/remove.lua")),
            remove_tagged: script(include_str!("redis/remove_tagged.lua")),
            write_entries: script(include_str!("redis/write_entries.lua")),
            release: script(include_str!("redis/release.lua")),
            put_new_row: script(include_str!("redis/put_new_row.lua")),
            put_row: script(include_str!("redis/put_row.lua")),
            remove_row: script(include_str!("redis/remove_row.lua")),
            reseal_row: script(include_str!("redis/reseal_row.lua")),
        }
    }
}

fn session_key(key: &SessionKey) -> Vec<u8> {
    [PREFIX.as_bytes(), b"session:", key.bytes()].concat()
}

#[async_trait]
impl Records for RedisRecords {
    async fn put(
        &self,
        row: SealedRow,
        person: Vec<Tag>,
        per_customer: usize,
    ) -> Result<EndedRows, StoreError> {
        let mut put = self.scripts.put.key(PREFIX);
        put.arg(row.key.bytes()).arg(row.created).arg(row.until).arg(per_customer);
        put.arg(row.sealed.entry).arg(row.sealed.record).arg(row.tags.concat());
        for tag in &person {
            put.arg(tag);
        }
        self.link.ask(&put).await.map(ended)
    }

    async fn update(
        &self,
        key: SessionKey,
        tags: Vec<Tag>,
        sealed: Sealed,
    ) -> Result<bool, StoreError> {
        let mut update = self.scripts.update.key(PREFIX);
        update.arg(key.bytes()).arg(sealed.entry).arg(sealed.record).arg(tags.concat());
        self.link.ask(&update).await
    }

    async fn get(&self, key: SessionKey) -> Result<Option<Sealed>, StoreError> {
        let mut get = ::redis::cmd("HMGET");
        get.arg(session_key(&key)).arg("entry").arg("record");
        let (entry, record): (Option<Vec<u8>>, Option<Vec<u8>>) = self.link.ask(&get).await?;
        Ok(entry.zip(record).map(|(entry, record)| Sealed { entry, record }))
    }

    async fn lease(
        &self,
        key: SessionKey,
        holder: Holder,
        length: Duration,
    ) -> Result<bool, StoreError> {
        let milliseconds = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        let mut lease = self.scripts.lease.key(PREFIX);
        self.link.ask(lease.arg(key.bytes()).arg(&holder).arg(milliseconds)).await
    }

    async fn release(&self, key: SessionKey, holder: Holder) -> Result<bool, StoreError> {
        self.link.ask(self.scripts.release.key(PREFIX).arg(key.bytes()).arg(&holder)).await
    }

    async fn remove(&self, key: SessionKey) -> Result<bool, StoreError> {
        self.link.ask(self.scripts.remove.key(PREFIX).arg(key.bytes())).await
    }

    async fn remove_tagged(&self, tags: Vec<Tag>) -> Result<EndedRows, StoreError> {
        let mut remove = self.scripts.remove_tagged.key(PREFIX);
        for tag in &tags {
            remove.arg(tag);
        }
        self.link.ask(&remove).await.map(ended)
    }

    async fn write_entries(&self, entries: EndedRows) -> Result<(), StoreError> {
        for entries in entries.chunks(AT_ONCE) {
            let mut write = self.scripts.write_entries.key(PREFIX);
            for (key, entry) in entries {
                write.arg(key.bytes()).arg(entry.as_slice());
            }
            self.link.ask::<()>(&write).await?;
        }
        Ok(())
    }

    async fn visit_entries(&self, mut see: EntryVisitor) -> Result<(), StoreError> {
        let mut cursor = 0_u64;
        let mut seen = std::collections::HashSet::new();
        loop {
            let mut scan = ::redis::cmd("ZSCAN");
            scan.arg(format!("{PREFIX}all")).arg(cursor).arg("COUNT").arg(AT_ONCE);
            let (next, names): (u64, Vec<(Vec<u8>, f64)>) = self.link.ask(&scan).await?;
            let keys = names.into_iter().filter_map(|(name, _)| key(name));
            // A scan may return a key twice.
            let keys: Vec<_> = keys.filter(|key| seen.insert(*key)).collect();
            let mut get = ::redis::pipe();
            for key in &keys {
                get.hget(session_key(key), "entry");
            }
            if !keys.is_empty() {
                let entries: Vec<Option<Vec<u8>>> = self.link.ask(&get).await?;
                for (key, entry) in keys.into_iter().zip(entries) {
                    if let Some(entry) = entry {
                        see(key, &entry);
                    }
                }
            }
            cursor = next;
            if cursor == 0 {
                return Ok(());
            }
        }
    }

    /// Redis does that by itself.
    async fn sweep(&self, _now: u64) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn is_cache_valid(&self) -> bool {
        self.watch.is_up_to_date()
    }

    fn count(&self) -> u64 {
        self.watch.count()
    }

    fn fault(&self) -> Option<String> {
        let late = || (!self.watch.is_up_to_date()).then(|| "Redis does not answer".to_owned());
        self.watch.fault().or_else(late)
    }
}

fn key(name: Vec<u8>) -> Option<SessionKey> {
    name.try_into().ok().map(SessionKey::from_bytes)
}

fn ended(rows: Vec<(Vec<u8>, Vec<u8>)>) -> EndedRows {
    rows.into_iter().filter_map(|(name, entry)| Some((key(name)?, entry))).collect()
}

#[cfg(test)]
mod tests;
