//! A form that was sent and not taken: what was typed, and whose form it is by its ticket. Must not know what
//! the form is about.

use super::HostedState;
use super::visit::Visit;
use crate::portal::forms::Ticket;
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

/// Whose form it is.
pub(super) enum Whose {
    /// Made for somebody else.
    Anothers(Ticket),
    /// The sender's own.
    Theirs(Ticket),
    /// None that the gate made for this address, or not lately.
    Unknown,
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

    /// Whose form it is that came to `route`.
    pub(super) fn whose(&self, state: &HostedState, visit: &Visit, route: &str) -> Whose {
        match state.tickets.open(&self.sealed, route) {
            Ok(ticket) if ticket.is_of(&visit.entered.session().identity) => Whose::Theirs(ticket),
            Ok(ticket) => Whose::Anothers(ticket),
            Err(_) => Whose::Unknown,
        }
    }
}

impl Unreceived {
    /// A form that was not looked at yet.
    pub(super) async fn of(problem: Problem, body: FormBody) -> Self {
        Self { problem, sent: SentForm::read_on(Vec::new(), body).await }
    }
}

/// For whoever keeps nothing of it.
impl From<Box<Unreceived>> for Problem {
    fn from(unreceived: Box<Unreceived>) -> Self {
        unreceived.problem
    }
}
