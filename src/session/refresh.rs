//! Refreshes the sessions in use ahead of time, one refresh of a session at a time, and acts on the
//! result. Must not know how a provider is asked.

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

/// The time for all calls of one refresh: tokens, keys and claims, ten seconds each.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(45);

/// How often a store that does not answer is asked to keep new tokens, a second apart. The old
/// tokens may be used up.
const TRIES: u32 = 10;

/// How long no other gate refreshes the session. It is longer than a refresh may take: two
/// refreshes with one token end the login at a provider that rotates refresh tokens.
const LEASE: Duration = Duration::from_secs(90);

/// Asks a provider for new tokens.
#[async_trait]
pub trait TokenRefresher: Send + Sync {
    /// Uses up the refresh token and returns new tokens.
    async fn refresh(
        &self,
        identity: &Identity,
        provider_data: &ProviderData,
    ) -> Result<RefreshedTokens, RefreshError>;
}

/// The result of using up a refresh token.
#[derive(Debug)]
pub struct RefreshedTokens {
    /// The new tokens. They are to be kept, whatever became of the identity.
    pub provider_data: ProviderData,
    /// Who the person is by now.
    pub identity: Result<Identity, RefreshError>,
}

/// Why a session was not refreshed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RefreshError {
    /// The provider refuses for good, or its tokens are about somebody else. The session ends.
    #[error("{0}")]
    Revoked(String),
    /// It cannot be done now. The session goes on, up to `[session] absolute`.
    #[error("{0}")]
    Temporary(String),
    /// The same, because the provider does not answer.
    #[error("{0}")]
    NoAnswer(String),
}

/// Is told whose refresh failed and why, once for several failures in a row.
pub type OnFailure = Arc<dyn Fn(&Identity, &str) + Send + Sync>;

/// Refreshes sessions, each one at a time.
pub(super) struct Refresher {
    pub(super) store: Arc<dyn SessionStore>,
    pub(super) clock: Clock,
    pub(super) providers: Arc<dyn TokenRefresher>,
    pub(super) on_end: OnEnd,
    pub(super) on_failure: OnFailure,
    /// The runtime of the background tasks: a refresh outlives the request that started it.
    runtime: Handle,
    refresh_tasks: Arc<RefreshTasks>,
}

impl Refresher {
    pub(super) fn new(
        store: Arc<dyn SessionStore>,
        clock: Clock,
        providers: Arc<dyn TokenRefresher>,
        on_end: OnEnd,
        on_failure: OnFailure,
        refresh_tasks: Arc<RefreshTasks>,
    ) -> Self {
        let runtime = Handle::current();
        Self { store, clock, providers, on_end, on_failure, runtime, refresh_tasks }
    }

    /// Starts a refresh beside the caller, or joins the one that is running.
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

    /// Starts a refresh and waits for its end, if waiting makes sense. Returns whether it ended.
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
            // Another gate is refreshing it, and tells all gates when it is done.
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
            // Another holder of the lease may have used the token up.
            Err(RefreshError::Revoked(reason)) if !still_ours => {
                Err(RefreshError::Temporary(reason))
            }
            Err(RefreshError::Revoked(reason)) => self.end(session, reason).await,
            other => other,
        }
    }

    /// `None` when there is nothing left to do.
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
            timeout(REFRESH_TIMEOUT, self.providers.refresh(&session.identity, &provider_data))
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
