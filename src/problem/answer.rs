//! What the answer to a request says because of a problem: its status, when to try again, and which login would
//! help. It must not know the texts.

use std::borrow::Cow;

use http::StatusCode;

use super::{LoginOffer, Problem};

/// However long JSM asks to be left alone, a page looks again after so many seconds.
const LONGEST_WAIT: u32 = 60;

impl Problem {
    /// A request that is malformed or that two servers might read differently.
    #[must_use]
    pub fn bad_request(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::BadRequest { reason: reason.into() }
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.code().status()
    }

    /// Seconds after which trying again makes sense. The page then tries by itself.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        let usual = self.code().retry_after()?;
        let asked = if let Self::UpstreamBusy { wait } = self { wait.unwrap_or(0) } else { 0 };
        Some(usual.max(asked.min(LONGEST_WAIT)))
    }

    /// Whether JSM cannot be asked at the moment, which says nothing of what was asked for.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::UpstreamBusy { .. } | Self::UpstreamUnreachable | Self::UpstreamSlow)
    }

    /// The login that would help.
    #[must_use]
    pub fn login(&self) -> Option<&LoginOffer> {
        match self {
            Self::OtherProvider { login, .. } | Self::EmailDomainElsewhere { login, .. } => {
                Some(login)
            }
            _ => None,
        }
    }

    /// What is wrong with the request, for whoever looks into it; in English.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::BadRequest { reason } | Self::SamlRequest { reason } => Some(reason),
            _ => None,
        }
    }

    /// Where to go after a login with another account, if such a login would help.
    #[must_use]
    pub fn for_another_account(&self) -> Option<&str> {
        match self {
            Self::Refused { return_to, .. }
            | Self::AccessUnknown { return_to, .. }
            | Self::CustomerUnknown { return_to }
            | Self::CustomerMissing { return_to, .. }
            | Self::CustomerUnclear { return_to, .. }
            | Self::CustomerNotListed { return_to, .. }
            | Self::CustomerStaff { return_to, .. }
            | Self::JiraDenied { return_to, .. }
            | Self::NotVouched { return_to, .. } => Some(return_to),
            _ => None,
        }
    }

    /// Whether the failed login might succeed with another account. The same account would fail
    /// again, and while the provider's own session lasts it would be used again without asking.
    #[must_use]
    pub fn is_of_account(&self) -> bool {
        matches!(
            self,
            Self::EmailUnverified { .. }
                | Self::EmailInvalid { .. }
                | Self::EmailDomainElsewhere { .. }
                | Self::ProviderRefused { .. }
                | Self::LoginCancelled { .. }
                | Self::StepUpFailed { .. }
        )
    }
}
