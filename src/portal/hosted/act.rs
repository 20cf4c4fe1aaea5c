//! What the forms of a request's page have in common: each proves itself, its sender's right is proved
//! anew, and the trail hears of it. Must not know what any of them does.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use http::StatusCode;
use minijinja::Value;

use super::HostedState;
use super::uploads::{Received, Receiver};
use super::visit::Visit;
use crate::audit::{Event, Kind};
use crate::domain::RequestKey;
use crate::jsm::Error;
use crate::portal::forms::Ticket;
use crate::portal::gatekeeper::Acting;
use crate::problem::Problem;
use crate::web::FormBody;

/// The input with the sealed ticket.
const TICKET: &str = "ticket";

/// The body of a form.
pub(super) type Sent = Result<Form<Vec<(String, String)>>, FormRejection>;

/// A form of the gate's, sent by whom it was made for.
pub(super) struct ActForm {
    pub(super) ticket: Ticket,
    pairs: Vec<(String, String)>,
}

impl ActForm {
    /// Takes a form with these inputs and no others, each at most once, that was made for this address.
    pub(super) fn read(
        state: &HostedState,
        visit: &Visit,
        route: &str,
        inputs: &[&str],
        sent: Sent,
    ) -> Result<Self, Problem> {
        let Ok(Form(pairs)) = sent else {
            return Err(Problem::bad_request("its form cannot be read"));
        };
        only(&pairs, |name| name == TICKET || inputs.contains(&name)).inspect_err(|_| {
            visit.note_refused_form(state, "inputs");
        })?;
        let identity = &visit.entered.session().identity;
        let ticket = state.tickets.open(text(&pairs, TICKET), route).ok();
        let Some(ticket) = ticket.filter(|ticket| ticket.is_of(identity)) else {
            visit.note_refused_form(state, "ticket");
            return Err(Problem::StaleForm);
        };
        Ok(Self { ticket, pairs })
    }

    /// The text of an input; nothing typed is an empty text.
    pub(super) fn text(&self, name: &str) -> &str {
        text(&self.pairs, name)
    }
}

/// Where a form that was sent leads.
pub(super) enum Next {
    /// To an address.
    On(String),
    /// To a page with the form, shown again.
    Again { template: &'static str, values: Value, status: StatusCode },
}

impl Next {
    /// To the page of a request, which says what was done.
    pub(super) fn said(visit: &Visit, key: &RequestKey, said: &str) -> Self {
        Self::On(format!("{}?said={said}", visit.page_of(key)))
    }
}

/// The page that a form leads to.
pub(super) fn answer(state: &HostedState, visit: &Visit, next: Result<Next, Problem>) -> Response {
    match next {
        Ok(Next::On(address)) => state.pages.see_other(&address),
        Ok(Next::Again { template, values, status }) => {
            let mut response = visit.answer(state, template, Ok(values));
            *response.status_mut() = status;
            response
        }
        Err(problem) => state.pages.tell(&problem, &visit.caller),
    }
}

/// A form with one text, sent by whom it was made for. Its files are at JSM already.
pub(super) async fn receive(
    receiver: Receiver<'_>,
    input: &str,
    body: FormBody,
) -> Result<Received, Problem> {
    let (state, visit) = (receiver.state, receiver.visit);
    let form = receiver.receive(body).await.map_err(|unreceived| {
        if matches!(unreceived.problem, Problem::StaleForm) {
            visit.note_refused_form(state, "ticket");
        }
        unreceived.problem
    })?;
    let checked = only(&form.texts, |name| name == input);
    checked.inspect_err(|_| visit.note_refused_form(state, "inputs"))?;
    Ok(form)
}

/// JSM decided; another try would end in the same way.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Refused { status, .. } if status.is_client_error())
}

/// Takes a form with inputs of these names and no others, each at most once.
pub(super) fn only(
    pairs: &[(String, String)],
    is_one: impl Fn(&str) -> bool,
) -> Result<(), Problem> {
    for (at, (name, _)) in pairs.iter().enumerate() {
        let repeated = pairs.iter().skip(at + 1).any(|(other, _)| other == name);
        if repeated || !is_one(name) {
            return Err(Problem::bad_request("its form is not the portal's"));
        }
    }
    Ok(())
}

fn text<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
}

impl Visit {
    /// The key in an address.
    pub(super) fn key(key: &str) -> Result<RequestKey, Problem> {
        RequestKey::parse(key).map_err(|_| Problem::NotFound)
    }

    /// The address of a request's page.
    pub(super) fn page_of(&self, key: &RequestKey) -> String {
        format!("/p/{}/{key}", self.portal().link)
    }

    /// Their turn to reply in a request.
    pub(super) async fn act<'a>(
        &'a self,
        state: &'a HostedState,
        key: &RequestKey,
    ) -> Result<Acting<'a>, Problem> {
        let acting = state.gatekeeper.act(self.asking(), key).await;
        self.noting_refusal(state, key, acting)
    }

    /// Their turn to change who sees a request, or where it stands.
    pub(super) async fn change<'a>(
        &'a self,
        state: &'a HostedState,
        key: &RequestKey,
    ) -> Result<Acting<'a>, Problem> {
        let acting = state.gatekeeper.change(self.asking(), key).await;
        self.noting_refusal(state, key, acting)
    }

    /// Tells the trail if it is not theirs.
    pub(super) fn noting_refusal<T>(
        &self,
        state: &HostedState,
        key: &RequestKey,
        proved: Result<T, Problem>,
    ) -> Result<T, Problem> {
        if matches!(proved, Err(Problem::NotFound)) {
            state.audit.note_customer(self.did(Kind::RequestRefused, key));
        }
        proved
    }

    /// Something that they did in a request.
    pub(super) fn did(&self, kind: Kind, key: &RequestKey) -> Event {
        self.event(kind).with_account(&self.customer.account).of_request(key)
    }
}
