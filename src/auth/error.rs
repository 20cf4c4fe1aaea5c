//! Why a login did not start or failed. Each reason has a short code, which pages show and the
//! documentation explains. It never holds a code, a token or a state.

use std::fmt;

use super::fault::JwsFault;
use super::refusal::{Meaning, Refusal};
use crate::domain::ProviderId;
use crate::problem::Code;

/// Why a login was refused. `Display` is one sentence for the log.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LoginError {
    /// No provider has this id.
    #[error("there is no provider {0}")]
    UnknownProvider(ProviderId),
    /// The provider does not answer, or not as it should.
    #[error("provider {provider} cannot be used: {reason}")]
    ProviderUnreachable {
        /// Which.
        provider: ProviderId,
        /// What was tried and what came back.
        reason: String,
    },
    /// The browser came back several times to log in again right after a login.
    #[error("the browser logged in again and again within a minute: {cause}")]
    Loop {
        /// The likely cause.
        cause: LoopCause,
    },
    /// The cookie of the pending login could not be made.
    #[error("the login cookie could not be sealed; check that session.secret_file has a key")]
    CookieFailed,
    /// The provider does not accept the login request.
    #[error("the provider does not take the login request: {0}")]
    RequestRefused(String),
    /// The login of this answer is not, or no longer, pending in this browser.
    #[error("the login is no longer pending: {0}")]
    Expired(Expiry),
    /// The provider's answer is malformed: a parameter is missing or given twice.
    #[error("the callback is not a valid answer of a provider: {reason}{}", Told(refusal))]
    InvalidCallback {
        /// What is wrong with it.
        reason: &'static str,
        /// The refusal in it, for the help desk. It is not proven.
        refusal: Option<Box<Refusal>>,
    },
    /// The answer comes from another provider than the one that was asked (RFC 9207).
    #[error(
        "the answer names another issuer than the provider that was asked, or none{}",
        Told(refusal)
    )]
    IssuerMismatch {
        /// The refusal in it, for the help desk. It is not proven. Keycloak 23 announces `iss` and
        /// omits it from refusals (keycloak#25584).
        refusal: Option<Box<Refusal>>,
    },
    /// The provider does not let the person log in.
    #[error("the provider refused: {0}")]
    ProviderRefused(Refusal),
    /// The provider does not accept the gate's own credentials.
    #[error("provider {provider} does not accept the gate's client_id and its proof: {reason}")]
    ClientRejected {
        /// Which.
        provider: ProviderId,
        /// OAuth error code and description.
        reason: String,
    },
    /// The token endpoint's answer has no tokens.
    #[error("the token endpoint's answer is not usable: {0}")]
    TokenResponse(String),
    /// The ID token does not prove who logged in.
    #[error("the ID token is refused: {0}")]
    TokenInvalid(TokenFault),
    /// UserInfo is not available, or is about another person.
    #[error("UserInfo is refused: {0}; or map only claims that the ID token has")]
    UserInfoInvalid(String),
    /// The provider does not confirm the email address.
    #[error("the provider does not say that the email address {email:?} is verified")]
    EmailUnverified {
        /// The address, for display only and to be escaped.
        email: String,
    },
    /// The address is of a mail domain that belongs to another provider.
    #[error(
        "{email:?} is of a mail domain of provider {owner}; if this provider may speak for it too, \
         put the domain into its shared_email_domains"
    )]
    EmailDomainElsewhere {
        /// The address, for display only and to be escaped.
        email: String,
        /// Whose domain it is.
        owner: ProviderId,
    },
    /// The email address has no unambiguous domain.
    #[error("{email:?} is no usable email address")]
    EmailInvalid {
        /// The address, for display only and to be escaped.
        email: String,
    },
}

impl LoginError {
    /// Whether a provider vouched for a person before the login was refused. Anybody can cause
    /// every other refusal.
    #[must_use]
    pub fn is_of_person(&self) -> bool {
        matches!(
            self,
            Self::EmailUnverified { .. }
                | Self::EmailDomainElsewhere { .. }
                | Self::EmailInvalid { .. }
        )
    }

    /// What pages, metrics and the audit trail call it.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::UnknownProvider(_) => Code::ProviderUnknown,
            Self::ProviderUnreachable { .. } => Code::ProviderUnreachable,
            Self::Loop { .. } => Code::LoginLoop,
            Self::CookieFailed => Code::LoginCookie,
            Self::RequestRefused(_) => Code::RequestRefused,
            Self::Expired(_) => Code::LoginExpired,
            Self::InvalidCallback { .. } => Code::CallbackInvalid,
            Self::IssuerMismatch { .. } => Code::IssuerMismatch,
            Self::ProviderRefused(refusal) => match refusal.meaning {
                Meaning::Cancelled => Code::LoginCancelled,
                Meaning::TimedOut => Code::LoginTimedOut,
                Meaning::Busy => Code::ProviderBusy,
                Meaning::No => Code::ProviderRefused,
            },
            Self::ClientRejected { .. } => Code::ClientRejected,
            Self::TokenResponse(_) => Code::TokenResponse,
            Self::TokenInvalid(_) => Code::TokenInvalid,
            Self::UserInfoInvalid(_) => Code::UserInfoInvalid,
            Self::EmailUnverified { .. } => Code::EmailUnverified,
            Self::EmailDomainElsewhere { .. } => Code::EmailDomainElsewhere,
            Self::EmailInvalid { .. } => Code::EmailInvalid,
        }
    }
}

/// Appends a refusal to a sentence, if there is one.
struct Told<'a>(&'a Option<Box<Refusal>>);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(refusal) => write!(f, "; it says {refusal}"),
            None => Ok(()),
        }
    }
}

/// Why the browser logs in again and again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LoopCause {
    /// It sends no session cookie after a login that set one.
    #[error("it does not keep the session cookie; cookies are blocked or the address differs")]
    SessionCookieMissing,
    /// It sends one that the gate does not know.
    #[error("it sends a session that the gate does not know; check the clock and session.store")]
    SessionUnknown,
}

impl LoopCause {
    /// Selects the sentence of the message catalogue.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::SessionCookieMissing => "session-cookie-missing",
            Self::SessionUnknown => "session-unknown",
        }
    }
}

/// Why a login is not pending.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Expiry {
    /// The provider no longer accepts the code: it was used before, or took too long.
    #[error("the provider no longer accepts the code; it was used before or is too old")]
    CodeRefused,
    /// The browser has no cookie of it: it is another browser, blocks cookies, or has finished the
    /// login.
    #[error("this browser did not start it or has finished it already")]
    NotPending,
    /// Its answer was accepted before.
    #[error("its answer was taken before; a login ends once")]
    Spent,
    /// It took longer than `limits.pending_login_age`.
    #[error("it took too long")]
    TooOld,
}

impl Expiry {
    /// Selects the sentence of the message catalogue.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::CodeRefused => "code-refused",
            Self::NotPending => "not-pending",
            Self::Spent => "spent",
            Self::TooOld => "too-old",
        }
    }
}

/// What is wrong with an ID token (OpenID Connect Core 1.0 section 3.1.3.7). Each names the claim.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenFault {
    /// `at_hash` belongs to another access token.
    #[error("at_hash does not match the access token")]
    AccessTokenHash,
    /// `aud` is not the gate.
    #[error("aud is another client than client_id")]
    Audience,
    /// It is not within `max_age`, or does not tell.
    #[error("auth_time is missing, in the future or longer ago than max_age")]
    AuthenticationTooOld,
    /// It is encrypted for a key that the gate does not have.
    #[error("it is encrypted; turn encryption of ID tokens off for this client")]
    Encrypted,
    /// `exp` has passed.
    #[error("exp is over: it has expired; check the clocks of provider and gate")]
    Expired,
    /// It was issued later than now.
    #[error("iat is in the future; check the clocks of provider and gate")]
    IssuedInFuture,
    /// `iss` is not the provider.
    #[error("iss is another issuer than the provider")]
    Issuer,
    /// A claim that must be there is missing.
    #[error("{0} is missing")]
    Lacks(&'static str),
    /// It is not a JWT, or has a member twice.
    #[error("it is malformed: {0}")]
    Malformed(String),
    /// The provider sent none.
    #[error("the provider sent none; is the scope openid allowed for this client?")]
    Missing,
    /// `nonce` is missing.
    #[error("nonce is missing")]
    NoNonce,
    /// `nonce` is of another login.
    #[error("nonce is of another login")]
    Nonce,
    /// `nbf` is later than now.
    #[error("nbf is in the future; check the clocks of provider and gate")]
    NotYetValid,
    /// A claim does not have the type that it must have.
    #[error("{claim} is not {expected}")]
    Odd {
        /// Its name.
        claim: &'static str,
        /// The type that it should have.
        expected: &'static str,
    },
    /// A refreshed token that was issued before the one of the login.
    #[error("iat is before that of the token that it is to replace")]
    OlderThanLogin,
    /// `azp` names another client.
    #[error("azp names another client")]
    OtherParty,
    /// The provider did not sign it.
    #[error(transparent)]
    Signature(#[from] JwsFault),
    /// `aud` names the gate, and others who could use the token at the gate.
    #[error("aud names other clients beside client_id")]
    Strangers,
    /// `sub` is empty.
    #[error("sub is empty")]
    SubjectEmpty,
    /// `typ` says that it is another kind of token.
    #[error("typ says that it is another kind of token")]
    Type,
}
