//! What becomes of a form once it is sent, and what JSM says of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use parking_lot::Mutex;
use rstest::rstest;
use tokio::sync::Semaphore;

use super::*;
use crate::domain::{Clock, RequestKey, RequestTypeId};
use crate::problem::Problem;
use crate::session::store::MemoryStore;
use crate::session::{RecordStore, SessionStore as _, Table};

/// A store that two gates share.
fn store() -> Arc<dyn RecordStore> {
    let clock = Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(NOW));
    Arc::new(MemoryStore::new(1).with_clock(clock)).record_store()
}

/// A JSM that answers as it is told, and counts.
#[derive(Clone, Default)]
struct Jsm {
    outcomes: Arc<Mutex<Vec<Outcome>>>,
    found: Arc<Mutex<Vec<Candidate>>>,
    /// Whether it tells nobody what it has.
    is_silent: Arc<AtomicBool>,
    calls: Arc<AtomicUsize>,
    marked: Arc<Mutex<Vec<String>>>,
    held: Option<Arc<Semaphore>>,
}

impl Jsm {
    fn answering(outcomes: &[Outcome]) -> Self {
        let mut outcomes = outcomes.to_vec();
        outcomes.reverse();
        Self { outcomes: Arc::new(Mutex::new(outcomes)), ..Self::default() }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl RequestDesk for Jsm {
    async fn create(&self) -> Outcome {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if let Some(held) = &self.held {
            held.acquire().await.unwrap().forget();
        }
        self.outcomes.lock().pop().expect("JSM was called more often than it should be")
    }

    async fn find(&self, _: &Sent) -> Result<Vec<Candidate>, Problem> {
        if self.is_silent.load(Ordering::Relaxed) {
            Err(Problem::UpstreamUnreachable)
        } else {
            Ok(self.found.lock().clone())
        }
    }

    async fn mark(&self, request: &RequestKey, key: &SubmissionKey) {
        self.marked.lock().push(format!("{request} {}", key.as_str()));
    }
}

const NOW: u64 = 1_795_000_000;

fn request(key: &str) -> RequestKey {
    RequestKey::parse(key).unwrap()
}

fn created(key: &str) -> Outcome {
    Outcome::Created(request(key))
}

fn sent() -> Sent {
    Sent {
        since: NOW,
        reporter: AccountId::parse("5b10a2844c20165700ede213").unwrap(),
        request_type: RequestTypeId::parse("66").unwrap(),
        summary: "New laptop".to_owned(),
        files: Vec::new(),
    }
}

fn key() -> SubmissionKey {
    serde_json::from_str("\"of-this-form\"").unwrap()
}

fn creator(store: &Arc<dyn RecordStore>, desk: &Jsm, seconds: &Arc<AtomicU64>) -> Creator<Jsm> {
    let seconds = Arc::clone(seconds);
    let now = move || UNIX_EPOCH + Duration::from_secs(NOW + seconds.load(Ordering::Relaxed));
    let clock = Clock::from_fn(now);
    let submissions = Submissions::new(Arc::clone(store), clock.clone());
    Creator { submissions, desk: desk.clone(), clock }
}

fn candidate(key: &str, summary: &str, created: u64, submission: Option<&str>) -> Candidate {
    Candidate {
        key: request(key),
        request_type: RequestTypeId::parse("66").unwrap(),
        summary: summary.to_owned(),
        created,
        submission: submission.map(str::to_owned),
    }
}

#[tokio::test]
async fn p23_a_second_click_shows_the_request_of_the_first() {
    let (store, jsm, seconds) = (store(), Jsm::answering(&[created("IT-1")]), Arc::default());
    for _ in 0..2 {
        let verdict = creator(&store, &jsm, &seconds).submit(&key(), sent()).await.unwrap();
        assert_eq!(verdict, Verdict::Created(request("IT-1")));
    }
    assert_eq!(jsm.calls(), 1);
    assert_eq!(*jsm.marked.lock(), ["IT-1 of-this-form"]);
}

/// Both clicks are under way at once, at two gates with one store.
#[tokio::test(start_paused = true)]
async fn p23_two_clicks_at_once_make_one_request() {
    let (store, seconds) = (store(), Arc::default());
    let held = Arc::new(Semaphore::new(0));
    let jsm = Jsm { held: Some(Arc::clone(&held)), ..Jsm::answering(&[created("IT-1")]) };
    let (a, b) = (creator(&store, &jsm, &seconds), creator(&store, &jsm, &seconds));
    let first = tokio::spawn(async move { a.submit(&key(), sent()).await.unwrap() });
    let second = tokio::spawn(async move { b.submit(&key(), sent()).await.unwrap() });
    while jsm.calls() == 0 {
        tokio::task::yield_now().await;
    }
    // Enough for both, so that a second call would fail the test and not hang it.
    held.add_permits(2);
    let verdicts = [first.await.unwrap(), second.await.unwrap()];
    assert_eq!(verdicts, [Verdict::Created(request("IT-1")), Verdict::Created(request("IT-1"))]);
    assert_eq!(jsm.calls(), 1);
}

#[tokio::test]
async fn p23_a_lost_answer_is_looked_for_and_never_sent_again() {
    let (store, jsm, seconds) = (store(), Jsm::answering(&[Outcome::Lost]), Arc::default());
    let creator = creator(&store, &jsm, &seconds);
    assert_eq!(creator.submit(&key(), sent()).await.unwrap(), Verdict::Unknown);
    seconds.store(60, Ordering::Relaxed);
    assert_eq!(creator.submit(&key(), sent()).await.unwrap(), Verdict::Unknown);
    jsm.found.lock().push(candidate("IT-7", "New laptop", NOW + 1, None));
    for _ in 0..2 {
        let verdict = creator.submit(&key(), sent()).await.unwrap();
        assert_eq!(verdict, Verdict::Created(request("IT-7")));
    }
    assert_eq!(jsm.calls(), 1);
    assert_eq!(*jsm.marked.lock(), ["IT-7 of-this-form"]);
}

#[tokio::test]
async fn p23_what_is_not_found_in_two_minutes_is_the_customers_to_decide() {
    let (store, jsm, seconds) = (store(), Jsm::answering(&[Outcome::Lost]), Arc::default());
    let creator = creator(&store, &jsm, &seconds);
    assert_eq!(creator.submit(&key(), sent()).await.unwrap(), Verdict::Unknown);
    seconds.store(120, Ordering::Relaxed);
    for _ in 0..2 {
        assert_eq!(creator.submit(&key(), sent()).await.unwrap(), Verdict::Undecided);
    }
    assert_eq!(jsm.calls(), 1);
}

/// It may be there all the same: nobody is told that it was not found.
#[tokio::test]
async fn p23_what_cannot_be_looked_for_is_not_said_to_be_missing() {
    let (store, jsm, seconds) = (store(), Jsm::answering(&[Outcome::Lost]), Arc::default());
    let creator = creator(&store, &jsm, &seconds);
    jsm.is_silent.store(true, Ordering::Relaxed);
    for later in [0, 120, 3600] {
        seconds.store(later, Ordering::Relaxed);
        assert_eq!(creator.submit(&key(), sent()).await.unwrap(), Verdict::Unknown, "{later}");
    }
    jsm.is_silent.store(false, Ordering::Relaxed);
    assert_eq!(creator.submit(&key(), sent()).await.unwrap(), Verdict::Undecided);
    assert_eq!(jsm.calls(), 1);
}

/// The gate that sent it was killed before the answer came.
#[tokio::test]
async fn p23_what_another_gate_sent_and_forgot_is_looked_for() {
    let (store, jsm, seconds) = (store(), Jsm::default(), Arc::new(AtomicU64::new(30)));
    let progress = serde_json::to_vec(&Progress::Sent(sent())).unwrap();
    store.put_new(Table::Created, key().as_str(), &progress, None).await.unwrap();
    jsm.found.lock().push(candidate("IT-9", "New laptop", NOW, None));
    let verdict = creator(&store, &jsm, &seconds).submit(&key(), sent()).await.unwrap();
    assert_eq!(verdict, Verdict::Created(request("IT-9")));
    assert_eq!(jsm.calls(), 0);
}

#[rstest]
#[case::refused(Outcome::Refused(Refusal::default()), Verdict::Refused(Refusal::default()))]
#[case::not_sent(Outcome::NotSent, Verdict::NotSent)]
#[tokio::test]
async fn what_jsm_did_not_take_can_be_sent_again(
    #[case] outcome: Outcome,
    #[case] verdict: Verdict,
) {
    let (store, seconds) = (store(), Arc::default());
    let jsm = Jsm::answering(&[outcome, created("IT-2")]);
    let creator = creator(&store, &jsm, &seconds);
    assert_eq!(creator.submit(&key(), sent()).await.unwrap(), verdict);
    let verdict = creator.submit(&key(), sent()).await.unwrap();
    assert_eq!(verdict, Verdict::Created(request("IT-2")));
}

/// Which of the reporter's requests it may be.
#[rstest]
#[case::it_says_so(vec![candidate("IT-1", "Changed", NOW + 9, Some("of-this-form"))], Some("IT-1"))]
#[case::alike(vec![candidate("IT-1", "New laptop", NOW + 9, None)], Some("IT-1"))]
#[case::jsms_clock_is_behind(vec![candidate("IT-1", "New laptop", NOW - 299, None)], Some("IT-1"))]
#[case::from_before(vec![candidate("IT-1", "New laptop", NOW - 301, None)], None)]
#[case::of_another_form(vec![candidate("IT-1", "New laptop", NOW + 9, Some("other"))], None)]
#[case::about_something_else(vec![candidate("IT-1", "New phone", NOW + 9, None)], None)]
#[case::the_oldest(
    vec![candidate("IT-2", "New laptop", NOW + 9, None), candidate("IT-1", "New laptop", NOW + 8, None)],
    Some("IT-1")
)]
#[tokio::test]
async fn a_lost_request_is_told_from_others(
    #[case] candidates: Vec<Candidate>,
    #[case] found: Option<&str>,
) {
    let (store, jsm, seconds) = (store(), Jsm::answering(&[Outcome::Lost]), Arc::default());
    *jsm.found.lock() = candidates;
    let verdict = creator(&store, &jsm, &seconds).submit(&key(), sent()).await.unwrap();
    assert_eq!(verdict, found.map_or(Verdict::Unknown, |key| Verdict::Created(request(key))));
}

#[test]
fn the_request_is_made_for_the_customer() {
    let values = RequestValues {
        fields: json!({ "summary": "New laptop" }).as_object().unwrap().clone(),
        participants: vec![AccountId::parse("ben").unwrap()],
        organization: None,
    };
    let mut body = json!({ "serviceDeskId": "3", "requestTypeId": "66", "raiseOnBehalfOf": "ann",
        "requestFieldValues": { "summary": "New laptop" }, "requestParticipants": ["ben"] });
    let ann = AccountId::parse("ann").unwrap();
    assert_eq!(values.body("3", sent().request_type, &ann), body);
    body.as_object_mut().unwrap().remove("requestParticipants");
    let alone = RequestValues { participants: Vec::new(), ..values };
    assert_eq!(alone.body("3", sent().request_type, &ann), body);
}

/// A request may have been made of it.
#[tokio::test]
async fn progress_that_cannot_be_read_makes_no_request() {
    let (store, jsm, seconds) = (store(), Jsm::default(), Arc::default());
    store.put(Table::Created, key().as_str(), b"?", None).await.unwrap();
    assert!(creator(&store, &jsm, &seconds).submit(&key(), sent()).await.is_err());
    assert_eq!(jsm.calls(), 0);
}
