//! A real Redis, Debian's, in a folder of its own: stopped and started at will, ended when dropped.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The server by the name under which the package without a service has it.
const PROGRAM: &str = "redis-check-rdb";

const START_TIMEOUT: Duration = Duration::from_secs(20);

/// A running Redis that keeps what it was told.
pub(crate) struct Redis {
    pub(crate) address: SocketAddr,
    /// What it writes is here.
    pub(crate) folder: TempDir,
    child: Option<Child>,
    more: Vec<String>,
}

impl Redis {
    /// Starts one and waits until it answers.
    pub(crate) fn start(address: SocketAddr, more: &[&str]) -> Self {
        let more = more.iter().map(|&one| one.to_owned()).collect();
        let folder = TempDir::new().unwrap();
        let mut redis = Self { address, folder, child: None, more };
        redis.start_again();
        redis
    }

    /// With all it knew.
    pub(crate) fn start_again(&mut self) {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
        let child = Command::new(PROGRAM)
            .arg0("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"])
            .args(["--appendfsync", "always", "--dir", self.folder.path().to_str().unwrap()])
            .args(["--port", &self.address.port().to_string()])
            .args(&self.more)
            .stdin(Stdio::null())
            .stdout(log)
            .spawn()
            .unwrap_or_else(|error| panic!("no Redis here ({error}): run scripts/packages test"));
        self.child = Some(child);
        let began = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(began.elapsed() < START_TIMEOUT, "Redis does not start: {}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Says something to it with its own command, and returns what it answers.
    pub(crate) fn tell(&self, words: &[&str]) -> String {
        let port = self.address.port().to_string();
        let told = Command::new("redis-cli").args(["-p", &port]).args(words).output().unwrap();
        String::from_utf8_lossy(&told.stdout).into_owned()
    }

    /// As with kill -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    fn log(&self) -> std::path::PathBuf {
        self.folder.path().join("log")
    }

    fn said(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
