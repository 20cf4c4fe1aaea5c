//! What the forms of a request's page have in common: each proves itself, its sender's right is proved
//! anew, and the trail hears of it. Must not know what any of them does.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use http::StatusCode;
use minijinja::Value;

use super::HostedState;
use super::keep::NotTaken;
use super::sent_form::TICKET;
use super::uploads::{Received, Receiver};
use super::visit::Visit;
use crate::audit::{Event, Kind};
use crate::domain::{RequestKey, TransitionId};
use crate::jsm::Error;
use crate::jsm::requests::Request;
use crate::portal::forms::{Outcome, Ticket};
use crate::portal::gatekeeper::Acting;
use crate::problem::Problem;
use crate::web::FormBody;

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
        let Ok(ticket) = visit.ticket(state, text(&pairs, TICKET), route) else {
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
) -> Result<Received, Box<NotTaken>> {
    let Receiver { state, visit, route, .. } = receiver;
    let form = receiver.receive(body).await;
    let form = form.map_err(|it| NotTaken::of(*it, state, visit, route))?;
    if let Err(problem) = only(&form.texts, |name| name == input) {
        visit.note_refused_form(state, "inputs");
        let Received { ticket, texts, .. } = form;
        return Err(Box::new(NotTaken { problem, ticket: Ok(ticket), texts }));
    }
    Ok(form)
}

/// What became of a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Made {
    Yes,
    /// JSM decided; another try would end in the same way.
    Refused,
    /// JSM's answer was lost, and JSM does not show the change, or not yet.
    NotKnown,
}

impl Made {
    /// By JSM's answer. Where that was lost, by what JSM shows now.
    ///
    /// # Errors
    /// When JSM never got it.
    pub(super) async fn of(
        changed: Result<(), Error>,
        (visit, acting): (&Visit, &Acting<'_>),
        is_so: impl Fn(&Request) -> bool,
    ) -> Result<Self, Problem> {
        let Err(error) = changed else { return Ok(Self::Yes) };
        let (request, words) = (&acting.request().key, error.without_words());
        tracing::warn!(error = words, %request, "a change of a request failed");
        match Outcome::of_failure_without_form(&error) {
            Outcome::Refused(_) => Ok(Self::Refused),
            Outcome::Lost => Ok(match acting.request_now(&visit.language).await {
                Ok(now) if is_so(&now) => Self::Yes,
                Ok(_) | Err(_) => Self::NotKnown,
            }),
            Outcome::Created(_) | Outcome::NotSent => Err(error.into_problem()),
        }
    }

    /// What the page says; `done` is what it says of a change that was made.
    pub(super) fn said(self, done: &'static str) -> &'static str {
        match self {
            Self::Yes => done,
            Self::Refused => "not-changed",
            Self::NotKnown => "not-known",
        }
    }
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

    /// The page that asks before a step of the workflow is made.
    pub(super) fn page_of_step(&self, key: &RequestKey, id: TransitionId) -> String {
        format!("{}/transition/{id}", self.page_of(key))
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

    /// An id in a request that is not theirs to name: the trail is told whose, and they are told that there
    /// is nothing.
    pub(super) fn refuse_id(
        &self,
        state: &HostedState,
        key: &RequestKey,
        of: &'static str,
    ) -> Problem {
        state.audit.note_customer(self.did(Kind::RequestRefused, key).by_rule(of));
        Problem::NotFound
    }

    /// Something that they did in a request.
    pub(super) fn did(&self, kind: Kind, key: &RequestKey) -> Event {
        self.event(kind).with_account(&self.customer.account).of_request(key)
    }
}
