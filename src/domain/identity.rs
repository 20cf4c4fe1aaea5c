//! Who logged in.

mod stored;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use self::stored::Stored;
use super::{Email, ProviderId, Told};

/// The person a provider vouched for. Filled from verified claims only.
///
/// There is one for each session in memory, so its texts are kept in place while they are short.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Identity {
    /// The provider that vouched.
    pub provider: ProviderId,
    /// The provider's own stable name for the person (`sub`); unique within the provider only.
    pub subject: SmolStr,
    /// The verified email address.
    pub email: Told<Email>,
    /// The name to show.
    pub name: Option<SmolStr>,
    /// Given name.
    pub first_name: Option<SmolStr>,
    /// Family name.
    pub last_name: Option<SmolStr>,
    /// Groups as the provider spells them.
    pub groups: Told<Vec<SmolStr>>,
    /// Further attributes by the names that the configuration gives them: every one that the provider was
    /// asked for.
    pub attributes: BTreeMap<String, Told<Vec<SmolStr>>>,
    /// What stands behind it.
    pub proof: Proof,
}

#[cfg(test)]
impl Identity {
    /// Somebody of whom no more is known than who vouched and the name there.
    pub(crate) fn bare(provider: ProviderId, subject: &str) -> Self {
        Self {
            provider,
            subject: subject.into(),
            email: Told::Unknown,
            name: None,
            first_name: None,
            last_name: None,
            groups: Told::Unknown,
            attributes: BTreeMap::new(),
            proof: Proof::default(),
        }
    }
}

/// What stands behind an identity.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A login at the provider, as its ID token tells of it.
    Login {
        /// The authentication context class (`acr`): how strong it was.
        acr: Option<SmolStr>,
        /// Unix seconds at which the person last proved who they are (`auth_time`).
        auth_time: Option<u64>,
    },
    /// The word of somebody on the gate's machine, for a while and for some portals.
    Emergency {
        /// JSM's ids of the service desks it opens.
        service_desks: Vec<String>,
        /// Unix seconds of its end.
        until: u64,
    },
}

/// A login of which nothing further is known.
impl Default for Proof {
    fn default() -> Self {
        Self::Login { acr: None, auth_time: None }
    }
}

/// What is known of a person under one name, for templates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Attribute<'a> {
    /// There is one value at most.
    Single(&'a str),
    /// There may be several values; here is at least one.
    List(&'a [SmolStr]),
}

impl Identity {
    /// The attributes that every identity has, by their names in templates.
    pub const ATTRIBUTES: [&str; 7] =
        ["email", "name", "first_name", "last_name", "subject", "provider", "groups"];

    /// An attribute by its name in templates: one of [`Self::ATTRIBUTES`], or one that the
    /// configuration names. `None` when nothing is known.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Attribute<'_>> {
        let values = match name {
            "email" => return self.email.known().map(|email| Attribute::Single(email.as_str())),
            "name" => return self.name.as_deref().map(Attribute::Single),
            "first_name" => return self.first_name.as_deref().map(Attribute::Single),
            "last_name" => return self.last_name.as_deref().map(Attribute::Single),
            "subject" => return Some(Attribute::Single(&self.subject)),
            "provider" => return Some(Attribute::Single(self.provider.as_str())),
            "groups" => self.groups.values(),
            named => self.attributes.get(named)?.values(),
        };
        (!values.is_empty()).then_some(Attribute::List(values))
    }

    /// All values of such an attribute; none when nothing is known.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<String> {
        match self.attribute(name) {
            Some(Attribute::Single(value)) => vec![value.to_owned()],
            Some(Attribute::List(values)) => values.iter().map(ToString::to_string).collect(),
            None => Vec::new(),
        }
    }

    /// Whether a name an admin gives is theirs: the email address in any case, or the subject.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let email = self.email.known();
        email.is_some_and(|email| email.as_str().eq_ignore_ascii_case(name)) || self.subject == name
    }

    /// Unix seconds at which it is worth nothing any more, whatever the limits of a session are.
    #[must_use]
    pub fn until(&self) -> Option<u64> {
        match self.proof {
            Proof::Login { .. } => None,
            Proof::Emergency { until, .. } => Some(until),
        }
    }

    /// What to call the person on a page: email, else name, else subject.
    #[must_use]
    pub fn label(&self) -> &str {
        match (self.email.known(), &self.name) {
            (Some(email), _) => email.as_str(),
            (None, Some(name)) => name,
            (None, None) => &self.subject,
        }
    }

    /// What the gate could not learn of the person, by the names of the attributes.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let email = self.email.is_unknown().then_some("email");
        let groups = self.groups.is_unknown().then_some("groups");
        let more = self.attributes.iter().filter(|(_, values)| values.is_unknown());
        email.into_iter().chain(groups).chain(more.map(|(name, _)| name.as_str()))
    }

    /// Who it is, without what decides about their rights.
    #[must_use]
    pub fn without_rights(&self) -> Self {
        Self { groups: Told::Absent, attributes: BTreeMap::new(), ..self.clone() }
    }
}
