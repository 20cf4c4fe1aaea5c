//! A gate as a service: tells systemd when it is ready, reloads on SIGHUP, drains on SIGTERM.

use std::path::Path;

use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};

use super::{Assembly, Running};
use crate::config;

/// Serves until SIGTERM or SIGINT, then drains.
///
/// # Errors
/// When signals cannot be received.
pub async fn run_until_signalled(running: Running, config_file: &Path) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        public_url = %running.assembly().config().gate.public_url,
        listen = ?running.addresses(),
        operations = ?running.operations_address(),
        "serving"
    );
    notify(&[NotifyState::Ready, NotifyState::Status("serving")]);
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => reload(running.assembly(), config_file).await,
        }
    }
    tracing::info!("stopping: finishing the requests under way");
    notify(&[NotifyState::Stopping, NotifyState::Status("draining")]);
    running.stop().await;
    Ok(())
}

/// Takes over the file as it is now; keeps the present configuration when anything is wrong.
async fn reload(assembly: &Assembly, config_file: &Path) {
    let loaded = match config::load(config_file) {
        Ok(loaded) => loaded,
        Err(errors) => {
            tracing::error!("reload refused, the present configuration serves on:\n{errors}");
            return notify(&[NotifyState::Status("reload refused; see the log")]);
        }
    };
    loaded.log_warnings();
    match assembly.reload(loaded.config).await {
        Ok(()) => {
            tracing::info!("reloaded");
            notify(&[NotifyState::Status("serving")]);
        }
        Err(error) => {
            tracing::error!(%error, "reload refused, the present configuration serves on");
            notify(&[NotifyState::Status("reload refused; see the log")]);
        }
    }
}

/// Outside systemd there is nobody to tell, and that is fine.
fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told");
    }
}
