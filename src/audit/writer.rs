//! The thread that writes the trail: a disk that hangs holds up nothing else. Knows files, not what
//! events mean.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use tokio::sync::{mpsc, oneshot};

use super::{AuditError, Event, Lost};
use crate::config::{AuditConfig, AuditTo};
use crate::state_file;

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
    Log,
    Stdout,
    File(File),
}

/// Writes lines.
#[derive(Debug)]
pub(super) struct Writer {
    sink: Sink,
    /// A line may have been written in part: the next begins on a line of its own.
    broken: bool,
    lost: Lost,
}

impl Writer {
    pub(super) fn open(config: &AuditConfig, lost: Lost) -> Result<Self, AuditError> {
        let sink = match &config.to {
            AuditTo::Log => Sink::Log,
            AuditTo::Stdout => Sink::Stdout,
            AuditTo::File(path) => {
                Sink::File(open(path).map_err(|source| AuditError { path: path.clone(), source })?)
            }
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

    fn write(&mut self, event: &Event) -> bool {
        let start = if self.broken { "\n" } else { "" };
        let line = || format!("{start}{}\n", event.line());
        let written = match &mut self.sink {
            Sink::Log => {
                event.log();
                Ok(())
            }
            Sink::Stdout => io::stdout().lock().write_all(line().as_bytes()),
            Sink::File(file) => file.write_all(line().as_bytes()),
        };
        self.broken = written.is_err();
        match &written {
            Ok(()) => self.lost.over(),
            Err(error) => self.lost.one(&error.to_string()),
        }
        written.is_ok()
    }
}

/// Appends, so that several writers and `copytruncate` of logrotate do no harm. Nobody else may
/// read a new file; an admin may give others the right to the file.
fn open(path: &Path) -> io::Result<File> {
    let mut appending = OpenOptions::new();
    appending.append(true).mode(0o600);
    match appending.clone().create_new(true).open(path) {
        Ok(file) => {
            state_file::give_to_owner_of_folder(path)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => appending.open(path),
        Err(error) => Err(error),
    }
}
