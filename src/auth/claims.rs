//! What a provider says of a person, and the identity made of it. Knows nothing of tokens and
//! signatures: what comes in here has been verified.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::error::LoginError;
use crate::config::ProviderConfig;
use crate::domain::{Email, Identity};

const EMAIL_VERIFIED: &str = "email_verified";

/// A JSON object of claims in which no name occurs twice: readers disagree which one counts
/// (RFC 7519 section 4; threats.md D5).
#[derive(Clone, Debug, Default, PartialEq)]
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

    fn text(&self, path: &str) -> Option<&str> {
        self.lookup(path)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// Amazon Cognito and some others send the boolean as text.
    fn says_verified(&self) -> bool {
        match self.lookup(EMAIL_VERIFIED) {
            Some(Value::Bool(verified)) => *verified,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
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
    let mapped = [&map.email, &map.name, &map.first_name, &map.last_name, &map.groups];
    let unverified =
        !config.insecure_allow_unverified_email && id_token.lookup(EMAIL_VERIFIED).is_none();
    unverified || mapped.iter().any(|path| id_token.lookup(path).is_none())
}

/// Makes the identity of the ID token's claims and, where it has none, of UserInfo's.
pub(super) fn identity(
    config: &ProviderConfig,
    subject: &str,
    id_token: &Claims,
    user_info: &Claims,
) -> Result<Identity, LoginError> {
    let map = &config.attributes;
    let text = |path: &str| id_token.text(path).or_else(|| user_info.text(path)).map(str::to_owned);
    Ok(Identity {
        provider: config.id.clone(),
        subject: subject.to_owned(),
        email: email(config, id_token, user_info)?,
        name: text(&map.name),
        first_name: text(&map.first_name),
        last_name: text(&map.last_name),
        groups: id_token
            .lookup(&map.groups)
            .or_else(|| user_info.lookup(&map.groups))
            .map(groups)
            .unwrap_or_default(),
        attributes: std::collections::BTreeMap::default(),
    })
}

/// Address and verification come from the same place: UserInfo verifies its own address only.
fn email(
    config: &ProviderConfig,
    id_token: &Claims,
    user_info: &Claims,
) -> Result<Option<Email>, LoginError> {
    let path = &config.attributes.email;
    let decided = id_token.lookup(EMAIL_VERIFIED).is_some() || user_info.lookup(path).is_none();
    let source = if id_token.lookup(path).is_some() && decided { id_token } else { user_info };
    let Some(value) = source.lookup(path) else { return Ok(None) };
    let shown = || value.as_str().unwrap_or_default().chars().take(254).collect();
    if !source.says_verified() && !config.insecure_allow_unverified_email {
        return Err(LoginError::EmailUnverified { email: shown() });
    }
    let parsed = value.as_str().and_then(|text| Email::parse(text).ok());
    parsed.map(Some).ok_or_else(|| LoginError::EmailInvalid { email: shown() })
}

/// A list, or one group as plain text. Whatever is no text gives no right.
fn groups(value: &Value) -> Vec<String> {
    match value {
        Value::String(group) => vec![group.clone()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
