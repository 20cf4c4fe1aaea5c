//! Reloads the file on SIGHUP or `jsm-gate reload`, one reload at a time, and keeps the result for
//! operators. Must not know how a configuration is taken over: that is for [`Assembly::reload`].

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use arc_swap::ArcSwapOption;
use sd_notify::NotifyState;

use super::Assembly;
use crate::config;

/// The file, and the result of the latest reload.
#[derive(Debug, Default)]
pub(super) struct Reloads {
    file: OnceLock<PathBuf>,
    one_at_a_time: tokio::sync::Mutex<()>,
    latest: ArcSwapOption<Reload>,
}

/// The result of a reload.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reload {
    /// When it was.
    pub at: SystemTime,
    /// Why the file was refused; `None` when it was taken over.
    pub refused: Option<String>,
}

impl Reloads {
    /// The file that the gate was started from.
    pub(super) fn read_from(&self, file: &Path) {
        // Set once: a gate has one file.
        drop(self.file.set(file.to_owned()));
    }

    /// Waits until no reload is under way, and lets none begin until the guard is dropped.
    pub(super) async fn hold(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.one_at_a_time.lock().await
    }

    /// The latest reload; `None` when there was none since the start.
    pub(super) fn latest(&self) -> Option<Arc<Reload>> {
        self.latest.load_full()
    }
}

/// Takes over the file as it is now. Returns the keys that wait for the next start, or an error
/// that says what is wrong; then the present configuration stays.
pub(super) async fn reload(assembly: &Assembly) -> Result<Vec<&'static str>, String> {
    let reloads = assembly.reloads();
    let file = reloads.file.get().ok_or("this gate was not started from a file")?;
    let _only_one = reloads.hold().await;
    // First, whatever the file says: logrotate has moved the audit trail away and relies on this.
    if let Err(error) = assembly.reopen_audit().await {
        tracing::error!(%error, "the audit trail goes on in the old file");
    }
    let ended = take_over(assembly, file).await;
    let refused = ended.as_ref().err().cloned();
    let status = match &refused {
        None => {
            tracing::info!("reloaded");
            say_of_credentials();
            "serving"
        }
        Some(why) => {
            tracing::error!("reload refused, the present configuration serves on: {why}");
            "reload refused, the old configuration serves on; see the log"
        }
    };
    notify(&[NotifyState::Status(status)]);
    assembly.metrics().reloaded(refused.is_none());
    reloads.latest.store(Some(Arc::new(Reload { at: assembly.now(), refused })));
    ended
}

async fn take_over(assembly: &Assembly, file: &Path) -> Result<Vec<&'static str>, String> {
    let loaded = config::load(file).map_err(|errors| format!("\n{errors}"))?;
    loaded.log_warnings();
    assembly.reload(loaded.config).await.map_err(|error| error.to_string())
}

/// systemd hands credentials over when a service starts (`systemd.exec(5)`, "Credentials"). A
/// credential that was replaced since takes effect only after a restart.
fn say_of_credentials() {
    if std::env::var_os("CREDENTIALS_DIRECTORY").is_some() {
        tracing::info!(
            "secrets from systemd's credentials are those of the start: after a change, restart"
        );
    }
}

/// Outside systemd there is nobody to tell.
pub(super) fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told");
    }
}
