//! What JSM says of a request that it does not take, and what a failed call leaves open.

use std::sync::Arc;
use std::time::Duration;

use rstest::rstest;

use super::*;
use crate::jsm::Error;

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
