//! `[[service_provider]]` as the rest of the gate sees it: what the file says and what the preset fills
//! in.

use std::sync::Arc;

use saml::{PeerKey, name_id_format};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use crate::domain::{AccessRules, ServiceProviderId, ServiceProviderPreset, Template};
use crate::keys::CertifiedKey;

/// One SAML application that the gate vouches to.
#[derive(Clone, Debug)]
pub struct ServiceProviderConfig {
    /// Part of its addresses at the gate.
    pub id: ServiceProviderId,
    /// What customers see on pages; the id when not said.
    pub name: String,
    /// What kind of application it is.
    pub preset: ServiceProviderPreset,
    /// What it calls itself: the issuer of its requests and the audience of assertions.
    pub entity_id: String,
    /// Where it takes assertions, as it spells it; the first is the default. At least one.
    pub acs_urls: Vec<String>,
    /// Who may log in there.
    pub rules: Arc<AccessRules>,
    /// What its requests are verified with. When there is any, requests without signature are
    /// refused.
    pub keys: Vec<PeerKey>,
    /// What assertions are signed with.
    pub signing: Signing,
    /// Where customers of a portal with `mode = "sso"` begin.
    pub start_url: Option<Url>,
    /// Where it takes logout requests.
    pub slo_url: Option<Url>,
    /// How they go there.
    pub slo_binding: SloBinding,
    /// Jira Data Center: whether users who have access to an application are logged in too.
    pub allow_staff: bool,
    /// What it knows people by.
    pub name_id: NameId,
    /// Attribute = template. The template may name `saml_id` besides what every identity has.
    pub attributes: Vec<(String, Template)>,
}

/// Where a signing key comes from.
#[derive(Clone, Debug)]
pub enum Signing {
    /// The gate makes it, keeps it in `state_dir` and can change it.
    Made,
    /// `signing_key_file` and `signing_certificate_file`.
    Files(Arc<CertifiedKey>),
}

/// How a logout message goes to a service provider (SAML bindings 2.0, 3.4 and 3.5).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum SloBinding {
    /// In an address (HTTP-Redirect).
    #[default]
    Redirect,
    /// In a form that posts itself (HTTP-POST).
    Post,
}

/// What a service provider knows people by (SAML Core section 2.2.2).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NameId {
    /// Of what kind it is.
    pub format: NameIdFormat,
    /// What it is.
    pub value: NameIdValue,
}

/// What a person's name is made of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NameIdValue {
    /// A text with one value for each person. It may name `saml_id` besides what every identity has.
    Template(Template),
    /// The username of the customer's account in Jira.
    JiraUsername,
}

/// The kinds of names (SAML Core section 8.3).
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum NameIdFormat {
    /// An email address.
    EmailAddress,
    /// A name for this service provider that never changes.
    Persistent,
    /// Whatever both sides agree on.
    Unspecified,
}

impl NameIdFormat {
    /// The URI that stands in assertions.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::EmailAddress => name_id_format::EMAIL,
            Self::Persistent => name_id_format::PERSISTENT,
            Self::Unspecified => name_id_format::UNSPECIFIED,
        }
    }
}
