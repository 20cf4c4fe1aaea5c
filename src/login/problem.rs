//! The problem that tells a customer why a login failed. The cause in the operator's words is in
//! the log. Must not know how a problem is shown.

use crate::auth::{Authenticator, LoginError, Meaning, Refusal, ReturnTo};
use crate::domain::ProviderId;
use crate::problem::{LoginOffer, Problem};

/// The problem of a failed login that was to lead to `return_to`.
pub(super) fn of(
    error: &LoginError,
    authenticator: &Authenticator,
    return_to: &ReturnTo,
) -> Problem {
    match error {
        LoginError::UnknownProvider(_) => Problem::ProviderUnknown,
        LoginError::ProviderUnreachable { provider, .. } => {
            Problem::ProviderUnreachable { provider: name(provider, authenticator) }
        }
        LoginError::Loop { cause } => Problem::LoginLoop { cause: cause.cause() },
        LoginError::CookieFailed => Problem::LoginCookie,
        LoginError::RequestRefused(_) => Problem::RequestRefused,
        LoginError::Expired(expiry) => Problem::LoginExpired { cause: expiry.cause() },
        LoginError::InvalidCallback { refusal, .. } => {
            Problem::CallbackInvalid { cause: cause(refusal.as_deref()) }
        }
        LoginError::IssuerMismatch { refusal } => {
            Problem::IssuerMismatch { cause: cause(refusal.as_deref()) }
        }
        LoginError::ProviderRefused(refusal) => refused(refusal),
        LoginError::ClientRejected { .. } => Problem::ClientRejected,
        LoginError::TokenResponse(_) => Problem::TokenResponse,
        LoginError::TokenInvalid(_) => Problem::TokenInvalid,
        LoginError::UserInfoInvalid(_) => Problem::UserInfoInvalid,
        LoginError::EmailUnverified { email } => Problem::EmailUnverified { email: email.clone() },
        LoginError::EmailInvalid { email } => Problem::EmailInvalid { email: email.clone() },
        LoginError::EmailDomainElsewhere { email, owner } => Problem::EmailDomainElsewhere {
            email: email.clone(),
            login: Box::new(LoginOffer {
                provider: name(owner, authenticator),
                at: Some(owner.clone()),
                return_to: return_to.as_str().to_owned(),
            }),
        },
    }
}

/// The name of a provider that customers know.
fn name(provider: &ProviderId, authenticator: &Authenticator) -> String {
    let known = authenticator.provider(provider);
    known.map_or_else(|| provider.to_string(), |known| known.name().to_owned())
}

fn refused(refusal: &Refusal) -> Problem {
    let answer = answer(refusal);
    match refusal.meaning {
        Meaning::Cancelled => Problem::LoginCancelled { answer },
        Meaning::TimedOut => Problem::LoginTimedOut,
        Meaning::Busy => Problem::ProviderBusy { answer },
        Meaning::No => Problem::ProviderRefused { answer },
    }
}

/// A refusal from an unknown source is only in the log: anybody could have put it into the address.
fn cause(refusal: Option<&Refusal>) -> &'static str {
    if refusal.is_some() { "refused" } else { "no-answer" }
}

fn answer(Refusal { error, description, .. }: &Refusal) -> String {
    match description {
        Some(description) => format!("“{description}” ({error})"),
        None => format!("“{error}”"),
    }
}
