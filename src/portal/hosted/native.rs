//! What JSM lets nobody do for somebody else: to decide on an approval, and to rate. Must not know the rest of
//! the page.

use minijinja::{Value, context};

use super::HostedState;
use super::visit::Visit;
use crate::config::Deployment;
use crate::jsm::requests::StatusCategory;
use crate::portal::gatekeeper::{SeenRequest, Visible};

/// What the customer is asked to do in JSM itself, and where, for the template.
pub(super) async fn asked(
    state: &HostedState,
    visit: &Visit,
    request: &Visible<SeenRequest>,
) -> Value {
    let account = &visit.customer.account;
    let approves = request.approvals.iter().any(|approval| approval.waits_for(account));
    let is_done = request.status.category == StatusCategory::Done;
    let asked = if approves {
        Some("approve")
    } else {
        (is_done && request.reporter.is(account)).then_some("rate")
    };
    let address = match asked {
        Some(_) => address(state, visit, request).await,
        None => None,
    };
    // JSM asks for a rating by mail only if the desk wants one: without a link there is nothing to say.
    let asked = asked.filter(|asked| *asked == "approve" || address.is_some());
    context! { native_for => asked, native_at => address }
}

/// JSM's own page of the request. At Data Center's address the gate itself answers.
async fn address(
    state: &HostedState,
    visit: &Visit,
    request: &Visible<SeenRequest>,
) -> Option<String> {
    let portal_id = visit.portal().portal_id.filter(|_| state.config.native_links)?;
    let deployment = state.gatekeeper.deployment().await.ok()?;
    let site = state.jsm.as_str().trim_end_matches('/');
    (deployment == Deployment::Cloud)
        .then(|| format!("{site}/servicedesk/customer/portal/{portal_id}/{}", request.key))
}
