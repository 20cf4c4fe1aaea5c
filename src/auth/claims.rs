//! What a provider says of a person, and the identity made of it. Knows nothing of tokens and
//! signatures: what comes in here has been verified.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use smol_str::{SmolStr, ToSmolStr as _};

use super::error::LoginError;
use crate::config::{EmailPolicy, ProviderConfig};
use crate::domain::{Email, Identity, Proof};

/// A JSON object of claims in which no name occurs twice: readers disagree which one counts
/// (RFC 7519 section 4; threats.md D5).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// The value of a claim; dots reach into objects (`realm_access.roles`) unless a claim has
    /// just that name, as in `https://example.com/groups`. `null` counts as absent.
    pub(super) fn lookup(&self, path: &str) -> Option<&Value> {
        let walk = || {
            let mut names = path.split('.');
            let first = self.0.get(names.next()?)?;
            names.try_fold(first, |value, name| value.get(name))
        };
        self.0.get(path).or_else(walk).filter(|value| !value.is_null())
    }

    /// Replaces a claim, for what was asked elsewhere.
    pub(super) fn set(&mut self, path: &str, value: Value) {
        self.0.insert(path.to_owned(), value);
    }

    /// Whether there is a claim of this name, whatever its value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Every claim.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether the groups are too many for the token, which then only says where to ask for them:
    /// Microsoft's overage (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>).
    pub(super) fn groups_are_elsewhere(&self, path: &str) -> bool {
        let named = self.lookup("_claim_names").is_some_and(|names| names.get(path).is_some());
        named || self.lookup("hasgroups") == Some(&Value::Bool(true))
    }

    /// One text; a list of one counts, as Azure AD B2C sends addresses.
    fn text(&self, path: &str) -> Option<&str> {
        let value = match self.lookup(path)? {
            Value::Array(list) => list.first().filter(|_| list.len() == 1)?,
            value => value,
        };
        value.as_str().filter(|text| !text.trim().is_empty())
    }

    /// Amazon Cognito and some others send the boolean as text, and Microsoft its `xms_edov` now and
    /// then as `"1"`. What is neither is not a yes.
    fn says(&self, path: &str) -> Option<bool> {
        self.lookup(path).map(|value| match value {
            Value::Bool(yes) => *yes,
            Value::String(text) => matches!(text.as_str(), "true" | "1"),
            _ => false,
        })
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;

        impl<'de> Visitor<'de> for Once {
            type Value = Claims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of claims")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
                let mut claims = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if claims.insert(name, value).is_some() {
                        return Err(A::Error::custom("a claim occurs twice"));
                    }
                }
                Ok(Claims(claims))
            }
        }

        deserializer.deserialize_map(Once)
    }
}

/// Whether the ID token leaves something open that UserInfo may answer.
pub(super) fn leave_open(config: &ProviderConfig, id_token: &Claims) -> bool {
    let map = &config.attributes;
    let mut mapped = vec![&map.email, &map.name, &map.first_name, &map.last_name, &map.groups];
    mapped.extend(map.extra.iter().map(|(_, path)| path));
    mapped.extend((!config.email.insecure_allow_unverified).then_some(&map.email_verified));
    mapped.iter().any(|path| id_token.lookup(path).is_none())
}

/// Makes the identity of the ID token's claims and, where it has none, of UserInfo's.
pub(super) fn identity(
    config: &ProviderConfig,
    subject: &str,
    id_token: &Claims,
    user_info: &Claims,
) -> Result<Identity, LoginError> {
    let map = &config.attributes;
    let text = |path: &str| id_token.text(path).or_else(|| user_info.text(path));
    let name = |path: &str| text(path).map(|text| SmolStr::from(text.trim()));
    let found = |path: &str| id_token.lookup(path).or_else(|| user_info.lookup(path));
    let extra = map.extra.iter().map(|(name, path)| (name, found(path).map(values)));
    let extra = extra.filter_map(|(name, values)| Some((name.clone(), values?)));
    Ok(Identity {
        provider: config.id.clone(),
        subject: subject.into(),
        email: email(config, id_token, user_info)?,
        name: name(&map.name),
        first_name: name(&map.first_name),
        last_name: name(&map.last_name),
        groups: found(&map.groups).map(groups).unwrap_or_default(),
        attributes: extra.filter(|(_, values)| !values.is_empty()).collect(),
        proof: Proof::Login {
            acr: id_token.text("acr").map(SmolStr::from),
            auth_time: id_token.lookup("auth_time").and_then(seconds),
        },
    })
}

/// Whole seconds of a time that may have a fraction (RFC 7519 section 2, `NumericDate`).
fn seconds(time: &Value) -> Option<u64> {
    let whole = || Duration::try_from_secs_f64(time.as_f64()?).ok().map(|since| since.as_secs());
    time.as_u64().or_else(whole)
}

/// Address and verification come from the same place: UserInfo verifies its own address only.
fn email(
    config: &ProviderConfig,
    id_token: &Claims,
    user_info: &Claims,
) -> Result<Option<Email>, LoginError> {
    let (path, verified) = (&config.attributes.email, &config.attributes.email_verified);
    let decided = id_token.lookup(verified).is_some() || user_info.lookup(path).is_none();
    let source = if id_token.lookup(path).is_some() && decided { id_token } else { user_info };
    if source.lookup(path).is_none() {
        return Ok(None);
    }
    let text = source.text(path).unwrap_or_default();
    let shown = || text.chars().take(254).collect();
    let email = Email::parse(text).map_err(|_| LoginError::EmailInvalid { email: shown() })?;
    if is_believed(&config.email, source, source.says(verified), &email) {
        Ok(Some(email))
    } else {
        Err(LoginError::EmailUnverified { email: shown() })
    }
}

/// The provider says that the address is verified and can answer for that, or it says nothing of
/// an address that it gives out itself. An explicit no is a no for both.
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

/// A list; the names of an object's members, as Zitadel sends roles; or texts with commas between
/// them. A text with `=` is one distinguished name (RFC 4514), whose commas are its own. Whatever is
/// no text gives no right.
fn groups(value: &Value) -> Vec<SmolStr> {
    match value {
        Value::String(group) if group.contains('=') => vec![group.into()],
        Value::String(groups) => groups.split(',').map(str::trim).filter_map(told).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).filter_map(told).collect(),
        Value::Object(members) => members.keys().map(String::as_str).filter_map(told).collect(),
        _ => Vec::new(),
    }
}

/// The values of an extra attribute: like groups, but a text is one value, and numbers and booleans
/// count as they are written.
fn values(value: &Value) -> Vec<SmolStr> {
    let one = |value: &Value| match value {
        Value::String(text) => told(text),
        Value::Number(number) => Some(number.to_smolstr()),
        Value::Bool(yes) => Some(yes.to_smolstr()),
        _ => None,
    };
    match value {
        Value::Array(list) => list.iter().filter_map(one).collect(),
        Value::Object(members) => members.keys().map(String::as_str).filter_map(told).collect(),
        value => one(value).into_iter().collect(),
    }
}

/// One of several, as it is; nothing but blanks is no value.
fn told(text: &str) -> Option<SmolStr> {
    Some(text).filter(|text| !text.trim().is_empty()).map(SmolStr::from)
}

#[cfg(test)]
mod tests;
