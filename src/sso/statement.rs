//! What a service provider is told of a person: their name there, and attributes. Whatever is not known for
//! sure is not told, and without it nothing is. Must not know how it is written or sent.

use smol_str::SmolStr;

use super::ServiceProvider;
use crate::config::{EmailPolicy, NameIdValue};
use crate::domain::{
    AccountId, Attribute, Email, Identity, Proof, ProviderId, SamlIds, Template, Told,
};

/// What is told of a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Statement {
    /// Their name at the service provider.
    pub name_id: String,
    /// The format of that name.
    pub name_id_format: &'static str,
    /// Names, each once, and their values.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Unix seconds at which they last proved who they are.
    pub authn_instant: u64,
}

/// Why nothing is told of a person.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Untold {
    /// The login tells no address.
    #[error("the login tells no email address")]
    NoAddress,
    /// The provider does not say that the address is the person's.
    #[error("the provider does not vouch for the email address")]
    Unverified,
    /// A value has a character that would change what the assertion says, or that XML cannot have.
    #[error("a value has control characters")]
    Characters,
    /// Their provider is gone from the configuration: another may have a person of the same name.
    #[error("the configuration does not have the provider of the login any more")]
    NoProvider,
    /// What the name is made of is not known, or has several values.
    #[error("what the name at the service provider is made of is not known for sure")]
    NoName,
    /// The provider did not tell what an attribute is made of, though it may have a value.
    #[error("what an attribute is made of is not known")]
    Unknown,
}

impl Untold {
    /// Selects the sentence of the message catalogue.
    #[must_use]
    pub(super) fn cause(self) -> &'static str {
        match self {
            Self::NoAddress => "no-address",
            Self::Unverified => "unverified",
            Self::Characters => "characters",
            Self::NoName | Self::NoProvider | Self::Unknown => "missing",
        }
    }
}

/// What all statements are made by.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    /// Which addresses of a provider's people are believed.
    pub(super) addresses: Vec<(ProviderId, EmailPolicy)>,
    /// Which further attributes a provider tells of its people.
    pub(super) told: Vec<(ProviderId, String)>,
    /// What service providers know people by.
    pub(super) saml_ids: SamlIds,
}

impl Statement {
    /// What `to` is told of `identity`, who has a session since `logged_in` (Unix seconds). `account` is
    /// theirs in Jira, where the service provider knows people by that.
    pub(super) fn of(
        identity: &Identity,
        account: Option<&AccountId>,
        logged_in: u64,
        to: &ServiceProvider,
        people: &People,
    ) -> Result<Self, Untold> {
        let filling = Filling { identity, people };
        filling.policy().ok_or(Untold::NoProvider)?;
        let name_id = match &to.name_id().value {
            NameIdValue::Template(template) => filling.only(template)?,
            // It may have been found by the address.
            NameIdValue::JiraUsername if filling.check_address() == Err(Untold::Unverified) => {
                return Err(Untold::Unverified);
            }
            NameIdValue::JiraUsername => account.ok_or(Untold::NoName)?.to_string(),
        };
        let mut attributes = Vec::new();
        for (name, template) in to.attributes() {
            if let Some(values) = filling.all(template)? {
                attributes.push((name.clone(), values));
            }
        }
        let values = attributes.iter().flat_map(|(_, values)| values).chain([&name_id]);
        if values.flat_map(|value| value.chars()).any(char::is_control) {
            return Err(Untold::Characters);
        }
        let auth_time = match identity.proof {
            Proof::Login { auth_time, .. } => auth_time,
            Proof::Emergency { .. } => None,
        };
        Ok(Self {
            name_id,
            name_id_format: to.name_id().format.uri(),
            attributes,
            authn_instant: auth_time.unwrap_or(logged_in),
        })
    }
}

/// Fills in templates for one person.
struct Filling<'a> {
    identity: &'a Identity,
    people: &'a People,
}

impl Filling<'_> {
    /// The one text that a name is made of.
    fn only(&self, template: &Template) -> Result<String, Untold> {
        let names_address = template.placeholders().any(|name| name == "email");
        let values = self.all(template)?.unwrap_or_default();
        match <[String; 1]>::try_from(values) {
            Ok([one]) if !one.is_empty() => Ok(one),
            _ if names_address && self.identity.email.known().is_none() => Err(Untold::NoAddress),
            _ => Err(Untold::NoName),
        }
    }

    /// All texts of an attribute. Where a list is empty the attribute has no values: who reads it may insist
    /// on it. Where a single text is missing there is no attribute.
    fn all(&self, template: &Template) -> Result<Option<Vec<String>>, Untold> {
        let mut is_list = false;
        for name in template.placeholders() {
            is_list |= self.check(name)?;
        }
        let values = template.fill(|name| self.values(name));
        Ok((is_list || !values.is_empty()).then_some(values))
    }

    /// Refuses what is not known for sure. Returns whether there may be several values.
    fn check(&self, name: &str) -> Result<bool, Untold> {
        match name {
            "email" => self.check_address().map(|()| false),
            "saml_id" => {
                self.people.saml_ids.of(self.identity).map(|_| false).ok_or(Untold::NoName)
            }
            "groups" => known(&self.identity.groups),
            "name" | "first_name" | "last_name" | "subject" | "provider" => Ok(false),
            named => match self.identity.attributes.get(named) {
                Some(values) => known(values),
                // It was not asked for when they logged in.
                None if self.is_told(named) => Err(Untold::Unknown),
                None => Ok(true),
            },
        }
    }

    /// An address counts if the provider vouches for it. Where the configuration takes unverified ones, only
    /// those do that the provider gives out itself.
    fn check_address(&self) -> Result<(), Untold> {
        let policy = self.policy();
        let is_vouched_for = |email: &Email| {
            policy
                .is_some_and(|policy| !policy.insecure_allow_unverified || policy.gives_out(email))
        };
        match &self.identity.email {
            Told::Known(email) if !is_vouched_for(email) => Err(Untold::Unverified),
            Told::Known(_) | Told::Absent => Ok(()),
            Told::Unknown => Err(Untold::NoAddress),
        }
    }

    /// Whether the person's provider tells an attribute now.
    fn is_told(&self, name: &str) -> bool {
        let provider = &self.identity.provider;
        self.people.told.iter().any(|(id, told)| id == provider && told == name)
    }

    /// Which addresses of the person's provider are believed; `None` where there is no such provider.
    fn policy(&self) -> Option<&EmailPolicy> {
        let mut all = self.people.addresses.iter();
        all.find(|(id, _)| *id == self.identity.provider).map(|(_, policy)| policy)
    }

    fn values(&self, name: &str) -> Vec<String> {
        if name == "saml_id" {
            return self.people.saml_ids.of(self.identity).into_iter().collect();
        }
        match self.identity.attribute(name) {
            Some(Attribute::Single(value)) => vec![value.to_owned()],
            Some(Attribute::List(values)) => values.iter().map(ToString::to_string).collect(),
            None => Vec::new(),
        }
    }
}

/// Unknown is not no: a list that is empty because nobody told takes rights away.
fn known(values: &Told<Vec<SmolStr>>) -> Result<bool, Untold> {
    if values.is_unknown() { Err(Untold::Unknown) } else { Ok(true) }
}
