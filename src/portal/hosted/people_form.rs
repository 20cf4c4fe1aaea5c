//! The forms that name who takes part in a request, as its page shows them. Must not know what becomes of
//! them once they are sent.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use minijinja::{Value, context};
use sha2::{Digest as _, Sha256};

use super::visit::Visit;
use super::{HostedState, views};
use crate::domain::{AccountId, RequestKey};
use crate::jsm::requests::Person;
use crate::portal::forms::Ticket;
use crate::portal::gatekeeper::{SeenRequest, Visible};

/// How many characters of a reference there are: 96 bits.
const REFERENCE: usize = 16;

/// The forms as they are shown.
pub(super) struct PeopleForm {
    ticket: Ticket,
    typed: String,
    /// What is wrong with it, by the name of a text.
    mistake: Option<&'static str>,
}

impl PeopleForm {
    /// An empty one.
    pub(super) fn first(state: &HostedState, visit: &Visit, key: &RequestKey) -> Self {
        let ticket = visit.new_ticket(state, &route(visit, key));
        Self { ticket, typed: String::new(), mistake: None }
    }

    /// One that was sent, with what is wrong with it.
    pub(super) fn again(ticket: Ticket, typed: String, mistake: &'static str) -> Self {
        Self { ticket, typed, mistake: Some(mistake) }
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

/// The reporter takes off whom they want; everybody else themselves.
pub(super) fn may_remove(
    visit: &Visit,
    request: &Visible<SeenRequest>,
    account: &AccountId,
) -> bool {
    let own = &visit.customer.account;
    request.reporter.is(own) || account == own
}

/// Where the forms are sent to.
pub(super) fn route(visit: &Visit, key: &RequestKey) -> String {
    format!("{}/participants", visit.page_of(key))
}

/// Names somebody in one form. An account is not shown: on Data Center it is an address.
pub(super) fn reference(ticket: &Ticket, account: &AccountId) -> String {
    let hash = Sha256::digest(format!("{} {account}", ticket.key().as_str()));
    let mut text = BASE64_URL_SAFE_NO_PAD.encode(hash);
    text.truncate(REFERENCE);
    text
}
