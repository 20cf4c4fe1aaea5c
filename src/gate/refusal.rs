//! What somebody is told whose request is refused. It must not know why the rules are as they are, or how
//! a problem is shown.

use super::audit_portal;
use super::context::RequestContext;
use super::isolation::Refused;
use crate::access::Decision;
use crate::domain::Portal;
use crate::problem::Problem;

/// What to tell somebody whose request names something closed.
pub(super) fn of(context: &RequestContext, refused: Refused) -> Problem {
    match refused {
        Refused::Portal(portal, decision) => to_portal(context, &portal, decision, None),
        Refused::LoginNeeded => Problem::LoginNeeded,
        Refused::Problem(problem) => problem,
    }
}

/// Why somebody may not use a portal. A login that would help leads back to `return_to` where that is
/// an address of the portal, else to the portal itself.
pub(super) fn to_portal(
    context: &RequestContext,
    portal: &Portal,
    decision: Decision,
    return_to: Option<&str>,
) -> Problem {
    audit_portal::note(context, portal, decision);
    let mut providers = context.app.config.providers.iter();
    let wanted = providers.find(|provider| Some(&provider.id) == portal.rules.provider.as_ref());
    let wanted = wanted.map(|provider| provider.name.as_str());
    let portal_itself = || format!("/p/{}", portal.link);
    let return_to = return_to.map_or_else(portal_itself, str::to_owned);
    decision.problem(&portal.name, wanted, return_to)
}
