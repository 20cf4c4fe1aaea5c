//! Who looks at a page of a hosted portal: found out once, before the page does anything. Must not know
//! what the page shows.

use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, StatusCode};
use minijinja::{Value, context};

use super::HostedState;
use crate::audit::{Event, Kind};
use crate::customers::Customer;
use crate::domain::Portal;
use crate::jsm::requests::Organization;
use crate::jsm::{self, RequestLanguage};
use crate::portal::forms::{NoTicket, Ticket};
use crate::portal::gatekeeper::Asking;
use crate::problem::Problem;
use crate::web::renderer::frame;
use crate::web::{Caller, Entered, NotEntered};

/// A customer at one portal.
pub(super) struct Visit {
    pub(super) caller: Caller,
    /// In which JSM is asked for its own texts.
    pub(super) language: RequestLanguage,
    pub(super) entered: Entered,
    pub(super) customer: Arc<Customer>,
    /// Those of which they are a member.
    pub(super) organizations: Arc<Vec<Organization>>,
}

impl Visit {
    pub(super) fn portal(&self) -> &Arc<Portal> {
        self.entered.portal()
    }

    /// As the gatekeeper wants it.
    pub(super) fn asking(&self) -> Asking<'_> {
        Asking {
            account: &self.customer.account,
            organizations: &self.organizations,
            portal: self.portal(),
            language: &self.language,
        }
    }

    /// An event of the audit trail, about this customer at this portal.
    pub(super) fn event(&self, kind: Kind) -> Event {
        let event = self.caller.event(kind).about(&self.entered.session().identity);
        event.of_desk(self.portal())
    }

    /// For a form that is shown to them, which is sent to `route`.
    pub(super) fn new_ticket(&self, state: &HostedState, route: &str) -> Ticket {
        state.tickets.issue(&self.entered.session().identity, route)
    }

    /// The organisations that they are in by what JSM tells now.
    ///
    /// # Errors
    /// When JSM does not tell.
    pub(super) async fn organizations_now(
        &self,
        state: &HostedState,
    ) -> Result<Arc<Vec<Organization>>, Problem> {
        state.customers.doubt_organizations(&self.customer, self.portal()).await;
        organizations(state, &self.customer, self.portal()).await
    }

    /// The ticket of a form that they sent to `route`.
    ///
    /// # Errors
    /// When it is not theirs, not for this address, or too old.
    pub(super) fn ticket(
        &self,
        state: &HostedState,
        sealed: &str,
        route: &str,
    ) -> Result<Ticket, NoTicket> {
        state.tickets.prove(sealed, route, &self.entered.session().identity)
    }

    /// Notes that a form of theirs is refused, by a rule of `docs/audit.md`.
    pub(super) fn note_refused_form(&self, state: &HostedState, rule: &'static str) {
        state.audit.note_customer(self.event(Kind::FormRefused).by_rule(rule));
    }

    /// A page of the portal, or what is in its way.
    pub(super) fn answer(
        &self,
        state: &HostedState,
        name: &str,
        values: Result<Value, Problem>,
    ) -> Response {
        match values {
            Ok(values) => {
                let reader = &self.caller.preferences;
                let frame = frame(Some(self.entered.session()), reader);
                let portal = portal_value(self.portal());
                let values = context! { ..context! { portal => portal }, ..values, ..frame };
                state.pages.page(reader, StatusCode::OK, name, values)
            }
            Err(problem) => state.pages.tell(&problem, &self.caller),
        }
    }
}

/// Why a page is not shown to somebody.
pub(super) struct NoVisit {
    answer: Response,
    /// Who asks, and what they are told.
    pub(super) told: Option<Box<(Caller, Problem)>>,
}

impl NoVisit {
    pub(super) fn of(state: &HostedState, caller: &Caller, problem: Problem) -> Self {
        let answer = state.pages.tell(&problem, caller);
        Self { answer, told: Some(Box::new((caller.clone(), problem))) }
    }
}

impl From<Response> for NoVisit {
    fn from(answer: Response) -> Self {
        Self { answer, told: None }
    }
}

impl IntoResponse for NoVisit {
    fn into_response(self) -> Response {
        self.answer
    }
}

impl FromRequestParts<HostedState> for Visit {
    type Rejection = NoVisit;

    async fn from_request_parts(parts: &mut Parts, state: &HostedState) -> Result<Self, NoVisit> {
        let caller = caller(parts, state).await?;
        let tell = |problem| NoVisit::of(state, &caller, problem);
        // Without the proof of the request path there is nothing here for anybody.
        let entered = parts.extensions.get::<Entered>().cloned();
        let refused = || {
            let refused = parts.extensions.get::<NotEntered>();
            refused.map_or(Problem::NotFound, |refused| refused.problem().clone())
        };
        let entered = entered.ok_or_else(refused).map_err(tell)?;
        let identity = &entered.session().identity;
        let customer = state.customers.at(identity, entered.portal()).await.map_err(tell)?;
        // What is done to a request is decided on the organisations that JSM tells now. A new one asks only where
        // it is shared.
        let creates = parts.uri.path().split('/').nth(3) == Some("create");
        if !creates && !matches!(parts.method, Method::GET | Method::HEAD) {
            state.customers.doubt_organizations(&customer, entered.portal()).await;
        }
        let organizations = organizations(state, &customer, entered.portal()).await;
        let organizations = organizations.map_err(tell)?;
        let language = RequestLanguage::of(caller.preferences.language);
        Ok(Self { caller, language, entered, customer, organizations })
    }
}

pub(super) async fn organizations(
    state: &HostedState,
    customer: &Customer,
    portal: &Portal,
) -> Result<Arc<Vec<Organization>>, Problem> {
    let organizations = state.customers.organizations(customer, portal).await;
    organizations.map_err(|error| jsm::Error::clone(&error).into_problem())
}

pub(super) async fn caller(parts: &mut Parts, state: &HostedState) -> Result<Caller, Response> {
    let caller = Extension::<Caller>::from_request_parts(parts, state).await;
    caller.map(|Extension(caller)| caller).map_err(IntoResponse::into_response)
}

/// What the frame says of a portal.
pub(super) fn portal_value(portal: &Portal) -> Value {
    context! { name => portal.name.as_str(), link => portal.link.as_str() }
}
