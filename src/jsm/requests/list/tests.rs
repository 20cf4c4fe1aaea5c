use std::sync::Arc;

use rstest::rstest;

use super::super::samples::{account, portal, site};
use super::*;
use crate::domain::OrganizationId;

/// As `search/jql` answers, with an internal name and a time of the team's.
fn issue() -> Value {
    json!({
        "id": "107001", "key": "IT-12", "self": "https://example.net/rest/api/3/issue/107001",
        "fields": {
            "summary": "No <b>network</b>",
            "created": "2026-11-01T09:00:00.000+0100",
            "updated": "2026-11-28T09:00:00.000+0100",
            "status": {"name": "INTERNAL-status"},
            "reporter": {"accountId": "ann", "displayName": "Ann", "emailAddress": "a@b.example"},
            "customfield_10010": {
                "_links": {"agent": "https://example.net/browse/IT-12"},
                "requestType": {"id": "66", "name": "Get help"},
                "currentStatus": {
                    "status": "Waiting for you", "statusCategory": "INDETERMINATE",
                    "statusDate": {"epochMillis": 1_793_600_000_000_i64},
                },
            },
            "customfield_10011": [{"accountId": "bob", "displayName": "Bob"}, 7],
            "customfield_10012": [{"id": "3", "name": "Acme"}],
            "customfield_10014": {
                "id": "1", "name": "Time to resolution", "completedCycles": [],
                "ongoingCycle": {
                    "breachTime": {"epochMillis": 1_793_603_600_000_i64}, "breached": false,
                    "paused": false, "goalDuration": {"millis": 3_600_000, "friendly": "1h"},
                },
            },
            "customfield_10015": null,
        },
    })
}

fn row(issue: Value) -> Option<RequestRow> {
    serde_json::from_value::<RawIssue>(issue).unwrap().row(&site())
}

#[test]
fn p6_a_row_says_what_customers_may_know() {
    let row = row(issue()).unwrap();
    assert_eq!((row.status.name.as_str(), row.type_name.as_str()), ("Waiting for you", "Get help"));
    assert_eq!(row.created.to_string(), "2026-11-01T08:00:00Z");
    assert_eq!(Some(row.updated), row.status.since);
    let said = format!("{row:?}");
    assert!(!said.contains("INTERNAL"), "{said}");
    assert!(!said.contains("a@b.example"), "{said}");
    assert!(!said.contains("/browse/"), "{said}");
}

#[test]
fn a_row_has_the_agreed_times_that_its_request_has() {
    let slas = row(issue()).unwrap().slas;
    let [sla] = slas.as_slice() else { panic!("{slas:?}") };
    assert_eq!(sla.name, "Time to resolution");
    let due = sla.ongoing.as_ref().unwrap().due.unwrap();
    assert_eq!(due.as_second(), 1_793_603_600);
}

#[test]
fn what_has_no_request_type_is_no_request() {
    let mut issue = issue();
    issue["fields"]["customfield_10010"] = Value::Null;
    assert!(row(issue).is_none());
}

#[rstest]
#[case::mine(Whose::Mine(account("ann")), "IT", true)]
#[case::not_mine(Whose::Mine(account("bob")), "IT", false)]
#[case::shared(Whose::SharedWithMe(account("bob")), "IT", true)]
#[case::not_shared(Whose::SharedWithMe(account("eve")), "IT", false)]
#[case::at_another_portal(Whose::Mine(account("ann")), "HR", false)]
fn p1_a_row_that_is_not_theirs_is_left_out(
    #[case] whose: Whose,
    #[case] project: &str,
    #[case] listed: bool,
) {
    let search = Search::new(vec![Arc::new(portal(project))], whose);
    assert_eq!(row(issue()).unwrap().is_of(&search), listed);
}

#[rstest]
#[case("3", true)]
#[case("4", false)]
fn p16_a_namesake_of_an_organisation_is_another_one(#[case] id: &str, #[case] listed: bool) {
    let acme = Organization { id: OrganizationId::parse(id).unwrap(), name: "Acme".to_owned() };
    let search = Search::new(vec![Arc::new(portal("IT"))], Whose::Organization(acme));
    assert_eq!(row(issue()).unwrap().is_of(&search), listed);
}

#[test]
fn data_center_counts_on_until_the_end() {
    let page = |start_at, issues: usize, total| RawPage {
        issues: vec![Value::Null; issues],
        next_page_token: None,
        start_at: Some(start_at),
        total: Some(total),
    };
    assert_eq!(page(0, 25, 60).next_start(), Some(25));
    assert_eq!(page(50, 10, 60).next_start(), None);
    assert_eq!(page(50, 0, 60).next_start(), None);
}
