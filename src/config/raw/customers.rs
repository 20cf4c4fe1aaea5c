//! `[customers]` as the file spells it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Texts;
use crate::config::field::Field;

/// The accounts of customers in JSM, for hosted portals.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Customers {
    /// Whether the first login makes an account for people whom JSM does not know.
    #[serde(default)]
    #[schemars(extend("default" = true))]
    pub(in crate::config) create: Field<bool>,
    /// Jira groups whose members work in Jira or administer it; Data Center only.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) staff_groups: Texts,
    /// Organisations that customers join at a login.
    #[serde(default)]
    pub(in crate::config) organization: Field<Vec<Field<OrganizationRule>>>,
    /// Groups that customers join at a login; Data Center only.
    #[serde(default)]
    pub(in crate::config) group: Field<Vec<Field<GroupRule>>>,
}

/// An organisation, and whose: everybody that one of the lists names.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct OrganizationRule {
    /// Its name in JSM. It is made when there is none of that name.
    pub(in crate::config) name: Field<String>,
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
    /// Whether people whom the lists no longer name leave it.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) remove: Field<bool>,
}

/// A group of Jira's, and whose.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct GroupRule {
    /// Its name in Jira. It must not give access to an application.
    pub(in crate::config) name: Field<String>,
    /// Whether every customer joins it.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) default: Field<bool>,
    /// Group names at the provider, compared exactly.
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
