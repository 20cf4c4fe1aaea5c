//! The body of a request on its way to JSM: how long it may be, how slowly it may come, and what must
//! not be in it. It must not know how the parts arrive or how they are sent on.

use bytes::Bytes;
use pingora::Result;

use super::context::RequestContext;
use super::pace::Pace;
use crate::problem::Problem;

/// Passes on one part of a body.
///
/// # Errors
/// When the request ends here; `context` has the problem.
pub(super) fn pass_on(
    body: &mut Option<Bytes>,
    is_end: bool,
    context: &mut RequestContext,
) -> Result<()> {
    // A body that was checked is sent as it was checked. pingora hands over only what it has kept,
    // which may be no more than the end of it.
    if let Some(whole) = context.forward.as_ref().and_then(|forward| forward.body.as_ref()) {
        *body = Some(whole.bytes().clone());
    }
    let part = body.as_deref().unwrap_or_default();
    check_pace(part.len(), is_end, context)?;
    check_length(part.len(), context)?;
    let form = context.forward.as_mut().and_then(|forward| forward.form.as_mut());
    if form.is_some_and(|form| form.has_login(part, is_end)) {
        let reason = "its form has a login for Jira in it";
        return context.fail(Problem::bad_request(reason), reason);
    }
    // pingora #935: an empty last chunk would end the upstream's body twice, and the second end would
    // be read as the beginning of somebody else's request.
    if is_end && part.is_empty() {
        *body = None;
    }
    Ok(())
}

/// Checks that the body is not too slow. One that comes in a single part cannot be.
fn check_pace(length: usize, is_end: bool, context: &mut RequestContext) -> Result<()> {
    if is_end && context.upload.is_none() {
        return Ok(());
    }
    if !context.upload.get_or_insert_with(Pace::new).note(length) {
        return context.fail(Problem::RequestTooSlow, "request body below the least rate");
    }
    if is_end {
        context.upload = None;
    }
    Ok(())
}

fn check_length(length: usize, context: &mut RequestContext) -> Result<()> {
    context.body_bytes = context.body_bytes.saturating_add(length as u64);
    let limit = context.app.config.limits.body_bytes;
    if context.body_bytes > limit {
        return context.fail(Problem::BodyTooLarge { limit }, "request body over the limit");
    }
    Ok(())
}
