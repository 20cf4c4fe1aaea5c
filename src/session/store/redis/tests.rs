//! The store in Redis, tested with a real Redis. The modules below test several gates, outages and
//! access.

mod access;
mod outage;
mod sharing;

use std::net::SocketAddr;
use std::time::{Duration, Instant, UNIX_EPOCH};

use parking_lot::Mutex;
use rstest::rstest;
use secrecy::SecretString;
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::domain::Told;
use crate::session::store::{Terms, contract, contract_of_records};
use crate::session::{SessionCredential, SessionSelector};

#[path = "../../../../tests/support/redis.rs"]
mod server;

use server::Redis;

const TERMS: Terms = Terms { until: 4_000_000_000, per_customer: 10 };

/// A session that ends is over everywhere within this time.
const PROMISED: Duration = Duration::from_secs(2);

/// Sends a command, and returns the answer.
fn ask(redis: &Redis, arguments: &[&str]) -> String {
    redis.tell(arguments)
}

fn secrets() -> Vec<SecretString> {
    vec![SecretString::from("a".repeat(32))]
}

fn store(redis: &Redis) -> Arc<SealedStore<RedisRecords>> {
    store_at(redis.address)
}

fn store_at(address: SocketAddr) -> Arc<SealedStore<RedisRecords>> {
    let url = format!("redis://{address}/0").parse().unwrap();
    let config = RedisConfig { url, password: None, ca_file: None };
    let cache = Arc::new(SessionCache::new(1000));
    let records = RedisRecords::start(&config, &cache).unwrap();
    let clock = Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(2000));
    SealedStore::start(records, cache, &secrets(), clock)
}

fn some_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A store whose cache is valid.
async fn warm(redis: &Redis) -> Arc<SealedStore<RedisRecords>> {
    let store = store(redis);
    until(async || store.records().is_cache_valid()).await;
    store
}

async fn until(holds: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(20), "not so after 20 seconds");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn put(store: &dyn SessionStore, subject: &str) -> SessionCredential {
    let (credential, session) = contract::session(subject);
    store.put(session, contract::provider_data(subject), TERMS).await.unwrap();
    credential
}

async fn opens(store: &dyn SessionStore, credential: &SessionCredential) -> bool {
    store.find(credential).await.is_ok_and(|found| found.is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_redis_store_keeps_the_contract() {
    let redis = Redis::start(some_address(), &[]);
    contract::holds_for(async || {
        ask(&redis, &["FLUSHALL"]);
        warm(&redis).await
    })
    .await;
}

/// The clock of one gate is years ahead of Redis'.
#[tokio::test(flavor = "multi_thread")]
async fn c12_a_gate_whose_clock_is_wrong_takes_nobody_off_the_list() {
    let redis = Redis::start(some_address(), &[]);
    let store = warm(&redis).await;
    let soon = Terms { until: 1600, per_customer: 10 };
    store.put(contract::session("ann").1, <_>::default(), soon).await.unwrap();
    let (credential, _) = contract::session("bob");
    let late = crate::session::Session::new(credential, contract::login("bob"), 2_000_000_000);
    store.put(Arc::new(late), <_>::default(), TERMS).await.unwrap();
    assert_eq!(store.list(Arc::new(|_| true)).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_redis_names_nobody_and_has_no_token() {
    let redis = Redis::start(some_address(), &[]);
    let store = store(&redis);
    put(&*store, "ann").await;
    let files = walk(redis.folder.path());
    assert!(
        files.iter().any(|bytes| holds(bytes, "jsm-gate:session:")),
        "looked at the wrong files"
    );
    for word in ["example.com", "token-of", "customers", "sid-of", "form_token"] {
        assert!(!files.iter().any(|bytes| holds(bytes, word)), "{word} is in a file");
    }
}

fn walk(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(
            |path| if path.is_dir() { walk(&path) } else { vec![std::fs::read(path).unwrap()] },
        )
        .collect()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// Redis keeps neither expired sessions nor their tags.
#[tokio::test(flavor = "multi_thread")]
async fn redis_forgets_by_itself() {
    let redis = Redis::start(some_address(), &[]);
    let store = warm(&redis).await;
    let short = Terms { until: 1000, per_customer: 10 };
    store.put(contract::session("ann").1, <_>::default(), short).await.unwrap();
    until(async || ask(&redis, &["KEYS", "jsm-gate:[so]*"]).trim().is_empty()).await;
    put(&*store, "bob").await;
    assert_eq!(ask(&redis, &["ZCARD", "jsm-gate:all"]).trim(), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_keeps_the_contract_of_records() {
    let redis = Redis::start(some_address(), &[]);
    contract_of_records::holds_for(async |clock| {
        ask(&redis, &["FLUSHALL"]);
        let url = format!("redis://{}/0", redis.address).parse().unwrap();
        let config = RedisConfig { url, password: None, ca_file: None };
        let cache = Arc::new(SessionCache::new(10));
        let records = RedisRecords::start(&config, &cache).unwrap();
        SealedStore::start(records, cache, &secrets(), clock).record_store()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_gates_one_is_the_first_and_a_replaced_secret_costs_no_record() {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (store(&redis), store(&redis));
    let table = crate::session::Table::Customers;
    let records = [Arc::clone(&one).record_store(), Arc::clone(&other).record_store()];
    assert_eq!(records[0].put_new(table, "ann", b"5b10", None).await.unwrap(), None);
    assert_eq!(records[1].put_new(table, "ann", b"6c20", None).await.unwrap().unwrap(), b"5b10");

    let new = SecretString::from("n".repeat(32));
    one.use_secrets(&[new.clone(), secrets().remove(0)]);
    one.seal_anew().await.unwrap();
    other.use_secrets(&[new]);
    assert_eq!(records[1].get(table, "ann").await.unwrap().unwrap(), b"5b10");
    assert_eq!(records[1].list(table).await.unwrap().len(), 1);
}
