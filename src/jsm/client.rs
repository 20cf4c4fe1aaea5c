//! The calls to JSM, typed, made as the service account the way its deployment and its token want
//! it. It must not know what the answers are used for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use url::Url;

use super::Error;
use super::answer::Answer;
use super::paging::Listed;
use super::shapes::{Account, Permissions, ServerInfo, ServiceDesk, TenantInfo};
use super::transport::Transport;
use crate::config::{Deployment, JsmConfig};
use crate::domain::Email;

/// What must be escaped in one segment of a path.
pub(super) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Query parameters of a call.
type Query<'a> = [(&'a str, String)];

/// What kind of token the service account uses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// Data Center's personal access token.
    Personal,
    /// Cloud's token with all rights of its owner; works on the site's own address.
    Plain,
    /// Cloud's token with scopes; works through Atlassian's API gateway only.
    Scoped,
}

/// The service account's way to JSM. Cheap to clone; clones share what was found out.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    site: String,
    gateway: Url,
    email: Option<Email>,
    token: SecretString,
    deployment: OnceCell<Deployment>,
    base: OnceLock<Base>,
}

/// The address that takes the token, once it is known.
enum Base {
    Site,
    Gateway(String),
}

impl Client {
    /// Prepares the client; makes no call. The process must have a default rustls provider.
    ///
    /// # Errors
    /// When the certificate authorities cannot be loaded.
    pub fn new(config: &JsmConfig) -> Result<Self, Error> {
        Ok(Self::over(Transport::new(config)?, config))
    }

    /// Like [`Client::new`], but lets `sleep` pass the time that JSM asks to wait.
    ///
    /// # Errors
    /// When the certificate authorities cannot be loaded.
    pub fn with_sleeper(
        config: &JsmConfig,
        sleep: impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        Ok(Self::over(Transport::new(config)?.with_sleeper(Arc::new(sleep)), config))
    }

    fn over(transport: Transport, config: &JsmConfig) -> Self {
        Self(Arc::new(Inner {
            transport,
            site: without_trailing_slash(&config.url),
            gateway: config.cloud_api_url.clone(),
            email: config.email.clone(),
            token: config.api_token.clone(),
            deployment: OnceCell::new_with(config.deployment),
            base: OnceLock::new(),
        }))
    }

    /// JSM's base address, with its context path and without a trailing slash.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.0.site
    }

    /// Cloud or Data Center: as configured, else as JSM says of itself.
    ///
    /// # Errors
    /// When JSM has to be asked and does not answer.
    pub async fn deployment(&self) -> Result<Deployment, Error> {
        let ask = || async { Ok(self.server_info().await?.deployment()) };
        self.0.deployment.get_or_try_init(ask).await.copied()
    }

    /// What JSM says of itself. Needs no token, so none is sent.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn server_info(&self) -> Result<ServerInfo, Error> {
        self.get_anonymously("/rest/api/2/serverInfo").await
    }

    /// Who the token is.
    ///
    /// # Errors
    /// When the token is refused or there is no usable answer.
    pub async fn myself(&self) -> Result<Account, Error> {
        let account = self.get(&self.platform("myself").await?, &[]).await?;
        // Whatever JSM lets strangers read proves nothing, but this answer proves the address.
        let _ = self.0.base.get_or_init(|| Base::Site);
        Ok(account)
    }

    /// Which of Jira's permissions, such as `ADMINISTER`, the token has.
    ///
    /// # Errors
    /// When the token is refused, a key is unknown, or there is no usable answer.
    pub async fn my_permissions(&self, keys: &[&str]) -> Result<HashMap<String, bool>, Error> {
        let query = [("permissions", keys.join(","))];
        let path = self.platform("mypermissions").await?;
        let answer: Permissions = self.get(&path, &query).await?;
        let all = answer.permissions.into_iter();
        Ok(all.map(|(key, permission)| (key, permission.have_permission)).collect())
    }

    /// Every service desk the token may see.
    ///
    /// # Errors
    /// When any page of the list cannot be read.
    pub async fn service_desks(&self) -> Result<Listed<ServiceDesk>, Error> {
        self.list("/rest/servicedeskapi/servicedesk").await
    }

    /// One service desk; `None` when there is none or it is not shown to the token.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn service_desk(&self, id: &str) -> Result<Option<ServiceDesk>, Error> {
        let id = utf8_percent_encode(id, SEGMENT);
        known(self.get(&format!("/rest/servicedeskapi/servicedesk/{id}"), &[]).await)
    }

    /// What kind of token it is, as far as the calls made until now have shown.
    #[must_use]
    pub fn token_kind(&self) -> Option<TokenKind> {
        match (self.0.deployment.get()?, self.0.base.get()) {
            (Deployment::DataCenter, _) => Some(TokenKind::Personal),
            (Deployment::Cloud, Some(Base::Site)) => Some(TokenKind::Plain),
            (Deployment::Cloud, Some(Base::Gateway(_))) => Some(TokenKind::Scoped),
            (Deployment::Cloud, None) => None,
        }
    }

    /// Makes a call as the service account. `path` begins with `/rest/`.
    pub(super) async fn get<T>(&self, path: &str, query: &Query<'_>) -> Result<T, Error>
    where
        T: DeserializeOwned,
    {
        let deployment = self.deployment().await?;
        let answer = match (deployment, self.0.base.get()) {
            (_, Some(Base::Gateway(base))) => self.send(base, path, query).await,
            (Deployment::DataCenter, _) | (_, Some(Base::Site)) => {
                self.send(&self.0.site, path, query).await
            }
            (Deployment::Cloud, None) => self.send_finding_base(path, query).await,
        };
        answer?.json(&call(path))
    }

    /// A scoped token is refused on the site's address and works only through the API gateway;
    /// nothing in the token tells which it is (Atlassian KB "401 Unauthorized error when service
    /// account accesses Jira").
    async fn send_finding_base(&self, path: &str, query: &Query<'_>) -> Result<Answer, Error> {
        let refusal = match self.send(&self.0.site, path, query).await {
            Err(error) if may_be_a_scoped_token(&error) => error,
            answer => return answer,
        };
        let Ok(base) = self.gateway_base().await else { return Err(refusal) };
        match self.send(&base, path, query).await {
            Ok(answer) => {
                tracing::info!(through = self.0.gateway.as_str(), "the JSM token is a scoped one");
                let _ = self.0.base.set(Base::Gateway(base));
                Ok(answer)
            }
            // These come only after the gateway knew the token: it names the missing scope.
            Err(error) if is_busy_or_forbidden(&error) => Err(error),
            Err(_) => Err(refusal),
        }
    }

    async fn gateway_base(&self) -> Result<String, Error> {
        let path = "/_edge/tenant_info";
        let tenant: TenantInfo = self.get_anonymously(path).await?;
        let id = utf8_percent_encode(&tenant.cloud_id, SEGMENT);
        Ok(format!("{}/ex/jira/{id}", without_trailing_slash(&self.0.gateway)))
    }

    async fn send(&self, base: &str, path: &str, query: &Query<'_>) -> Result<Answer, Error> {
        let request = self.0.transport.http().get(format!("{base}{path}"));
        let request = self.authorize(request.query(query)).await?;
        self.0.transport.send(&call(path), request).await
    }

    async fn get_anonymously<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let request = self.0.transport.http().get(format!("{}{path}", self.0.site));
        self.0.transport.send(&call(path), request).await?.json(&call(path))
    }

    async fn authorize(&self, request: RequestBuilder) -> Result<RequestBuilder, Error> {
        let token = self.0.token.expose_secret();
        match self.deployment().await? {
            Deployment::DataCenter => Ok(request.bearer_auth(token)),
            Deployment::Cloud => {
                let email = self.0.email.as_ref().ok_or(Error::EmailMissing)?;
                Ok(request.basic_auth(email, Some(token)))
            }
        }
    }

    /// The path of a call to Jira itself; version 3 exists on Cloud only.
    async fn platform(&self, call: &str) -> Result<String, Error> {
        let version = match self.deployment().await? {
            Deployment::Cloud => 3,
            Deployment::DataCenter => 2,
        };
        Ok(format!("/rest/api/{version}/{call}"))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("site", &self.0.site).finish_non_exhaustive()
    }
}

/// What JSM does not have or does not show to us is no error where one of several is asked for.
pub(super) fn known<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error)
            if matches!(error.status(), Some(StatusCode::NOT_FOUND | StatusCode::FORBIDDEN)) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn may_be_a_scoped_token(error: &Error) -> bool {
    error.is_refused_token() || error.status() == Some(StatusCode::FORBIDDEN)
}

fn is_busy_or_forbidden(error: &Error) -> bool {
    matches!(error, Error::Busy { .. } | Error::Maintenance { .. })
        || error.status() == Some(StatusCode::FORBIDDEN)
}

fn call(path: &str) -> String {
    format!("GET {path}")
}

fn without_trailing_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}
