//! `jsm-gate run` and `jsm-gate links`.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};

use super::links::{self, Format};
use crate::config::{Config, Loaded};
use crate::domain::{Clock, Visible};
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

/// Prints the portals: as JSM tells them now, or as last seen when it does not answer.
pub(super) fn links(loaded: &Loaded, format: Format) -> anyhow::Result<ExitCode> {
    let config = &loaded.config;
    let directory = directory(config)?;
    let read = runtime()?.block_on(directory.refresh());
    let portals = directory.portals();
    if let Err(error) = read {
        if portals.all().is_empty() {
            return Err(error).context("cannot read the portals from JSM");
        }
        eprintln!(
            "jsm-gate: these are the portals as last seen; JSM says now: {}",
            Visible(&error.to_string())
        );
    }
    let mut out = std::io::stdout().lock();
    links::print(&portals, &config.gate.public_url, format, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The directory with what is stored of it.
pub(super) fn directory(config: &Config) -> anyhow::Result<Directory> {
    let rules = PortalRules { defaults: config.portal_defaults, rules: config.portals.clone() };
    let client = Client::new(&config.jsm)?;
    Ok(Directory::open(&config.gate.state_dir, client, rules, Clock::system()))
}
