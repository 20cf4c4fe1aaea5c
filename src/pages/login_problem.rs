//! The page that tells a customer why a login failed. The cause in the operator's words goes to the
//! log.

use crate::auth::{Authenticator, LoginError};
use crate::domain::ProviderId;
use crate::problem::Problem;

/// The problem to show for a failed login.
pub(super) fn of(error: &LoginError, authenticator: &Authenticator) -> Problem {
    match error {
        LoginError::UnknownProvider(_) => Problem::ProviderUnknown,
        LoginError::ProviderUnreachable { provider, .. } => {
            Problem::ProviderUnreachable { provider: name(provider, authenticator) }
        }
        LoginError::Loop { cause } => Problem::LoginLoop { cause: cause.cause() },
        LoginError::CookieFailed => Problem::LoginCookie,
        LoginError::RequestRefused(_) => Problem::RequestRefused,
        LoginError::Expired(expiry) => Problem::LoginExpired { cause: expiry.cause() },
        LoginError::InvalidCallback(_) => Problem::CallbackInvalid,
        LoginError::IssuerMismatch => Problem::IssuerMismatch,
        LoginError::ProviderRefused { error, description } => {
            Problem::ProviderRefused { answer: answer(error, description.as_deref()) }
        }
        LoginError::ClientRejected { .. } => Problem::ClientRejected,
        LoginError::TokenResponse(_) => Problem::TokenResponse,
        LoginError::TokenInvalid(_) => Problem::TokenInvalid,
        LoginError::UserInfoInvalid(_) => Problem::UserInfoInvalid,
        LoginError::EmailUnverified { email } => Problem::EmailUnverified { email: email.clone() },
        LoginError::EmailInvalid { email } => Problem::EmailInvalid { email: email.clone() },
        LoginError::EmailDomainElsewhere { email, owner } => Problem::EmailDomainElsewhere {
            email: email.clone(),
            provider: name(owner, authenticator),
        },
    }
}

/// A provider as customers know it.
fn name(provider: &ProviderId, authenticator: &Authenticator) -> String {
    let known = authenticator.provider(provider);
    known.map_or_else(|| provider.to_string(), |known| known.name().to_owned())
}

fn answer(error: &str, description: Option<&str>) -> String {
    match description {
        Some(description) => format!("“{description}” ({error})"),
        None => format!("“{error}”"),
    }
}
