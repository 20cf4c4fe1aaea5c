//! The background tasks. They run until the gate stops or a reload replaces them. Must not know
//! what a task does.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::Assembly;

/// How often the audit trail and the log sum up what strangers caused.
const TALLY_INTERVAL: Duration = Duration::from_secs(60);

impl Assembly {
    /// Starts what runs beside the requests, until the gate stops.
    pub(in crate::server) fn keep_fresh(self: &Arc<Self>, mut stopping: watch::Receiver<bool>) {
        self.start_background();
        let assembly = Arc::clone(self);
        tokio::spawn(async move {
            let directory = Arc::clone(&assembly.persistent.directory);
            let interval = assembly.config().jsm.refresh;
            tokio::select! {
                () = directory.keep_fresh(interval) => {}
                () = assembly.sum_up_strangers() => {}
                _ = stopping.wait_for(|stopping| *stopping) => {}
            }
            assembly.background.lock().abort_all();
        });
    }

    /// Sums up once a minute what strangers caused, for ever.
    async fn sum_up_strangers(&self) {
        loop {
            tokio::time::sleep(TALLY_INTERVAL).await;
            self.persistent.audit.sum_up();
            self.persistent.strangers.sum_up();
        }
    }

    pub(super) fn start_background(&self) {
        let authenticator = self.authenticator();
        let (app, sessions) = (self.app.load_full(), self.sessions());
        let keyring = self.current.load().keyring.clone();
        let (saml_keyrings, clock) = (self.saml_keyrings(), self.persistent.clock.clone());
        let mut background = self.background.lock();
        background.abort_all();
        background.spawn(async move { authenticator.keep_fresh().await });
        background.spawn(async move { app.keep_fresh().await });
        background.spawn(async move { sessions.keep_refreshed().await });
        background.spawn(async move { saml_keyrings.warn_of_expiry(&clock).await });
        if let Some(keyring) = keyring {
            background.spawn(async move { keyring.keep_rotated().await });
        }
    }
}
