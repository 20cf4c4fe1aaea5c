//! Makes an identity from a provider's claims. Must not know tokens and signatures: the claims have
//! been verified.

use std::time::Duration;

use serde_json::Value;
use smol_str::SmolStr;

use super::{Claims, lists};
use crate::auth::error::LoginError;
use crate::config::{EmailPolicy, ProviderConfig};
use crate::domain::{Email, Identity, Proof, Told};

/// The answer of UserInfo.
#[derive(Debug)]
pub(in crate::auth) enum UserInfo {
    /// These claims; none when there was nothing to ask, or no endpoint.
    Said(Claims),
    /// It did not answer as it should, so its claims are unknown.
    NotHad,
}

/// All sources about a person.
pub(in crate::auth) struct Said<'a> {
    /// The source that goes first: the ID token, if there is one.
    pub(in crate::auth) first: &'a Claims,
    pub(in crate::auth) user_info: &'a UserInfo,
    /// At a refresh, the identity of the session. What is not repeated stays as it was: a refreshed
    /// ID token need not repeat a claim (OpenID Connect Core 1.0 section 12.2).
    pub(in crate::auth) before: Option<&'a Identity>,
}

impl Said<'_> {
    fn sources(&self) -> impl Iterator<Item = &Claims> {
        let user_info = match self.user_info {
            UserInfo::Said(claims) => Some(claims),
            UserInfo::NotHad => None,
        };
        std::iter::once(self.first).chain(user_info)
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.sources().find_map(|claims| claims.text(path))
    }

    /// Whether there may be more than was found: it is kept elsewhere, or UserInfo did not answer.
    fn may_be_elsewhere(&self, path: &str) -> bool {
        matches!(self.user_info, UserInfo::NotHad)
            || self.sources().any(|claims| claims.are_elsewhere(path))
    }

    /// All values of a claim. If one source has only a part of them, the next may have all.
    fn list(&self, path: &str, read: fn(&Value) -> Option<Vec<SmolStr>>) -> Told<Vec<SmolStr>> {
        let all = self.sources().filter(|claims| !claims.are_elsewhere(path));
        match all.filter_map(|claims| claims.lookup(path)).map(read).next() {
            Some(Some(values)) => Told::Known(values),
            Some(None) => Told::Unknown,
            None if self.may_be_elsewhere(path) => Told::Unknown,
            None => Told::Absent,
        }
    }
}

/// Whether the ID token leaves something open that UserInfo may answer.
pub(in crate::auth) fn leave_open(config: &ProviderConfig, id_token: &Claims) -> bool {
    let map = &config.attributes;
    let mut mapped = vec![&map.email, &map.name, &map.first_name, &map.last_name, &map.groups];
    mapped.extend(map.extra.iter().map(|(_, path)| path));
    mapped.extend((!config.email.insecure_allow_unverified).then_some(&map.email_verified));
    mapped.iter().any(|path| id_token.lookup(path).is_none() || id_token.are_elsewhere(path))
}

/// Whether nobody can log in without UserInfo: the ID token has no address, or none that is
/// believed by itself.
pub(in crate::auth) fn need_user_info(config: &ProviderConfig, id_token: &Claims) -> bool {
    let Some(email) = id_token.text(&config.attributes.email) else {
        return id_token.lookup(&config.attributes.email).is_none();
    };
    let unsaid = id_token.lookup(&config.attributes.email_verified).is_none();
    let believed = config.email.insecure_allow_unverified
        || Email::parse(email).is_ok_and(|email| config.email.gives_out(&email));
    unsaid && !believed
}

/// Makes the identity. The ID token goes before UserInfo, and new claims go before earlier ones.
pub(in crate::auth) fn identity(
    config: &ProviderConfig,
    subject: &str,
    said: &Said<'_>,
) -> Result<Identity, LoginError> {
    let (map, before) = (&config.attributes, said.before);
    let name = |path: &str, before: Option<&Option<SmolStr>>| {
        let said = said.text(path).map(|text| SmolStr::from(text.trim()));
        said.or_else(|| before.cloned().flatten())
    };
    let extra = map.extra.iter().map(|(name, path)| {
        // Of what was not asked for at the login, silence at a refresh says nothing.
        let earlier =
            |before: &Identity| before.attributes.get(name).cloned().unwrap_or(Told::Unknown);
        let values = match said.list(path, lists::values) {
            Told::Known(values) if values.is_empty() => Told::Absent,
            values => values.or_as_before(|| before.map_or(Told::Absent, earlier)),
        };
        (name.clone(), values)
    });
    let earlier = || before.map(|before| before.groups.clone()).unwrap_or_default();
    Ok(Identity {
        provider: config.id.clone(),
        subject: subject.into(),
        email: email(config, said)?,
        name: name(&map.name, before.map(|before| &before.name)),
        first_name: name(&map.first_name, before.map(|before| &before.first_name)),
        last_name: name(&map.last_name, before.map(|before| &before.last_name)),
        groups: said.list(&map.groups, lists::groups).or_as_before(earlier),
        attributes: extra.collect(),
        proof: Proof::Login {
            acr: said.first.text("acr").map(SmolStr::from),
            auth_time: said.first.lookup("auth_time").and_then(seconds),
        },
    })
}

/// Whole seconds of a time that may have a fraction (RFC 7519 section 2, `NumericDate`).
fn seconds(time: &Value) -> Option<u64> {
    let whole = || Duration::try_from_secs_f64(time.as_f64()?).ok().map(|since| since.as_secs());
    time.as_u64().or_else(whole)
}

/// Address and verification come from the same source: UserInfo verifies only its own address.
fn email(config: &ProviderConfig, said: &Said<'_>) -> Result<Told<Email>, LoginError> {
    let (path, verified) = (&config.attributes.email, &config.attributes.email_verified);
    let before = said.before.map(|before| &before.email);
    let has = |claims: &&Claims| claims.lookup(path).is_some();
    let decided = |claims: &&Claims| has(claims) && claims.lookup(verified).is_some();
    // The first source with both, or else the last one with an address.
    let source = said.sources().find(decided).or_else(|| said.sources().filter(has).last());
    let Some(source) = source else {
        let told = if said.may_be_elsewhere(path) { Told::Unknown } else { Told::Absent };
        return Ok(told.or_as_before(|| before.cloned().unwrap_or_default()));
    };
    let text = source.text(path).unwrap_or_default();
    let shown = || text.chars().take(254).collect();
    let email = Email::parse(text).map_err(|_| LoginError::EmailInvalid { email: shown() })?;
    let said = source.says(verified);
    let as_before = said != Some(false) && before.and_then(Told::known) == Some(&email);
    if as_before || is_believed(&config.email, source, said, &email) {
        Ok(Told::Known(email))
    } else {
        Err(LoginError::EmailUnverified { email: shown() })
    }
}

/// The provider says that the address is verified and is trusted with that, or it says nothing
/// about an address that it hands out itself. An explicit no is always a no.
fn is_believed(policy: &EmailPolicy, source: &Claims, said: Option<bool>, email: &Email) -> bool {
    let answers = policy.authority.is_none_or(|authority| {
        email.domain() == authority.own_domain || source.text(authority.claim).is_some()
    });
    match said {
        _ if policy.insecure_allow_unverified => true,
        Some(verified) => verified && (answers || policy.gives_out(email)),
        None => policy.gives_out(email),
    }
}

#[cfg(test)]
mod tests;
