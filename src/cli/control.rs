//! Commands to the running gate, over its `control.sock`. Knows the talk, not what is done.

use std::env;
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::table;
use crate::config::{self, Loaded};
use crate::domain::visible_json;
use crate::server::control::{self, Answer, Request, SessionLine};

/// A talk with the running gate.
pub(super) struct Talk(BufReader<UnixStream>);

impl Talk {
    /// Reaches the gate; `None` when none runs on this state folder.
    pub(super) fn begin(state_dir: &Path) -> anyhow::Result<Option<Self>> {
        let path = control::path(state_dir);
        match UnixStream::connect(&path) {
            Ok(stream) => Ok(Some(Self(BufReader::new(stream)))),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::ConnectionRefused => Ok(None),
                ErrorKind::PermissionDenied => bail!(
                    "may not use {}; run the command as the gate's user: sudo -u jsm-gate jsm-gate …",
                    path.display()
                ),
                _ => Err(error).with_context(|| format!("cannot use {}", path.display())),
            },
        }
    }

    /// Asks, and hears the first answer.
    pub(super) fn ask(&mut self, request: &Request) -> anyhow::Result<Answer> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        self.0.get_mut().write_all(&line)?;
        self.hear()
    }

    /// Hears the next answer; a refusal is an error.
    pub(super) fn hear(&mut self) -> anyhow::Result<Answer> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        if line.is_empty() {
            bail!("the gate stopped before it answered");
        }
        match serde_json::from_str(&line)? {
            Answer::Refused(why) => bail!("{why}"),
            answer => Ok(answer),
        }
    }
}

/// Has the running gate take over its file, and fails when it does not: `systemctl reload` runs this.
pub(super) fn reload(file: &Path) -> anyhow::Result<ExitCode> {
    // The file may be what is wrong; the unit's folder is where the gate is if it says another one.
    let folders =
        [Some(config::state_dir(file)), env::var_os("STATE_DIRECTORY").map(PathBuf::from)];
    let mut talk = None;
    for folder in folders.iter().flatten() {
        if talk.is_none() {
            talk = Talk::begin(folder)?;
        }
    }
    let mut talk =
        talk.context("no gate runs with this configuration; there is nothing to reload")?;
    match talk.ask(&Request::Reload)? {
        Answer::Reloaded(waiting) => {
            for key in waiting {
                eprintln!(
                    "jsm-gate: {key} differs from what the gate was started with: restart to apply it"
                );
            }
            writeln!(std::io::stdout(), "reloaded")?;
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("the gate answered something else: {other:?}"),
    }
}

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub(super) enum SessionsCommand {
    /// List the sessions of everybody, or of one person
    List {
        /// An email address, or the provider's name for the person
        who: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End all sessions of one person, on this gate
    End {
        /// An email address, or the provider's name for the person
        who: String,
    },
}

/// Lists or ends sessions.
pub(super) fn sessions(loaded: &Loaded, command: &SessionsCommand) -> anyhow::Result<ExitCode> {
    let mut talk = Talk::begin(&loaded.config.gate.state_dir)?
        .context("no gate runs with this configuration; there are no sessions")?;
    let request = match command {
        SessionsCommand::List { who, .. } => Request::Sessions { of: who.clone() },
        SessionsCommand::End { who } => Request::EndSessions { of: who.clone() },
    };
    let json = matches!(command, SessionsCommand::List { json: true, .. });
    let mut out = std::io::stdout().lock();
    match talk.ask(&request)? {
        Answer::Sessions(sessions) if json => {
            writeln!(out, "{}", visible_json(&serde_json::to_string_pretty(&sessions)?))?;
        }
        Answer::Sessions(sessions) => table::print(&rows(&sessions), &mut out)?,
        Answer::Ended(0) => bail!("nobody of that name is logged in"),
        Answer::Ended(count) => writeln!(out, "{count} ended")?,
        other => bail!("the gate answered something else: {other:?}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn rows(sessions: &[SessionLine]) -> Vec<[String; 5]> {
    let header = ["WHO", "SUBJECT", "PROVIDER", "SINCE", "LAST USED"].map(str::to_owned);
    let row = sessions.iter().map(|session| {
        [
            session.who.clone(),
            session.subject.clone(),
            session.provider.clone(),
            table::time(session.created),
            table::time(session.last_used),
        ]
    });
    std::iter::once(header).chain(row).collect()
}
