//! The thread that writes the trail, so that a disk that hangs holds up nothing else. It must not
//! know what events mean.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use tokio::sync::{mpsc, oneshot};

use super::append::append_to;
use super::rotating_file::RotatingFile;
use super::{AuditError, Event, Lost};
use crate::config::{AuditConfig, AuditTo};

/// What the writer is asked for.
#[derive(Debug)]
pub(super) enum Order {
    Event(Event),
    /// Written, and told whether it was.
    Surely(Event, oneshot::Sender<bool>),
    Reopen(Writer),
    Flush(oneshot::Sender<()>),
}

/// Where lines go.
#[derive(Debug)]
enum Sink {
    /// The log. Events about people are in a file too, which no flood in the log can erase.
    Log(RotatingFile),
    Stdout,
    File(File),
}

/// Writes lines.
#[derive(Debug)]
pub(super) struct Writer {
    sink: Sink,
    /// Whether a line may have been written in part: the next one begins on a line of its own then.
    broken: bool,
    lost: Lost,
}

impl Writer {
    pub(super) fn open(
        config: &AuditConfig,
        state_dir: &Path,
        lost: Lost,
    ) -> Result<Self, AuditError> {
        let sink = match &config.to {
            AuditTo::Log => Sink::Log(default_file(state_dir)),
            AuditTo::Stdout => Sink::Stdout,
            AuditTo::File(path) => Sink::File(
                append_to(path).map_err(|source| AuditError { path: path.clone(), source })?,
            ),
        };
        Ok(Self { sink, broken: false, lost })
    }

    /// Writes until nobody is left who could note anything.
    pub(super) fn start(mut self, mut orders: mpsc::Receiver<Order>) {
        std::thread::spawn(move || {
            while let Some(order) = orders.blocking_recv() {
                self.carry_out(order);
            }
        });
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Event(event) => drop(self.write(&event)),
            Order::Surely(event, done) => drop(done.send(self.write(&event))),
            Order::Reopen(writer) => *self = writer,
            Order::Flush(done) => drop(done.send(())),
        }
    }

    /// Writes an event and returns whether it can be read anywhere.
    fn write(&mut self, event: &Event) -> bool {
        let in_log = matches!(self.sink, Sink::Log(_));
        if in_log && event.of_stranger {
            event.log();
            return true;
        }
        let start = if self.broken { "\n" } else { "" };
        let line = format!("{start}{}\n", event.line());
        let written = match &mut self.sink {
            Sink::Log(file) => file.write(&line),
            Sink::Stdout => io::stdout().lock().write_all(line.as_bytes()),
            Sink::File(file) => file.write_all(line.as_bytes()),
        };
        self.broken = written.is_err();
        match &written {
            Ok(()) => self.lost.over(),
            Err(error) => self.lost.one(&error.to_string()),
        }
        // After the file, because a log that nobody reads may hold up the writer.
        if in_log {
            event.log();
        }
        in_log || written.is_ok()
    }
}

/// The file in `state_dir`. A gate that cannot write it starts all the same, since the log has every
/// event.
fn default_file(state_dir: &Path) -> RotatingFile {
    let path = state_dir.join("audit.log");
    let mut file = RotatingFile::new(path.clone());
    if let Err(error) = file.open() {
        let path = path.display();
        tracing::error!(%path, %error, "the audit trail is in the log alone: its file cannot be opened");
    }
    file
}
