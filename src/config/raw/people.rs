//! `allow` and `deny` of a portal or a service provider as the file spells them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Texts;
use crate::config::field::Field;

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
    pub(in crate::config) claims: Field<BTreeMap<Spanned<String>, Texts>>,
}
