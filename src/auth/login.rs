//! What goes into a login and what comes out of one. Plain data.

use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::error::LoginError;
use super::provider_claims::ProviderClaims;
use super::return_to::ReturnTo;
use crate::domain::{Email, LoginDemand};
use crate::session::Login;

/// How somebody wants to log in.
#[derive(Clone, Debug)]
pub struct LoginWish<'a> {
    /// Where they want to go afterwards.
    pub return_to: &'a ReturnTo,
    /// The address they typed, for the provider to fill in.
    pub login_hint: Option<&'a Email>,
    /// Whether they chose the provider themselves: it is remembered once the login succeeds.
    pub chosen: bool,
    /// Whether they have a live session that the login is to replace. Without one, a browser that
    /// just logged in several times is going round in circles.
    pub replaces_session: bool,
    /// What the login has to be like for where they want to go.
    pub demand: Option<&'a LoginDemand>,
    /// What it is begun for.
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

/// What a login is begun for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Occasion {
    /// Somebody wants to go somewhere.
    #[default]
    Visit,
    /// They want to be somebody else than the provider has in mind.
    AnotherAccount,
    /// The login before it timed out at the provider.
    TimedOut,
}

impl<'a> LoginWish<'a> {
    /// Nothing special.
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

/// A login that may start: send the browser there, with these cookies.
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
    /// Who it is, and what their session is to know.
    pub login: Login,
    /// What the provider said.
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
    /// What the provider said, as far as it came.
    pub provider_claims: ProviderClaims,
    /// Where the customer wanted to go, for a link that starts again; unknown without a pending
    /// login.
    pub return_to: Option<ReturnTo>,
    /// What it was for, as far as that is known.
    pub purpose: Purpose,
    /// Whether the customer had asked for another account.
    pub another_account: bool,
    /// Whether the gate may begin it again by itself.
    pub may_retry: bool,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

impl LoginRefused {
    /// A login of which nothing more is known.
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
