//! `jsm-gate customers`: which account in JSM a person's login opens. The running gate keeps that.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;

use super::control::ControlClient;
use super::{TheGate, table};
use crate::customers::{Bound, Moved};
use crate::domain::visible_json;
use crate::server::control::{ControlAnswer, ControlRequest, CustomersAnswer, CustomersRequest};

/// What to do with bindings.
#[derive(Debug, Subcommand)]
pub(super) enum CustomersCommand {
    /// List which login opens which account
    List {
        /// Those of one email address, provider's name for a person, or account
        who: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Have the next login with an address open an account, and keep opening it
    Bind {
        /// The address that the provider gives
        email: String,
        /// JSM's account: Cloud's accountId, or Data Center's user name
        #[arg(value_name = "ACCOUNT")]
        account: String,
    },
    /// Have the next login of somebody be found by address again
    Unbind {
        /// An email address, the provider's name for the person, or the account
        who: String,
    },
    /// Have people of one provider open their accounts with another, by their addresses
    Move {
        /// The provider that they are bound with
        #[arg(long, value_name = "PROVIDER")]
        from: String,
        /// The provider that they will log in with
        #[arg(long, value_name = "PROVIDER")]
        to: String,
    },
    /// End somebody's sessions and forget which account they open
    Forget {
        /// An email address, the provider's name for the person, or the account
        who: String,
    },
}

/// Lists or changes bindings.
pub(super) fn customers(gate: &TheGate, command: &CustomersCommand) -> anyhow::Result<ExitCode> {
    let request = ControlRequest::Customers(request(command));
    let answer = match ControlClient::surely_with(gate)?.ask(&request)? {
        ControlAnswer::Customers(answer) => answer,
        other => bail!("the gate answered something else: {other:?}"),
    };
    let json = matches!(command, CustomersCommand::List { json: true, .. });
    let mut text = Vec::new();
    match answer {
        CustomersAnswer::List(all) if json => {
            writeln!(text, "{}", visible_json(&serde_json::to_string_pretty(&all)?))?;
        }
        CustomersAnswer::List(all) => table::print(&rows(&all), &mut text)?,
        CustomersAnswer::Reserved(sessions) => {
            writeln!(text, "the next login with this address opens it; {sessions} logged out")?;
        }
        CustomersAnswer::Moved(Moved { waiting, by_hand }) => writeln!(
            text,
            "{waiting} wait for the next login there; {by_hand} have no address of their own and \
             need `jsm-gate customers bind`"
        )?,
        CustomersAnswer::Unbound { bindings: 0, sessions: 0 } => {
            bail!("nobody of that name is known here")
        }
        CustomersAnswer::Unbound { bindings, sessions } => {
            writeln!(text, "{bindings} unbound, {sessions} logged out")?;
        }
    }
    std::io::stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn request(command: &CustomersCommand) -> CustomersRequest {
    match command {
        CustomersCommand::List { who, .. } => CustomersRequest::List { of: who.clone() },
        CustomersCommand::Bind { email, account } => {
            CustomersRequest::Bind { email: email.clone(), account: account.clone() }
        }
        CustomersCommand::Unbind { who } => CustomersRequest::Unbind { of: who.clone() },
        CustomersCommand::Move { from, to } => {
            CustomersRequest::Move { from: from.clone(), to: to.clone() }
        }
        CustomersCommand::Forget { who } => CustomersRequest::Forget { of: who.clone() },
    }
}

fn rows(all: &[Bound]) -> Vec<[String; 5]> {
    let header = ["EMAIL", "PROVIDER", "SUBJECT", "ACCOUNT", "SINCE"].map(str::to_owned);
    let row = all.iter().map(|bound| {
        let who = bound.who.as_ref();
        [
            bound.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            who.map(|who| who.provider.to_string()).unwrap_or_default(),
            who.map(|who| who.subject.clone()).unwrap_or_default(),
            bound.account.to_string(),
            bound.since.map_or_else(|| "waits for a login".to_owned(), table::time),
        ]
    });
    std::iter::once(header).chain(row).collect()
}
