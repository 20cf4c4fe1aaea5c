//! A real Tomcat, Debian's, in a folder of its own. Stops when dropped.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::site::free_address;

const HOME: &str = "/usr/share/tomcat10";

/// A Java machine on a busy computer takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running Tomcat with the webapp of `tests/data/tomcat`.
pub(super) struct Tomcat {
    pub(super) address: SocketAddr,
    java: Child,
    base: TempDir,
}

impl Drop for Tomcat {
    fn drop(&mut self) {
        drop(self.java.kill());
        drop(self.java.wait());
    }
}

impl Tomcat {
    /// Starts and waits until it answers.
    pub(super) async fn start() -> Self {
        assert!(Path::new(HOME).exists(), "no Tomcat here: run scripts/packages test");
        let base = TempDir::new().unwrap();
        let address = free_address();
        configure(base.path(), address);
        let java = java(base.path());
        let mut tomcat = Self { address, java, base };
        let answers = async {
            while tomcat.ask("/seen").await.is_none_or(|answer| !answer.starts_with("HTTP/1.1 200"))
            {
                let ended = tomcat.java.try_wait().unwrap();
                assert!(ended.is_none(), "Tomcat has ended: {}", log(tomcat.base.path()));
                sleep(Duration::from_millis(50)).await;
            }
        };
        let started = timeout(PATIENCE, answers).await.is_ok();
        assert!(started, "Tomcat does not start: {}", log(tomcat.base.path()));
        tomcat
    }

    /// What came through the gate: who, to which place, with which address.
    pub(super) async fn seen(&self) -> Vec<String> {
        let answer = self.ask("/seen").await.unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        body.lines().filter(|line| line.contains(" /")).map(str::to_owned).collect()
    }

    async fn ask(&self, target: &str) -> Option<String> {
        send(self.address, target, self.address, "").await.ok()
    }
}

/// One request, byte for byte as given, and the whole answer.
pub(super) async fn send(
    to: SocketAddr,
    target: &str,
    host: SocketAddr,
    cookie: &str,
) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(to).await?;
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // Whoever refuses may close before everything was read.
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn configure(base: &Path, address: SocketAddr) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tomcat");
    for folder in ["conf", "lib", "logs", "temp", "work"] {
        fs::create_dir(base.join(folder)).unwrap();
    }
    for file in ["server.xml", "web.xml", "catalina.properties"] {
        let text = fs::read_to_string(data.join("conf").join(file)).unwrap();
        let text = text.replace("PORT", &address.port().to_string());
        let text = text.replace("WEBAPP", data.join("webapp").to_str().unwrap());
        fs::write(base.join("conf").join(file), text).unwrap();
    }
}

fn java(base: &Path) -> Child {
    let property = |name: &str, path: &Path| format!("-D{name}={}", path.display());
    let log = fs::File::create(base.join("log")).unwrap();
    Command::new("java")
        .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"])
        .arg("-cp")
        .arg(format!("{HOME}/bin/bootstrap.jar:{HOME}/bin/tomcat-juli.jar"))
        .arg(property("catalina.home", &PathBuf::from(HOME)))
        .arg(property("catalina.base", base))
        .arg(property("java.io.tmpdir", &base.join("temp")))
        .arg("-Dorg.apache.catalina.connector.CoyoteAdapter.ALLOW_BACKSLASH=true")
        .args(["org.apache.catalina.startup.Bootstrap", "start"])
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .expect("java, which comes with Tomcat")
}

fn log(base: &Path) -> String {
    fs::read_to_string(base.join("log")).unwrap_or_default()
}
