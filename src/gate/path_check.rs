//! Whether the address of a request to JSM may be asked for at all, whoever asks: not when its path is closed,
//! and not when it could log its sender in to Jira. It must not know portals or what a body says.

use pingora::http::RequestHeader;

use super::context::RequestContext;
use crate::jsm::paths::{PathVerdict, asks_for_form, carries_login, destination, logs_out};
use crate::problem::Problem;
use crate::reading::{MediaType, Target};
use crate::session::SessionLookup;

/// Refuses a path of JSM's that is closed, and a request that could log its sender in to Jira.
pub(super) fn check_path(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    media_type: Option<&MediaType<'_>>,
) -> Result<PathVerdict, Problem> {
    let logs_in = context.app.jira_login.is_some();
    if logs_in && logs_out(&request.method, target) {
        return Ok(PathVerdict::Logout);
    }
    let verdict = context.app.policy.judge(&request.method, target.path());
    let is_open = matches!(verdict, PathVerdict::Open | PathVerdict::LogIn(_));
    match verdict {
        PathVerdict::Closed(reason) => Err(not_open(context, target, reason)),
        _ if is_open && logs_in && asks_for_form(target.query()) => {
            Err(not_open(context, target, "it asks Jira for its form for passwords"))
        }
        _ if is_open && carries_login(target.query().as_bytes()) => {
            Err(Problem::bad_request("the address has a login for Jira in it"))
        }
        _ if is_open
            && media_type.is_some_and(|it| it.may_be_form() && it.has_ambiguous_charset()) =>
        {
            Err(Problem::bad_request("its form is not in UTF-8"))
        }
        verdict => Ok(verdict),
    }
}

/// The refusal of a path that is closed; the log says why.
fn not_open(context: &RequestContext, target: &Target, reason: &str) -> Problem {
    let (request_id, path) = (&context.request_id, target.path());
    if context.may_log("not open") {
        tracing::info!(%request_id, path, reason, "not open");
    }
    Problem::PathNotOpen
}

/// Jira sends a browser to its own login when it does not know the customer that the gate names.
/// Nobody else gets to that login.
pub(super) fn login_at_jira(
    context: &RequestContext,
    target: &Target,
    found: &SessionLookup,
    reason: &str,
) -> Problem {
    let Some(session) = found.session() else { return not_open(context, target, reason) };
    let (request_id, who) = (&context.request_id, session.identity.label());
    tracing::warn!(%request_id, who, "Jira asks somebody who is logged in here for a login of its own");
    let wanted = destination(target.query());
    Problem::CustomerUnknown { return_to: wanted.unwrap_or_else(|| "/".to_owned()) }
}
