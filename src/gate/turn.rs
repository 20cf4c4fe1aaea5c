//! Gets a request what it needs before it goes to JSM: the beginning of its body, and a turn. It must
//! not know who shares the turns, or what is in the body.

use pingora::proxy::Session;

use super::ahead;
use super::context::RequestContext;
use crate::problem::Problem;

/// Waits until a request can go to JSM. The beginning of its body is read first, because nobody is
/// waited for once a request has its turn.
pub(super) async fn wait(
    session: &mut Session,
    context: &mut RequestContext,
    is_tunnel: bool,
) -> Result<(), Problem> {
    let (forward, limits) = (&context.app.config.forward, &context.app.config.limits);
    if is_tunnel {
        if !context.hold.take_tunnel(limits.websockets_per_customer, limits.websockets) {
            return Err(Problem::TooManyWebsockets);
        }
    } else if !session.as_downstream_mut().is_body_done() {
        Box::pin(ahead::read(session)).await?;
    }
    if context.hold.take_turn(forward.concurrency)
        || Box::pin(context.hold.wait_for_turn(forward.queue_timeout)).await
    {
        return Ok(());
    }
    Err(Problem::UpstreamBusy { wait: None })
}
