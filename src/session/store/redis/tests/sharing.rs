//! Several gates with one Redis: what ends or changes on one gate does so on all, within the
//! promised time.

use super::*;

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

/// The connection on which a gate hears of ends breaks, and sessions end just then.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_nobody_heard_of_ends_the_session_all_the_same() {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (warm(&redis).await, warm(&redis).await);
    for _ in 0..5 {
        let ann = put(&*one, "ann").await;
        assert!(opens(&*other, &ann).await);
        ask(&redis, &["CLIENT", "KILL", "TYPE", "normal"]);
        // Gone from Redis, and from the stream of what ended.
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

/// By a logout or by the provider, whatever Redis still has.
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

/// A session must not live on in the memory of one gate.
#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_lost_everything_is_noticed_by_every_gate() {
    let redis = Redis::start(some_address(), &[]);
    let (one, other) = (warm(&redis).await, warm(&redis).await);
    let ann = put(&*one, "ann").await;
    assert!(opens(&*other, &ann).await);
    ask(&redis, &["FLUSHALL"]);
    until(async || !opens(&*one, &ann).await && !opens(&*other, &ann).await).await;
}
