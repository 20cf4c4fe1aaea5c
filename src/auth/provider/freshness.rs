//! Keeps what is known of a provider fresh: reads discovery and keys in time, and the keys again
//! when none proves a token. Must not know what the keys are used for.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{KeysFor, Known, Provider};
use crate::auth::discovery::{self, Discovered};
use crate::auth::fault::Fault;

/// How often discovery and keys are read, so that operators see that a provider is away before
/// customers tell them.
const REFRESH: Duration = Duration::from_secs(60);
/// The time between two tries while it is away: doubled each time, from the first to the last.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(30);
/// The time between two fetches of the keys for a token that the known keys do not prove
/// (docs/security.md G6). For logins it is as short as a new key may be late. Senders of logout
/// tokens wait longer.
const KEYS_FOR_LOGIN_SECONDS: u64 = 10;
const KEYS_FOR_LOGOUT_SECONDS: u64 = 60;

impl Provider {
    /// Reads discovery and keys now and for ever after. While the provider is away a login that
    /// somebody wants is a reason to try again at once, but never sooner than `FIRST_RETRY`.
    pub(in crate::auth) async fn keep_fresh(&self) {
        let mut retry = FIRST_RETRY;
        loop {
            if self.refresh().await {
                retry = FIRST_RETRY;
                self.rest().await;
            } else {
                sleep(FIRST_RETRY).await;
                let _ = timeout(retry.saturating_sub(FIRST_RETRY), self.wanted.notified()).await;
                retry = LAST_RETRY.min(retry * 2);
            }
        }
    }

    /// Waits until they are to be read again, or until a login finds that what is known is too old:
    /// the clock may have jumped.
    async fn rest(&self) {
        let missed = async {
            while self.is_ready() {
                self.wanted.notified().await;
            }
        };
        tokio::select! {
            () = self.clock.sleep(REFRESH) => {}
            () = missed => {}
        }
    }

    /// Asks the provider to describe itself.
    pub(in crate::auth) async fn describe(&self) -> Result<Discovered, Fault> {
        discovery::load(&self.config, &self.issuer, &self.http).await
    }

    /// Reads discovery and keys once. Returns false when that failed and the earlier ones stay.
    async fn refresh(&self) -> bool {
        match self.describe().await {
            Ok(discovered) => {
                if self.last_error().is_some() || !self.is_ready() {
                    tracing::info!(provider = %self.id(), "provider is ready");
                }
                self.remember(discovered);
                true
            }
            Err(fault) => {
                self.failed(&fault);
                false
            }
        }
    }

    /// Fetches the keys again because none of `seen` proves a token. `None` when they cannot be had, or
    /// were fetched for that reason just now.
    pub(in crate::auth) async fn newer_keys(
        &self,
        seen: &Arc<Discovered>,
        wanted_for: KeysFor,
    ) -> Option<Arc<Discovered>> {
        let mut fetched = self.keys_fetched.lock().await;
        let (fetched, seconds) = match wanted_for {
            KeysFor::Login => (&mut fetched.login, KEYS_FOR_LOGIN_SECONDS),
            KeysFor::Logout => (&mut fetched.logout, KEYS_FOR_LOGOUT_SECONDS),
        };
        let current = self.discovered()?;
        if !Arc::ptr_eq(&current, seen) {
            return Some(current);
        }
        let now = self.clock.unix_seconds();
        if fetched.is_some_and(|at| now.abs_diff(at) < seconds) {
            return None;
        }
        *fetched = Some(now);
        match discovery::keys(&seen.metadata.jwks_uri, &self.http).await {
            Ok(keys) => Some(self.remember(Discovered { keys, ..Discovered::clone(seen) })),
            Err(fault) => {
                self.failed(&fault);
                None
            }
        }
    }

    fn remember(&self, discovered: Discovered) -> Arc<Discovered> {
        let discovered = Arc::new(discovered);
        let since = self.clock.unix_seconds();
        self.known.store(Some(Arc::new(Known { discovered: Arc::clone(&discovered), since })));
        self.last_error.store(None);
        discovered
    }

    /// Logs a reason once, and not at every try.
    fn failed(&self, fault: &Fault) {
        let reason = fault.to_string();
        if self.last_error().as_ref() != Some(&reason) {
            tracing::warn!(provider = %self.id(), %reason, "provider cannot be read; trying again");
        }
        self.last_error.store(Some(Arc::new(reason)));
    }
}
