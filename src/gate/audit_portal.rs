//! What the audit trail is told of requests for portals. It must not decide anything, and it must not
//! know how the trail is kept.

use super::context::RequestContext;
use crate::access::Decision;
use crate::audit::{Event, Kind};
use crate::domain::Portal;
use crate::session::SessionLookup;

/// Notes refusals, and of what is allowed only the first time that a session reaches a portal. A request
/// without a session is not noted: nothing is known of who sent it. Returns whether a session reaches the
/// portal for the first time.
pub(super) fn note(context: &RequestContext, portal: &Portal, decision: Decision) -> bool {
    let Some(session) = context.found.as_ref().and_then(SessionLookup::session) else {
        return false;
    };
    let kind = match decision {
        Decision::Allowed(_) if session.mark_opened(&portal.link) => Kind::PortalOpened,
        Decision::Refused(_) => Kind::PortalRefused,
        Decision::Allowed(_) | Decision::LoginNeeded | Decision::StepUpNeeded(_) => return false,
    };
    let event = Event::new(kind).in_request(context.request_id.as_str(), context.client);
    let event = event.about(&session.identity).of_portal(portal, decision);
    context.app.audit.note_customer(match decision {
        Decision::Refused(refusal) => event.because(refusal),
        Decision::Allowed(_) | Decision::LoginNeeded | Decision::StepUpNeeded(_) => event,
    });
    kind == Kind::PortalOpened
}
