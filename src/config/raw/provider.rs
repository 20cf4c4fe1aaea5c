//! `[[provider]]`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Texts;
use crate::config::default;
use crate::config::field::Field;
use crate::config::parsed::{ClientKeyAudience, ResponseMode, SigningAlgorithm};
use crate::config::preset::Preset;
use crate::domain::SamlIds;

/// Names that the admin makes up, each with a text.
pub(in crate::config) type Named = BTreeMap<Spanned<String>, Field<String>>;

/// One identity provider.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Provider {
    /// Part of the callback address.
    pub(in crate::config) id: Field<String>,
    /// What customers see on pages; the id when left out.
    #[serde(default)]
    pub(in crate::config) name: Field<String>,
    /// PNG, JPEG, WebP or SVG file shown beside the name where customers choose.
    #[serde(default)]
    pub(in crate::config) logo_file: Field<String>,
    /// Not offered where customers choose; portals and mail domains still lead here.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) hidden: Field<bool>,
    /// Which product it is.
    #[serde(default)]
    #[schemars(extend("default" = "oidc"))]
    pub(in crate::config) preset: Field<Preset>,
    /// Issuer exactly as the provider's discovery document spells it; some presets know it.
    #[serde(default)]
    pub(in crate::config) issuer: Field<String>,
    /// With preset `oauth2`, or without a discovery document: where browsers are sent.
    #[serde(default)]
    pub(in crate::config) authorization_endpoint: Field<String>,
    /// With preset `oauth2`, or without a discovery document: where codes are redeemed.
    #[serde(default)]
    pub(in crate::config) token_endpoint: Field<String>,
    /// With preset `oauth2`, or without a discovery document: whose access token it is, as JSON.
    #[serde(default)]
    pub(in crate::config) userinfo_endpoint: Field<String>,
    /// Without a discovery document: the keys that verify ID tokens.
    #[serde(default)]
    pub(in crate::config) jwks_uri: Field<String>,
    /// Without a discovery document: where browsers are sent to log out.
    #[serde(default)]
    pub(in crate::config) end_session_endpoint: Field<String>,
    /// With preset `oauth2`: a list of addresses with `primary` and `verified`, as GitHub has.
    #[serde(default)]
    pub(in crate::config) emails_endpoint: Field<String>,
    /// The gate's client id there.
    pub(in crate::config) client_id: Field<String>,
    /// How the gate proves that it is that client; found out when left out.
    #[serde(default)]
    pub(in crate::config) client_auth: Field<ClientAuthMethod>,
    /// File with the client secret.
    #[serde(default)]
    pub(in crate::config) client_secret_file: Field<String>,
    /// Environment variable with the client secret.
    #[serde(default)]
    pub(in crate::config) client_secret_env: Field<String>,
    /// systemd credential with the client secret.
    #[serde(default)]
    pub(in crate::config) client_secret_credential: Field<String>,
    /// PEM file of the private key of `private_key_jwt`.
    #[serde(default)]
    pub(in crate::config) client_key_file: Field<String>,
    /// Environment variable with that key.
    #[serde(default)]
    pub(in crate::config) client_key_env: Field<String>,
    /// systemd credential with that key.
    #[serde(default)]
    pub(in crate::config) client_key_credential: Field<String>,
    /// What the provider calls that key.
    #[serde(default)]
    pub(in crate::config) client_key_id: Field<String>,
    /// Whom what the key signs is for; the preset knows when left out.
    #[serde(default)]
    pub(in crate::config) client_key_audience: Field<ClientKeyAudience>,
    /// Scopes to ask for; the preset's when left out.
    #[serde(default)]
    #[schemars(extend("default" = default::PROVIDER_SCOPES))]
    pub(in crate::config) scopes: Texts,
    /// How the answer comes back.
    #[serde(default)]
    #[schemars(extend("default" = "query"))]
    pub(in crate::config) response_mode: Field<ResponseMode>,
    /// Whether requests are handed over beforehand (PAR); where announced when left out.
    #[serde(default)]
    pub(in crate::config) par: Field<bool>,
    /// `prompt` of the request, such as `login` or `select_account`.
    #[serde(default)]
    pub(in crate::config) prompt: Field<String>,
    /// `acr_values` of the request, the most wanted first.
    #[serde(default)]
    pub(in crate::config) acr_values: Texts,
    /// How long ago the customer may have logged in there.
    #[serde(default)]
    pub(in crate::config) max_age: Field<String>,
    /// Further parameters of the request.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(in crate::config) parameters: Field<Named>,
    /// Whether logins are refreshed ahead of time, where the provider gives a refresh token.
    #[serde(default)]
    #[schemars(extend("default" = true))]
    pub(in crate::config) refresh: Field<bool>,
    /// How ID tokens may be signed; every safe way when left out.
    #[serde(default)]
    pub(in crate::config) signing_algorithms: Field<Vec<Field<SigningAlgorithm>>>,
    /// Mail domains that log in here; no other provider may speak for them.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) email_domains: Texts,
    /// Mail domains of other providers that this one may speak for too.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) shared_email_domains: Texts,
    /// Mail domains whose addresses this provider gives out itself: it need not verify them.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) verified_email_domains: Texts,
    /// By what service providers know this provider's people, a template.
    #[serde(default)]
    #[schemars(extend("default" = SamlIds::USUAL))]
    pub(in crate::config) saml_id: Field<String>,
    /// Which claim fills which attribute; dotted paths reach into objects.
    #[serde(default)]
    pub(in crate::config) attributes: Field<Attributes>,
    /// Accept an email address that the provider does not say it verified.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) insecure_allow_unverified_email: Field<bool>,
    /// PEM file of a further certificate authority to trust for the issuer.
    #[serde(default)]
    pub(in crate::config) ca_file: Field<String>,
}

/// Ways of client authentication (OpenID Connect Core 1.0 section 9).
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum ClientAuthMethod {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    None,
}

/// Identity attribute = claim.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Attributes {
    /// With presets github and oauth2: claim of the person's stable name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_SUBJECT))]
    pub(in crate::config) subject: Field<String>,
    /// Claim of the email address.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_EMAIL))]
    pub(in crate::config) email: Field<String>,
    /// Claim that says whether the address is verified.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_EMAIL_VERIFIED))]
    pub(in crate::config) email_verified: Field<String>,
    /// Claim of the shown name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_NAME))]
    pub(in crate::config) name: Field<String>,
    /// Claim of the given name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_FIRST_NAME))]
    pub(in crate::config) first_name: Field<String>,
    /// Claim of the family name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_LAST_NAME))]
    pub(in crate::config) last_name: Field<String>,
    /// Claim of the groups.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_GROUPS))]
    pub(in crate::config) groups: Field<String>,
    /// Further attributes of your own naming, for `[forward.identity]`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(in crate::config) extra: Field<Named>,
}
