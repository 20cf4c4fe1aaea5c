//! A discovery document, read member by member (OpenID Connect Discovery 1.0 section 3). What the
//! gate needs must be right. An optional member that cannot be read counts as absent. All other
//! members may be anything. Must not know the configuration.

use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;
use serde_json::Value;
use url::Url;

use crate::auth::claims::Claims;
use crate::auth::fault::Fault;

/// What the gate uses of a discovery document.
#[derive(Clone, Debug)]
pub(in crate::auth) struct Metadata {
    pub(in crate::auth) issuer: Url,
    pub(in crate::auth) authorization_endpoint: Url,
    pub(in crate::auth) token_endpoint: Url,
    pub(in crate::auth) jwks_uri: Url,
    pub(in crate::auth) userinfo_endpoint: Option<Url>,
    /// RP-initiated logout 1.0 section 2.1.
    pub(in crate::auth) end_session_endpoint: Option<Url>,
    /// RFC 8414 section 2.
    pub(in crate::auth) revocation_endpoint: Option<Url>,
    /// RFC 9126 section 5.
    pub(in crate::auth) pushed_authorization_request_endpoint: Option<Url>,
    /// RFC 9207 section 3.
    pub(in crate::auth) authorization_response_iss_parameter_supported: bool,
    /// Back-Channel Logout 1.0 section 2.1.
    pub(in crate::auth) backchannel_logout_supported: bool,
    /// Front-Channel Logout 1.0 section 3.
    pub(in crate::auth) frontchannel_logout_supported: bool,
    /// Initiating User Registration via OpenID Connect 1.0 section 4.1.
    pub(in crate::auth) prompt_values_supported: Option<Vec<String>>,
    pub(in crate::auth) id_token_signing_alg_values_supported: Vec<String>,
    pub(in crate::auth) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub(in crate::auth) response_modes_supported: Option<Vec<String>>,
    pub(in crate::auth) scopes_supported: Option<Vec<String>>,
    pub(in crate::auth) claims_supported: Option<Vec<String>>,
    /// Optional members that are there and cannot be read.
    pub(in crate::auth) unreadable: Vec<&'static str>,
}

impl Metadata {
    /// Reads a document. Its `issuer` must equal the one that was asked for, byte for byte (OpenID
    /// Connect Discovery 1.0 section 4.3): otherwise the tokens of another provider could be
    /// accepted (docs/security.md D17).
    pub(super) fn read(document: &Claims, issuer: &Url, spelled: &str) -> Result<Self, Fault> {
        let found = required(document, "issuer")?;
        if found != spelled {
            return Err(Fault::OtherIssuer { found: found.to_owned() });
        }
        let mut unreadable = Vec::new();
        let mut optional = |name| {
            address(document, name).unwrap_or_else(|_| {
                unreadable.push(name);
                None
            })
        };
        let userinfo_endpoint = optional("userinfo_endpoint");
        let end_session_endpoint = optional("end_session_endpoint");
        let revocation_endpoint = optional("revocation_endpoint");
        let pushed_authorization_request_endpoint =
            optional("pushed_authorization_request_endpoint");
        Ok(Self {
            issuer: issuer.clone(),
            authorization_endpoint: endpoint(document, "authorization_endpoint")?,
            token_endpoint: endpoint(document, "token_endpoint")?,
            jwks_uri: endpoint(document, "jwks_uri")?,
            userinfo_endpoint,
            end_session_endpoint,
            revocation_endpoint,
            pushed_authorization_request_endpoint,
            authorization_response_iss_parameter_supported: document
                .says_yes("authorization_response_iss_parameter_supported"),
            backchannel_logout_supported: document.says_yes("backchannel_logout_supported"),
            frontchannel_logout_supported: document.says_yes("frontchannel_logout_supported"),
            prompt_values_supported: document.texts("prompt_values_supported"),
            id_token_signing_alg_values_supported: document
                .texts("id_token_signing_alg_values_supported")
                .unwrap_or_default(),
            token_endpoint_auth_methods_supported: document
                .texts("token_endpoint_auth_methods_supported"),
            response_modes_supported: document.texts("response_modes_supported"),
            scopes_supported: document.texts("scopes_supported"),
            claims_supported: document.texts("claims_supported"),
            unreadable,
        })
    }

    /// What is known of a provider without a document: where it is, and nothing else.
    pub(super) fn without_document(
        issuer: &Url,
        authorization_endpoint: &Url,
        token_endpoint: &Url,
        jwks_uri: &Url,
    ) -> Self {
        Self {
            issuer: issuer.clone(),
            authorization_endpoint: authorization_endpoint.clone(),
            token_endpoint: token_endpoint.clone(),
            jwks_uri: jwks_uri.clone(),
            userinfo_endpoint: None,
            end_session_endpoint: None,
            revocation_endpoint: None,
            pushed_authorization_request_endpoint: None,
            authorization_response_iss_parameter_supported: false,
            prompt_values_supported: None,
            backchannel_logout_supported: false,
            frontchannel_logout_supported: false,
            id_token_signing_alg_values_supported: Vec::new(),
            token_endpoint_auth_methods_supported: None,
            response_modes_supported: None,
            scopes_supported: None,
            claims_supported: None,
            unreadable: Vec::new(),
        }
    }

    /// Whether it announces a signing algorithm.
    pub(super) fn signs_with(&self, algorithm: &Algorithm) -> bool {
        let name = serde_json::to_value(algorithm).unwrap_or_default();
        self.id_token_signing_alg_values_supported.iter().any(|announced| name == **announced)
    }

    /// Whether it announces a value of `prompt`.
    pub(in crate::auth) fn prompts(&self, prompt: &str) -> bool {
        let announced = self.prompt_values_supported.as_ref();
        announced.is_some_and(|all| all.iter().any(|one| one == prompt))
    }

    /// Whether it accepts a method of client authentication. One that announces no method accepts
    /// any.
    pub(in crate::auth) fn takes(&self, method: &str) -> bool {
        let announced = self.token_endpoint_auth_methods_supported.as_ref();
        announced.is_none_or(|all| all.iter().any(|one| one == method))
    }

    /// Every address in it, with its name.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = (&'static str, &Url)> {
        let optional = [
            ("userinfo_endpoint", &self.userinfo_endpoint),
            ("end_session_endpoint", &self.end_session_endpoint),
            ("revocation_endpoint", &self.revocation_endpoint),
            ("pushed_authorization_request_endpoint", &self.pushed_authorization_request_endpoint),
        ];
        [
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("jwks_uri", &self.jwks_uri),
        ]
        .into_iter()
        .chain(optional.into_iter().filter_map(|(name, url)| Some((name, url.as_ref()?))))
    }
}

fn required<'d>(document: &'d Claims, name: &'static str) -> Result<&'d str, Fault> {
    let value = document.lookup(name).ok_or(Fault::NoMember(name))?;
    value.as_str().ok_or(Fault::OddMember { name, expected: "a text" })
}

fn endpoint(document: &Claims, name: &'static str) -> Result<Url, Fault> {
    address(document, name)?.ok_or(Fault::NoMember(name))
}

/// The address in a member. An empty text counts as absent.
fn address(document: &Claims, name: &'static str) -> Result<Option<Url>, Fault> {
    let odd = || Fault::OddMember { name, expected: "an absolute address" };
    match document.lookup(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Url::parse(text).map(Some).map_err(|_| odd()),
        Some(_) => Err(odd()),
    }
}
