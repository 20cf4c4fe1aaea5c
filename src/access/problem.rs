//! What somebody is told whom the rules do not let in. Must not decide, or know how a problem is shown.

use super::{Decision, Refusal};
use crate::problem::{LoginOffer, Problem};

impl Decision {
    /// Why somebody may not use what customers know as `name`. If a login at another provider would let them
    /// in, which customers know as `wanted`, it is offered. It leads to `return_to`. It is never begun
    /// unasked, because it replaces the present login.
    #[must_use]
    pub fn problem(self, name: &str, wanted: Option<&str>, return_to: String) -> Problem {
        let portal = name.to_owned();
        match (self, wanted) {
            (Self::Refused(Refusal::OtherProvider), Some(provider)) => {
                let login = LoginOffer { provider: provider.to_owned(), at: None, return_to };
                Problem::OtherProvider { portal, login: Box::new(login) }
            }
            (Self::Refused(refusal), _) if refusal.is_for_want_of_knowledge() => {
                Problem::AccessUnknown { portal, cause: refusal.cause(), return_to }
            }
            (Self::Refused(refusal), _) => {
                Problem::Refused { portal, cause: refusal.cause(), return_to }
            }
            (Self::StepUpNeeded(_), _) => Problem::StepUpNeeded { portal },
            (Self::LoginNeeded | Self::Allowed(_), _) => Problem::LoginNeeded,
        }
    }
}
