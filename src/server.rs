//! Sockets, TLS, systemd, reload, drain, and the operations listener: how the gate starts and
//! stops. Must not know what a request means.
//!
//! pingora's own `Server` is not used: it owns the process, always sleeps its whole grace period,
//! and keeps running when a port is taken (pingora #719, `listeners/l4.rs`). Its proxy service runs
//! on our runtime like any other future, and starting and stopping stay ours.

mod accept;
mod assemble;
mod bounded_reads;
mod connection;
mod connection_limits;
pub mod control;
mod lifecycle;
pub mod listen;
mod operations;
mod reload;
mod tls;
mod workers;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

pub use assemble::Assembly;
pub use lifecycle::run_until_signalled;
pub use reload::Reload;

use crate::config::Config;
use crate::domain::Clock;

/// How long a stop waits at least for refreshes: as long as a provider may take to answer, and a
/// moment to store the new tokens.
const REFRESH_DRAIN_TIMEOUT: Duration = Duration::from_secs(15);

/// Why the gate did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address is taken, or is not an address of this machine.
    #[error("`{key}`: cannot listen on {address}: {source}; {}", listen::remedy(source))]
    Bind {
        /// The configuration key that names it.
        key: &'static str,
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// A socket that systemd hands over cannot be used.
    #[error(
        "cannot use a socket that systemd hands over: {0}; jsm-gate.socket wants ListenStream="
    )]
    Inherited(std::io::Error),
    /// The certificate or its key cannot be used.
    #[error("cannot use {path}: {reason}")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// `state_dir` cannot be used.
    #[error("cannot use state_dir {path}: {source}; create it and let the gate's user own it")]
    StateDir {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A part could not be made from the configuration.
    #[error("{0}")]
    Part(String),
}

impl StartError {
    /// A part could not be made, for this reason.
    fn from_display(reason: impl std::fmt::Display) -> Self {
        Self::Part(reason.to_string())
    }
}

/// How long a stop waits for requests of people who are not logged in: enough for a page or a form,
/// and too short to delay a restart.
const ANONYMOUS_DRAIN_TIMEOUT: Duration = Duration::from_secs(3);

/// A running gate. It stops when told to, or when dropped.
pub struct Running {
    stop: watch::Sender<bool>,
    assembly: Arc<Assembly>,
    addresses: Vec<SocketAddr>,
    operations: Option<SocketAddr>,
}

/// Binds all sockets, then serves on the tokio runtime that it is called in. When it returns, the
/// gate answers.
///
/// # Errors
/// When an address, a certificate or the state folder cannot be used. Nothing is left running then.
pub fn start(config: Config, clock: Clock) -> Result<Running, StartError> {
    let listeners = listen::public(&config.gate.listen)?;
    let operations = config.gate.operations_listen;
    let operations = operations
        .map(|address| listen::bind_one("gate.operations_listen", address))
        .transpose()?;
    let addresses = listeners.iter().map(listen::address).collect();
    let operations_address = operations.as_ref().map(listen::address);
    let tls = config.gate.tls.as_ref().map(tls::Certificates::load).transpose()?;
    let (stop, stopping) = watch::channel(false);
    let assembly = Arc::new(Assembly::new(config, clock, tls)?);
    assembly.keep_fresh(stopping.clone());
    assembly.serve(&listeners, &stopping)?;
    control::serve(&assembly);
    control::resume_emergency(&assembly);
    if let Some(listener) = operations {
        operations::serve(listener, Arc::clone(&assembly), stopping)?;
    }
    Ok(Running { stop, assembly, addresses, operations: operations_address })
}

impl Running {
    /// Where customers are served.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Where health and metrics are served.
    #[must_use]
    pub fn operations_address(&self) -> Option<SocketAddr> {
        self.operations
    }

    /// The parts of the gate, for reload and readiness.
    #[must_use]
    pub fn assembly(&self) -> &Arc<Assembly> {
        &self.assembly
    }

    /// Accepts nothing new, waits up to `[limits] drain` for requests and refreshes under way, and
    /// stops.
    pub async fn stop(self) {
        let drain = self.assembly.config().limits.drain;
        self.stop.send_replace(true);
        let drained = timeout(drain, self.assembly.idle(ANONYMOUS_DRAIN_TIMEOUT));
        let refreshed = timeout(drain.max(REFRESH_DRAIN_TIMEOUT), self.assembly.refreshed());
        let (_, refreshed) = tokio::join!(drained, refreshed);
        let left = self.assembly.in_flight();
        if left > 0 {
            tracing::warn!(left, "requests did not finish in time and are cut off");
        }
        if refreshed.is_err() {
            tracing::warn!(
                "a provider did not answer in time: customers whose tokens it replaced log in again"
            );
        }
        self.assembly.close().await;
    }
}
