//! What a customer is told when a login fails: in their words, with the code their help desk needs.
//! The cause in the operator's words goes to the log.

use http::StatusCode;

use crate::auth::{Authenticator, Expiry, LoginError, LoopCause};
use crate::domain::ProviderId;
use crate::error::Problem;

const AGAIN: &str = "Log in again. If it keeps failing, tell your help desk the code below.";
const HELP_DESK: &str = "Tell your help desk the code and request number below.";

/// Status, title, text and remedy.
type Told = (StatusCode, &'static str, String, &'static str);

/// The page for a failed login.
pub(super) fn of(error: &LoginError, authenticator: &Authenticator) -> Problem {
    let told = match error {
        LoginError::ProviderUnreachable { provider, .. } => {
            return unreachable(error.code(), &name(provider, authenticator));
        }
        LoginError::Loop { cause } => going_round(*cause),
        LoginError::Expired(expiry) => expired(*expiry),
        LoginError::ProviderRefused { error, description } => {
            provider_refused(error, description.as_deref())
        }
        LoginError::EmailUnverified { email } => email_unverified(email),
        LoginError::EmailInvalid { email } => email_invalid(email),
        LoginError::EmailDomainElsewhere { email, owner } => {
            email_domain_elsewhere(email, &name(owner, authenticator))
        }
        LoginError::InvalidCallback(_) | LoginError::IssuerMismatch => no_answer(),
        LoginError::TokenInvalid(_)
        | LoginError::UserInfoInvalid(_)
        | LoginError::TokenResponse(_) => no_proof(),
        LoginError::ClientRejected { .. }
        | LoginError::RequestRefused(_)
        | LoginError::CookieFailed
        | LoginError::UnknownProvider(_) => set_up_wrongly(),
    };
    let (status, title, text, remedy) = told;
    Problem::new(status, error.code(), title, text, remedy)
}

fn unreachable(code: &'static str, provider: &str) -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        code,
        "Your organisation's login does not answer",
        format!("“{provider}” cannot be reached at the moment, so nobody can log in."),
        "This page goes on by itself as soon as it answers again.",
    )
    .retry_after(10)
}

fn name(provider: &ProviderId, authenticator: &Authenticator) -> String {
    let known = authenticator.provider(provider);
    known.map_or_else(|| provider.to_string(), |known| known.name().to_owned())
}

fn going_round(cause: LoopCause) -> Told {
    let text = match cause {
        LoopCause::SessionCookieMissing => {
            "You logged in several times within a minute, but your browser does not keep the \
             cookie that says so."
        }
        LoopCause::SessionUnknown => {
            "You logged in several times within a minute, but the gate does not recognise the \
             login afterwards."
        }
    };
    let remedy =
        "Allow cookies for this site and check the clock of your device, then log in again.";
    (StatusCode::FORBIDDEN, "The login goes round in circles", text.to_owned(), remedy)
}

fn expired(expiry: Expiry) -> Told {
    let text = match expiry {
        Expiry::CodeRefused => "The login was used before, or it took too long.",
        Expiry::NotPending => {
            "It was finished before, was started in another browser, or your browser does not \
             keep cookies."
        }
        Expiry::TooOld => "It took too long to log in.",
    };
    let remedy = "Log in again. If you come back here, allow cookies for this site.";
    (StatusCode::BAD_REQUEST, "This login is no longer open", text.to_owned(), remedy)
}

fn provider_refused(error: &str, description: Option<&str>) -> Told {
    let text = match description {
        Some(description) => format!("It answered: “{description}” ({error})."),
        None => format!("It answered “{error}”."),
    };
    (StatusCode::FORBIDDEN, "Your organisation's login said no", text, AGAIN)
}

fn email_unverified(email: &str) -> Told {
    let text = format!("Your organisation's login has not confirmed that {email} is yours.");
    let remedy = "Confirm the address there, then log in again.";
    (StatusCode::FORBIDDEN, "Your email address is not confirmed", text, remedy)
}

fn email_invalid(email: &str) -> Told {
    let text = format!("{email} is not an address whose owner can be told with certainty.");
    (StatusCode::FORBIDDEN, "Your email address cannot be used", text, HELP_DESK)
}

fn email_domain_elsewhere(email: &str, owner: &str) -> Told {
    let text = format!("You logged in as {email}, but such addresses log in with “{owner}”.");
    let remedy = "Log in again and choose that login.";
    (StatusCode::FORBIDDEN, "This address logs in elsewhere", text, remedy)
}

fn no_answer() -> Told {
    let text = "The address does not belong to a login that was started here.".to_owned();
    (StatusCode::BAD_REQUEST, "This is not an answer to a login", text, AGAIN)
}

fn no_proof() -> Told {
    let text = "Your organisation's login gave an answer that does not prove who you are.";
    (StatusCode::BAD_GATEWAY, "The login could not be checked", text.to_owned(), AGAIN)
}

fn set_up_wrongly() -> Told {
    let text = "The gate and your organisation's login do not understand each other.".to_owned();
    (StatusCode::BAD_GATEWAY, "Logging in is not set up correctly", text, HELP_DESK)
}
