//! What becomes of a form once it is sent, and what JSM says of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use parking_lot::Mutex;
use rstest::rstest;
use tokio::sync::Semaphore;

use super::*;
use crate::domain::{Clock, RequestKey, RequestTypeId};
use crate::jsm::Error;
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
    calls: Arc<AtomicUsize>,
    admitted: Arc<AtomicUsize>,
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

    async fn admit(&self) -> bool {
        self.admitted.fetch_add(1, Ordering::Relaxed);
        true
    }

    async fn find(&self, _: &Sent) -> Vec<Candidate> {
        self.found.lock().clone()
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
    assert_eq!(creator.look_again(&key()).await.unwrap(), Some(Verdict::Unknown));
    jsm.found.lock().push(candidate("IT-7", "New laptop", NOW + 1, None));
    assert_eq!(creator.look_again(&key()).await.unwrap(), Some(Verdict::Created(request("IT-7"))));
    // A reload of the page that sent it.
    assert_eq!(creator.submit(&key(), sent()).await.unwrap(), Verdict::Created(request("IT-7")));
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
        assert_eq!(creator.look_again(&key()).await.unwrap(), Some(Verdict::Undecided));
    }
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
    assert_eq!(creator.look_again(&key()).await.unwrap(), None);
    let verdict = creator.submit(&key(), sent()).await.unwrap();
    assert_eq!(verdict, Verdict::Created(request("IT-2")));
}

/// JSM may have lost the customer since: they are let in once more, and once only.
#[rstest]
#[case::then_it_works(created("IT-3"), Verdict::Created(request("IT-3")))]
#[case::then_it_does_not(Outcome::Refused(of_customer()), Verdict::Refused(of_customer()))]
#[tokio::test]
async fn a_customer_whom_jsm_does_not_let_ask_is_let_in_once(
    #[case] second: Outcome,
    #[case] verdict: Verdict,
) {
    let (store, seconds) = (store(), Arc::default());
    let jsm = Jsm::answering(&[Outcome::Refused(of_customer()), second]);
    assert_eq!(creator(&store, &jsm, &seconds).submit(&key(), sent()).await.unwrap(), verdict);
    assert_eq!((jsm.calls(), jsm.admitted.load(Ordering::Relaxed)), (2, 1));
}

fn of_customer() -> Refusal {
    Refusal { of_customer: true, ..Refusal::default() }
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

fn refused(status: u16, details: Option<Value>) -> Error {
    let (call, status) = ("POST /rest/servicedeskapi/request".into(), status.try_into().unwrap());
    Error::Refused { call, status, message: "No luck".into(), details: details.map(Arc::new) }
}

fn busy(status: u16) -> Error {
    let status = status.try_into().unwrap();
    Error::Busy { call: String::new(), status, wait: Duration::from_secs(1) }
}

/// Whatever JSM may have acted on counts as sent.
#[rstest]
#[case::server_error(refused(500, None), Outcome::Lost)]
#[case::of_a_front(refused(502, None), Outcome::Lost)]
#[case::unavailable(busy(503), Outcome::Lost)]
#[case::not_understood(
    Error::NotUnderstood { call: String::new(), problem: String::new() },
    Outcome::Lost
)]
#[case::too_many_requests(busy(429), Outcome::NotSent)]
#[case::too_many_calls(Error::TooManyCalls { call: String::new(), limit: 1 }, Outcome::NotSent)]
#[case::in_words(refused(400, None), Outcome::Refused(Refusal::of_words("No luck")))]
#[case::empty(refused(403, Some(json!({}))), Outcome::Refused(Refusal::of_words("No luck")))]
#[case::at_a_field(
    refused(400, Some(json!({ "errors": { "summary": "Too odd" } }))),
    Outcome::Refused(Refusal::read(&json!({ "errors": { "summary": "Too odd" } }), &laptop_form()))
)]
fn p23_a_failed_call_is_told_by_what_jsm_may_have_done(
    #[case] error: Error,
    #[case] outcome: Outcome,
) {
    assert_eq!(Outcome::of_failure(&error, &laptop_form()), outcome);
}

fn laptop_form() -> Form {
    let cascade = "com.atlassian.jira.plugin.system.customfieldtypes:cascadingselect";
    let place = json!({ "fieldId": "customfield_10", "name": "Place",
        "validValues": [{ "value": "1", "label": "Berlin" }],
        "jiraSchema": { "type": "option-with-child", "custom": cascade } });
    let summary = json!({ "fieldId": "summary", "name": "Summary", "required": true,
        "jiraSchema": { "type": "string", "system": "summary" } });
    Desk::new(Deployment::Cloud).form(&[summary, place]).unwrap()
}

#[rstest]
#[case::jiras(json!({ "errorMessages": ["No <b>luck</b>\r\ntoday"],
    "errors": { "summary": "Too odd", "customfield_10:1": "Not there" } }))]
#[case::jsms_validation(json!({ "valid": false, "errorMessage": "No <b>luck</b>\r\ntoday",
    "errorMessages": ["No <b>luck</b>\r\ntoday"], "formErrors": [],
    "fieldErrors": [{ "field": "summary", "message": "Too odd" }, { "field": "customfield_10", "message": "Not there" }] }))]
#[case::of_a_form(json!({ "errorMessage": "No <b>luck</b>\r\ntoday", "errors": [
    { "code": "x", "title": "Odd", "detail": "Too odd", "context": [{ "type": "question", "id": "summary" }] },
    { "title": "Not there", "context": [{ "type": "question", "id": "customfield_10" }] } ] }))]
fn jsms_own_messages_stand_at_their_fields(#[case] answer: Value) {
    let refusal = Refusal::read(&answer, &laptop_form());
    let mut at: Vec<_> =
        refusal.mistakes.iter().map(|at| (at.field.as_str(), at.mistake.clone())).collect();
    at.sort_by_key(|(field, _)| *field);
    let said = |words: &str| Mistake::Said(words.to_owned());
    assert_eq!(at, [("customfield_10", said("Not there")), ("summary", said("Too odd"))]);
    assert_eq!(refusal.general, [said("No <b>luck</b>  today")]);
    assert!(!refusal.of_customer);
}

#[test]
fn jsms_message_of_no_field_is_told_of_the_whole() {
    let answer = json!({ "errorMessage": "The desk is closed.",
        "i18nErrorMessage": { "i18nErrorKey": "sd.closed", "parameters": [] } });
    let refusal = Refusal::read(&answer, &laptop_form());
    assert_eq!(refusal.general, [Mistake::Said("The desk is closed.".to_owned())]);
}

/// What JSM says of a hidden field names it.
#[test]
fn a_message_about_a_hidden_field_does_not_reach_the_customer() {
    let answer = json!({ "errors": {
        "customfield_99": "INTERNAL-FIELD is required.", "security": "INTERNAL-LEVEL is required.",
    } });
    let refusal = Refusal::read(&answer, &laptop_form());
    assert_eq!(refusal.general, [Mistake::Elsewhere]);
    assert!(refusal.mistakes.is_empty());
    assert_eq!(refusal.elsewhere, ["customfield_99", "security"]);
}

#[rstest]
#[case(json!({ "errorMessage": "raiseOnBehalfOf is invalid" }))]
#[case(json!({ "errorMessage": "Customer ann cannot be added to this service project" }))]
#[case(json!({ "errors": { "raiseOnBehalfOf": "no" } }))]
#[case(json!({ "errorMessages": ["You can't raise a request on behalf of this customer"] }))]
fn jsm_not_letting_the_customer_ask_is_told_from_mistakes(#[case] answer: Value) {
    assert!(Refusal::read(&answer, &laptop_form()).of_customer);
}

/// What JSM forgot is asked for again; what it says of the rest stays.
#[rstest]
#[case::named(json!({ "errors": { "attachment": "The temporary attachment 'temp1' does not exist." } }))]
#[case::of_the_whole(json!({ "errorMessage": "Cannot find temporary attachment with id: temp1" }))]
#[case::by_its_id(json!({ "errorMessages": ["No file for temp1"] }))]
fn files_that_jsm_forgot_are_told_from_other_refusals(#[case] answer: Value) {
    let files = [KeptFile { id: "temp1".into(), name: "a.pdf".into(), size: 1 }];
    let mut refusal = Refusal::read(&answer, &form_with_files());
    let kept = refusal.clone();
    assert!(!refusal.take_forgotten(&[]));
    assert_eq!(refusal, kept);
    assert!(refusal.take_forgotten(&files));
    assert!(refusal.mistakes.is_empty() && refusal.general.is_empty());
    let mut other =
        Refusal::read(&json!({ "errorMessage": "The desk is closed." }), &form_with_files());
    assert!(!other.take_forgotten(&files));
    assert_eq!(other.general.len(), 1);
}

fn form_with_files() -> Form {
    let files = json!({ "fieldId": "attachment", "name": "Files",
        "jiraSchema": { "type": "array", "items": "attachment", "system": "attachment" } });
    Desk::new(Deployment::Cloud).form(&[files]).unwrap()
}

/// A request may have been made of it.
#[tokio::test]
async fn progress_that_cannot_be_read_makes_no_request() {
    let (store, jsm, seconds) = (store(), Jsm::default(), Arc::default());
    store.put(Table::Created, key().as_str(), b"?", None).await.unwrap();
    assert!(creator(&store, &jsm, &seconds).submit(&key(), sent()).await.is_err());
    assert_eq!(jsm.calls(), 0);
}
