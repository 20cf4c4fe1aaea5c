//! What every store of small records must do: one suite that the tests of each store call. Must not
//! know any store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use super::{RecordStore, Table};
use crate::domain::Clock;

const NOW: u64 = 2_000_000_000;

/// Runs every rule, each on a new store.
pub(crate) async fn holds_for(new_store: impl AsyncFn(Clock) -> Arc<dyn RecordStore>) {
    let clock = || Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(NOW));
    what_was_put_is_found_in_its_table_alone(&*new_store(clock()).await).await;
    the_first_wins(&*new_store(clock()).await).await;
    of_many_at_once_one_is_the_first(&*new_store(clock()).await).await;
    a_later_one_replaces(&*new_store(clock()).await).await;
    what_was_removed_is_gone(&*new_store(clock()).await).await;
    any_key_and_any_value_is_kept(&*new_store(clock()).await).await;
    what_is_over_is_not_there(new_store).await;
}

async fn what_was_put_is_found_in_its_table_alone(store: &dyn RecordStore) {
    assert_eq!(store.get(Table::Customers, "ann").await.unwrap(), None);
    store.put(Table::Customers, "ann", b"5b10", None).await.unwrap();
    store.put(Table::Created, "ann", b"IT-1", Some(NOW + 90_000)).await.unwrap();
    assert_eq!(store.get(Table::Customers, "ann").await.unwrap().unwrap(), b"5b10");
    assert_eq!(store.get(Table::Created, "ann").await.unwrap().unwrap(), b"IT-1");
    assert_eq!(store.get(Table::Kept, "ann").await.unwrap(), None);
    assert_eq!(store.get(Table::Customers, "bob").await.unwrap(), None);
    let listed = store.list(Table::Customers).await.unwrap();
    assert_eq!(listed, [("ann".to_owned(), b"5b10".to_vec())]);
    assert_eq!(store.list(Table::Created).await.unwrap().len(), 1);
    assert!(store.list(Table::Kept).await.unwrap().is_empty());
}

async fn the_first_wins(store: &dyn RecordStore) {
    let table = Table::Created;
    assert_eq!(store.put_new(table, "key", b"IT-1", None).await.unwrap(), None);
    assert_eq!(store.put_new(table, "key", b"IT-2", None).await.unwrap().unwrap(), b"IT-1");
    assert_eq!(store.get(table, "key").await.unwrap().unwrap(), b"IT-1");
    assert_eq!(store.put_new(table, "other", b"IT-2", None).await.unwrap(), None);
}

async fn of_many_at_once_one_is_the_first(store: &dyn RecordStore) {
    let tries = (0..50).map(|number: u32| async move {
        store.put_new(Table::Created, "key", &number.to_be_bytes(), None).await.unwrap()
    });
    let there = futures_util::future::join_all(tries).await;
    assert_eq!(there.iter().filter(|there| there.is_none()).count(), 1);
    let kept = store.get(Table::Created, "key").await.unwrap();
    assert!(there.iter().all(|there| there.is_none() || *there == kept));
}

async fn a_later_one_replaces(store: &dyn RecordStore) {
    store.put(Table::Customers, "ann", b"first", Some(NOW + 100)).await.unwrap();
    store.put(Table::Customers, "ann", b"second", None).await.unwrap();
    assert_eq!(store.get(Table::Customers, "ann").await.unwrap().unwrap(), b"second");
    assert_eq!(store.list(Table::Customers).await.unwrap().len(), 1);
}

async fn what_was_removed_is_gone(store: &dyn RecordStore) {
    store.put(Table::Kept, "ann", b"text", Some(NOW + 3600)).await.unwrap();
    assert!(store.remove(Table::Kept, "ann").await.unwrap());
    assert!(!store.remove(Table::Kept, "ann").await.unwrap());
    assert_eq!(store.get(Table::Kept, "ann").await.unwrap(), None);
    assert!(store.list(Table::Kept).await.unwrap().is_empty());
    assert_eq!(store.put_new(Table::Kept, "ann", b"next", None).await.unwrap(), None);
}

async fn any_key_and_any_value_is_kept(store: &dyn RecordStore) {
    let keys = ["", " ", "a:b", "ünï\u{0}", &"k".repeat(1000)];
    let long = vec![7; 128 * 1024];
    let values: [&[u8]; 3] = [b"", &[0, 255, 10, 13], &long];
    for key in keys {
        for value in values {
            store.put(Table::Kept, key, value, None).await.unwrap();
            assert_eq!(store.get(Table::Kept, key).await.unwrap().unwrap(), value);
        }
    }
    assert_eq!(store.list(Table::Kept).await.unwrap().len(), keys.len());
}

async fn what_is_over_is_not_there(new_store: impl AsyncFn(Clock) -> Arc<dyn RecordStore>) {
    let time = Arc::new(AtomicU64::new(NOW));
    let told = Arc::clone(&time);
    let now = move || UNIX_EPOCH + Duration::from_secs(told.load(Ordering::SeqCst));
    let store = new_store(Clock::from_fn(now)).await;
    store.put(Table::Created, "over", b"IT-1", Some(NOW + 1)).await.unwrap();
    store.put(Table::Created, "lasts", b"IT-2", Some(NOW + 3600)).await.unwrap();
    store.put(Table::Created, "no end", b"IT-3", None).await.unwrap();
    time.store(NOW + 2, Ordering::SeqCst);
    // A store may use a clock of its own.
    let began = std::time::Instant::now();
    while store.get(Table::Created, "over").await.unwrap().is_some() {
        assert!(began.elapsed() < Duration::from_secs(20), "still there");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut listed = store.list(Table::Created).await.unwrap();
    listed.sort();
    assert_eq!(listed.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["lasts", "no end"]);
    assert_eq!(store.put_new(Table::Created, "over", b"IT-4", None).await.unwrap(), None);
}
