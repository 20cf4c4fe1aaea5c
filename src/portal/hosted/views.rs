//! JSM's things as templates show them. Must not know which page asks.

use minijinja::{Value, context};

use super::shown_fields;
use crate::domain::{Portal, ShownField, is_hidden};
use crate::jsm::requests::{RequestRow, RequestType, Status, StatusCategory};
use crate::problem::Problem;
use crate::web::times::Times;

/// The longest name of an author, in characters.
const LONGEST_NAME: usize = 100;

/// What is the customer's alone, or `None` while JSM does not tell: what is known of the portal is shown
/// without it, and nothing of theirs from before the outage.
pub(super) fn unless_away<T>(told: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match told {
        Ok(told) => Ok(Some(told)),
        Err(problem) if problem.is_outage() => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// A request of a list, at the portal that it belongs to, with what of the team's is shown there.
pub(super) fn row(
    row: &RequestRow,
    portal: &Portal,
    shown: &[ShownField],
    times: &Times<'_>,
) -> Value {
    let (priority, assignee) = (row.priority.as_deref(), row.assignee.as_ref());
    let slas = row.slas.iter().filter(|_| shown.contains(&ShownField::Sla));
    context! {
        key => row.key.as_str(),
        address => format!("/p/{}/{}", portal.link, row.key),
        summary => row.summary.as_str(),
        type_name => row.type_name.as_str(),
        portal => portal.name.as_str(),
        reporter => name(&row.reporter.name),
        status => status(&row.status),
        created => times.short(row.created),
        updated => times.short(row.updated),
        shown_fields => shown_fields::fields(shown, priority, assignee),
        slas => slas.filter_map(|sla| shown_fields::sla(sla, times)).collect::<Vec<_>>(),
    }
}

/// A status, with the kind that gives it a sign and a colour. The name stays JSM's.
pub(super) fn status(status: &Status) -> Value {
    context! { kind => kind(status), name => status.name.as_str() }
}

/// The kind of a status.
pub(super) fn kind(status: &Status) -> &'static str {
    match status.category {
        StatusCategory::Done => "done",
        StatusCategory::Indeterminate => "doing",
        StatusCategory::New | StatusCategory::Undefined => "new",
    }
}

/// A request type that leads to its form.
pub(super) fn request_type(of: &RequestType, portal: &Portal) -> Value {
    context! {
        id => of.id.to_string(),
        icon => "ask",
        address => format!("/p/{}/create/{}", portal.link, of.id),
        name => of.name.as_str(),
        description => of.description.as_str(),
    }
}

/// The name of a person for others to read. JSM takes an address for the name of whoever wrote a mail
/// first, and addresses are nobody else's business.
pub(super) fn name(name: &str) -> &str {
    name.split_once('@').map_or(name, |(before, _)| before)
}

/// The name of whoever writes a comment, as its first line has it.
pub(super) fn author_name(name: &str) -> String {
    let shown = self::name(name).chars().filter(|c| !is_hidden(*c));
    let shown: String = shown.take(LONGEST_NAME).collect();
    let shown = shown.trim();
    if shown.is_empty() { "Customer".to_owned() } else { shown.to_owned() }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Ann Example", "Ann Example")]
    #[case("ann@example.com", "ann")]
    #[case("Ann <ann@example.com>", "Ann <ann")]
    #[case(" Ann\u{202e}\n\u{1b}[31m ", "Ann[31m")]
    #[case("", "Customer")]
    fn p18_a_name_is_one_line_and_no_address(#[case] name: &str, #[case] shown: &str) {
        assert_eq!(author_name(name), shown);
    }
}
