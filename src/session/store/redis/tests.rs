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

/// A session is over everywhere within this time.
const PROMISED: Duration = Duration::from_secs(2);

/// Asks it something with its own command, and returns what it says.
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

/// Makes one server a replica of another.
fn replicate(replica: &Redis, primary: &Redis) {
    let port = primary.address.port().to_string();
    assert_eq!(ask(replica, &["REPLICAOF", "127.0.0.1", &port]).trim(), "OK");
}

/// A name that leads to one server or another; connections stay where they are.
struct Name {
    address: SocketAddr,
    leads_to: Arc<Mutex<SocketAddr>>,
}

impl Name {
    async fn of(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let leads_to = Arc::new(Mutex::new(server));
        let now = Arc::clone(&leads_to);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let server = *now.lock();
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(server).await.unwrap();
                    drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
                });
            }
        });
        Self { address, leads_to }
    }

    fn leads_to(&self, server: SocketAddr) {
        *self.leads_to.lock() = server;
    }
}

/// A store whose memory counts.
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

#[tokio::test(flavor = "multi_thread")]
async fn two_gates_have_one_session_and_its_end() {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (warm(&redis).await, warm(&redis).await);
    let ann = put(&*one, "ann").await;
    assert!(opens(&*other, &ann).await && opens(&*other, &ann).await);
    let mut removals = other.removals();
    one.remove(&ann.key).await.unwrap();
    let ended = Instant::now();
    until(async || !opens(&*other, &ann).await).await;
    assert!(ended.elapsed() < PROMISED, "after {:?}", ended.elapsed());
    let told = tokio::time::timeout(PROMISED, removals.recv()).await;
    assert_eq!(told.expect("not told").unwrap(), ann.key);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_changed_on_one_gate_is_the_new_one_on_the_other() {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (warm(&redis).await, warm(&redis).await);
    let ann = put(&*one, "ann").await;
    assert!(opens(&*other, &ann).await);
    let mut login = contract::login("ann");
    login.identity.groups = Told::Known(vec!["former".into()]);
    let changed = crate::session::Session::new(ann.clone(), login, 1000);
    assert!(one.update(Arc::new(changed), <_>::default()).await.unwrap());
    until(async || {
        let found = other.find(&ann).await.unwrap().unwrap();
        found.identity.groups.values() == ["former"]
    })
    .await;
}

/// The connection on which a gate hears of ends breaks, and they end just then.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_nobody_heard_of_ends_the_session_all_the_same() {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (warm(&redis).await, warm(&redis).await);
    for _ in 0..5 {
        let ann = put(&*one, "ann").await;
        assert!(opens(&*other, &ann).await);
        ask(&redis, &["CLIENT", "KILL", "TYPE", "normal"]);
        // Gone from Redis, and from the list of what ended.
        let selector =
            SessionSelector::Subject(contract::login("ann").identity.provider, "ann".to_owned());
        until(async || one.remove_all(&selector).await.is_ok()).await;
        ask(&redis, &["DEL", "jsm-gate:changes"]);
        let ended = Instant::now();
        until(async || !opens(&*other, &ann).await).await;
        assert!(ended.elapsed() < PROMISED, "after {:?}", ended.elapsed());
        until(async || other.records().is_cache_valid()).await;
    }
}

/// As behind a firewall that forgets connections on which nothing is said.
#[tokio::test(flavor = "multi_thread")]
async fn c2_an_idle_connection_that_broke_loses_no_login() {
    let redis = Redis::start(some_address(), &[]);
    let store = warm(&redis).await;
    for _ in 0..5 {
        let ann = put(&*store, "ann").await;
        ask(&redis, &["CLIENT", "KILL", "TYPE", "normal"]);
        let bob = put(&*store, "bob").await;
        ask(&redis, &["CLIENT", "KILL", "TYPE", "normal"]);
        assert!(store.remove(&ann.key).await.unwrap());
        ask(&redis, &["CLIENT", "KILL", "TYPE", "normal"]);
        let lease = store.lease(&bob.key, Duration::from_secs(60)).await.unwrap();
        assert!(store.release(lease.expect("it is free")).await.unwrap());
    }
}

/// The address leads to the new primary from now on, and what is connected stays where it was.
#[tokio::test(flavor = "multi_thread")]
async fn c2_after_a_failover_the_new_primary_is_found_although_the_old_one_keeps_the_connection() {
    let (one, other) = (Redis::start(some_address(), &[]), Redis::start(some_address(), &[]));
    let name = Name::of(one.address).await;
    let store = store_at(name.address);
    until(async || store.records().is_cache_valid()).await;
    let ann = put(&*store, "ann").await;
    replicate(&other, &one);
    until(async || ask(&other, &["EXISTS", "jsm-gate:all"]).trim() == "1").await;
    ask(&other, &["REPLICAOF", "NO", "ONE"]);
    name.leads_to(other.address);
    replicate(&one, &other);
    let bob = put(&*store, "bob").await;
    assert!(opens(&*store, &ann).await && opens(&*store, &bob).await);
    assert_eq!(ask(&other, &["ZCARD", "jsm-gate:all"]).trim(), "2", "not at the new one");
    until(async || store.fault().is_none() && store.records().is_cache_valid()).await;
    let elsewhere = store_at(other.address);
    elsewhere.remove(&bob.key).await.unwrap();
    until(async || !opens(&*store, &bob).await).await;
}

/// It is said, memory does not count meanwhile, and it heals without a restart.
#[rstest]
#[case::replica(&[], &["REPLICAOF", "127.0.0.1", "1"], &["REPLICAOF", "NO", "ONE"], "READONLY")]
#[case::replica_without_its_primary(
    &["--replica-serve-stale-data", "no"],
    &["REPLICAOF", "127.0.0.1", "1"], &["REPLICAOF", "NO", "ONE"], "MASTERDOWN"
)]
#[case::cut_off_from_its_replicas(
    &[], &["CONFIG", "SET", "min-replicas-to-write", "1"],
    &["CONFIG", "SET", "min-replicas-to-write", "0"], "NOREPLICAS"
)]
#[case::part_of_a_cluster(
    &["--cluster-enabled", "yes"], &["CLUSTER", "DELSLOTSRANGE", "0", "16383"],
    &["CLUSTER", "ADDSLOTSRANGE", "0", "16383"], "CLUSTERDOWN"
)]
#[tokio::test(flavor = "multi_thread")]
async fn c2_a_server_that_is_not_the_one_to_ask_counts_as_none(
    #[case] options: &[&str],
    #[case] spoil: &[&str],
    #[case] mend: &[&str],
    #[case] said: &str,
) {
    let redis = Redis::start(some_address(), options);
    if options.first() == Some(&"--cluster-enabled") {
        ask(&redis, mend);
    }
    let store = warm(&redis).await;
    let ann = put(&*store, "ann").await;
    assert_eq!(store.fault(), None);
    ask(&redis, spoil);
    until(async || !store.records().is_cache_valid()).await;
    until(async || store.fault().is_some_and(|trouble| is_about(&trouble, said))).await;
    let refused = store.put(contract::session("bob").1, <_>::default(), TERMS).await;
    assert!(refused.is_err(), "somebody is logged in");
    ask(&redis, mend);
    until(async || store.fault().is_none()).await;
    until(async || store.put(contract::session("bob").1, <_>::default(), TERMS).await.is_ok())
        .await;
    assert!(opens(&*store, &ann).await);
}

/// redis spells some codes as kinds.
fn is_about(trouble: &str, code: &str) -> bool {
    trouble.to_uppercase().replace('"', "").contains(code)
}

/// Whether by a logout or by the provider, and whatever Redis still knows.
#[rstest]
#[case::the_record_alone_is_gone("session")]
#[case::what_it_is_found_by_is_gone("of")]
#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_told_although_redis_has_lost_the_session(#[case] lost: &str) {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (warm(&redis).await, warm(&redis).await);
    let (ann, bob) = (put(&*one, "ann").await, put(&*one, "bob").await);
    for credential in [&ann, &bob] {
        assert!(opens(&*other, credential).await);
    }
    let script = format!(
        "for _, name in ipairs(redis.call('KEYS', 'jsm-gate:{lost}:*')) do redis.call('DEL', name) end"
    );
    ask(&redis, &["EVAL", &script, "0"]);
    one.remove(&ann.key).await.unwrap();
    let selector =
        SessionSelector::Subject(contract::login("bob").identity.provider, "bob".to_owned());
    one.remove_all(&selector).await.unwrap();
    let ended = Instant::now();
    for credential in [&ann, &bob] {
        until(async || !opens(&*other, credential).await && !opens(&*one, credential).await).await;
    }
    assert!(ended.elapsed() < PROMISED, "after {:?}", ended.elapsed());
}

/// Whoever is in one gate's memory is not logged in there and out everywhere else.
#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_lost_everything_is_noticed_by_every_gate() {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (warm(&redis).await, warm(&redis).await);
    let ann = put(&*one, "ann").await;
    assert!(opens(&*other, &ann).await);
    ask(&redis, &["FLUSHALL"]);
    until(async || !opens(&*one, &ann).await && !opens(&*other, &ann).await).await;
}

/// One gate's clock is ahead of Redis' by years.
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

/// A Redis that says nothing more, though its connections stand.
#[tokio::test(flavor = "multi_thread")]
async fn c2_a_store_that_hangs_lets_nobody_in_and_heals_by_itself() {
    let redis = Redis::start(some_address(), &[]);
    let store = warm(&redis).await;
    let ann = put(&*store, "ann").await;
    assert!(opens(&*store, &ann).await);
    ask(&redis, &["CLIENT", "PAUSE", "6000", "ALL"]);
    let paused = Instant::now();
    until(async || !opens(&*store, &ann).await).await;
    assert!(paused.elapsed() < PROMISED + Duration::from_secs(2), "after {:?}", paused.elapsed());
    until(async || opens(&*store, &ann).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c2_a_store_that_is_down_is_an_error_and_nobody_is_lost() {
    let mut redis = Redis::start(some_address(), &[]);
    let store = warm(&redis).await;
    let ann = put(&*store, "ann").await;
    redis.kill();
    until(async || store.find(&ann).await.is_err()).await;
    let asked = Instant::now();
    assert!(store.put(contract::session("bob").1, <_>::default(), TERMS).await.is_err());
    assert!(asked.elapsed() < Duration::from_secs(3), "took {:?}", asked.elapsed());
    redis.start_again();
    until(async || opens(&*store, &ann).await).await;
    put(&*store, "bob").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_starts_later_is_found() {
    let address = some_address();
    let url = format!("redis://{address}").parse().unwrap();
    let config = RedisConfig { url, password: None, ca_file: None };
    let clock = Clock::from_fn(|| UNIX_EPOCH);
    let store = open(&config, 10, &secrets(), &clock).unwrap();
    assert!(store.put(contract::session("ann").1, <_>::default(), TERMS).await.is_err());
    let _redis = Redis::start(address, &[]);
    until(async || store.put(contract::session("ann").1, <_>::default(), TERMS).await.is_ok())
        .await;
}

/// It is refused in words, which is no reason to give up for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_needed_and_a_wrong_one_is_no_end() {
    let redis = Redis::start(some_address(), &["--requirepass", "hunter2"]);
    let url: url::Url = format!("redis://{}", redis.address).parse().unwrap();
    let with = |password: Option<&str>| {
        let password = password.map(SecretString::from);
        let config = RedisConfig { url: url.clone(), password, ca_file: None };
        let clock = Clock::from_fn(|| UNIX_EPOCH);
        open(&config, 10, &secrets(), &clock).unwrap()
    };
    let session = || contract::session("ann").1;
    for wrong in [None, Some("hunter3")] {
        let store = with(wrong);
        let refused = store.put(session(), <_>::default(), TERMS).await.unwrap_err();
        assert!(!refused.reason.contains("hunter"), "{refused}");
        ask(&redis, &["-a", "hunter2", "CONFIG", "SET", "requirepass", wrong.unwrap_or_default()]);
        until(async || store.put(session(), <_>::default(), TERMS).await.is_ok()).await;
        let set = ["-a", wrong.unwrap_or_default(), "CONFIG", "SET", "requirepass", "hunter2"];
        ask(&redis, if wrong.is_some() { &set } else { &set[2..] });
    }
    with(Some("hunter2")).put(session(), <_>::default(), TERMS).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_with_the_rights_that_the_documentation_names_will_do() {
    let redis = Redis::start(some_address(), &[]);
    let rights = ["ACL", "SETUSER", "gate", "on", ">hunter2", "~jsm-gate:*", "+@read", "+@write"];
    ask(&redis, &[&rights[..], &["+@scripting", "+@connection"]].concat());
    let url = format!("redis://gate@{}/0", redis.address).parse().unwrap();
    let config = RedisConfig { url, password: Some("hunter2".into()), ca_file: None };
    let cache = Arc::new(SessionCache::new(10));
    let records = RedisRecords::start(&config, &cache).unwrap();
    let store = SealedStore::start(records, cache, &secrets(), Clock::from_fn(|| UNIX_EPOCH));
    until(async || store.records().is_cache_valid()).await;
    let ann = put(&*store, "ann").await;
    assert_eq!(store.list(Arc::new(|_| true)).await.unwrap().len(), 1);
    assert!(store.remove(&ann.key).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_only_the_authority_that_is_named_is_believed() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let files = tempfile::TempDir::new().unwrap();
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let names = ["redis", "other"];
    for name in names {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        std::fs::write(path(&format!("{name}.pem")), made.cert.pem()).unwrap();
        std::fs::write(path(&format!("{name}.key")), made.signing_key.serialize_pem()).unwrap();
    }
    let [certificate, key] = [path("redis.pem"), path("redis.key")];
    let tls = some_address();
    let port = tls.port().to_string();
    let tls_files = ["--tls-cert-file", &certificate, "--tls-key-file", &key];
    let more = [&["--tls-port", &port, "--tls-auth-clients", "no"], &tls_files[..]].concat();
    let _redis = Redis::start(some_address(), &more);
    let with = |authority: &str| {
        let url = format!("rediss://{tls}").parse().unwrap();
        let ca_file = Some(path(authority).into());
        let config = RedisConfig { url, password: None, ca_file };
        open(&config, 10, &secrets(), &Clock::from_fn(|| UNIX_EPOCH)).unwrap()
    };
    assert!(
        with("other.pem").put(contract::session("ann").1, <_>::default(), TERMS).await.is_err()
    );
    with("redis.pem").put(contract::session("ann").1, <_>::default(), TERMS).await.unwrap();
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

/// What is over takes no room, and neither does the way to it.
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
