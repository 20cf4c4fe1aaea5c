//! One provider: its configuration, and what is known of it now. Must not know browsers.

mod freshness;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::{Mutex, Notify};
use url::Url;

use super::discovery::{self, Discovered};
use super::error::LoginError;
use super::http::HttpClient;
use super::setup_error::SetupError;
use crate::config::{Logo, ProviderConfig};
use crate::domain::{Clock, Email, ProviderId, PublicUrl, is_loopback};

/// How long what is known stays valid while the provider is away.
const STALE_SECONDS: u64 = 24 * 60 * 60;

/// A provider of the configuration.
#[derive(Debug)]
pub struct Provider {
    pub(super) config: ProviderConfig,
    pub(super) http: HttpClient,
    issuer: Url,
    redirect: String,
    pub(super) clock: Clock,
    known: ArcSwapOption<Known>,
    last_error: ArcSwapOption<String>,
    /// When the keys were last fetched for an unproven token. Locked during the fetch, so that only
    /// one runs.
    keys_fetched: Mutex<KeysFetched>,
    wanted: Notify,
}

/// What newer keys are needed for. A login comes from the provider itself, but anybody can send a
/// logout token: logout tokens cannot use up the fetches for logins.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeysFor {
    Login,
    Logout,
}

#[derive(Debug, Default)]
struct KeysFetched {
    login: Option<u64>,
    logout: Option<u64>,
}

#[derive(Debug)]
struct Known {
    discovered: Arc<Discovered>,
    since: u64,
}

impl Provider {
    pub(super) fn new(
        config: &ProviderConfig,
        public_url: &PublicUrl,
        clock: Clock,
    ) -> Result<Self, SetupError> {
        let provider = config.id.clone();
        let address = |text: &str| {
            let (provider, text) = (provider.clone(), text.to_owned());
            move |source| SetupError::Address { provider, text, source }
        };
        let issuer = Url::parse(&config.issuer).map_err(address(&config.issuer))?;
        if issuer.scheme() != "https" && !is_loopback(&issuer) {
            return Err(SetupError::PlainHttp { provider });
        }
        let callback = public_url.join(&format!("/_gate/callback/{}", config.id));
        Ok(Self {
            redirect: Url::parse(&callback)
                .map(|_| callback.clone())
                .map_err(address(&callback))?,
            issuer,
            http: HttpClient::new(config)?,
            config: config.clone(),
            clock,
            known: ArcSwapOption::empty(),
            last_error: ArcSwapOption::empty(),
            keys_fetched: Mutex::default(),
            wanted: Notify::new(),
        })
    }

    /// Takes over what is known of the same issuer from an earlier configuration, so that logins go
    /// on while the provider does not answer.
    pub(super) fn inherit(&self, before: &Self) {
        // All that is needed of plain OAuth 2.0 is in the configuration.
        if self.config.issuer != before.config.issuer
            || self.config.endpoints != before.config.endpoints
            || self.config.oauth2.is_some()
        {
            return;
        }
        let Some(known) = before.known.load_full() else { return };
        let again = discovery::again(&self.config, &known.discovered);
        if let Ok(discovered) = again.map(Arc::new) {
            self.known.store(Some(Arc::new(Known { discovered, since: known.since })));
            self.last_error.store(before.last_error.load_full());
        }
    }

    /// Its id, which is part of the callback address.
    #[must_use]
    pub fn id(&self) -> &ProviderId {
        &self.config.id
    }

    /// Its issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// What customers see on pages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// Shown beside the name.
    #[must_use]
    pub fn logo(&self) -> Option<&Arc<Logo>> {
        self.config.logo.as_ref()
    }

    /// Whether customers may choose it from a list.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        !self.config.hidden
    }

    /// Whether mail domains belong to it at all.
    #[must_use]
    pub fn has_domains(&self) -> bool {
        !self.config.email.domains.is_empty()
    }

    /// Whether the domain of this address belongs to it.
    #[must_use]
    pub fn is_of(&self, email: &Email) -> bool {
        self.config.email.domains.iter().any(|domain| domain.as_str() == email.domain())
    }

    /// Whether it may vouch for an address of another provider's domain.
    pub(super) fn may_speak_for(&self, email: &Email) -> bool {
        self.config.email.shared_domains.iter().any(|domain| domain.as_str() == email.domain())
    }

    /// Whether logins can start.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.discovered().is_some()
    }

    /// Why no login can start here; `None` when one can.
    #[must_use]
    pub fn why_away(&self) -> Option<LoginError> {
        self.usable().err()
    }

    /// Why discovery or keys could not be read; `None` after success.
    #[must_use]
    pub fn last_error(&self) -> Option<String> {
        self.last_error.load().as_deref().cloned()
    }

    /// Unix seconds at which discovery and keys were last read; `None` before that.
    #[must_use]
    pub fn last_read(&self) -> Option<u64> {
        self.known.load().as_ref().map(|known| known.since)
    }

    /// The callback address that is registered at the provider.
    pub(super) fn redirect(&self) -> &str {
        &self.redirect
    }

    /// What is known of the provider, if it is recent enough.
    pub(super) fn discovered(&self) -> Option<Arc<Discovered>> {
        let known = self.known.load_full()?;
        let age = self.clock.unix_seconds().saturating_sub(known.since);
        (age < STALE_SECONDS).then(|| Arc::clone(&known.discovered))
    }

    /// The same, or why there is nothing; then the background task is woken.
    pub(super) fn usable(&self) -> Result<Arc<Discovered>, LoginError> {
        self.discovered().ok_or_else(|| {
            self.wanted.notify_one();
            let reason = self.last_error().unwrap_or_else(|| "it was not asked yet".to_owned());
            LoginError::ProviderUnreachable { provider: self.id().clone(), reason }
        })
    }
}
