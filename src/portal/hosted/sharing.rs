//! The organisations that a request is shared with: one of the customer's own is added, and the reporter
//! takes one away. Must not know how JSM keeps them.

use axum::extract::{Path, State};
use axum::response::Response;
use minijinja::{Value, context};

use super::HostedState;
use super::act::{ActForm, Next, Sent, answer, is_refusal};
use super::visit::Visit;
use crate::audit::Kind;
use crate::domain::{OrganizationId, OrganizationRequests, RequestKey};
use crate::jsm::requests::Organization;
use crate::portal::gatekeeper::{Acting, SeenRequest, Visible};
use crate::problem::Problem;

/// The inputs of the form: the number of an organisation, by what is done with it.
const INPUTS: [&str; 2] = ["share", "unshare"];

/// `POST /p/{link}/{key}/organizations`
pub(super) async fn send(
    State(state): State<HostedState>,
    Path((_, key)): Path<(String, String)>,
    visit: Visit,
    body: Sent,
) -> Response {
    let next = sent(&state, &visit, &key, body).await;
    answer(&state, &visit, next)
}

async fn sent(state: &HostedState, visit: &Visit, key: &str, body: Sent) -> Result<Next, Problem> {
    let key = Visit::key(key)?;
    let form = ActForm::read(state, visit, &route(visit, &key), &INPUTS, body)?;
    let acting = visit.change(state, &key).await?;
    let shared: Vec<_> = acting.request().organizations.iter().map(|it| it.id).collect();
    let (id, after, kind, said) = match (form.text("share"), form.text("unshare")) {
        (id, "") if lets_colleagues_see(state) => {
            // The number of another organisation is nothing to them (docs/security.md P16).
            let own = visit.organizations.iter().find(|own| own.id.to_string() == id);
            let id = own.ok_or(Problem::NotFound)?.id;
            let others = shared.iter().copied().filter(|it| *it != id);
            (id, others.chain([id]).collect(), Kind::Shared, "shared")
        }
        ("", id) if may_unshare(visit, acting.request()) => {
            let there = acting.request().organizations.iter().find(|it| it.id.to_string() == id);
            let id = there.ok_or(Problem::NotFound)?.id;
            let rest: Vec<OrganizationId> = shared.iter().copied().filter(|it| *it != id).collect();
            (id, rest, Kind::Unshared, "unshared")
        }
        _ => return Err(Problem::NotFound),
    };
    let is_new = after.len() != shared.len();
    let said =
        if is_new { share(state, visit, &acting, (id, &after), (kind, said)).await? } else { said };
    Ok(Next::said(visit, &key, said))
}

async fn share(
    state: &HostedState,
    visit: &Visit,
    acting: &Acting<'_>,
    (id, after): (OrganizationId, &[OrganizationId]),
    (kind, said): (Kind, &'static str),
) -> Result<&'static str, Problem> {
    let key = &acting.request().key;
    match acting.share_with(after).await {
        Ok(()) => {
            state.audit.note(visit.did(kind, key).because(id));
            Ok(said)
        }
        Err(error) if is_refusal(&error) => {
            tracing::warn!(%error, request = %key, "the sharing of a request was not changed");
            Ok("not-changed")
        }
        Err(error) => Err(error.into_problem()),
    }
}

/// Sharing with people who see nothing of it would promise what does not happen.
fn lets_colleagues_see(state: &HostedState) -> bool {
    state.config.organization_requests != OrganizationRequests::None
}

fn may_unshare(visit: &Visit, request: &Visible<SeenRequest>) -> bool {
    request.reporter.is(&visit.customer.account)
}

fn route(visit: &Visit, key: &RequestKey) -> String {
    format!("{}/organizations", visit.page_of(key))
}

/// For the template: with whom it is shared, and with whom it can be.
pub(super) fn value(state: &HostedState, visit: &Visit, request: &Visible<SeenRequest>) -> Value {
    let identity = &visit.entered.session().identity;
    let route = route(visit, &request.key);
    let ticket = state.tickets.seal(&state.tickets.issue(identity, &route));
    let one = |it: &Organization| context! { id => it.id.to_string(), name => it.name.as_str() };
    let is_shared = |own: &&Organization| request.organizations.iter().any(|it| it.id == own.id);
    let may_share = request.may_change && lets_colleagues_see(state);
    let more = visit.organizations.iter().filter(|own| may_share && !is_shared(own));
    context! {
        route => route,
        ticket => ticket,
        shared => request.organizations.iter().map(one).collect::<Vec<_>>(),
        may_unshare => may_unshare(visit, request),
        more => more.map(one).collect::<Vec<_>>(),
    }
}
