//! One exchange with a service provider, as it is remembered for a while: what was asked, who it was, and what
//! became of it. Must not know how long it is kept.

use serde::{Deserialize, Serialize};

use super::statement::Statement;
use super::waiting::Waiting;
use crate::domain::Identity;
use crate::keys::{CertifiedKey, Fingerprint};

/// The most values of an attribute, and characters of a value, that are remembered.
const MOST_VALUES: usize = 20;
const MOST_CHARACTERS: usize = 200;

/// What is remembered of an exchange.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Exchange {
    /// Unix seconds.
    pub at: u64,
    /// The number of the gate's request, as on error pages and in the log.
    pub request: String,
    /// How it ended: `ok`, the code of the page, or what came next.
    pub outcome: String,
    /// Why, in a sentence.
    pub reason: Option<String>,
    /// The identifier of the service provider's request.
    pub saml_request: Option<String>,
    /// What else the request asked for.
    pub demands: Vec<String>,
    /// How many bytes of RelayState there were.
    pub relay_state_bytes: Option<usize>,
    /// Where the answer was posted.
    pub acs: Option<String>,
    /// Who it was: what they are called, and their provider and subject.
    pub who: Option<[String; 3]>,
    /// What the service provider was told.
    pub told: Option<Told>,
}

/// What a service provider was told of a person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Told {
    /// The name.
    pub name_id: String,
    /// The format of the name.
    pub format: String,
    /// Attributes and their values.
    pub attributes: Vec<(String, Vec<String>)>,
    /// SHA-256 of the certificate that went along.
    pub certificate: String,
}

impl Exchange {
    /// The same, about a request that has arrived.
    #[must_use]
    pub(super) fn asked(self, waiting: &Waiting) -> Self {
        let force = waiting.force_authn.then(|| "ForceAuthn".to_owned());
        let classes = waiting.authn_context.iter().map(|class| short(class));
        Self {
            saml_request: waiting.id.as_ref().map(|id| id.as_str().to_owned()),
            demands: force.into_iter().chain(classes).collect(),
            relay_state_bytes: waiting.relay_state.as_ref().map(String::len),
            ..self
        }
    }

    /// The same, that ended like this.
    #[must_use]
    pub(super) fn ended(self, outcome: &str, reason: Option<String>) -> Self {
        Self { outcome: outcome.to_owned(), reason, ..self }
    }

    /// The same, of this person.
    #[must_use]
    pub(super) fn of(self, identity: &Identity) -> Self {
        let who = [identity.label(), identity.provider.as_str(), &identity.subject];
        Self { who: Some(who.map(short)), ..self }
    }

    /// The same, of which this was told, signed with this key.
    #[must_use]
    pub(super) fn telling(self, statement: &Statement, key: &CertifiedKey) -> Self {
        let values =
            |values: &Vec<String>| values.iter().take(MOST_VALUES).map(|it| short(it)).collect();
        let attributes = statement.attributes.iter();
        let told = Told {
            name_id: short(&statement.name_id),
            format: statement.name_id_format.to_owned(),
            attributes: attributes.map(|(name, all)| (name.clone(), values(all))).collect(),
            certificate: key.fingerprint(Fingerprint::Sha256),
        };
        Self { told: Some(told), ..self }
    }

    /// The same without what tells a person from others.
    #[must_use]
    pub fn masked(self) -> Self {
        let who =
            self.who.map(|[label, provider, subject]| [mask(&label), provider, mask(&subject)]);
        let told = self.told.map(|told| Told {
            name_id: mask(&told.name_id),
            attributes: told
                .attributes
                .into_iter()
                .map(|(name, values)| (name, values.iter().map(|value| mask(value)).collect()))
                .collect(),
            ..told
        });
        Self { who, told, ..self }
    }
}

fn short(text: &str) -> String {
    text.chars().take(MOST_CHARACTERS).collect()
}

/// The first character, and the domain of an address: enough to tell an address from a number.
fn mask(text: &str) -> String {
    let first: String = text.chars().take(1).collect();
    match text.split_once('@') {
        Some((_, domain)) => format!("{first}…@{domain}"),
        None => format!("{first}…"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ann@example.com", "a…@example.com")]
    #[case("okta/00u1", "o…")]
    #[case("", "…")]
    fn what_is_masked_tells_of_what_kind_it_was(#[case] text: &str, #[case] masked: &str) {
        assert_eq!(mask(text), masked);
    }
}
