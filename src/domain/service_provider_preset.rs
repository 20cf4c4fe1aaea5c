//! The kinds of service provider that the gate knows. What each fills in is the configuration's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of SAML application a service provider is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceProviderPreset {
    /// Atlassian Guard, for accounts of a verified domain.
    AtlassianAccounts,
    /// Atlassian Guard, for accounts of other domains.
    AtlassianExternal,
    /// Jira Service Management on Cloud, for customers without an Atlassian account.
    AtlassianPortal,
    /// The login that Jira Data Center has built in.
    JiraDataCenter,
    /// The same of Confluence.
    ConfluenceDataCenter,
    /// The same of Bitbucket.
    BitbucketDataCenter,
    /// The same of Bamboo.
    BambooDataCenter,
    /// Any other service provider.
    Saml,
}

impl ServiceProviderPreset {
    /// The word used in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtlassianAccounts => "atlassian-accounts",
            Self::AtlassianExternal => "atlassian-external",
            Self::AtlassianPortal => "atlassian-portal",
            Self::JiraDataCenter => "jira-data-center",
            Self::ConfluenceDataCenter => "confluence-data-center",
            Self::BitbucketDataCenter => "bitbucket-data-center",
            Self::BambooDataCenter => "bamboo-data-center",
            Self::Saml => "saml",
        }
    }
}
