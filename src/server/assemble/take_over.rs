//! Takes over a new configuration while the gate serves: first everything that may fail, then the
//! swap. Must not know where the configuration comes from.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::Assembly;
use super::app::assemble;
use super::build::saml_keyrings;
use super::persistent::rules;
use crate::auth::Authenticator;
use crate::config::{Config, Startup};
use crate::jsm::Client;
use crate::keys::SamlKeyrings;
use crate::server::connection_limits::LimitConfig;
use crate::server::tls::Certificates;
use crate::server::{StartError, control};

/// How long a reload waits for providers and host names that are new in the configuration.
const RELOAD_TIMEOUT: Duration = Duration::from_secs(3);

/// How often it is checked whether the providers are ready.
const READY_POLL: Duration = Duration::from_millis(20);

impl Assembly {
    /// Takes over a new configuration, and returns the keys that wait for the next start. On an
    /// error the present configuration stays.
    ///
    /// # Errors
    /// When a part cannot be made from it.
    pub async fn reload(&self, mut config: Config) -> Result<Vec<&'static str>, StartError> {
        let waiting = self.persistent.startup.changed(&Startup::of(&config));
        let client = Client::new(&config.jsm).map_err(StartError::from_display)?;
        let rules = rules(&config);
        // The keys stay where the rest of the state is.
        config.gate.state_dir.clone_from(&self.config().gate.state_dir);
        let config = Arc::new(config);
        let keyrings = self.saml_keyrings_for(&config).await?;
        let (mut app, new) = assemble(config, &self.persistent, client.clone(), keyrings)?;
        let certificates = new.config.gate.tls.as_ref().map(Certificates::load).transpose()?;
        // The last step that may fail.
        self.persistent.audit.reopen(&new.config.audit).await.map_err(StartError::from_display)?;
        if let (Some(current), Some(new)) = (&self.certificates, &certificates) {
            current.replace(new);
        }
        new.authenticator.inherit(&self.authenticator());
        // `keep_fresh` goes on looking for a name that is not found in time.
        let before = self.app.load_full();
        let names = timeout(RELOAD_TIMEOUT, app.succeed(&before));
        drop(tokio::join!(discover(&new.authenticator), names));
        self.persistent.store.use_secrets(&new.config.session.secrets);
        self.persistent.directory.use_client(client);
        self.persistent.directory.apply(rules);
        self.persistent.connection_limits.apply(LimitConfig::of(&new.config));
        self.app.store(Arc::new(app));
        self.current.store(Arc::new(new));
        self.start_background();
        // The new rules may not allow a WebSocket that is open.
        (self.close_tunnels)();
        if self.config().emergency.is_none()
            && let Err(error) = control::end_emergency(self, None).await
        {
            tracing::warn!(%error, "emergency sessions could not be ended: they end with their time");
        }
        for key in &waiting {
            tracing::warn!(key, "differs from what the gate was started with: restart to apply it");
        }
        Ok(waiting)
    }
}

impl Assembly {
    /// A key that has to be made takes too long for the threads that serve.
    async fn saml_keyrings_for(&self, config: &Arc<Config>) -> Result<SamlKeyrings, StartError> {
        let (config, clock) = (Arc::clone(config), self.persistent.clock.clone());
        let opening = tokio::task::spawn_blocking(move || saml_keyrings(&config, &clock));
        opening.await.map_err(StartError::from_display)?
    }
}

/// Waits until every provider is ready, but not for long: one that is down must not delay the
/// reload.
async fn discover(authenticator: &Authenticator) {
    let all_ready = async {
        while !authenticator.providers().iter().all(crate::auth::Provider::is_ready) {
            tokio::time::sleep(READY_POLL).await;
        }
    };
    tokio::select! {
        () = authenticator.keep_fresh() => {}
        () = all_ready => {}
        () = tokio::time::sleep(RELOAD_TIMEOUT) => {}
    }
}
