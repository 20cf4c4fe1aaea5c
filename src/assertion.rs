//! The signed assertion that tells the upstream who a customer is: a JWT (RFC 7519), which proves
//! itself, while a plain header must be believed. Must not know requests.

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

use crate::config::AssertionConfig;
use crate::domain::{Clock, Email, Identity, ProviderId, PublicUrl};
use crate::keys::Keyring;

/// How far an assertion is dated back, in seconds: some verifiers accept no difference between
/// their clock and ours.
const DATED_BACK: u64 = 10;

/// Signs assertions for one upstream.
#[derive(Debug)]
pub struct Signer {
    issuer: String,
    audience: String,
    /// Seconds from `iat` to `exp`.
    lifetime: u64,
    keyring: Arc<Keyring>,
    clock: Clock,
}

/// A signed assertion and how long it is valid.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// The compact JWT.
    pub token: String,
    /// How long it is valid.
    pub validity: Validity,
}

/// How long an assertion is valid, in Unix seconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Validity {
    signed: u64,
    renew: u64,
    last_use: u64,
}

/// What to do with an assertion now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Age {
    /// Send it.
    Fresh,
    /// Send it, and make the next one.
    Aging,
    /// Make another one first: the upstream might refuse it.
    Old,
}

impl Signer {
    /// Signs for the upstream that `config` names, in the name of `public_url`.
    #[must_use]
    pub fn new(
        config: &AssertionConfig,
        public_url: &PublicUrl,
        keyring: Arc<Keyring>,
        clock: Clock,
    ) -> Self {
        let (issuer, audience) = (public_url.origin().to_owned(), config.audience.clone());
        Self { issuer, audience, lifetime: config.lifetime.as_secs(), keyring, clock }
    }

    /// Signs; `None` when the system has no randomness to give. About 30 µs.
    #[must_use]
    pub fn sign(&self, identity: &Identity) -> Option<Assertion> {
        let now = self.clock.unix_seconds();
        let issued = now.saturating_sub(DATED_BACK);
        let claims = Claims {
            iss: &self.issuer,
            aud: &self.audience,
            sub: format!("{}/{}", identity.provider, identity.subject),
            provider: &identity.provider,
            email: identity.email.known(),
            name: identity.name.as_deref(),
            given_name: identity.first_name.as_deref(),
            family_name: identity.last_name.as_deref(),
            groups: identity.groups.values(),
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(self.lifetime),
        };
        let claims = serde_json::to_vec(&claims).ok()?;
        let token = self.keyring.signing()?.sign(&claims)?;
        Some(Assertion { token, validity: Validity::new(now, issued, self.lifetime) })
    }

    /// What to do with an assertion now.
    #[must_use]
    pub fn age(&self, validity: Validity) -> Age {
        validity.age(self.clock.unix_seconds())
    }
}

impl Validity {
    /// The times leave a quarter of the lifetime when the assertion is last sent.
    fn new(signed: u64, issued: u64, lifetime: u64) -> Self {
        Self { signed, renew: issued + lifetime / 2, last_use: issued + lifetime * 3 / 4 }
    }

    fn age(self, now: u64) -> Age {
        match now {
            now if now < self.signed || now >= self.last_use => Age::Old,
            now if now >= self.renew => Age::Aging,
            _ => Age::Fresh,
        }
    }
}

/// The claims of an assertion. What is not known is absent.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    /// Unique among all providers (RFC 7519 section 4.1.2), which `Identity::subject` is not.
    sub: String,
    provider: &'a ProviderId,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a Email>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "<[SmolStr]>::is_empty")]
    groups: &'a [SmolStr],
    iat: u64,
    nbf: u64,
    exp: u64,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::clock_set_back(300, 999, Age::Old)]
    #[case::new(300, 1000, Age::Fresh)]
    #[case::before_half_time(300, 1139, Age::Fresh)]
    #[case::half_time(300, 1140, Age::Aging)]
    #[case::still_usable(300, 1214, Age::Aging)]
    #[case::a_quarter_left(300, 1215, Age::Old)]
    #[case::expired(300, 9999, Age::Old)]
    #[case::the_shortest_is_new(60, 1019, Age::Fresh)]
    #[case::the_shortest_is_usable(60, 1034, Age::Aging)]
    #[case::fifteen_seconds_of_the_shortest_left(60, 1035, Age::Old)]
    fn d10_an_assertion_is_renewed_well_before_it_expires(
        #[case] lifetime: u64,
        #[case] now: u64,
        #[case] age: Age,
    ) {
        assert_eq!(Validity::new(1000, 1000 - DATED_BACK, lifetime).age(now), age);
    }
}
