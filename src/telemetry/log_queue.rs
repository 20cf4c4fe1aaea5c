//! Takes the log off the way of requests: lines go into memory, and a thread writes them. It must
//! not know what they say.
//!
//! A journald that is stopped, or a pipe that nobody reads, blocks a write to standard error for
//! ever. Once memory is full, further lines are lost and counted, and the log says so as soon as
//! writing works again. `tracing-appender` limits the number of lines and not of bytes, which is no
//! limit when a stranger chooses how long a path is.

use std::io::{self, Write};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use prometheus_client::metrics::counter::Counter;

/// Bytes that may wait to be written: seconds of a busy gate's lines.
const WAITING: usize = 4 << 20;

/// How much of that memory is kept after a flood.
const KEPT: usize = 64 << 10;

/// Takes lines. Cheap to clone; all clones write to one place.
#[derive(Clone)]
pub(super) struct LogQueue(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    /// Rings when there is something to write.
    filled: Condvar,
    /// Rings when all is written.
    written: Condvar,
    lost: Counter,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    lines: u64,
    /// Some more is on its way.
    is_writing: bool,
}

impl LogQueue {
    /// Writes to `out` from a thread that lives as long as the process. `lost` counts lines that could not be
    /// written.
    pub(super) fn new(out: impl Write + Send + 'static, lost: Counter) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            waiting: Mutex::default(),
            filled: Condvar::new(),
            written: Condvar::new(),
            lost,
        });
        let writer = Arc::clone(&shared);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || writer.write_on(out))?;
        Ok(Self(shared))
    }

    /// Waits until everything is written, but no longer than that.
    pub(super) fn flush(&self, limit: Duration) {
        let mut waiting = self.0.waiting.lock();
        let is_left = |waiting: &mut Waiting| waiting.is_writing || !waiting.bytes.is_empty();
        self.0.written.wait_while_for(&mut waiting, is_left, limit);
    }
}

/// Each call writes a whole line, and none waits.
impl Write for LogQueue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.waiting.lock();
        if waiting.bytes.len() + line.len() > WAITING {
            self.0.lost.inc();
        } else {
            waiting.bytes.extend_from_slice(line);
            waiting.lines += 1;
            self.0.filled.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn write_on(&self, mut out: impl Write) {
        let mut bytes = Vec::new();
        let mut told = self.lost.get();
        loop {
            let lines = self.wait_for_lines(&mut bytes);
            if out.write_all(&bytes).is_err() {
                self.lost.inc_by(lines);
            } else if self.lost.get() > told {
                told = self.lost.get();
                tracing::warn!(
                    lost = told,
                    "lines of the log were lost: they were not taken in time"
                );
            }
            bytes.clear();
            bytes.shrink_to(KEPT);
        }
    }

    /// Moves what waits into `bytes`. Returns how many lines it is.
    fn wait_for_lines(&self, bytes: &mut Vec<u8>) -> u64 {
        let mut waiting = self.waiting.lock();
        waiting.is_writing = false;
        if waiting.bytes.is_empty() {
            self.written.notify_all();
            self.filled.wait_while(&mut waiting, |waiting| waiting.bytes.is_empty());
        }
        waiting.is_writing = true;
        mem::swap(&mut waiting.bytes, bytes);
        mem::take(&mut waiting.lines)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver, Sender};

    use super::*;

    /// A place to write to that takes nothing until it is told to.
    struct Stopped {
        go_on: Receiver<()>,
        written: Sender<Vec<u8>>,
    }

    impl Write for Stopped {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.go_on.recv().map_err(io::Error::other)?;
            self.written.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whoever_logs_never_waits_and_what_is_lost_is_counted() {
        let lost = Counter::default();
        let (go_on, gone_on) = mpsc::channel();
        let (sender, written) = mpsc::channel();
        let stopped = Stopped { go_on: gone_on, written: sender };
        let mut queue = LogQueue::new(stopped, lost.clone()).unwrap();
        let line = [b"x".repeat(9_999), b"\n".to_vec()].concat();
        let fit = WAITING / line.len();
        for _ in 0..3 * fit {
            queue.write_all(&line).unwrap();
        }
        queue.flush(Duration::ZERO);
        // One batch may have been taken already, and as much again waits.
        let many = u64::try_from(fit).unwrap();
        assert!((many..=2 * many + 1).contains(&lost.get()), "{} of {}", lost.get(), 3 * fit);

        go_on.send(()).unwrap();
        go_on.send(()).unwrap();
        queue.flush(Duration::from_secs(20));
        let lines: usize = written.try_iter().map(|bytes| bytes.len() / line.len()).sum();
        assert_eq!(lines as u64 + lost.get(), 3 * fit as u64);
    }

    #[test]
    fn lines_that_cannot_be_written_are_lost() {
        let lost = Counter::default();
        let (sender, written) = mpsc::channel();
        drop(written);
        let (go_on, gone_on) = mpsc::channel();
        go_on.send(()).unwrap();
        let mut queue = LogQueue::new(Stopped { go_on: gone_on, written: sender }, lost.clone());
        queue.as_mut().unwrap().write_all(b"a line\n").unwrap();
        queue.unwrap().flush(Duration::from_secs(20));
        assert_eq!(lost.get(), 1);
    }
}
