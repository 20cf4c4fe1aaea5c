//! Another program, started for one test and gone with it: what it prints is waited for, never a
//! time, and all of it is shown when the test fails.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Far longer than anything here takes; it only turns a hang into a failure.
pub(crate) const STEP_TIMEOUT: Duration = Duration::from_secs(120);

/// A running program. Its standard input stays open, so that it can tell when the test is gone.
pub(crate) struct Process {
    name: &'static str,
    child: Child,
    lines: Receiver<String>,
    printed: Arc<Mutex<String>>,
}

impl Process {
    /// Starts it. `name` is for messages.
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}: {command:?}"));
        let printed = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = channel();
        let stdout = child.stdout.take().unwrap();
        let stderr = child.stderr.take().unwrap();
        collect(stdout, Arc::clone(&printed), move |line| drop(sender.send(line)));
        collect(stderr, Arc::clone(&printed), drop);
        Self { name, child, lines, printed }
    }

    /// The next line of its output that begins so, waited for.
    pub(crate) fn line(&self, beginning: &str) -> String {
        loop {
            match self.lines.recv_timeout(STEP_TIMEOUT) {
                Ok(line) if line.starts_with(beginning) => return line,
                Ok(_) => {}
                Err(error) => panic!("no line {beginning:?} from {}: {error}", self.name),
            }
        }
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            let printed = self.printed.lock().map(|text| text.clone()).unwrap_or_default();
            eprintln!("--- {} printed:\n{printed}", self.name);
        }
    }
}

fn collect(
    output: impl Read + Send + 'static,
    printed: Arc<Mutex<String>>,
    mut each: impl FnMut(String) + Send + 'static,
) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let mut printed = printed.lock().unwrap();
            printed.push_str(&line);
            printed.push('\n');
            drop(printed);
            each(line);
        }
    });
}
