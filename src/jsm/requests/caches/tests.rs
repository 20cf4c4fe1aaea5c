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
