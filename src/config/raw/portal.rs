//! `[[portal]]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Announcement, People, TextByLanguage, Texts};
use crate::config::field::Field;
use crate::domain::{Access, Mode};

/// What differs for one portal.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct PortalRule {
    /// Project key or project id.
    pub(in crate::config) project: Field<String>,
    /// The name in its link; the lower-cased project key when left out.
    #[serde(default)]
    pub(in crate::config) link: Field<String>,
    /// JSM's number of the portal, for one whose number cannot be found out.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub(in crate::config) portal_id: Field<u64>,
    /// How it is served; as in `[portals]` when left out.
    #[serde(default)]
    pub(in crate::config) mode: Field<Mode>,
    /// With mode `sso`: id of the service provider by which customers are logged in; as in
    /// `[portals]` when left out.
    #[serde(default)]
    pub(in crate::config) service_provider: Field<String>,
    /// Who may use it; as in `[portals]` when left out.
    #[serde(default)]
    pub(in crate::config) access: Field<Access>,
    /// Whom `private` lets in.
    #[serde(default)]
    pub(in crate::config) allow: Field<People>,
    /// Who stays out, whatever else lets them in.
    #[serde(default)]
    pub(in crate::config) deny: Field<People>,
    /// Id of the only provider whose people may use it.
    #[serde(default)]
    pub(in crate::config) provider: Field<String>,
    /// What a login's `acr` has to be, one of these; the provider is asked for it.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) acr_values: Texts,
    /// How long ago the customer may have logged in; the provider is asked to have it done again.
    #[serde(default)]
    pub(in crate::config) max_age: Field<String>,
    /// Let whoever may use it raise requests, though JSM has not listed them at the desk.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) open_desk: Field<bool>,
    /// What a hosted portal is for, below its name: a text, or one for each language.
    #[serde(default)]
    pub(in crate::config) description: Field<TextByLanguage>,
    /// What customers of a hosted portal should know for a while.
    #[serde(default)]
    pub(in crate::config) announcement: Field<Announcement>,
}
