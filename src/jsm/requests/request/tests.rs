use rstest::rstest;
use serde_json::{Value, json};

use super::super::FieldContent;
use super::super::samples::{account, issue, request as sample, request_of, told};
use super::*;

#[test]
fn a_request_says_what_customers_may_know() {
    let request = sample();
    assert_eq!((request.key.as_str(), request.summary.as_str()), ("IT-12", "New mouse"));
    assert_eq!(
        (request.status.name.as_str(), request.type_name.as_str()),
        ("Waiting for you", "Get help")
    );
    assert_eq!(request.created.to_string(), "2015-10-08T07:42:00Z");
    let labels: Vec<_> = request.fields.iter().map(|field| field.label.as_str()).collect();
    assert_eq!(labels, ["Why?", "Colour"]);
    let history: Vec<_> = request.history.iter().map(|status| status.name.as_str()).collect();
    assert_eq!(history, ["Waiting for you", "Open"]);
}

/// Everything but the files, which nobody outside this room sees.
#[test]
fn p6_no_address_of_anybody_and_no_link_of_agents_is_kept() {
    let request = Request { attachments: Vec::new(), ..sample() };
    let said = format!("{request:?}");
    for word in ["@b.example", "/browse/", "/rest/", "INTERNAL"] {
        assert!(!said.contains(word), "{word} in {said}");
    }
}

#[rstest]
#[case::reporter("ann", &[], true)]
#[case::participant("bob", &[], true)]
#[case::approver("cem", &[], true)]
#[case::colleague("dan", &[3], true)]
#[case::of_another_organisation("dan", &[4, 33], false)]
#[case::stranger("eve", &[], false)]
#[case::of_another_case("Ann", &[], false)]
fn p1_a_request_involves_whom_it_names(
    #[case] who: &str,
    #[case] organizations: &[u64],
    #[case] involved: bool,
) {
    let organizations: Vec<_> =
        organizations.iter().map(|id| OrganizationId::parse(&id.to_string()).unwrap()).collect();
    assert_eq!(sample().involves(&account(who), &organizations), involved);
}

/// A member and its value in JSM's answer, or in Jira's.
#[rstest]
#[case::moved(Some(("issueKey", json!("HR-7"))), None)]
#[case::moved_in_jira(None, Some(("/key", json!("HR-7"))))]
#[case::no_type(Some(("requestTypeId", Value::Null)), None)]
#[case::no_type_in_jira(None, Some(("/fields/customfield_10010", Value::Null)))]
fn p1_what_is_no_request_by_that_key_is_none(
    #[case] change: Option<(&str, Value)>,
    #[case] in_jira: Option<(&str, Value)>,
) {
    let (mut told, mut issue) = (told(), issue());
    if let Some((member, value)) = change {
        told[member] = value;
    }
    if let Some((place, value)) = in_jira {
        *issue.pointer_mut(place).unwrap() = value;
    }
    assert!(request_of(told, issue).is_none());
}

#[test]
fn nobody_known_is_nobodys_namesake() {
    let mut told = told();
    told["reporter"] = json!({"displayName": "Ann", "name": "ann"});
    told["participants"] = Value::Null;
    let request = request_of(told, issue()).unwrap();
    assert!(!request.involves(&account("ann"), &[]));
    assert_eq!(request.reporter.name, "Ann");
}

#[test]
fn data_center_renders_texts_in_another_answer() {
    let mut told = told();
    told["requestFieldValues"][1]["renderedValue"] = Value::Null;
    let mut issue = issue();
    issue["renderedFields"] = json!({"description": "<p>in <i>Jira</i></p>"});
    let request = request_of(told, issue).unwrap();
    let FieldContent::Html(html) = &request.fields[0].content else { panic!("{request:?}") };
    assert_eq!(html.untrusted(), "<p>in <i>Jira</i></p>");
}
