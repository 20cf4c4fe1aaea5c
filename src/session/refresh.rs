//! Asks the providers ahead of time whether they still vouch for the customers who are at work: when,
//! once, and what becomes of the answer. Knows nothing of how a provider is asked.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

use super::end::{Ended, OnEnd};
use super::refresh_tasks::{RefreshTask, RefreshTasks};
use super::{ProviderData, Session, SessionStore, StoreError};
use crate::domain::{Clock, Identity};

/// How often the sessions in memory are looked through.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(5);

/// For every call that one refresh takes: tokens, keys and claims, ten seconds each.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(45);

/// How often, a second apart, a store that does not answer is asked to keep new tokens: the old
/// ones may be used up.
const TRIES: u32 = 10;

/// For how long nobody else asks: longer than all of it may take, because two refreshes with one
/// token end the login at a provider that rotates them.
const LEASE: Duration = Duration::from_secs(90);

/// Asks a provider.
#[async_trait]
pub trait TokenRefresher: Send + Sync {
    /// Uses up the refresh token for new tokens.
    async fn renew(
        &self,
        identity: &Identity,
        provider_data: &ProviderData,
    ) -> Result<RefreshedTokens, RefreshError>;
}

/// What came of using up a refresh token.
#[derive(Debug)]
pub struct RefreshedTokens {
    /// To be kept, whatever the rest is worth.
    pub provider_data: ProviderData,
    /// Who it is by now.
    pub identity: Result<Identity, RefreshError>,
}

/// Why a provider's word was not renewed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RefreshError {
    /// The provider takes it back, or gives it for somebody else: the session ends.
    #[error("{0}")]
    Revoked(String),
    /// It cannot be had now: the session goes on, up to `[session] absolute`.
    #[error("{0}")]
    Temporary(String),
    /// The same, because the provider does not answer.
    #[error("{0}")]
    NoAnswer(String),
}

/// Is told, once for many failures in a row, for whom a refresh failed and why.
pub type OnFailure = Arc<dyn Fn(&Identity, &str) + Send + Sync>;

/// Refreshes sessions, each once at a time.
pub(super) struct Refresher {
    pub(super) store: Arc<dyn SessionStore>,
    pub(super) clock: Clock,
    pub(super) token_refresher: Arc<dyn TokenRefresher>,
    pub(super) on_end: OnEnd,
    pub(super) on_failure: OnFailure,
    /// That of what runs beside the requests: a refresh outlives the request that found it due.
    runtime: Handle,
    refresh_tasks: Arc<RefreshTasks>,
}

impl Refresher {
    pub(super) fn new(
        store: Arc<dyn SessionStore>,
        clock: Clock,
        token_refresher: Arc<dyn TokenRefresher>,
        on_end: OnEnd,
        on_failure: OnFailure,
        refresh_tasks: Arc<RefreshTasks>,
    ) -> Self {
        let runtime = Handle::current();
        Self { store, clock, token_refresher, on_end, on_failure, runtime, refresh_tasks }
    }

    /// Begins a refresh beside the caller, or joins the one under way.
    pub(super) fn begin(self: &Arc<Self>, session: &Arc<Session>) -> RefreshTask {
        self.refresh_tasks.join(*session.key(), || {
            let (refresher, session) = (Arc::clone(self), Arc::clone(session));
            let task = self.runtime.spawn(async move {
                refresher.run(&session).await;
                refresher.refresh_tasks.remove(session.key());
            });
            task.map(drop).boxed().shared()
        })
    }

    /// Begins a refresh, waits for its end if that is worth while, and tells whether it came.
    pub(super) async fn wait_for(self: &Arc<Self>, session: &Arc<Session>, now: u64) -> bool {
        let task = self.begin(session);
        self.refresh_tasks.limiter(&session.identity.provider).wait(session, task, now).await
    }

    async fn run(&self, session: &Arc<Session>) {
        let limiter = self.refresh_tasks.limiter(&session.identity.provider);
        let Some(_permit) = limiter.acquire().await else { return };
        let refreshed = if limiter.is_unresponsive(self.clock.unix_seconds()) {
            Err(RefreshError::Temporary("the provider did not answer others just now".to_owned()))
        } else {
            self.refresh(session).await
        };
        let Err(reason) = refreshed else { return limiter.record_answer() };
        let now = self.clock.unix_seconds();
        if matches!(reason, RefreshError::NoAnswer(_)) {
            limiter.record_no_answer(now);
        }
        let reason = reason.to_string();
        tracing::warn!(session = %session.key(), reason, "a login is not refreshed");
        if session.put_off_refresh(now) {
            (self.on_failure)(&session.identity, &reason);
        }
    }

    async fn refresh(&self, session: &Arc<Session>) -> Result<(), RefreshError> {
        let Some(lease) = self.store.lease(session.key(), LEASE).await? else {
            // Another gate is at it, and all are told when it is done.
            session.look_again_soon(self.clock.unix_seconds());
            return Ok(());
        };
        let renewed = match self.renew(session).await {
            Ok(Some(renewal)) => self.keep(session, renewal).await,
            Ok(None) => Ok(()),
            Err(reason) => Err(reason),
        };
        let still_ours = self.store.release(lease).await.unwrap_or(false);
        match renewed {
            // Whoever has the lease by now may have used the token up.
            Err(RefreshError::Revoked(reason)) if !still_ours => {
                Err(RefreshError::Temporary(reason))
            }
            Err(RefreshError::Revoked(reason)) => self.end(session, reason).await,
            other => other,
        }
    }

    /// Nothing when there is nothing to do any more.
    async fn renew(&self, session: &Session) -> Result<Option<RefreshedTokens>, RefreshError> {
        let Some(provider_data) = self.store.provider_data(&session.credential).await? else {
            return Ok(None);
        };
        if provider_data.token_lifetime != session.token_lifetime {
            // Another gate was faster.
            self.store.forget(session.key());
            return Ok(None);
        }
        let renewal =
            timeout(REFRESH_TIMEOUT, self.token_refresher.renew(&session.identity, &provider_data))
                .await;
        renewal
            .unwrap_or_else(|_| Err(RefreshError::NoAnswer("it took too long".to_owned())))
            .map(Some)
    }

    async fn keep(&self, session: &Session, renewal: RefreshedTokens) -> Result<(), RefreshError> {
        let RefreshedTokens { provider_data, identity } = renewal;
        let (identity, failed) = match identity {
            Ok(identity) => (identity, Ok(())),
            Err(revoked @ RefreshError::Revoked(_)) => return Err(revoked),
            Err(reason) => (session.identity.clone(), Err(reason)),
        };
        let newer = Arc::new(session.renewed(identity, provider_data.token_lifetime));
        if failed.is_err() {
            newer.put_off_refresh(self.clock.unix_seconds());
        }
        let mut tries = 1;
        while let Err(error) = self.store.update(Arc::clone(&newer), provider_data.clone()).await {
            if tries == TRIES {
                return Err(error.into());
            }
            tries += 1;
            sleep(Duration::from_secs(1)).await;
        }
        failed
    }

    async fn end(&self, session: &Session, reason: String) -> Result<(), RefreshError> {
        if self.store.remove(session.key()).await? {
            (self.on_end)(&session.identity, Ended::NotVouchedFor(reason));
        }
        Ok(())
    }
}

impl From<StoreError> for RefreshError {
    fn from(error: StoreError) -> Self {
        Self::Temporary(error.to_string())
    }
}
