//! `jsm-gate saml`: what a service provider has to be told of the gate, and the change of the key that
//! signs. The running gate answers; without one the commands work on its files.

mod jira;
mod screen;
mod trace;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use nix::unistd::Uid;

use super::control::ControlClient;
use super::{TheGate, gates_user, run};
use crate::audit::Audit;
use crate::config::{self, Config};
use crate::domain::Clock;
use crate::keys::{Change, SamlKeyring};
use crate::server::control::{
    self, ControlAnswer, ControlRequest, SamlRequest, SamlValues, find_service_provider,
};

/// What to do about a service provider.
#[derive(Debug, Subcommand)]
pub(super) enum SamlCommand {
    /// Print what to paste at the service provider
    Values {
        /// The id of the service provider
        id: String,
    },
    /// Print how a Data Center product is set up to log people in by the gate, or set it up
    Jira(jira::Jira),
    /// Change the key that signs: make the next one and print its certificate, then switch to it
    Rotate(Rotation),
    /// Show what was exchanged lately, and why somebody did not get in. The running gate remembers it
    Trace(trace::Wanted),
}

/// Which step of a change.
#[derive(Args, Debug)]
pub(super) struct Rotation {
    /// The id of the service provider
    id: String,
    /// Sign with the next key: at the moment when its certificate is pasted
    #[arg(long)]
    switch: bool,
    /// Sign with the previous key again, at once
    #[arg(long, conflicts_with = "switch")]
    undo: bool,
}

impl Rotation {
    fn change(&self) -> Change {
        match (self.switch, self.undo) {
            (true, _) => Change::Switch,
            (_, true) => Change::Undo,
            (false, false) => Change::MakeNext,
        }
    }
}

/// Prints what to paste or what was exchanged, or changes the key.
pub(super) fn saml(gate: &TheGate, command: &SamlCommand) -> anyhow::Result<ExitCode> {
    let (id, change) = match command {
        SamlCommand::Values { id } => (id, None),
        SamlCommand::Rotate(rotation) => (&rotation.id, Some(rotation.change())),
        SamlCommand::Trace(wanted) => return trace::trace(gate, wanted),
        SamlCommand::Jira(wish) => return set_up(gate, wish),
    };
    let values = ask(gate, SamlRequest { id: id.clone(), change })?;
    let text = match change {
        None => screen::values(&values),
        Some(Change::MakeNext) => screen::next(&values),
        Some(Change::Switch) => screen::switched(&values),
        Some(Change::Undo) => screen::restored(&values),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the settings of a Data Center product, or changes them.
fn set_up(gate: &TheGate, wish: &jira::Jira) -> anyhow::Result<ExitCode> {
    let file = &gate.file.config;
    let inspected = config::inspect(file)?;
    let product = jira::service_provider(inspected.config(), wish)?;
    let values = ask(gate, SamlRequest { id: product.id.to_string(), change: None })?;
    jira::set_up_or_print(file, wish, product, &values)?;
    Ok(ExitCode::SUCCESS)
}

/// Asks the running gate, or else its files.
fn ask(gate: &TheGate, request: SamlRequest) -> anyhow::Result<SamlValues> {
    match ControlClient::with(gate)? {
        Some(mut client) => match client.ask(&ControlRequest::Saml(request))? {
            ControlAnswer::Saml(values) => Ok(*values),
            other => bail!("the gate answered something else: {other:?}"),
        },
        None => without_a_gate(gate, &request),
    }
}

/// Reads or changes the files that the gate will start with, as its user.
fn without_a_gate(gate: &TheGate, request: &SamlRequest) -> anyhow::Result<SamlValues> {
    let uid = Uid::current().as_raw();
    gates_user::become_it(&gate.file.config)?;
    let inspected = config::inspect(&gate.file.config)?;
    let config = inspected.config();
    let service_provider =
        find_service_provider(config, &request.id).map_err(|why| anyhow!(why))?;
    let state_dir = &config.gate.state_dir;
    std::fs::create_dir_all(state_dir)?;
    let keyring = SamlKeyring::open(state_dir, service_provider, Clock::system())?;
    let keys = match request.change {
        None => keyring.keys(),
        Some(change) => {
            let keys = keyring.change(change)?;
            let event = control::keys_changed(change, &service_provider.id, &keys, Some(uid));
            note(config, event)?;
            keys
        }
    };
    Ok(SamlValues::new(config, service_provider, &keys))
}

/// Writes into the trail of the gate that does not run.
fn note(config: &Config, event: crate::audit::Event) -> anyhow::Result<()> {
    let lost = prometheus_client::metrics::counter::Counter::default();
    let audit = Audit::open(&config.audit, &config.gate.state_dir, Clock::system(), lost)?;
    if !run::runtime()?.block_on(audit.write(event)) {
        bail!("the key has changed, but the audit trail could not be written");
    }
    Ok(())
}
