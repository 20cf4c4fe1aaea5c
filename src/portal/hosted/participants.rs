//! Who takes part in a request besides its reporter: named by address, and taken off. Must not know how
//! somebody is found by address.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::HostedState;
use super::act::{ActForm, Made, Next, Sent, answer};
use super::people_form::{self, PeopleForm, may_remove, route};
use super::request::{self, Extra};
use super::visit::Visit;
use crate::audit::Kind;
use crate::domain::Email;
use crate::portal::forms::Ticket;
use crate::portal::gatekeeper::Acting;
use crate::portal::people::NotLookedFor;
use crate::problem::Problem;

/// The inputs of the forms: an address to add, or the one to remove.
const INPUTS: [&str; 2] = ["person", "remove"];

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
    let people = PeopleForm::again(form.ticket, typed, mistake);
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

async fn remove(
    state: &HostedState,
    visit: &Visit,
    acting: &Acting<'_>,
    ticket: &Ticket,
    reference: &str,
) -> Result<Next, Problem> {
    let request = acting.request();
    let accounts = request.participants.iter().filter_map(|person| person.account.as_ref());
    let mut accounts =
        accounts.filter(|account| people_form::reference(ticket, account) == reference);
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

fn said(visit: &Visit, acting: &Acting<'_>, said: &str) -> Next {
    Next::said(visit, &acting.request().key, said)
}
