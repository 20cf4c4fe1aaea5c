//! Who may use Redis, and which Redis is believed: passwords, rights, certificates.

use super::*;

/// Redis refuses with an error, which is no reason to give up for ever.
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
