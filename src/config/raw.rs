//! The shape of the file, key by key: what serde reads, what the schema says and what unknown and
//! missing keys are held against. What a text means is not known here.
//!
//! A field without `#[serde(default)]` is required. Nothing denies unknown fields to serde itself,
//! because it would stop at the first; `shape` reports them all.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::default;
use super::given::Given;
use super::parsed::{Deployment, ForwardedHost, LogFormat};
use crate::domain::{Access, Mode};

/// A list of texts.
pub(super) type Texts = Given<Vec<Given<String>>>;

/// Configuration of jsm-gate, a login gate in front of Jira Service Management portals.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "jsm-gate")]
pub(super) struct File {
    /// Where the gate is reached.
    pub(super) gate: Given<Gate>,
    /// The JSM server and the service account.
    pub(super) jsm: Given<Jsm>,
    /// Identity providers, at least one.
    pub(super) provider: Given<Vec<Given<Provider>>>,
    /// For every portal that says nothing else.
    #[serde(default)]
    pub(super) portals: Given<Portals>,
    /// What differs for one portal.
    #[serde(default)]
    pub(super) portal: Given<Vec<Given<Portal>>>,
    /// The gate's own login session.
    pub(super) session: Given<Session>,
    /// How forward mode speaks to the upstream.
    #[serde(default)]
    pub(super) forward: Given<Forward>,
    /// What one request, one browser and one gate may take.
    #[serde(default)]
    pub(super) limits: Given<Limits>,
    /// Log lines.
    #[serde(default)]
    pub(super) log: Given<Log>,
}

/// Where the gate is reached.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Gate {
    /// What customers see; cookies, redirects and links derive from it alone.
    pub(super) public_url: Given<String>,
    /// Addresses to listen on; sockets inherited from systemd take precedence.
    #[serde(default)]
    #[schemars(extend("default" = default::LISTEN))]
    pub(super) listen: Texts,
    /// PEM file of the certificate chain, leaf first.
    #[serde(default)]
    pub(super) certificate: Given<String>,
    /// PEM file of the certificate's private key.
    #[serde(default)]
    pub(super) private_key: Given<String>,
    /// Networks whose X-Forwarded-* headers are believed.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(super) trusted_proxies: Texts,
    /// Where /healthz, /readyz and /metrics are served; an empty text serves them nowhere.
    #[serde(default)]
    #[schemars(extend("default" = default::OPERATIONS_LISTEN))]
    pub(super) operations_listen: Given<String>,
    /// Folder of what the gate remembers over a restart.
    #[serde(default)]
    #[schemars(extend("default" = default::STATE_DIR))]
    pub(super) state_dir: Given<String>,
}

/// The JSM server and the service account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Jsm {
    /// Address of the JSM server, with its context path if it has one.
    pub(super) url: Given<String>,
    /// Which of the two products it is; found out when left out.
    #[serde(default)]
    pub(super) deployment: Given<Deployment>,
    /// Address of the service account; needed for Cloud.
    #[serde(default)]
    pub(super) email: Given<String>,
    /// File with the service account's API token or personal access token.
    #[serde(default)]
    pub(super) api_token_file: Given<String>,
    /// Environment variable with the token.
    #[serde(default)]
    pub(super) api_token_env: Given<String>,
    /// systemd credential with the token.
    #[serde(default)]
    pub(super) api_token_credential: Given<String>,
    /// How often the list of portals is read again.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_REFRESH))]
    pub(super) refresh: Given<String>,
    /// How long one REST call may take.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_TIMEOUT))]
    pub(super) timeout: Given<String>,
    /// PEM file of a further certificate authority to trust for the server.
    #[serde(default)]
    pub(super) ca_file: Given<String>,
    /// Atlassian's API gateway, which scoped tokens use.
    #[serde(default)]
    #[schemars(extend("default" = default::JSM_CLOUD_API_URL))]
    pub(super) cloud_api_url: Given<String>,
    /// Send the token over plain http to another machine.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(super) insecure_plain_http: Given<bool>,
}

/// One identity provider.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Provider {
    /// Part of the callback address.
    pub(super) id: Given<String>,
    /// What customers see on pages; the id when left out.
    #[serde(default)]
    pub(super) name: Given<String>,
    /// Which product it is.
    #[serde(default)]
    #[schemars(extend("default" = "oidc"))]
    pub(super) preset: Given<Preset>,
    /// Issuer exactly as the provider's discovery document spells it.
    pub(super) issuer: Given<String>,
    /// The gate's client id there.
    pub(super) client_id: Given<String>,
    /// File with the client secret.
    #[serde(default)]
    pub(super) client_secret_file: Given<String>,
    /// Environment variable with the client secret.
    #[serde(default)]
    pub(super) client_secret_env: Given<String>,
    /// systemd credential with the client secret.
    #[serde(default)]
    pub(super) client_secret_credential: Given<String>,
    /// Scopes to ask for.
    #[serde(default)]
    #[schemars(extend("default" = default::PROVIDER_SCOPES))]
    pub(super) scopes: Texts,
    /// Mail domains that log in here.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(super) email_domains: Texts,
    /// Which claim fills which attribute; dotted paths reach into objects.
    #[serde(default)]
    pub(super) attributes: Given<Attributes>,
    /// Accept an email address that the provider does not say it verified.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(super) insecure_allow_unverified_email: Given<bool>,
    /// PEM file of a further certificate authority to trust for the issuer.
    #[serde(default)]
    pub(super) ca_file: Given<String>,
}

/// Products and protocols. All but the last two speak OpenID Connect.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Preset {
    Oidc,
    Okta,
    Entra,
    Adfs,
    Keycloak,
    Google,
    Cognito,
    Salesforce,
    Auth0,
    Oauth2,
    Github,
}

/// Identity attribute = claim.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Attributes {
    /// Claim of the email address.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_EMAIL))]
    pub(super) email: Given<String>,
    /// Claim of the shown name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_NAME))]
    pub(super) name: Given<String>,
    /// Claim of the given name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_FIRST_NAME))]
    pub(super) first_name: Given<String>,
    /// Claim of the family name.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_LAST_NAME))]
    pub(super) last_name: Given<String>,
    /// Claim of the groups.
    #[serde(default)]
    #[schemars(extend("default" = default::ATTRIBUTE_GROUPS))]
    pub(super) groups: Given<String>,
}

/// For every portal that says nothing else.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Portals {
    /// How portals are served.
    #[serde(default)]
    #[schemars(extend("default" = Mode::Forward))]
    pub(super) mode: Given<Mode>,
    /// Who may use them.
    #[serde(default)]
    #[schemars(extend("default" = Access::Default))]
    pub(super) access: Given<Access>,
}

/// What differs for one portal.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Portal {
    /// Project key or project id.
    pub(super) project: Given<String>,
    /// The name in its link; the lower-cased project key when left out.
    #[serde(default)]
    pub(super) link: Given<String>,
    /// JSM's number of the portal, for one whose number cannot be found out.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub(super) portal_id: Given<u64>,
    /// How it is served; as in [portals] when left out.
    #[serde(default)]
    pub(super) mode: Given<Mode>,
    /// Who may use it; as in [portals] when left out.
    #[serde(default)]
    pub(super) access: Given<Access>,
    /// Whom `private` lets in.
    #[serde(default)]
    pub(super) allow: Given<Allow>,
}

/// Whom a private portal lets in: anybody that one of the lists names.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Allow {
    /// Group names, compared exactly.
    #[serde(default)]
    pub(super) groups: Texts,
    /// Whole mail domains.
    #[serde(default)]
    pub(super) email_domains: Texts,
    /// Single addresses.
    #[serde(default)]
    pub(super) emails: Texts,
}

/// The gate's own login session.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Session {
    /// Ends after this long without a request.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_IDLE))]
    pub(super) idle: Given<String>,
    /// Ends this long after login, used or not.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_ABSOLUTE))]
    pub(super) absolute: Given<String>,
    /// File with the secrets that seal cookies, one a line: the first seals, all open.
    #[serde(default)]
    pub(super) secret_file: Given<String>,
    /// Environment variable with the secrets.
    #[serde(default)]
    pub(super) secret_env: Given<String>,
    /// systemd credential with the secrets.
    #[serde(default)]
    pub(super) secret_credential: Given<String>,
}

/// How forward mode speaks to the upstream.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Forward {
    /// Header = template, such as `X-User = "{email}"`; a copy a browser sends is removed.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) identity: Given<BTreeMap<Spanned<String>, Given<String>>>,
    /// Which host the upstream is told it was asked for: its own, or the one customers see.
    #[serde(default)]
    #[schemars(extend("default" = "upstream"))]
    pub(super) host: Given<ForwardedHost>,
    /// To reach the upstream.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_CONNECT_TIMEOUT))]
    pub(super) connect_timeout: Given<String>,
    /// Between two reads of a response.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_READ_TIMEOUT))]
    pub(super) read_timeout: Given<String>,
    /// Between two writes of a request.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_WRITE_TIMEOUT))]
    pub(super) write_timeout: Given<String>,
    /// How long an unused connection to the upstream is kept; below the upstream's own.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_KEEP_ALIVE))]
    pub(super) keep_alive: Given<String>,
    /// PEM file of a further certificate authority to trust for the upstream.
    #[serde(default)]
    pub(super) ca_file: Given<String>,
    /// Whether a WebSocket may pass.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(super) websockets: Given<bool>,
}

/// What one request, one browser and one gate may take.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Limits {
    /// Bytes of request line and headers together.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_HEADER_BYTES))]
    pub(super) header_bytes: Given<String>,
    /// Number of request headers.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_HEADERS))]
    pub(super) headers: Given<u64>,
    /// Bytes of a request body.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_BODY_BYTES))]
    pub(super) body_bytes: Given<String>,
    /// Logins a browser may have open at once; the oldest is dropped.
    #[serde(default)]
    #[schemars(range(min = 1, max = 20), extend("default" = default::LIMIT_PENDING_LOGINS))]
    pub(super) pending_logins: Given<u64>,
    /// How long a login may take.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_PENDING_LOGIN_AGE))]
    pub(super) pending_login_age: Given<String>,
    /// How long an idle customer connection is kept.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_KEEP_ALIVE))]
    pub(super) keep_alive: Given<String>,
    /// Sessions kept in memory.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_SESSIONS))]
    pub(super) sessions: Given<u64>,
    /// How long a stop waits for requests to finish.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_DRAIN))]
    pub(super) drain: Given<String>,
}

/// Log lines.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Log {
    /// For people or for machines.
    #[serde(default)]
    #[schemars(extend("default" = "text"))]
    pub(super) format: Given<LogFormat>,
    /// What is written: error, warn, info, debug or trace, or a filter as in RUST_LOG.
    #[serde(default)]
    #[schemars(extend("default" = default::LOG_LEVEL))]
    pub(super) level: Given<String>,
}
