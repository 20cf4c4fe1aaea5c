//! The organisations that a request is shared with: one of the customer's own is added, and the reporter
//! takes one away. Must not know how JSM keeps them.

use axum::extract::{Path, State};
use axum::response::Response;
use minijinja::{Value, context};

use super::HostedState;
use super::act::{ActForm, Made, Next, Sent, answer};
use super::visit::Visit;
use crate::audit::Kind;
use crate::domain::{OrganizationId, OrganizationRequests, RequestKey};
use crate::jsm::requests::{Organization, Request};
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
    let change = Change::of(&form, state, visit, acting.request());
    let change = change.ok_or_else(|| visit.refuse_id(state, &key, "organization"))?;
    let said = change.carry_out(state, visit, &acting).await?;
    Ok(Next::said(visit, &key, said))
}

/// What a form asks for.
#[derive(Clone, Copy)]
enum Change {
    Share(OrganizationId),
    Unshare(OrganizationId),
}

impl Change {
    /// `None` for what they may not: the number of another organisation is nothing to them
    /// (docs/security.md P16).
    fn of(
        form: &ActForm,
        state: &HostedState,
        visit: &Visit,
        request: &Visible<SeenRequest>,
    ) -> Option<Self> {
        let among = |all: &[Organization], id: &str| {
            all.iter().find(|it| it.id.to_string() == id).map(|it| it.id)
        };
        match (form.text("share"), form.text("unshare")) {
            (id, "") if lets_colleagues_see(state) => {
                among(&visit.organizations, id).map(Self::Share)
            }
            ("", id) if may_unshare(visit, request) => {
                among(&request.organizations, id).map(Self::Unshare)
            }
            _ => None,
        }
    }

    /// Returns what the page says.
    async fn carry_out(
        self,
        state: &HostedState,
        visit: &Visit,
        acting: &Acting<'_>,
    ) -> Result<&'static str, Problem> {
        let (id, changed, kind, done) = match self {
            Self::Share(id) if is_shared(acting.request(), id) => return Ok("shared"),
            Self::Share(id) => (id, acting.share(id).await, Kind::Shared, "shared"),
            Self::Unshare(id) => (id, acting.unshare(id).await, Kind::Unshared, "unshared"),
        };
        let shares = matches!(self, Self::Share(_));
        let is_so = |now: &Request| is_shared(now, id) == shares;
        let made = Made::of(changed, (visit, acting), is_so).await?;
        if made == Made::Yes {
            state.audit.note(visit.did(kind, &acting.request().key).because(id));
        }
        Ok(made.said(done))
    }
}

/// Sharing with people who see nothing of it would promise what does not happen.
fn lets_colleagues_see(state: &HostedState) -> bool {
    state.config.organization_requests != OrganizationRequests::None
}

fn is_shared(request: &Request, id: OrganizationId) -> bool {
    request.organizations.iter().any(|it| it.id == id)
}

fn may_unshare(visit: &Visit, request: &Visible<SeenRequest>) -> bool {
    request.reporter.is(&visit.customer.account)
}

fn route(visit: &Visit, key: &RequestKey) -> String {
    format!("{}/organizations", visit.page_of(key))
}

/// For the template: with whom it is shared, and with whom it can be.
pub(super) fn value(state: &HostedState, visit: &Visit, request: &Visible<SeenRequest>) -> Value {
    let route = route(visit, &request.key);
    let ticket = state.tickets.seal(&visit.new_ticket(state, &route));
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
