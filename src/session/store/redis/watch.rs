//! Asks Redis without pause which sessions ended or changed on other gates, and forgets them here.
//! So it is the first to notice that Redis does not answer, or is not the server that takes writes.
//! Must not know what a session is.
//!
//! It reads a stream and does not subscribe to a channel: a message in a channel is lost when
//! nobody listens. A stream answers what came after a given entry, and an answer, even an empty
//! one, proves that nothing was missed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use redis::{Client, RedisError, RedisResult, cmd};

use super::PREFIX;
use super::link::{self, Link};
use crate::session::SessionKey;
use crate::session::store::session_cache::SessionCache;

/// How long Redis waits for news before it answers.
const WAIT: Duration = Duration::from_millis(400);
/// How long its answer may take.
const ANSWER: Duration = Duration::from_secs(1);
/// How long memory is valid after Redis was asked. With the time that a request takes, a session is
/// over everywhere within 2 seconds.
const GOOD_FOR: Duration = Duration::from_millis(1500);
/// The pause after a failure.
const PAUSE: Duration = Duration::from_millis(200);
/// How many news are read at once.
const AT_ONCE: usize = 1000;

/// News: one stream, its entries, and in each entry a kind and a key.
type News = Option<Vec<(String, Vec<(String, Vec<Vec<u8>>)>)>>;

pub(super) struct Watch {
    client: Client,
    /// Told to connect again whenever Redis does not answer as it should.
    link: Arc<Link>,
    cache: Arc<SessionCache>,
    began: Instant,
    /// Milliseconds since `began` until which memory is valid.
    good_until: AtomicU64,
    count: AtomicU64,
    /// Why Redis cannot be used at present; `None` while it can.
    trouble: ArcSwapOption<String>,
}

/// What is read between two reads of the news.
struct Look {
    count: u64,
    /// The mark that the first gate left in an empty Redis.
    mark: Vec<u8>,
}

impl Watch {
    pub(super) fn new(client: Client, link: Arc<Link>, cache: Arc<SessionCache>) -> Self {
        let (good_until, count) = (AtomicU64::new(0), AtomicU64::new(0));
        let (began, trouble) = (Instant::now(), ArcSwapOption::empty());
        Self { client, link, cache, began, good_until, count, trouble }
    }

    pub(super) fn is_up_to_date(&self) -> bool {
        millis(self.began.elapsed()) < self.good_until.load(Ordering::Acquire)
    }

    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Why Redis cannot be used at present; `None` while it can.
    pub(super) fn fault(&self) -> Option<String> {
        self.trouble.load().as_deref().cloned()
    }

    /// Runs for ever.
    pub(super) async fn follow(self: Arc<Self>) {
        loop {
            let Err(error) = self.follow_one().await;
            self.failed(&error);
            // The other connection leads to the same server.
            self.link.renew().await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Runs until the connection breaks or leads to the wrong server.
    async fn follow_one(&self) -> RedisResult<std::convert::Infallible> {
        let mut connection = link::connect(&self.client, ANSWER).await?;
        let mut asked = Instant::now();
        let mut last = newest(&mut connection).await?;
        let Look { mut mark, .. } = look(&mut connection).await?;
        // The stream no longer tells of what ended before.
        self.cache.forget_all();
        loop {
            self.good_until.store(millis(asked - self.began + GOOD_FOR), Ordering::Release);
            self.answers();
            asked = Instant::now();
            last = self.read_on(&mut connection, last).await?;
            let seen = look(&mut connection).await?;
            self.count.store(seen.count, Ordering::Relaxed);
            if seen.mark != mark {
                tracing::error!("Redis has lost its data: everybody logs in again");
                mark = seen.mark;
                self.cache.forget_all();
            }
        }
    }

    /// Logs the failure once.
    fn failed(&self, error: &RedisError) {
        if self.trouble.swap(Some(Arc::new(error.to_string()))).is_none() {
            tracing::error!(%error, "Redis cannot be used: customers with a login have to wait");
        }
    }

    fn answers(&self) {
        if self.trouble.load().is_some() {
            self.trouble.store(None);
            tracing::info!("Redis answers again");
        }
    }

    /// Waits a little for news. Returns the entry that it has read to.
    async fn read_on(
        &self,
        connection: &mut MultiplexedConnection,
        last: String,
    ) -> RedisResult<String> {
        let mut read = cmd("XREAD");
        read.arg("COUNT").arg(AT_ONCE).arg("BLOCK").arg(millis(WAIT));
        let news: News =
            read.arg("STREAMS").arg(stream()).arg(&last).query_async(connection).await?;
        let mut read_to = last;
        for (id, fields) in news.into_iter().flatten().flat_map(|(_, entries)| entries) {
            if let [kind, name] = fields.as_slice()
                && let Ok(name) = <[u8; 32]>::try_from(name.as_slice())
            {
                let key = SessionKey::from_bytes(name);
                if kind == b"ended" { self.cache.end(&key) } else { self.cache.forget(&key) }
            }
            read_to = id;
        }
        Ok(read_to)
    }
}

/// The newest entry.
async fn newest(connection: &mut MultiplexedConnection) -> RedisResult<String> {
    let mut read = cmd("XREVRANGE");
    read.arg(stream()).arg("+").arg("-").arg("COUNT").arg(1);
    let entries: Vec<(String, Vec<Vec<u8>>)> = read.query_async(connection).await?;
    Ok(entries.into_iter().next().map_or_else(|| "0-0".to_owned(), |(id, _)| id))
}

/// Leaves a mark where there is none. That is a write, so a replica refuses it even when there is
/// nothing to change. A mark that has changed tells that Redis lost its data.
async fn look(connection: &mut MultiplexedConnection) -> RedisResult<Look> {
    let mark = format!("{PREFIX}mark");
    let mut look = redis::pipe();
    look.cmd("SETNX").arg(&mark).arg(&rand::random::<[u8; 16]>()).ignore();
    look.cmd("GET").arg(&mark).cmd("ZCARD").arg(format!("{PREFIX}all"));
    let (mark, count) = look.query_async(connection).await?;
    Ok(Look { count, mark })
}

fn stream() -> String {
    format!("{PREFIX}changes")
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
