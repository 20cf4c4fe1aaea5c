//! Who takes part in a request besides its reporter: named by address, and taken off. Must not know how
//! somebody is found by address.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use minijinja::{Value, context};
use sha2::{Digest as _, Sha256};

use super::HostedState;
use super::act::{ActForm, Made, Next, Sent, answer};
use super::request::{self, Extra};
use super::views;
use super::visit::Visit;
use crate::audit::Kind;
use crate::domain::{AccountId, Email, RequestKey};
use crate::jsm::requests::Person;
use crate::portal::forms::Ticket;
use crate::portal::gatekeeper::{Acting, SeenRequest, Visible};
use crate::portal::people::NotLookedFor;
use crate::problem::Problem;

/// The inputs of the forms: an address to add, or the one to remove.
const INPUTS: [&str; 2] = ["person", "remove"];

/// How many characters of a reference there are: 96 bits.
const REFERENCE: usize = 16;

/// The forms as they are shown.
pub(super) struct PeopleForm {
    ticket: Ticket,
    typed: String,
    /// What is wrong with it, by the name of a text.
    mistake: Option<&'static str>,
}

/// `POST /p/{link}/{key}/participants`
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
    if form.text("remove").is_empty() {
        add(state, visit, acting, form).await
    } else {
        remove(state, visit, &acting, &form.ticket, form.text("remove")).await
    }
}

/// Whoever may not be named is not added, and the answer is the same (docs/security.md P7).
async fn add(
    state: &HostedState,
    visit: &Visit,
    acting: Acting<'_>,
    form: ActForm,
) -> Result<Next, Problem> {
    let typed = form.text("person").trim().to_owned();
    let mistake = match Email::parse(&typed) {
        Ok(email) => match named(state, visit, &acting, &email).await {
            Ok(what) => return Ok(said(visit, &acting, what)),
            Err(NotLookedFor::TooMany) => "people-too-many",
            Err(NotLookedFor::Problem(problem)) => return Err(problem),
        },
        Err(_) if typed.is_empty() => "people-empty",
        Err(_) => "form-email-wrong",
    };
    let request = acting.request().clone();
    drop(acting);
    let people = PeopleForm { ticket: form.ticket, typed, mistake: Some(mistake) };
    let extra = Extra { people: Some(people), ..Extra::default() };
    let values = request::values(state, visit, &request, extra).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(Next::Again { template: "request.html", values, status })
}

/// Returns what the page says.
async fn named(
    state: &HostedState,
    visit: &Visit,
    acting: &Acting<'_>,
    email: &Email,
) -> Result<&'static str, NotLookedFor> {
    let found = state.people.find(visit.asking(), &BTreeSet::from([email])).await?;
    let request = acting.request();
    let Some(account) = found.get(email).filter(|account| !request.is_by_or_with(account)) else {
        return Ok("added");
    };
    let added = acting.add_participant(account).await;
    let made = Made::of(added, (visit, acting), |now| now.is_by_or_with(account)).await;
    match made.map_err(NotLookedFor::Problem)? {
        Made::Yes => {
            let event = visit.did(Kind::ParticipantAdded, &request.key);
            state.audit.note(event.because(account));
            Ok("added")
        }
        Made::Refused => Ok("added"),
        Made::NotKnown => Ok(Made::NotKnown.said("added")),
    }
}

/// The reporter takes off whom they want; everybody else themselves.
async fn remove(
    state: &HostedState,
    visit: &Visit,
    acting: &Acting<'_>,
    ticket: &Ticket,
    reference: &str,
) -> Result<Next, Problem> {
    let request = acting.request();
    let accounts = request.participants.iter().filter_map(|person| person.account.as_ref());
    let mut accounts = accounts.filter(|account| self::reference(ticket, account) == reference);
    // Somebody who is not there any more was taken off.
    let Some(account) = accounts.next() else { return Ok(said(visit, acting, "removed")) };
    if !may_remove(visit, request, account) {
        return Err(visit.refuse_id(state, &request.key, "person"));
    }
    let removed = acting.remove_participant(account).await;
    let made = Made::of(removed, (visit, acting), |now| !now.is_by_or_with(account)).await?;
    if made == Made::Yes {
        let event = visit.did(Kind::ParticipantRemoved, &request.key);
        state.audit.note(event.because(account));
    }
    let left = made == Made::Yes && *account == visit.customer.account;
    Ok(if left {
        Next::On(format!("/p/{}/requests", visit.portal().link))
    } else {
        said(visit, acting, made.said("removed"))
    })
}

fn may_remove(visit: &Visit, request: &Visible<SeenRequest>, account: &AccountId) -> bool {
    let own = &visit.customer.account;
    request.reporter.is(own) || account == own
}

fn said(visit: &Visit, acting: &Acting<'_>, said: &str) -> Next {
    Next::said(visit, &acting.request().key, said)
}

fn route(visit: &Visit, key: &RequestKey) -> String {
    format!("{}/participants", visit.page_of(key))
}

/// Names somebody in one form. An account is not shown: on Data Center it is an address.
fn reference(ticket: &Ticket, account: &AccountId) -> String {
    let hash = Sha256::digest(format!("{} {account}", ticket.key().as_str()));
    let mut text = BASE64_URL_SAFE_NO_PAD.encode(hash);
    text.truncate(REFERENCE);
    text
}

impl PeopleForm {
    /// An empty one.
    pub(super) fn first(state: &HostedState, visit: &Visit, key: &RequestKey) -> Self {
        let ticket = visit.new_ticket(state, &route(visit, key));
        Self { ticket, typed: String::new(), mistake: None }
    }

    /// For the template.
    pub(super) fn value(
        &self,
        state: &HostedState,
        visit: &Visit,
        request: &Visible<SeenRequest>,
    ) -> Value {
        let may_change = request.may_change;
        let person = |person: &Person| {
            let account = person.account.as_ref();
            let account = account.filter(|it| may_change && may_remove(visit, request, it));
            context! {
                name => views::name(&person.name),
                me => person.is(&visit.customer.account),
                remove => account.map(|account| reference(&self.ticket, account)),
            }
        };
        let mistake = self.mistake.map(|name| {
            let arguments = context! { text => self.typed.as_str() };
            let mistake = context! { said => (), name => name, arguments => arguments };
            context! { control => "person", mistake => mistake }
        });
        context! {
            route => self.ticket.route(),
            ticket => state.tickets.seal(&self.ticket),
            typed => self.typed.as_str(),
            mistakes => mistake.into_iter().collect::<Vec<_>>(),
            may_add => may_change && state.people.may_be_named(),
            reporter => context! {
                name => views::name(&request.reporter.name),
                me => request.reporter.is(&visit.customer.account),
            },
            others => request.participants.iter().map(person).collect::<Vec<_>>(),
        }
    }
}
