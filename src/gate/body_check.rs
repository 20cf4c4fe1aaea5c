//! What the body of a request changes about the decision to forward it. It must not know how bodies name
//! portals, or what the head of the request says.

use pingora::proxy::Session;

use super::context::{BodyCheck, Forward, RequestContext};
use super::incoming::{Admission, where_login_began};
use super::isolation::{self, Isolation};
use super::refusal;
use crate::jsm::paths::posted_answer;
use crate::problem::Problem;

/// Forwards a request unless its body names something that is closed to this person.
pub(super) async fn decide_by_body(
    session: &mut Session,
    context: &RequestContext,
    forward: Forward,
) -> Result<Admission, Problem> {
    let (body_kind, must_allow) = match forward.body_check {
        BodyCheck::Skip => return Ok(Admission::Forward(forward)),
        BodyCheck::MayRefuse(kind) => (kind, false),
        BodyCheck::MustAllow(kind) => (kind, true),
        BodyCheck::MustBeAnswer => return check_answer(session, context, forward).await,
    };
    let identity = forward.session.as_ref().map(|session| &session.identity);
    let mut isolation = Isolation::new(&context.portals, identity, context.app.sessions.now());
    let room = &context.app.room;
    match isolation::check_body(session, &mut isolation, body_kind, room).await {
        Ok(_) if must_allow && !isolation.is_open() => Err(Problem::LoginNeeded),
        Ok(body) => Ok(Admission::Forward(Forward { body: Some(body), ..forward })),
        Err(refused) => Err(refusal::of(context, refused)),
    }
}

/// Forwards an answer to Jira's login if it is the one that the gate has given to this browser. Any other would
/// log in somebody else: the person before, or whoever another identity provider vouches for
/// (docs/security.md DC12).
async fn check_answer(
    session: &mut Session,
    context: &RequestContext,
    forward: Forward,
) -> Result<Admission, Problem> {
    let body = isolation::read_body(session, false, &context.app.room).await?;
    let at_jira = forward.at_jira.as_ref().ok_or(Problem::PathNotOpen)?;
    if posted_answer(body.bytes()).is_some_and(|answer| at_jira.kept().is_answer(&answer)) {
        return Ok(Admission::Forward(Forward { body: Some(body), ..forward }));
    }
    Ok(Admission::Reply(context.app.pages.redirect(where_login_began(at_jira))))
}
