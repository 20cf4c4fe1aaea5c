//! `[[provider]]` as the rest of the gate sees it: what the file says, what the preset fills in, and
//! nothing about which preset that was.

mod person;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

pub use person::{AttributeMap, EmailAuthority, EmailPolicy};

use crate::domain::{ProviderId, SamlIds, Template};
use crate::keys::SigningKey;

/// One identity provider.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// Part of the callback address.
    pub id: ProviderId,
    /// What customers see on pages; the id when not said.
    pub name: String,
    /// Shown beside the name.
    pub logo: Option<Arc<Logo>>,
    /// Not offered on the choice page; portals and mail domains still lead here.
    pub hidden: bool,
    /// The issuer exactly as its discovery document spells it; of plain OAuth 2.0 its address.
    pub issuer: String,
    /// Where a provider without discovery and ID tokens is asked; `None` for OpenID Connect.
    pub oauth2: Option<OAuth2>,
    /// Where an OpenID provider without a discovery document is asked.
    pub endpoints: Option<Endpoints>,
    /// The gate's client id there.
    pub client_id: String,
    /// How the gate proves that it is that client.
    pub client_auth: ClientAuth,
    /// What is asked for, and how.
    pub request: RequestConfig,
    /// Whether logins are refreshed, where the provider gives a refresh token.
    pub refresh: bool,
    /// How ID tokens may be signed.
    pub signing_algorithms: Vec<SigningAlgorithm>,
    /// How its own session is ended.
    pub logout: LogoutForm,
    /// Whether UserInfo is asked for what the ID token leaves open.
    pub asks_user_info: bool,
    /// Which email addresses it may speak for.
    pub email: EmailPolicy,
    /// Which claim fills which attribute.
    pub attributes: AttributeMap,
    /// Extra trusted certificate authority for the issuer (PEM).
    pub ca_file: Option<PathBuf>,
    /// By what service providers know its people; see [`SamlIds`].
    pub saml_id: Template,
}

impl ProviderConfig {
    /// An OpenID Connect provider of no special make, with nothing but defaults.
    #[must_use]
    pub fn new(id: ProviderId, issuer: String, client_id: String, client_auth: ClientAuth) -> Self {
        Self {
            name: id.as_str().to_owned(),
            id,
            logo: None,
            hidden: false,
            issuer,
            oauth2: None,
            endpoints: None,
            client_id,
            client_auth,
            request: RequestConfig::default(),
            refresh: true,
            signing_algorithms: SigningAlgorithm::ALL.to_vec(),
            logout: LogoutForm::EndSession,
            asks_user_info: true,
            email: EmailPolicy::default(),
            attributes: AttributeMap::default(),
            ca_file: None,
            saml_id: SamlIds::usual(),
        }
    }
}

/// A small picture.
#[derive(Debug)]
pub struct Logo {
    /// Its media type.
    pub kind: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The addresses of a provider that speaks OAuth 2.0 (RFC 6749) but not OpenID Connect.
#[derive(Clone, Debug)]
pub struct OAuth2 {
    /// Where browsers are sent.
    pub authorization_endpoint: Url,
    /// Where codes are redeemed.
    pub token_endpoint: Url,
    /// Who the access token belongs to, as JSON.
    pub userinfo_endpoint: Url,
    /// The person's addresses, each with `primary` and `verified`, as GitHub lists them.
    pub emails_endpoint: Option<Url>,
}

/// The addresses of an OpenID provider without a discovery document (OpenID Connect Discovery 1.0
/// section 3 has their meaning).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoints {
    /// Where browsers are sent.
    pub authorization_endpoint: Url,
    /// Where codes are redeemed.
    pub token_endpoint: Url,
    /// The keys that verify ID tokens.
    pub jwks_uri: Url,
    /// What else the provider says about a person.
    pub userinfo_endpoint: Option<Url>,
    /// Where browsers are sent to log out.
    pub end_session_endpoint: Option<Url>,
}

/// How the gate proves that it is the client.
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// Not at all: a public client.
    Public,
    /// With a secret, in the way that is said or else announced (RFC 6749 section 2.3.1).
    Secret(SecretString, Option<SecretMethod>),
    /// With a signed assertion (RFC 7523 section 2.2).
    Key(ClientKeyConfig),
}

/// Where a client secret is put.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecretMethod {
    /// `client_secret_basic`
    Basic,
    /// `client_secret_post`
    Post,
}

/// What assertions of the gate's own are made of.
#[derive(Clone, Debug)]
pub struct ClientKeyConfig {
    /// Signs.
    pub key: SigningKey,
    /// What the provider calls the key.
    pub id: Option<String>,
    /// Whom they are for.
    pub audience: ClientKeyAudience,
}

/// Whom an assertion of the gate's own is for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum ClientKeyAudience {
    /// The issuer, so that nobody else can use it (draft-ietf-oauth-rfc7523bis).
    #[default]
    Issuer,
    /// The token endpoint (OpenID Connect Core 1.0 section 9).
    TokenEndpoint,
}

/// What the authorization request says.
#[derive(Clone, Debug)]
pub struct RequestConfig {
    /// Scopes to ask for; always with `openid` unless it is plain OAuth 2.0.
    pub scopes: Vec<String>,
    /// How the answer comes back.
    pub response_mode: ResponseMode,
    /// Whether the request is handed over beforehand (RFC 9126): always, never, or where announced.
    pub pushed: Option<bool>,
    /// `prompt`
    pub prompt: Option<String>,
    /// The `prompt` by which people get to another account, where the provider does not say.
    pub account_prompt: &'static str,
    /// `acr_values`
    pub acr_values: Vec<String>,
    /// How long ago the customer may have logged in there.
    pub max_age: Option<Duration>,
    /// Further parameters, none of the protocol's own.
    pub parameters: Vec<(String, String)>,
}

impl Default for RequestConfig {
    fn default() -> Self {
        Self {
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            response_mode: ResponseMode::Query,
            pushed: None,
            prompt: None,
            account_prompt: "login",
            acr_values: Vec::new(),
            max_age: None,
            parameters: Vec::new(),
        }
    }
}

/// How the provider's answer comes back.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the callback address.
    #[default]
    Query,
    /// As a form that the browser posts: nothing of it stands in an address.
    FormPost,
}

/// Signatures that only the provider can make. `none` proves nothing, and the key of `HS*` is the
/// client secret (docs/security.md D8), so neither has a name here.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[expect(missing_docs, reason = "RFC 7518 section 3.1 and RFC 8037 describe them")]
pub enum SigningAlgorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::EdDsa,
    ];
}

/// How a browser ends the provider's own session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LogoutForm {
    /// OpenID Connect RP-Initiated Logout 1.0, where there is an `end_session_endpoint`.
    EndSession,
    /// Amazon Cognito's `/logout` with `client_id` and `logout_uri`.
    Cognito,
    /// As `EndSession`; for older tenants of Auth0 their `/v2/logout` with `returnTo`.
    Auth0,
}
