//! Who may use a portal or a service provider, as the configuration says it. What the rules say to a
//! person is decided in `access`.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Email, EmailDomain, ProviderId};

/// Who may use a portal or a service provider, and after what kind of login.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AccessRules {
    /// Who may use it.
    pub access: Access,
    /// Whom `private` access lets in.
    pub allow: People,
    /// Who stays out, whatever else lets them in.
    pub deny: People,
    /// The only provider whose people may use it; any provider's when `None`.
    pub provider: Option<ProviderId>,
    /// What a login has to be like.
    pub demand: LoginDemand,
}

impl From<Access> for AccessRules {
    fn from(access: Access) -> Self {
        Self { access, ..Self::default() }
    }
}

/// Who may use a portal or a service provider.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Any customer who logged in; JSM's own permissions still hold.
    #[default]
    Default,
    /// Only those whom `allow` names.
    Private,
    /// Everybody, without login.
    Public,
}

impl Access {
    /// The word used in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Private => "private",
            Self::Public => "public",
        }
    }
}

/// People by what is known of them: everybody whom one of the lists names.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct People {
    /// Group names, compared exactly.
    pub groups: HashSet<String>,
    /// Whole mail domains.
    pub email_domains: HashSet<EmailDomain>,
    /// Single addresses.
    pub emails: HashSet<Email>,
    /// Everybody who logged in with one of these providers.
    pub providers: HashSet<ProviderId>,
    /// Attribute name = values, compared exactly; one of them is enough.
    pub claims: BTreeMap<String, HashSet<String>>,
    /// Attribute name = providers that tell it. One of their people without a word about it logged in before it
    /// was asked for.
    pub told_by: BTreeMap<String, HashSet<ProviderId>>,
}

impl People {
    /// Whether it names nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the address's whole domain is listed.
    #[must_use]
    pub fn has_domain_of(&self, email: &Email) -> bool {
        self.email_domains.contains(email.domain())
    }
}

/// What a login has to be like (step-up).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LoginDemand {
    /// One of these has to be its `acr`; any will do when there are none.
    pub acr_values: Vec<String>,
    /// The same as a service provider asks for it in its request (`RequestedAuthnContext`, SAML core 2.0,
    /// 3.3.2.2.1). It counts besides.
    pub authn_context: Vec<String>,
    /// How long ago it may have been.
    pub max_age: Option<Duration>,
    /// Unix seconds since which it has to be: a service provider wants the person to prove anew who they
    /// are (`ForceAuthn`, SAML core 2.0, 3.4.1).
    pub since: Option<u64>,
}

/// How far the clocks of provider and gate may be apart, in seconds: a login further ahead tells no time.
const LEEWAY_SECONDS: u64 = 60;

/// What a login falls short of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ShortOf {
    /// `acr_values`, or what a service provider asks for.
    Acr,
    /// `max_age`, or the time since which it has to be.
    Age,
}

impl LoginDemand {
    /// What the provider is asked for; nothing if any `acr` will do.
    #[must_use]
    pub fn acr_values_to_ask_for(&self) -> &[String] {
        if self.authn_context.is_empty() { &self.acr_values } else { &self.authn_context }
    }

    /// What a login lacks at `now` (Unix seconds), if anything. What it does not tell it lacks.
    #[must_use]
    pub fn lacks(&self, acr: Option<&str>, auth_time: Option<u64>, now: u64) -> Option<ShortOf> {
        let auth_time = auth_time.filter(|at| *at <= now.saturating_add(LEEWAY_SECONDS));
        let is_recent = |max_age: Duration| {
            auth_time.is_some_and(|at| now.saturating_sub(at) <= max_age.as_secs())
        };
        let is_new =
            |since: u64| auth_time.is_some_and(|at| at.saturating_add(LEEWAY_SECONDS) >= since);
        let is_one_of = |wanted: &[String]| {
            wanted.is_empty() || acr.is_some_and(|acr| wanted.iter().any(|one| one == acr))
        };
        if !is_one_of(&self.acr_values) || !is_one_of(&self.authn_context) {
            Some(ShortOf::Acr)
        } else if self.max_age.is_some_and(|max_age| !is_recent(max_age))
            || self.since.is_some_and(|since| !is_new(since))
        {
            Some(ShortOf::Age)
        } else {
            None
        }
    }
}
