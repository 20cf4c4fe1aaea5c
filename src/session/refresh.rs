//! Asks the providers ahead of time whether they still vouch for the customers who are at work: when,
//! once, and what becomes of the answer. Knows nothing of how a provider is asked.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::sessions::{Ended, OnEnd};
use super::{Session, SessionKey, SessionStore, StoreError, Tokens};
use crate::domain::{Clock, Identity};

/// How often the sessions in memory are looked through.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Providers bear so many questions at once, and a restart brings many.
const AT_ONCE: usize = 32;

/// For every call that one refresh takes: tokens, keys and claims, ten seconds each.
const RENEWAL: Duration = Duration::from_secs(45);

/// How often, a second apart, a store that does not answer is asked to keep new tokens: the old
/// ones may be used up.
const TRIES: u32 = 10;

/// For how long nobody else asks: longer than all of it may take, because two refreshes with one
/// token end the login at a provider that rotates them.
const LEASE: Duration = Duration::from_secs(90);

/// Asks a provider.
#[async_trait]
pub trait Renewer: Send + Sync {
    /// Uses up the refresh token for new tokens.
    async fn renew(&self, identity: &Identity, tokens: &Tokens) -> Result<Renewal, Unrenewed>;
}

/// What came of using up a refresh token.
#[derive(Debug)]
pub struct Renewal {
    /// To be kept, whatever the rest is worth.
    pub tokens: Tokens,
    /// Who it is by now.
    pub identity: Result<Identity, Unrenewed>,
}

/// Why a provider's word was not renewed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unrenewed {
    /// The provider takes it back, or gives it for somebody else: the session ends.
    #[error("{0}")]
    Over(String),
    /// It cannot be had now: the session goes on, up to `[session] absolute`.
    #[error("{0}")]
    NotNow(String),
}

/// Is told, once for many failures in a row, for whom a refresh failed and why.
pub type OnFailure = Arc<dyn Fn(&Identity, &str) + Send + Sync>;

/// A refresh under way, for those who want to wait for its end.
pub(super) type Flight = Shared<BoxFuture<'static, ()>>;

/// Refreshes sessions, each once at a time.
pub(super) struct Refresher {
    pub(super) store: Arc<dyn SessionStore>,
    pub(super) clock: Clock,
    pub(super) renewer: Arc<dyn Renewer>,
    pub(super) on_end: OnEnd,
    pub(super) on_failure: OnFailure,
    /// That of what runs beside the requests: a refresh outlives the request that found it due.
    runtime: Handle,
    flights: Mutex<HashMap<SessionKey, Flight>>,
    places: Semaphore,
}

impl Refresher {
    pub(super) fn new(
        store: Arc<dyn SessionStore>,
        clock: Clock,
        renewer: Arc<dyn Renewer>,
        on_end: OnEnd,
        on_failure: OnFailure,
    ) -> Self {
        let (flights, places) = (Mutex::default(), Semaphore::new(AT_ONCE));
        let runtime = Handle::current();
        Self { store, clock, renewer, on_end, on_failure, runtime, flights, places }
    }

    /// Begins a refresh beside the caller, or joins the one under way.
    pub(super) fn begin(self: &Arc<Self>, session: &Arc<Session>) -> Flight {
        let mut flights = self.flights.lock();
        let flight = flights.entry(*session.key()).or_insert_with(|| {
            let (refresher, session) = (Arc::clone(self), Arc::clone(session));
            let flight = self.runtime.spawn(async move {
                refresher.fly(&session).await;
                refresher.flights.lock().remove(session.key());
            });
            flight.map(drop).boxed().shared()
        });
        flight.clone()
    }

    async fn fly(&self, session: &Arc<Session>) {
        let Ok(_place) = self.places.acquire().await else { return };
        let Err(reason) = self.refresh(session).await else { return };
        let reason = reason.to_string();
        tracing::warn!(session = ?session.key(), reason, "a login is not refreshed");
        if session.put_off_refresh(self.clock.unix_seconds()) {
            (self.on_failure)(&session.identity, &reason);
        }
    }

    async fn refresh(&self, session: &Arc<Session>) -> Result<(), Unrenewed> {
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
            Err(Unrenewed::Over(reason)) if !still_ours => Err(Unrenewed::NotNow(reason)),
            Err(Unrenewed::Over(reason)) => self.end(session, reason).await,
            other => other,
        }
    }

    /// Nothing when there is nothing to do any more.
    async fn renew(&self, session: &Session) -> Result<Option<Renewal>, Unrenewed> {
        let Some(tokens) = self.store.tokens(&session.opener).await? else { return Ok(None) };
        if tokens.vouched != session.vouched {
            // Another gate was faster.
            self.store.forget(session.key());
            return Ok(None);
        }
        let renewal = timeout(RENEWAL, self.renewer.renew(&session.identity, &tokens)).await;
        renewal.unwrap_or_else(|_| Err(Unrenewed::NotNow("it took too long".to_owned()))).map(Some)
    }

    async fn keep(&self, session: &Session, renewal: Renewal) -> Result<(), Unrenewed> {
        let Renewal { tokens, identity } = renewal;
        let (identity, failed) = match identity {
            Ok(identity) => (identity, Ok(())),
            Err(over @ Unrenewed::Over(_)) => return Err(over),
            Err(reason) => (session.identity.clone(), Err(reason)),
        };
        let newer = Arc::new(session.renewed(identity, tokens.vouched));
        if failed.is_err() {
            newer.put_off_refresh(self.clock.unix_seconds());
        }
        let mut tries = 1;
        while let Err(error) = self.store.update(Arc::clone(&newer), tokens.clone()).await {
            if tries == TRIES {
                return Err(error.into());
            }
            tries += 1;
            sleep(Duration::from_secs(1)).await;
        }
        failed
    }

    async fn end(&self, session: &Session, reason: String) -> Result<(), Unrenewed> {
        if self.store.remove(session.key()).await? {
            (self.on_end)(&session.identity, Ended::NotVouchedFor(reason));
        }
        Ok(())
    }
}

impl From<StoreError> for Unrenewed {
    fn from(error: StoreError) -> Self {
        Self::NotNow(error.to_string())
    }
}
