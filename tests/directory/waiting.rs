//! How long the gate waits where JSM asks it to.

use super::*;

/// A client that notes how long it was asked to wait instead of waiting.
fn noting(site: &Site) -> (Client, Arc<Mutex<Vec<u64>>>) {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&waits);
    let client = Client::with_sleeper(&site.config(), move |wait| {
        noted.lock().unwrap().push(wait.as_secs());
        Box::pin(async {})
    });
    (client.unwrap(), waits)
}

#[tokio::test]
async fn is_exactly_as_long_as_jsm_asks() {
    let site = Site::start(cloud()).await;
    let (client, waits) = noting(&site);
    site.jsm.limit_rate(1, "7");
    site.jsm.answer_next(1, &Canned::text(503, "").header("retry-after", "3"));
    client.server_info().await.unwrap();
    assert_eq!(*waits.lock().unwrap(), [7, 3]);
}

#[tokio::test]
async fn ends_after_four_tries_and_says_how_long_jsm_wants() {
    let site = Site::start(cloud()).await;
    let (client, waits) = noting(&site);
    site.jsm.limit_rate(10, "5");
    let error = client.server_info().await.unwrap_err();
    assert_eq!(error.asked_to_wait(), Some(Duration::from_secs(5)));
    assert_eq!(*waits.lock().unwrap(), [5, 5, 5]);
    assert_eq!(site.jsm.seen().len(), 4);
}

#[tokio::test]
async fn is_left_to_the_caller_when_jsm_asks_for_minutes() {
    let site = Site::start(cloud()).await;
    let (client, waits) = noting(&site);
    site.jsm.limit_rate(1, "120");
    let error = client.server_info().await.unwrap_err();
    assert_eq!(error.asked_to_wait(), Some(Duration::from_secs(120)));
    assert!(error.to_string().contains("2m"), "{error}");
    assert!(waits.lock().unwrap().is_empty());
    assert_eq!(site.jsm.seen().len(), 1);
}
