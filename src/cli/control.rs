//! Commands to the running gate, over its `control.sock`. Knows the talk, not what is done.

use std::env;
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::{TheGate, table};
use crate::config;
use crate::domain::visible_json;
use crate::server::control::{self, ControlAnswer, ControlRequest, SessionLine};

/// A talk with the running gate.
pub(super) struct ControlClient(BufReader<UnixStream>);

impl ControlClient {
    /// Reaches the gate; `None` when none runs there.
    pub(super) fn with(gate: &TheGate) -> anyhow::Result<Option<Self>> {
        for socket in sockets(gate) {
            if let Some(client) = Self::begin(&socket)? {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    /// The same, for a command that is of no use without a gate.
    pub(super) fn surely_with(gate: &TheGate) -> anyhow::Result<Self> {
        Self::with(gate)?.with_context(|| {
            format!(
                "no gate runs at {}; start it, or name the control.sock of one with --socket",
                sockets(gate)
                    .iter()
                    .map(|it| it.display().to_string())
                    .collect::<Vec<_>>()
                    .join(" or ")
            )
        })
    }

    /// Reaches the gate behind a socket; `None` when nobody listens there.
    pub(super) fn begin(path: &Path) -> anyhow::Result<Option<Self>> {
        match UnixStream::connect(path) {
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
    pub(super) fn ask(&mut self, request: &ControlRequest) -> anyhow::Result<ControlAnswer> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        self.0.get_mut().write_all(&line)?;
        self.read_answer()
    }

    /// Hears the next answer; a refusal is an error.
    pub(super) fn read_answer(&mut self) -> anyhow::Result<ControlAnswer> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        if line.is_empty() {
            bail!("the gate stopped before it answered");
        }
        match serde_json::from_str(&line)? {
            ControlAnswer::Refused(why) => bail!("{why}"),
            answer => Ok(answer),
        }
    }
}

/// Has the running gate take over its file, and fails when it does not: `systemctl reload` runs this.
pub(super) fn reload(gate: &TheGate) -> anyhow::Result<ExitCode> {
    match ControlClient::surely_with(gate)?.ask(&ControlRequest::Reload)? {
        ControlAnswer::Reloaded(waiting) => {
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

/// Where the gate may be. It may serve on with an older file: of the present one only the folder
/// counts, and the unit's folder when the file says another one.
fn sockets(gate: &TheGate) -> Vec<PathBuf> {
    if let Some(socket) = &gate.socket {
        return vec![socket.clone()];
    }
    let of_file = config::state_dir(&gate.file.config);
    let of_unit = env::var_os("STATE_DIRECTORY").map(PathBuf::from);
    let folders = std::iter::once(of_file.clone()).chain(of_unit.filter(|unit| *unit != of_file));
    folders.map(|folder| control::path(&folder)).collect()
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
    /// End all sessions of one person, or a single one
    End {
        /// An email address, or the provider's name for the person
        #[arg(required_unless_present = "session")]
        who: Option<String>,
        /// This session alone: its id in the list
        #[arg(long, value_name = "ID", conflicts_with = "who")]
        session: Option<String>,
    },
}

/// Lists or ends sessions.
pub(super) fn sessions(gate: &TheGate, command: &SessionsCommand) -> anyhow::Result<ExitCode> {
    let mut client = ControlClient::surely_with(gate)?;
    let request = match command {
        SessionsCommand::List { who, .. } => ControlRequest::Sessions { of: who.clone() },
        SessionsCommand::End { session: Some(id), .. } => {
            ControlRequest::EndSession { id: id.clone() }
        }
        SessionsCommand::End { who, .. } => {
            ControlRequest::EndSessions { of: who.clone().unwrap_or_default() }
        }
    };
    let json = matches!(command, SessionsCommand::List { json: true, .. });
    let mut text = Vec::new();
    match client.ask(&request)? {
        ControlAnswer::Sessions(sessions) if json => {
            writeln!(text, "{}", visible_json(&serde_json::to_string_pretty(&sessions)?))?;
        }
        ControlAnswer::Sessions(sessions) => table::print(&rows(&sessions), &mut text)?,
        ControlAnswer::Ended(0) => bail!("nobody of that name is logged in"),
        ControlAnswer::Ended(count) => writeln!(text, "{count} ended")?,
        other => bail!("the gate answered something else: {other:?}"),
    }
    std::io::stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn rows(sessions: &[SessionLine]) -> Vec<[String; 6]> {
    let header = ["WHO", "SUBJECT", "PROVIDER", "SINCE", "LAST USED", "ID"].map(str::to_owned);
    let row = sessions.iter().map(|session| {
        [
            session.who.clone(),
            session.subject.clone(),
            session.provider.clone(),
            table::time(session.created),
            table::time(session.last_used),
            session.id.clone(),
        ]
    });
    std::iter::once(header).chain(row).collect()
}
