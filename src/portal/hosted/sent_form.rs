//! A form that was sent and not taken: what was typed, and whose form it is by its ticket. Must not know what
//! the form is about.

use super::HostedState;
use super::visit::Visit;
use crate::portal::forms::{NoTicket, Ticket};
use crate::problem::Problem;
use crate::web::{Entry, FormBody};

/// The inputs that every form has: the sealed ticket, and the buttons.
pub(super) const TICKET: &str = "ticket";
pub(super) const ACT: &str = "act";
pub(super) const REMOVE: &str = "remove";

/// The texts of a form.
pub(super) struct SentForm {
    /// The ticket, as it came.
    sealed: String,
    /// Without the inputs that every form has.
    pub(super) texts: Vec<(String, String)>,
}

/// A form that did not arrive as it should.
pub(super) struct Unreceived {
    pub(super) problem: Problem,
    pub(super) sent: SentForm,
}

impl SentForm {
    /// Reads the rest of a form for its texts. Files are passed over, and a form that breaks off brought what
    /// it brought.
    pub(super) async fn read_on(mut texts: Vec<(String, String)>, mut body: FormBody) -> Self {
        while let Ok(Some(entry)) = body.next().await {
            if let Entry::Text { name, value } = entry {
                texts.push((name, value));
            }
        }
        let sealed = texts.iter().find(|(name, _)| name == TICKET).map(|(_, value)| value.clone());
        texts.retain(|(name, _)| ![TICKET, ACT, REMOVE].contains(&name.as_str()));
        Self { sealed: sealed.unwrap_or_default(), texts }
    }

    /// Reads a form of somebody of whom nothing is known. It begins with its ticket: what follows is read
    /// only if that is one of ours, for this address.
    pub(super) async fn proven(
        state: &HostedState,
        route: &str,
        mut body: FormBody,
    ) -> Option<(Ticket, Self)> {
        let ticket = match body.next().await {
            Ok(Some(Entry::Text { name, value })) if name == TICKET => {
                state.tickets.open(&value, route).ok()?
            }
            _ => return None,
        };
        Some((ticket, Self::read_on(Vec::new(), body).await))
    }

    /// The ticket of a form that somebody sent to `route`.
    pub(super) fn ticket(
        &self,
        state: &HostedState,
        visit: &Visit,
        route: &str,
    ) -> Result<Ticket, NoTicket> {
        visit.ticket(state, &self.sealed, route)
    }
}

impl Unreceived {
    /// A form that was not looked at yet.
    pub(super) async fn of(problem: Problem, body: FormBody) -> Self {
        Self { problem, sent: SentForm::read_on(Vec::new(), body).await }
    }
}
