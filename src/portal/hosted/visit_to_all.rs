//! Who looks at a page of all hosted portals, and at which of them they may act: found out once, before the
//! page does anything. Must not know what the page shows.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use http::request::Parts;

use super::HostedState;
use super::visit::{Visit, caller, organizations};
use crate::access::{self, Decision};
use crate::customers::Customer;
use crate::domain::{Mode, Portal};
use crate::jsm::requests::Organization;
use crate::problem::Problem;
use crate::session::Session;
use crate::web::{Caller, navigation};

/// Portals that JSM is asked about at once.
const AT_ONCE: usize = 8;

/// A customer at all hosted portals where they may act.
pub(super) struct VisitToAll {
    pub(super) caller: Caller,
    pub(super) session: Arc<Session>,
    pub(super) customer: Arc<Customer>,
    /// Those of which they are a member.
    pub(super) organizations: Arc<Vec<Organization>>,
    pub(super) portals: Vec<Arc<Portal>>,
    /// Portals of which JSM does not tell at the moment whether they may act there.
    pub(super) unknown: Vec<Arc<Portal>>,
}

/// What a portal is to somebody.
enum At {
    Theirs(Arc<Vec<Organization>>),
    NotTheirs,
    Unknown,
}

impl FromRequestParts<HostedState> for VisitToAll {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &HostedState) -> Result<Self, Response> {
        let caller = caller(parts, state).await?;
        let Some(session) = caller.found.session().cloned() else {
            let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            return Err(if navigation::wants_redirect(&parts.method, &parts.headers) {
                state.pages.login_redirect(path)
            } else {
                state.pages.tell(&Problem::LoginNeeded, &caller)
            });
        };
        let tell = |problem| state.pages.tell(&problem, &caller);
        let customer = state.customers.known(&session.identity).await.map_err(tell)?;
        let open = open_portals(state, &session);
        let asked: Vec<_> =
            open.iter().map(|portal| at(state, &session, &customer, portal)).collect();
        let told: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
        let mut visit = Self {
            caller: caller.clone(),
            session: Arc::clone(&session),
            customer,
            organizations: Arc::default(),
            portals: Vec::new(),
            unknown: Vec::new(),
        };
        visit.sort(&open, told);
        visit.or_why_not(&open).map_err(tell)
    }
}

/// A visit to all of one portal.
impl From<Visit> for VisitToAll {
    fn from(visit: Visit) -> Self {
        let (portals, session) = (vec![visit.portal().clone()], visit.entered.session().clone());
        let Visit { caller, customer, organizations, .. } = visit;
        Self { caller, session, customer, organizations, portals, unknown: Vec::new() }
    }
}

impl VisitToAll {
    fn sort(&mut self, open: &[Arc<Portal>], told: Vec<At>) {
        let mut organizations: Vec<Organization> = Vec::new();
        for (portal, at) in open.iter().zip(told) {
            match at {
                At::Theirs(of_portal) => {
                    self.portals.push(Arc::clone(portal));
                    for organization in of_portal.iter() {
                        if !organizations.contains(organization) {
                            organizations.push(organization.clone());
                        }
                    }
                }
                At::NotTheirs => {}
                At::Unknown => self.unknown.push(Arc::clone(portal)),
            }
        }
        self.organizations = Arc::new(organizations);
    }

    /// An empty list would say that they have no requests.
    fn or_why_not(self, open: &[Arc<Portal>]) -> Result<Self, Problem> {
        match open.first() {
            Some(first) if self.portals.is_empty() => Err(if self.unknown.is_empty() {
                let who = self.session.identity.label().to_owned();
                let (portal, return_to) = (first.name.clone(), "/".to_owned());
                Problem::CustomerNotListed { portal, who, return_to }
            } else {
                Problem::CustomersUnavailable
            }),
            _ => Ok(self),
        }
    }
}

/// What the rules of the configuration let somebody open.
fn open_portals(state: &HostedState, session: &Session) -> Vec<Arc<Portal>> {
    let now = state.clock.unix_seconds();
    let is_open = |portal: &&Arc<Portal>| {
        let decision = access::decide_portal(portal, Some(&session.identity), now);
        let is_hosted = !portal.gone && portal.mode == Mode::Hosted;
        is_hosted && matches!(decision, Decision::Allowed(_))
    };
    state.portals.load().all().iter().filter(is_open).cloned().collect()
}

/// Unknown is not no, and not yes either: the page says which portals it leaves out.
async fn at(state: &HostedState, session: &Session, customer: &Customer, portal: &Portal) -> At {
    match state.customers.may_act_at(&session.identity, portal).await {
        Ok(true) => match organizations(state, customer, portal).await {
            Ok(organizations) => At::Theirs(organizations),
            Err(_) => At::Unknown,
        },
        Ok(false) => At::NotTheirs,
        Err(_) => At::Unknown,
    }
}
