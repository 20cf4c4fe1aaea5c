//! `[portals]` and `[[portal]]`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Texts;
use crate::config::given::Given;
use crate::domain::{Access, Mode};

/// For every portal that says nothing else.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Portals {
    /// How portals are served.
    #[serde(default)]
    #[schemars(extend("default" = Mode::Forward))]
    pub(in crate::config) mode: Given<Mode>,
    /// Who may use them.
    #[serde(default)]
    #[schemars(extend("default" = Access::Default))]
    pub(in crate::config) access: Given<Access>,
}

/// What differs for one portal.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct PortalRule {
    /// Project key or project id.
    pub(in crate::config) project: Given<String>,
    /// The name in its link; the lower-cased project key when left out.
    #[serde(default)]
    pub(in crate::config) link: Given<String>,
    /// JSM's number of the portal, for one whose number cannot be found out.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub(in crate::config) portal_id: Given<u64>,
    /// How it is served; as in `[portals]` when left out.
    #[serde(default)]
    pub(in crate::config) mode: Given<Mode>,
    /// Who may use it; as in `[portals]` when left out.
    #[serde(default)]
    pub(in crate::config) access: Given<Access>,
    /// Whom `private` lets in.
    #[serde(default)]
    pub(in crate::config) allow: Given<People>,
    /// Who stays out, whatever else lets them in.
    #[serde(default)]
    pub(in crate::config) deny: Given<People>,
    /// Id of the only provider whose people may use it.
    #[serde(default)]
    pub(in crate::config) provider: Given<String>,
    /// What a login's `acr` has to be, one of these; the provider is asked for it.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) acr_values: Texts,
    /// How long ago the customer may have logged in; the provider is asked to have it done again.
    #[serde(default)]
    pub(in crate::config) max_age: Given<String>,
}

/// Everybody that one of the lists names.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct People {
    /// Group names, compared exactly.
    #[serde(default)]
    pub(in crate::config) groups: Texts,
    /// Whole mail domains.
    #[serde(default)]
    pub(in crate::config) email_domains: Texts,
    /// Single addresses.
    #[serde(default)]
    pub(in crate::config) emails: Texts,
    /// Ids of providers: everybody who logged in there.
    #[serde(default)]
    pub(in crate::config) providers: Texts,
    /// Attribute = values, compared exactly; one of them is enough.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub(in crate::config) claims: Given<BTreeMap<Spanned<String>, Texts>>,
}
