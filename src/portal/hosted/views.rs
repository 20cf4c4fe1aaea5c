//! JSM's things as templates show them. Must not know which page asks.

use minijinja::{Value, context};

use super::{HostedState, shown_fields};
use crate::domain::Portal;
use crate::jsm::requests::{RequestRow, RequestType, Status, StatusCategory};
use crate::problem::Problem;
use crate::web::times::Times;

/// What is the customer's alone, or `None` while JSM does not tell: what is known of the portal is shown
/// without it, and nothing of theirs from before the outage.
pub(super) fn unless_away<T>(told: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match told {
        Ok(told) => Ok(Some(told)),
        Err(problem) if problem.is_outage() => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// A request of a list, at the portal that it belongs to.
pub(super) fn row(
    row: &RequestRow,
    portal: &Portal,
    state: &HostedState,
    times: &Times<'_>,
) -> Value {
    let (priority, assignee) = (row.priority.as_deref(), row.assignee.as_ref());
    context! {
        key => row.key.as_str(),
        address => format!("/p/{}/{}", portal.link, row.key),
        summary => row.summary.as_str(),
        type_name => row.type_name.as_str(),
        status => status(&row.status),
        created => times.short(row.created),
        updated => times.short(row.updated),
        shown_fields => shown_fields::fields(&state.config.show_fields, priority, assignee),
    }
}

/// A status, with the kind that gives it a sign and a colour. The name stays JSM's.
pub(super) fn status(status: &Status) -> Value {
    let kind = match status.category {
        StatusCategory::Done => "done",
        StatusCategory::Indeterminate => "doing",
        StatusCategory::New | StatusCategory::Undefined => "new",
    };
    context! { kind => kind, name => status.name.as_str() }
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
