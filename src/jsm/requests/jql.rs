//! JSM's query language (JQL), written from typed values and nowhere else. A text becomes a literal by
//! one function.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::site::{CustomFieldId, SiteFacts};
use super::{Range, Search, Sort, Whose};

/// The query of a search; `None` where it can find nothing at this site.
pub(super) fn jql(search: &Search, site: &SiteFacts) -> Option<String> {
    let projects: Vec<_> = search.portals.iter().map(|it| literal(&it.project_key)).collect();
    if projects.is_empty() {
        return None;
    }
    let mut clauses = vec![format!("project in ({})", projects.join(", "))];
    // Whatever has no request type is no request, and no customer's business.
    clauses.push(format!("{} is not EMPTY", field(site.request_type)));
    clauses.extend(whose(&search.whose, site)?);
    clauses.extend(search.open.map(|open| {
        if open { "statusCategory != Done".to_owned() } else { "statusCategory = Done".to_owned() }
    }));
    // `text ~` would look into internal comments and tell by its hits what they say (portal case P6).
    clauses.extend(search.text.as_ref().map(|text| {
        let words = literal(text.as_str());
        format!("(summary ~ {words} OR description ~ {words})")
    }));
    let issue_type = search.request_type.and_then(|(_, issue_type)| issue_type);
    clauses.extend(issue_type.map(|id| format!("issuetype = {id}")));
    clauses.extend(created(search.created, &site.time_zone));
    let (order, query) = (order(search.sort), clauses.join(" AND "));
    Some(format!("{query} ORDER BY {order}"))
}

fn whose(whose: &Whose, site: &SiteFacts) -> Option<Vec<String>> {
    Some(match whose {
        Whose::Mine(account) => vec![format!("reporter = {}", literal(account.as_str()))],
        Whose::SharedWithMe(account) => {
            let account = literal(account.as_str());
            let participants = field(site.participants?);
            vec![format!("{participants} = {account}"), format!("reporter != {account}")]
        }
        // By its name: JQL knows no ids of organisations. Rows of a namesake are left out afterwards.
        Whose::Organization(organization) => {
            vec![format!("{} = {}", field(site.organizations?), literal(&organization.name))]
        }
        Whose::Approvals(account) => {
            let account = literal(account.as_str());
            vec![format!("{} = pendingBy({account})", field(site.approvals?))]
        }
    })
}

fn created(range: Range, zone: &TimeZone) -> Vec<String> {
    let from = range.from.map(|time| format!("created >= {}", moment(time, zone)));
    let before = range.before.map(|time| format!("created < {}", moment(time, zone)));
    from.into_iter().chain(before).collect()
}

/// A time without a zone is one of the service account's zone.
fn moment(time: Timestamp, zone: &TimeZone) -> String {
    literal(&time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
}

fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => "created DESC",
        Sort::Oldest => "created ASC",
        Sort::LatestActivity => "updated DESC",
        Sort::EarliestActivity => "updated ASC",
    }
}

fn field(id: CustomFieldId) -> String {
    format!("cf[{}]", id.get())
}

/// A text between quotation marks. Jira escapes as Java does, and takes no control characters.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            c if c.is_control() => literal.push(' '),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::super::Organization;
    use super::super::samples::{account, portal, site};
    use super::super::search::SearchText;
    use super::*;
    use crate::domain::{AccountId, IssueTypeId, OrganizationId, RequestTypeId};

    const OF_IT: &str = r#"project in ("IT") AND cf[10010] is not EMPTY AND "#;

    fn ann() -> AccountId {
        account("qm:a713:5ad6")
    }

    fn search(whose: Whose) -> Search {
        Search::new(vec![Arc::new(portal("IT"))], whose)
    }

    #[rstest]
    #[case::mine(Whose::Mine(ann()), r#"reporter = "qm:a713:5ad6""#)]
    #[case::shared(
        Whose::SharedWithMe(ann()),
        r#"cf[10011] = "qm:a713:5ad6" AND reporter != "qm:a713:5ad6""#
    )]
    #[case::organization(
        Whose::Organization(Organization {
            id: OrganizationId::parse("3").unwrap(),
            name: r#"Acme "A" \ Co"#.to_owned(),
        }),
        r#"cf[10012] = "Acme \"A\" \\ Co""#
    )]
    #[case::approvals(Whose::Approvals(ann()), r#"cf[10013] = pendingBy("qm:a713:5ad6")"#)]
    fn a_search_is_of_somebodys_requests(#[case] whose: Whose, #[case] clause: &str) {
        let expected = format!("{OF_IT}{clause} ORDER BY created DESC");
        assert_eq!(jql(&search(whose), &site()), Some(expected));
    }

    #[test]
    fn every_condition_narrows_the_search() {
        let search = Search {
            open: Some(true),
            text: SearchText::parse("new laptop"),
            request_type: Some((
                RequestTypeId::parse("66").unwrap(),
                IssueTypeId::parse("10001").ok(),
            )),
            created: Range {
                from: "2026-11-01T00:00Z".parse().ok(),
                before: "2026-11-28T12:30Z".parse().ok(),
            },
            sort: Sort::LatestActivity,
            ..search(Whose::Mine(ann()))
        };
        let expected = r#"reporter = "qm:a713:5ad6" AND statusCategory != Done AND (summary ~ "new laptop" OR description ~ "new laptop") AND issuetype = 10001 AND created >= "2026-11-01 01:00" AND created < "2026-11-28 13:30" ORDER BY updated DESC"#;
        assert_eq!(jql(&search, &site()), Some(format!("{OF_IT}{expected}")));
    }

    #[test]
    fn p20_a_search_of_no_portal_finds_nothing() {
        let search = Search::new(Vec::new(), Whose::Mine(ann()));
        assert_eq!(jql(&search, &site()), None);
    }

    /// A username of Data Center may be anything.
    #[rstest]
    #[case("\" OR project = HR OR reporter = \"")]
    #[case("\\\" OR project = HR")]
    #[case("a\\")]
    #[case("currentUser()")]
    #[case("a\u{2028}b”")]
    fn p8_a_value_stays_one_literal(#[case] name: &str) {
        let literal = literal(name);
        let inner = literal.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
        let mut escaped = false;
        for c in inner.chars() {
            assert!(escaped || c != '"', "{literal} ends early");
            escaped = c == '\\' && !escaped;
        }
        assert!(!escaped, "{literal} does not end");
    }
}
