//! `[portals]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::field::Field;
use crate::domain::{Access, Mode};

/// For every portal that says nothing else.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Portals {
    /// How portals are served. When left out: hosted on Cloud, unless access is public; else forward.
    #[serde(default)]
    pub(in crate::config) mode: Field<Mode>,
    /// With mode `sso`: id of the service provider by which customers are logged in.
    #[serde(default)]
    pub(in crate::config) service_provider: Field<String>,
    /// Who may use them.
    #[serde(default)]
    #[schemars(extend("default" = Access::Default))]
    pub(in crate::config) access: Field<Access>,
}
