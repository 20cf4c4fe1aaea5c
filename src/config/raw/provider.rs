//! `[[provider]]`

use schemars::JsonSchema;
use serde::Deserialize;

use super::Texts;
use crate::config::default;
use crate::config::given::Given;

/// One identity provider.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Provider {
    /// Part of the callback address.
    pub(in crate::config) id: Given<String>,
    /// What customers see on pages; the id when left out.
    #[serde(default)]
    pub(in crate::config) name: Given<String>,
    /// Which product it is.
    #[serde(default)]
    #[schemars(extend("default" = "oidc"))]
    pub(in crate::config) preset: Given<Preset>,
    /// Issuer exactly as the provider's discovery document spells it.
    pub(in crate::config) issuer: Given<String>,
    /// The gate's client id there.
    pub(in crate::config) client_id: Given<String>,
    /// File with the client secret.
    #[serde(default)]
    pub(in crate::config) client_secret_file: Given<String>,
    /// Environment variable with the client secret.
    #[serde(default)]
    pub(in crate::config) client_secret_env: Given<String>,
    /// systemd credential with the client secret.
    #[serde(default)]
    pub(in crate::config) client_secret_credential: Given<String>,
    /// Scopes to ask for.
    #[serde(default)]
    #[schemars(extend("default" = default::PROVIDER_SCOPES))]
    pub(in crate::config) scopes: Texts,
    /// Mail domains that log in here.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) email_domains: Texts,
    /// Which claim fills which attribute; dotted paths reach into objects.
    #[serde(default)]
    pub(in crate::config) attributes: Given<Attributes>,
    /// Accept an email address that the provider does not say it verified.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) insecure_allow_unverified_email: Given<bool>,
    /// PEM file of a further certificate authority to trust for the issuer.
    #[serde(default)]
    pub(in crate::config) ca_file: Given<String>,
}

/// Products that speak OpenID Connect.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(in crate::config) enum Preset {
    Oidc,
    Okta,
    Entra,
    Adfs,
    Keycloak,
    Google,
    Cognito,
    Salesforce,
    Auth0,
}

/// Identity attribute = claim.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Attributes {
    /// Claim of the email address.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_EMAIL))]
    pub(in crate::config) email: Given<String>,
    /// Claim of the shown name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_NAME))]
    pub(in crate::config) name: Given<String>,
    /// Claim of the given name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_FIRST_NAME))]
    pub(in crate::config) first_name: Given<String>,
    /// Claim of the family name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_LAST_NAME))]
    pub(in crate::config) last_name: Given<String>,
    /// Claim of the groups.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_GROUPS))]
    pub(in crate::config) groups: Given<String>,
}
