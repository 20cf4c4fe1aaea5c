//! A gate as a service: tells systemd when it is ready, reloads on SIGHUP and drains on SIGTERM.
//! Must not know how it serves.

use std::net::SocketAddr;
use std::path::Path;

use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::reload::{self, notify};
use super::{Assembly, Running};

/// Serves until SIGTERM or SIGINT, then drains. Reloads read `config_file`.
///
/// # Errors
/// When signals cannot be received.
pub async fn run_until_signalled(running: Running, config_file: &Path) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let hang_up = signal(SignalKind::hangup())?;
    running.assembly().reloads().read_from(config_file);
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        public_url = %running.assembly().config().gate.public_url,
        listen = %listed(running.addresses()),
        operations = running.operations_address().map(tracing::field::display),
        "serving"
    );
    notify(&[NotifyState::Ready, NotifyState::Status("serving")]);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        // A stop does not wait for the end of a reload.
        () = reload_at_each(hang_up, running.assembly()) => {}
    }
    tracing::info!("stopping: finishing the requests under way");
    notify(&[NotifyState::Stopping, NotifyState::Status("draining")]);
    running.stop().await;
    Ok(())
}

async fn reload_at_each(mut hang_up: Signal, assembly: &Assembly) {
    while hang_up.recv().await.is_some() {
        // The result is in the log and in the metrics; a signal has no answer.
        drop(reload::reload(assembly).await);
    }
}

fn listed(addresses: &[SocketAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
