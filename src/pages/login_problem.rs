//! What a customer is told when a login fails: in their words, with the code their help desk needs.
//! The cause in the operator's words goes to the log.

use http::StatusCode;

use crate::auth::{Authenticator, Expiry, LoginError, LoopCause};
use crate::domain::ProviderId;
use crate::error::Problem;

const AGAIN: &str = "Log in again. If it keeps failing, tell your help desk the code below.";
const HELP_DESK: &str = "Tell your help desk the code and request number below.";

/// The page for a failed login.
pub(super) fn of(error: &LoginError, authenticator: &Authenticator) -> Problem {
    let (status, title, text, remedy) = match error {
        LoginError::ProviderUnreachable { provider, .. } => {
            return unreachable(error.code(), &name(provider, authenticator));
        }
        LoginError::Loop { cause } => (
            StatusCode::FORBIDDEN,
            "The login goes round in circles",
            loop_text(*cause).to_owned(),
            "Allow cookies for this site and check the clock of your device, then log in again.",
        ),
        LoginError::Expired(expiry) => (
            StatusCode::BAD_REQUEST,
            "This login is no longer open",
            expiry_text(*expiry).to_owned(),
            "Log in again. If you come back here, allow cookies for this site.",
        ),
        LoginError::ProviderRefused { error, description } => (
            StatusCode::FORBIDDEN,
            "Your organisation's login said no",
            description.clone().unwrap_or_else(|| format!("It answered “{error}”.")),
            AGAIN,
        ),
        LoginError::EmailUnverified { email } => (
            StatusCode::FORBIDDEN,
            "Your email address is not confirmed",
            format!("Your organisation's login has not confirmed that {email} is yours."),
            "Confirm the address there, then log in again.",
        ),
        LoginError::EmailInvalid { email } => (
            StatusCode::FORBIDDEN,
            "Your email address cannot be used",
            format!("{email} is not an address that can be told apart with certainty."),
            HELP_DESK,
        ),
        LoginError::InvalidCallback(_) | LoginError::IssuerMismatch => (
            StatusCode::BAD_REQUEST,
            "This is not an answer to a login",
            "The address does not belong to a login that was started here.".to_owned(),
            AGAIN,
        ),
        LoginError::TokenInvalid(_)
        | LoginError::UserInfoInvalid(_)
        | LoginError::TokenResponse(_) => (
            StatusCode::BAD_GATEWAY,
            "The login could not be checked",
            "Your organisation's login gave an answer that does not prove who you are.".to_owned(),
            AGAIN,
        ),
        LoginError::ClientRejected { .. }
        | LoginError::CookieFailed
        | LoginError::UnknownProvider(_) => (
            StatusCode::BAD_GATEWAY,
            "Logging in is not set up correctly",
            "The gate and your organisation's login do not understand each other.".to_owned(),
            HELP_DESK,
        ),
    };
    Problem::new(status, error.code(), title, text, remedy)
}

fn unreachable(code: &'static str, provider: &str) -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        code,
        "Your organisation's login does not answer",
        format!("“{provider}” cannot be reached at the moment, so nobody can log in."),
        "Try again in a minute; this page does so by itself.",
    )
    .retry_after(10)
}

fn name(provider: &ProviderId, authenticator: &Authenticator) -> String {
    let known = authenticator.provider(provider);
    known.map_or_else(|| provider.to_string(), |known| known.name().to_owned())
}

fn loop_text(cause: LoopCause) -> &'static str {
    match cause {
        LoopCause::SessionCookieMissing => {
            "You logged in several times within a minute, but your browser does not keep the \
             cookie that says so."
        }
        LoopCause::SessionUnknown => {
            "You logged in several times within a minute, but the gate does not recognise the \
             login afterwards."
        }
    }
}

fn expiry_text(expiry: Expiry) -> &'static str {
    match expiry {
        Expiry::CodeRefused => "The login was used before, or it took too long.",
        Expiry::NotPending => {
            "It was finished before, was started in another browser, or your browser does not \
             keep cookies."
        }
        Expiry::TooOld => "It took too long to log in.",
    }
}
