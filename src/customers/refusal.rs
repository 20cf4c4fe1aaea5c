//! Why somebody is nobody in JSM, or may not act at a desk.

use std::sync::Arc;

use crate::domain::Identity;
use crate::jsm::Error;
use crate::problem::Problem;
use crate::session::StoreError;

/// Why there is no customer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Refusal {
    /// JSM has no account for them, and none was made.
    Missing,
    /// Which account is theirs cannot be told.
    Unclear(Unclear),
    /// JSM does not list them at the desk.
    NotListed,
    /// Their account works in Jira.
    Staff,
    /// JSM, or the store of bindings, does not answer.
    Unavailable,
}

/// Why it cannot be told which account is somebody's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unclear {
    /// The provider does not vouch for an address to look for.
    NoEmail,
    /// Several accounts have their address.
    Several,
    /// JSM hides whose address it is.
    Hidden,
    /// The account with their address is bound to somebody else.
    Taken,
    /// The account is switched off.
    Inactive,
    /// The account that they are bound to is no longer there.
    Gone,
}

impl Unclear {
    /// The name of the sentence about it.
    fn cause(self) -> &'static str {
        match self {
            Self::NoEmail => "no-email",
            Self::Several => "several",
            Self::Hidden => "hidden",
            Self::Taken => "taken",
            Self::Inactive => "inactive",
            Self::Gone => "gone",
        }
    }
}

impl Refusal {
    /// JSM did not answer as it should.
    pub(super) fn unavailable(error: &Error) -> Self {
        let remedy = error.remedy();
        tracing::warn!(%error, remedy, "JSM does not tell who a customer is");
        Self::Unavailable
    }

    /// What the audit trail calls it; `None` for what is nobody's doing.
    pub(super) fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("missing"),
            Self::Unclear(unclear) => Some(unclear.cause()),
            Self::NotListed => Some("not-listed"),
            Self::Staff => Some("staff"),
            Self::Unavailable => None,
        }
    }

    /// What to tell them. `return_to` is where somebody wants to go who has another account.
    pub(super) fn problem(
        &self,
        identity: &Identity,
        portal: Option<&str>,
        return_to: String,
    ) -> Problem {
        match self {
            Self::Missing => Problem::CustomerMissing { who: who(identity), return_to },
            Self::Unclear(unclear) => {
                Problem::CustomerUnclear { who: who(identity), cause: unclear.cause(), return_to }
            }
            Self::NotListed => {
                let portal = portal.unwrap_or_default().to_owned();
                Problem::CustomerNotListed { portal, who: who(identity), return_to }
            }
            Self::Staff => Problem::CustomerStaff { who: who(identity), return_to },
            Self::Unavailable => Problem::CustomersUnavailable,
        }
    }
}

fn who(identity: &Identity) -> String {
    identity.label().to_owned()
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::unavailable(&error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "which account a login opens cannot be read");
        Self::Unavailable
    }
}

impl From<Arc<Self>> for Refusal {
    fn from(shared: Arc<Self>) -> Self {
        Self::clone(&shared)
    }
}
