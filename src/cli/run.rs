//! `jsm-gate run`, and what other commands start with.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};

use crate::config::{Config, Loaded};
use crate::domain::Clock;
use crate::jsm::{Client, Directory, PortalRules};
use crate::server;
use crate::telemetry;

/// Runs the gate until it is told to stop.
pub(super) fn run(loaded: Loaded, file: &Path) -> anyhow::Result<ExitCode> {
    loaded.log_warnings();
    warn_of_few_files(loaded.config.limits.connections);
    runtime()?.block_on(async {
        let running = server::start(loaded.config, Clock::system())?;
        server::run_until_signalled(running, file).await?;
        anyhow::Ok(ExitCode::SUCCESS)
    })
}

/// A connection of a customer's, one to JSM for it, and a third of reserve for everything else.
fn warn_of_few_files(connections: usize) {
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_mul(3);
    if let Some(most) = telemetry::most_open_files().filter(|most| *most < wanted) {
        tracing::warn!(
            remedy = "raise LimitNOFILE in the unit, or lower limits.connections",
            "{most} files may be open, and limits.connections = {connections} may need {wanted}"
        );
    }
}

/// One thread a core.
pub(super) fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("cannot start threads")
}

/// The directory with what is stored of it, for a command that only looks.
pub(super) fn directory(config: &Config) -> anyhow::Result<Directory> {
    let rules =
        PortalRules { defaults: config.portal_defaults.clone(), rules: config.portals.clone() };
    let client = Client::new(&config.jsm)?;
    Ok(Directory::open_to_look(&config.gate.state_dir, client, rules, Clock::system()))
}
