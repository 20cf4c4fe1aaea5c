//! What goes into a login and what comes out of it, as plain data. Must not know how a login works.

use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::error::LoginError;
use super::provider_claims::ProviderClaims;
use super::return_to::ReturnTo;
use crate::domain::{Email, LoginDemand};
use crate::session::Login;

/// How a person wants to log in.
#[derive(Clone, Debug)]
pub struct LoginWish<'a> {
    /// Where they want to go afterwards.
    pub return_to: &'a ReturnTo,
    /// The address they typed, as a hint to the provider.
    pub login_hint: Option<&'a Email>,
    /// Whether they chose the provider themselves. It is remembered once the login succeeds.
    pub chosen: bool,
    /// Whether they have a live session that the login replaces. A browser without one that has
    /// just logged in several times is in a loop.
    pub replaces_session: bool,
    /// What the portal that they want to open demands of the login.
    pub demand: Option<&'a LoginDemand>,
    /// Why it is begun.
    pub occasion: Occasion,
    /// What its answer is for.
    pub purpose: Purpose,
}

/// What the answer of a login is for. It travels with the login.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A session.
    #[default]
    Session,
    /// The report of the test login with this id; it begins no session.
    Test(String),
}

impl Purpose {
    /// Whether a session is to begin.
    #[must_use]
    pub fn is_session(&self) -> bool {
        *self == Self::Session
    }
}

/// Why a login is begun.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Occasion {
    /// A person wants to open a page.
    #[default]
    Visit,
    /// They want to be somebody else than the provider would choose.
    AnotherAccount,
    /// The login before it timed out at the provider.
    TimedOut,
}

impl<'a> LoginWish<'a> {
    /// A login without special wishes.
    #[must_use]
    pub fn to(return_to: &'a ReturnTo) -> Self {
        Self {
            return_to,
            login_hint: None,
            chosen: false,
            replaces_session: false,
            demand: None,
            occasion: Occasion::Visit,
            purpose: Purpose::Session,
        }
    }
}

/// A login that may start: the browser is sent there with these cookies.
#[derive(Clone, Debug)]
pub struct LoginStart {
    /// The provider's address, for `Location`.
    pub location: String,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

/// A login that succeeded.
#[derive(Clone, Debug)]
pub struct LoginDone {
    /// Who it is, and what the session keeps.
    pub login: Login,
    /// The claims of the provider.
    pub provider_claims: ProviderClaims,
    /// Where the customer wanted to go.
    pub return_to: ReturnTo,
    /// What it was for.
    pub purpose: Purpose,
    /// Whether the customer had asked for another account.
    pub another_account: bool,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

/// A login that did not succeed.
#[derive(Clone, Debug)]
pub struct LoginRefused {
    /// Why.
    pub error: LoginError,
    /// The claims of the provider, as far as the login came.
    pub provider_claims: ProviderClaims,
    /// Where the customer wanted to go, so that the login can start again. Unknown without a
    /// pending login.
    pub return_to: Option<ReturnTo>,
    /// What it was for, if that is known.
    pub purpose: Purpose,
    /// Whether the customer had asked for another account.
    pub another_account: bool,
    /// Whether the gate may start it again without asking.
    pub may_retry: bool,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

impl LoginRefused {
    /// A login of which only the error is known.
    #[must_use]
    pub fn because(error: LoginError) -> Self {
        let (provider_claims, set_cookies) = (ProviderClaims::default(), Vec::new());
        Self {
            error,
            provider_claims,
            return_to: None,
            purpose: Purpose::Session,
            another_account: false,
            may_retry: false,
            set_cookies,
        }
    }
}
