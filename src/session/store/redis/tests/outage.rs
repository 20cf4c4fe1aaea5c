//! Redis away, hanging, replaced, or not the right server: nobody gets in, and the store recovers
//! without a restart.

use super::*;

/// Makes one server a replica of another.
fn replicate(replica: &Redis, primary: &Redis) {
    let port = primary.address.port().to_string();
    assert_eq!(ask(replica, &["REPLICAOF", "127.0.0.1", &port]).trim(), "OK");
}

/// An address that leads to one server or another. Open connections stay where they are.
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

/// As behind a firewall that forgets silent connections.
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

/// The address leads to the new primary from now on. Open connections stay with the old one.
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

/// The fault is reported, memory does not count meanwhile, and the store recovers without a
/// restart.
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

/// A Redis that answers nothing more, although its connections stand.
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
