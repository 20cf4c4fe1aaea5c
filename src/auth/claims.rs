//! JSON objects from a provider, read member by member: members that the gate does not need may be
//! anything. Must not know tokens and signatures.

mod lists;
mod person;

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) use person::{Said, UserInfo, identity, leave_open, need_user_info};

/// A JSON object of claims in which no name occurs twice: parsers disagree which of two counts (RFC
/// 7519 section 4; docs/security.md D5).
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

    /// Replaces a claim with one from elsewhere.
    pub(super) fn set(&mut self, path: &str, value: Value) {
        self.0.insert(path.to_owned(), value);
    }

    /// Whether a claim of this name exists, whatever its value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Every claim.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether a claim is kept elsewhere, and only its place is given: aggregated and distributed
    /// claims (OpenID Connect Core 1.0 section 5.6.2), which Microsoft uses when a person has more
    /// groups than fit into a token, or `hasgroups`
    /// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>).
    pub(super) fn are_elsewhere(&self, path: &str) -> bool {
        let first = path.split('.').next().unwrap_or(path);
        let named = match self.lookup("_claim_names") {
            None => false,
            Some(Value::Object(names)) => names.contains_key(path) || names.contains_key(first),
            // What cannot be read may name any claim.
            Some(_) => true,
        };
        let has_groups = self.lookup("hasgroups").is_some_and(|has| *has != Value::Bool(false));
        named || (path == "groups" && has_groups)
    }

    /// One text. A list of one text counts: Azure AD B2C sends addresses like that.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        let value = match self.lookup(path)? {
            Value::Array(list) => list.first().filter(|_| list.len() == 1)?,
            value => value,
        };
        value.as_str().filter(|text| !text.trim().is_empty())
    }

    /// A boolean. Amazon Cognito and others send it as text, and Microsoft sometimes sends
    /// `xms_edov` as `"1"`. Anything else is not true.
    pub(super) fn says(&self, path: &str) -> Option<bool> {
        self.lookup(path).map(|value| match value {
            Value::Bool(yes) => *yes,
            Value::Number(number) => number.as_u64() == Some(1),
            Value::String(text) => text == "1" || text.eq_ignore_ascii_case("true"),
            _ => false,
        })
    }

    /// Whether it is true. A missing claim is false.
    pub(super) fn says_yes(&self, path: &str) -> bool {
        self.says(path) == Some(true)
    }

    /// The texts of a list, or a single text in its place; `None` for anything else.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        match self.lookup(name)? {
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(list) => {
                Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;

        impl<'de> Visitor<'de> for Once {
            type Value = Claims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
                let mut claims = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if claims.contains_key(&name) {
                        return Err(A::Error::custom(format_args!("{name:?} occurs twice")));
                    }
                    claims.insert(name, value);
                }
                Ok(Claims(claims))
            }
        }

        deserializer.deserialize_map(Once)
    }
}
