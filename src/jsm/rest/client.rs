//! The calls to JSM, typed, made as the service account in the way that its deployment and token
//! need. It must not know what the answers are used for.

mod base;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use url::Url;

use self::base::Base;
pub use self::base::TokenKind;
use super::Error;
use super::answer::Answer;
use super::call::{Call, Change};
use super::jsm_session::JsmSession;
use super::shapes::{Account, ServerInfo};
use super::shares::Part;
use super::transport::Transport;
use crate::config::{Deployment, JsmConfig};
use crate::domain::Email;

/// What must be escaped in one segment of a path.
pub(in crate::jsm) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// How long JSM may ask a call to wait that nobody waits for. JSM is asked again in minutes anyway.
const BACKGROUND_TIMEOUT: Duration = Duration::from_secs(30);

/// The service account's way to JSM. Cheap to clone; clones share what was found out, and the limit of
/// calls at once.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    patience: Duration,
    session: Option<JsmSession>,
}

struct Inner {
    transport: Transport,
    site: String,
    gateway: Url,
    email: Option<Email>,
    token: SecretString,
    deployment: OnceCell<Deployment>,
    base: OnceLock<Base>,
    cloud_id: OnceCell<String>,
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
        let inner = Inner {
            transport,
            site: without_trailing_slash(&config.url),
            gateway: config.cloud_api_url.clone(),
            email: config.email.clone(),
            token: config.api_token.clone(),
            deployment: OnceCell::new_with(config.deployment),
            base: OnceLock::new(),
            cloud_id: OnceCell::new(),
        };
        Self { inner: Arc::new(inner), patience: BACKGROUND_TIMEOUT, session: None }
    }

    /// The same client for whom a person waits: a call is given up when JSM asks to wait longer.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same client in a session of JSM's own, in which it keeps files that are not attached yet.
    #[must_use]
    pub fn in_session(&self, session: JsmSession) -> Self {
        Self { session: Some(session), ..self.clone() }
    }

    /// How many calls may be under way at once (`[jsm] concurrency`).
    #[must_use]
    pub fn concurrency(&self) -> usize {
        self.inner.transport.concurrency()
    }

    /// How long one call may take (`[jsm] timeout`).
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.inner.transport.timeout()
    }

    /// JSM's base address, with its context path and without a trailing slash.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.inner.site
    }

    /// Cloud or Data Center: as the configuration tells, else as JSM says of itself.
    ///
    /// # Errors
    /// When JSM has to be asked and does not answer.
    pub async fn deployment(&self) -> Result<Deployment, Error> {
        let ask = || async { Ok(self.server_info().await?.deployment()) };
        self.inner.deployment.get_or_try_init(ask).await.copied()
    }

    /// What JSM says of itself. Needs no token, so none is sent.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn server_info(&self) -> Result<ServerInfo, Error> {
        self.read_anonymously("/rest/api/2/serverInfo").await
    }

    /// Who the token is.
    ///
    /// # Errors
    /// When the token is refused or there is no usable answer.
    pub async fn myself(&self) -> Result<Account, Error> {
        let account = self.read(Call::read(&self.platform("myself").await?)).await?;
        // What JSM lets strangers read proves nothing; this answer proves that the address accepts
        // the token.
        let _ = self.inner.base.get_or_init(|| Base::Site);
        Ok(account)
    }

    /// Changes something in JSM as the service account: `path` begins with `/rest/`. The call is
    /// sent once, whatever the answer; an answer without a body is read as `null`.
    ///
    /// # Errors
    /// When the token is refused, JSM is busy, or there is no usable answer. Unless JSM says that it
    /// refused the call, it may have done what was asked.
    pub async fn change<T: DeserializeOwned>(
        &self,
        change: Change,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, Error> {
        self.know_base().await?;
        let call = Call::Change { change, path, body };
        self.send_as_known(call).await?.json_or_null(call)
    }

    /// Makes a call that only reads as the service account. Its path begins with `/rest/`.
    pub(in crate::jsm) async fn read<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
    ) -> Result<T, Error> {
        self.answer(call).await?.json(call)
    }

    /// The same for a call whose answer is a text.
    pub(in crate::jsm) async fn read_text(&self, call: Call<'_>) -> Result<String, Error> {
        Ok(self.answer(call).await?.text())
    }

    async fn send_as_known(&self, call: Call<'_>) -> Result<Answer, Error> {
        self.send(self.base(), call).await
    }

    /// A part of the share of whoever this is done for: for what is read for everybody, and could be asked for
    /// without end. That takes so many calls at once.
    pub(in crate::jsm) async fn part(
        &self,
        call: Call<'_>,
        calls: u32,
    ) -> Result<Option<Part>, Error> {
        self.inner.transport.part(call, calls).await
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.inner.transport
    }

    pub(super) async fn send(&self, base: &str, call: Call<'_>) -> Result<Answer, Error> {
        let request = self.authorize(self.inner.transport.request(base, call)).await?;
        // In a place of its own: whatever waits for several calls would carry each of them along.
        Box::pin(self.inner.transport.send(call, request, self.patience)).await
    }

    async fn read_anonymously<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let call = Call::read(path);
        let request = self.inner.transport.request(&self.inner.site, call);
        // In a place of its own: whatever waits for several calls would carry each of them along.
        Box::pin(self.inner.transport.send(call, request, self.patience)).await?.json(call)
    }

    /// What JSM answers a stranger's browser, whatever that is.
    ///
    /// # Errors
    /// When nothing is answered.
    pub(in crate::jsm) async fn look(
        &self,
        call: Call<'_>,
        headers: HeaderMap,
    ) -> Result<Answer, Error> {
        let request = self.inner.transport.request(&self.inner.site, call).headers(headers);
        Box::pin(self.inner.transport.look(call, request)).await
    }

    pub(super) async fn authorize(&self, request: RequestBuilder) -> Result<RequestBuilder, Error> {
        let token = self.inner.token.expose_secret();
        let request = match &self.session {
            Some(session) => request.header(http::header::COOKIE, session.cookie()),
            None => request,
        };
        match self.deployment().await? {
            Deployment::DataCenter => Ok(request.bearer_auth(token)),
            Deployment::Cloud => {
                let email = self.inner.email.as_ref().ok_or(Error::EmailMissing)?;
                Ok(request.basic_auth(email, Some(token)))
            }
        }
    }

    /// The path of a call to Jira itself; version 3 exists on Cloud only.
    pub(in crate::jsm) async fn platform(&self, call: &str) -> Result<String, Error> {
        let version = match self.deployment().await? {
            Deployment::Cloud => 3,
            Deployment::DataCenter => 2,
        };
        Ok(format!("/rest/api/{version}/{call}"))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("site", &self.inner.site).finish_non_exhaustive()
    }
}

fn without_trailing_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}
