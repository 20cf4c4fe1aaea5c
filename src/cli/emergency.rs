//! `jsm-gate emergency`: lets somebody in while a provider is down. The gate decides whether.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::TheGate;
use super::control::ControlClient;
use crate::grants::EmergencyWish;
use crate::server::control::{ControlAnswer, ControlRequest};

/// Whom to let in, where, for how long and why.
#[derive(Args, Debug)]
pub(super) struct Wanted {
    /// Whom to let in
    #[arg(long = "for", value_name = "EMAIL", required_unless_present = "end")]
    email: Option<String>,
    /// Links of the portals, separated by commas, or all
    #[arg(long, value_name = "LINKS", value_delimiter = ',', required_unless_present = "end")]
    portals: Vec<String>,
    /// For how long
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// Why; it is written down
    #[arg(long, required_unless_present = "end")]
    reason: Option<String>,
    /// Take all links back and end all emergency access
    #[arg(long, conflicts_with_all = ["email", "portals", "reason", "minutes"])]
    end: bool,
}

/// Prints a link, or ends all emergency access.
pub(super) fn emergency(gate: &TheGate, wanted: &Wanted) -> anyhow::Result<ExitCode> {
    let mut client = ControlClient::surely_with(gate)?;
    let minutes = wanted.minutes;
    let request = if wanted.end {
        ControlRequest::EndEmergency
    } else {
        ControlRequest::Emergency(EmergencyWish {
            email: wanted.email.clone().unwrap_or_default(),
            portals: wanted.portals.clone(),
            minutes,
            reason: wanted.reason.clone().unwrap_or_default(),
        })
    };
    let mut out = std::io::stdout().lock();
    match client.ask(&request)? {
        ControlAnswer::Open(link) => writeln!(
            out,
            "Give them this link. It opens once, within 15 minutes, and lets them in for {minutes} \
             minutes:\n\n  {link}\n"
        )?,
        ControlAnswer::Ended(count) => writeln!(out, "{count} ended")?,
        other => bail!("the gate answered something else: {other:?}"),
    }
    Ok(ExitCode::SUCCESS)
}
