//! A decision in words: for lists and the audit trail, and for the person whom it is about. Must
//! not decide.

use std::fmt;

use super::{By, Decision, Refusal, Rule};
use crate::domain::ShortOf;

impl Decision {
    /// `allowed`, `login_needed`, `step_up_needed` or `refused`, for lists and the audit trail.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed(_) => "allowed",
            Self::LoginNeeded => "login_needed",
            Self::StepUpNeeded(_) => "step_up_needed",
            Self::Refused(_) => "refused",
        }
    }

    /// The configuration key that decided.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Allowed(Rule::Public) => "access = public",
            Self::Allowed(Rule::AnyCustomer) => "access = default",
            Self::Allowed(Rule::Listed(by)) => by.keys().0,
            Self::Allowed(Rule::Emergency) | Self::Refused(Refusal::NotInEmergency) => "emergency",
            Self::LoginNeeded => "login",
            Self::StepUpNeeded(ShortOf::Acr) => "acr_values",
            Self::StepUpNeeded(ShortOf::Age) => "max_age",
            Self::Refused(Refusal::Denied(by)) => by.keys().1,
            Self::Refused(Refusal::AllowUnknown(by)) => by.unknown_keys().0,
            Self::Refused(Refusal::DenyUnknown(by)) => by.unknown_keys().1,
            Self::Refused(Refusal::NotListed) => "access = private",
            Self::Refused(Refusal::OtherProvider) => "provider",
        }
    }
}

impl By {
    /// The name of the list in `allow` and in `deny`.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Group => ("allow.groups", "deny.groups"),
            Self::Email => ("allow.emails", "deny.emails"),
            Self::EmailDomain => ("allow.email_domains", "deny.email_domains"),
            Self::Provider => ("allow.providers", "deny.providers"),
            Self::Claim => ("allow.claims", "deny.claims"),
        }
    }
}

impl By {
    /// The same, when the gate could not learn what the list asks for.
    fn unknown_keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Group => ("allow.groups (not known)", "deny.groups (not known)"),
            Self::Email => ("allow.emails (not known)", "deny.emails (not known)"),
            Self::EmailDomain => {
                ("allow.email_domains (not known)", "deny.email_domains (not known)")
            }
            Self::Provider => ("allow.providers (not known)", "deny.providers (not known)"),
            Self::Claim => ("allow.claims (not known)", "deny.claims (not known)"),
        }
    }

    /// What the list asks for, in a person's words.
    fn asks_for(self) -> &'static str {
        match self {
            Self::Group => "the groups of your account",
            Self::Email => "your email address",
            Self::EmailDomain => "the mail domain of your account",
            Self::Provider => "the login that you use",
            Self::Claim => "what your organisation says about your account",
        }
    }
}

impl Refusal {
    /// Selects the sentence of the message catalogue by the kind of rule. The person is not told
    /// what the rule says.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::NotListed => "not-listed",
            Self::OtherProvider => "other-provider",
            Self::NotInEmergency => "not-in-emergency",
            Self::Denied(By::Group) => "denied-group",
            Self::Denied(By::Email) => "denied-email",
            Self::Denied(By::EmailDomain) => "denied-email-domain",
            Self::Denied(By::Provider) => "denied-provider",
            Self::Denied(By::Claim) => "denied-claim",
            Self::DenyUnknown(by) | Self::AllowUnknown(by) => match by {
                By::Group => "unknown-groups",
                By::Email | By::EmailDomain => "unknown-email",
                By::Provider | By::Claim => "unknown-claim",
            },
        }
    }

    /// Whether the gate refuses because it could not learn what the rule asks for.
    #[must_use]
    pub fn is_for_want_of_knowledge(self) -> bool {
        matches!(self, Self::DenyUnknown(_) | Self::AllowUnknown(_))
    }
}

/// The reason for the audit trail, which follows the portal's name.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DenyUnknown(by) | Self::AllowUnknown(by) => {
                let what = by.asks_for();
                return write!(
                    f,
                    "is open or closed depending on {what}, and your login did not tell that"
                );
            }
            Self::NotListed => {
                "is open to selected customers only, and your account is not among them"
            }
            Self::OtherProvider => "is open to those who log in elsewhere",
            Self::NotInEmergency => "is not among those that your emergency access is for",
            Self::Denied(By::Group) => "is closed to a group that your account belongs to",
            Self::Denied(By::Email) => "is closed to your account",
            Self::Denied(By::EmailDomain) => "is closed to the mail domain of your account",
            Self::Denied(By::Provider) => "is closed to accounts of the login that you used",
            Self::Denied(By::Claim) => {
                "is closed because of something your organisation says about your account"
            }
        })
    }
}
