//! Tells the journal how important a line is. It must not know what lines say.

use std::io::{self, Write};
use std::os::unix::fs::MetadataExt as _;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Writes lines to the writer of `M`. Where the journal reads them, each begins with its priority
/// (sd-daemon(3)); otherwise a refused reload would look as informational as a login.
pub(super) struct Lines<M> {
    to: M,
    journal: bool,
}

impl<M> Lines<M> {
    /// To standard error, through `M`.
    pub(super) fn to(to: M) -> Self {
        Self { to, journal: stderr_is_the_journal() }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Lines<M> {
    type Writer = Line<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line { to: self.to.make_writer(), priority: None }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Self::Writer {
        let priority = self.journal.then(|| priority(*about.level()));
        Line { to: self.to.make_writer_for(about), priority }
    }
}

/// One event of the log, which may have several lines.
pub(super) struct Line<W> {
    to: W,
    priority: Option<&'static str>,
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let Some(priority) = self.priority else { return self.to.write(event) };
        let lines = event.split_inclusive(|byte| *byte == b'\n');
        let marked: Vec<_> = lines.flat_map(|line| [priority.as_bytes(), line].concat()).collect();
        // In one call, so that lines of other threads do not come between.
        self.to.write_all(&marked)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// `JOURNAL_STREAM` has the device and inode of the journal's end (systemd.exec(5)). Child
/// processes inherit it, although their standard error may be another one.
fn stderr_is_the_journal() -> bool {
    let Ok(journal) = std::env::var("JOURNAL_STREAM") else { return false };
    std::fs::metadata("/proc/self/fd/2")
        .is_ok_and(|stderr| journal == format!("{}:{}", stderr.dev(), stderr.ino()))
}

fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        _ => "<7>",
    }
}
