//! What somebody is told whose request is refused. It must not know why the rules are as they are, or how
//! a problem is shown.

use super::audit_portal;
use super::context::RequestContext;
use super::isolation::Refused;
use crate::access::{Decision, Refusal};
use crate::domain::Portal;
use crate::problem::{LoginOffer, Problem};

/// What to tell somebody whose request names something closed.
pub(super) fn of(context: &RequestContext, refused: Refused) -> Problem {
    match refused {
        Refused::Portal(portal, decision) => to_portal(context, &portal, decision, None),
        Refused::LoginNeeded => Problem::LoginNeeded,
        Refused::Problem(problem) => problem,
    }
}

/// Why somebody may not use a portal. If a login at another provider would let them in, it is
/// offered. It leads back to `return_to` where that is an address of the portal, else to the portal
/// itself. It is never begun unasked, because it replaces the present login.
pub(super) fn to_portal(
    context: &RequestContext,
    portal: &Portal,
    decision: Decision,
    return_to: Option<&str>,
) -> Problem {
    audit_portal::note(context, portal, decision);
    let mut providers = context.app.config.providers.iter();
    let wanted = providers.find(|provider| Some(&provider.id) == portal.rules.provider.as_ref());
    let portal_itself = || format!("/p/{}", portal.link);
    let return_to = return_to.map_or_else(portal_itself, str::to_owned);
    match (decision, wanted) {
        (Decision::Refused(Refusal::OtherProvider), Some(provider)) => {
            let login = LoginOffer { provider: provider.name.clone(), at: None, return_to };
            Problem::OtherProvider { portal: portal.name.clone(), login: Box::new(login) }
        }
        (Decision::Refused(refusal), _) if refusal.is_for_want_of_knowledge() => {
            Problem::AccessUnknown {
                portal: portal.name.clone(),
                cause: refusal.cause(),
                return_to,
            }
        }
        (Decision::Refused(refusal), _) => {
            Problem::Refused { portal: portal.name.clone(), cause: refusal.cause(), return_to }
        }
        (Decision::StepUpNeeded(_), _) => Problem::StepUpNeeded { portal: portal.name.clone() },
        (Decision::LoginNeeded | Decision::Allowed(_), _) => Problem::LoginNeeded,
    }
}
