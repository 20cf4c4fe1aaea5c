use std::time::{Duration, Instant, UNIX_EPOCH};

use secrecy::SecretString;

use super::*;
use crate::session::store::{Terms, contract};
use crate::session::{Opener, Whose};

#[path = "../../../../tests/support/redis.rs"]
mod server;

use server::Redis;

const TERMS: Terms = Terms { until: 4_000_000_000, per_customer: 10 };

/// A session is over everywhere within this time.
const PROMISED: Duration = Duration::from_secs(2);

/// Asks it something with its own command, and returns what it says.
fn ask(redis: &Redis, arguments: &[&str]) -> String {
    let port = redis.address.port().to_string();
    let mut command = std::process::Command::new("redis-cli");
    let asked = command.args(["-p", &port]).args(arguments).output().unwrap();
    String::from_utf8_lossy(&asked.stdout).into_owned()
}

fn secrets() -> Vec<SecretString> {
    vec![SecretString::from("a".repeat(32))]
}

fn store(redis: &Redis) -> Arc<SealedStore<RedisRecords>> {
    let url = format!("redis://{}/0", redis.address).parse().unwrap();
    let config = RedisConfig { url, password: None, ca_file: None };
    let recent = Arc::new(Recent::new(1000));
    let records = RedisRecords::start(&config, &recent).unwrap();
    let clock = Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(2000));
    SealedStore::start(records, recent, &secrets(), clock)
}

fn some_address() -> std::net::SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A store whose memory counts.
async fn warm(redis: &Redis) -> Arc<SealedStore<RedisRecords>> {
    let store = store(redis);
    until(async || store.records().vouches_for_memory()).await;
    store
}

async fn until(holds: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(20), "not so after 20 seconds");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn put(store: &dyn SessionStore, subject: &str) -> Opener {
    let (opener, session) = contract::session(subject);
    store.put(session, contract::tokens(subject), TERMS).await.unwrap();
    opener
}

async fn opens(store: &dyn SessionStore, opener: &Opener) -> bool {
    store.find(opener).await.is_ok_and(|found| found.is_some())
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
    login.identity.groups = vec!["former".into()];
    let changed = crate::session::Session::new(ann.clone(), login, 1000);
    assert!(one.update(Arc::new(changed), <_>::default()).await.unwrap());
    until(async || {
        let found = other.find(&ann).await.unwrap().unwrap();
        found.identity.groups == ["former"]
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
        let whose = Whose::Subject(contract::login("ann").identity.provider, "ann".to_owned());
        until(async || one.remove_all(&whose).await.is_ok()).await;
        ask(&redis, &["DEL", "jsm-gate:changes"]);
        let ended = Instant::now();
        until(async || !opens(&*other, &ann).await).await;
        assert!(ended.elapsed() < PROMISED, "after {:?}", ended.elapsed());
        until(async || other.records().vouches_for_memory()).await;
    }
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
    let recent = Arc::new(Recent::new(10));
    let records = RedisRecords::start(&config, &recent).unwrap();
    let store = SealedStore::start(records, recent, &secrets(), Clock::from_fn(|| UNIX_EPOCH));
    until(async || store.records().vouches_for_memory()).await;
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
