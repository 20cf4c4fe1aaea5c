//! Real servers on Java, Debian's, each in a folder of its own, and what they say they read. They stop
//! when dropped.

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

/// What Jetty 9 and Jersey 1 are made of.
const JARS: [&str; 11] = [
    "jetty9-server",
    "jetty9-servlet",
    "jetty9-security",
    "jetty9-http",
    "jetty9-io",
    "jetty9-util",
    "servlet-api",
    "jersey1-core",
    "jersey1-server",
    "jersey1-servlet",
    "jsr311-api",
];

/// A Java machine on a busy computer takes its time.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Something that a server read in a request that came through the gate.
#[derive(Debug)]
pub(crate) enum Read {
    /// Which place `address` was mapped to.
    Place { who: String, place: String, address: String },
    /// A field of its query or form.
    Field { who: String, name: String, value: String },
}

/// A program on Java that serves.
struct Java {
    process: Child,
    folder: TempDir,
}

impl Drop for Java {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Java {
    fn start(folder: TempDir, arguments: &[String]) -> Self {
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new("java")
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("java, which comes with what scripts/packages installs");
        Self { process, folder }
    }

    async fn answers_at(&mut self, address: SocketAddr) {
        let log = self.folder.path().join("log");
        let log = || fs::read_to_string(&log).unwrap_or_default();
        let answers = async {
            let ask = async || send(address, "/seen", address, "").await.unwrap_or_default();
            while !ask().await.starts_with("HTTP/1.1 200") {
                let ended = self.process.try_wait().unwrap();
                assert!(ended.is_none(), "it has ended: {}", log());
                sleep(Duration::from_millis(50)).await;
            }
        };
        assert!(timeout(START_TIMEOUT, answers).await.is_ok(), "it does not start: {}", log());
    }
}

/// A running Tomcat with the webapp of `tests/data/tomcat`.
pub(super) struct Tomcat {
    pub(super) address: SocketAddr,
    _java: Java,
}

impl Tomcat {
    /// Starts and waits until it answers.
    pub(super) async fn start() -> Self {
        assert!(Path::new(HOME).exists(), "no Tomcat here: run scripts/packages test");
        let base = TempDir::new().unwrap();
        let address = free_address();
        configure(base.path(), address);
        let arguments = tomcat(base.path());
        let mut java = Java::start(base, &arguments);
        java.answers_at(address).await;
        Self { address, _java: java }
    }
}

/// A Jetty with the same places, and a Jersey 1 behind the filter of Atlassian's REST.
pub(crate) struct JettyAndJersey {
    pub(crate) jetty: SocketAddr,
    pub(crate) jersey: SocketAddr,
    _java: Java,
}

impl JettyAndJersey {
    /// Starts and waits until both answer.
    pub(crate) async fn start() -> Self {
        let jars = JARS.map(|name| format!("/usr/share/java/{name}.jar"));
        for jar in &jars {
            assert!(Path::new(jar).exists(), "no {jar} here: run scripts/packages test");
        }
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        let file = |name: &str| data.join(name).to_str().unwrap().to_owned();
        let (jetty, jersey) = (free_address(), free_address());
        let arguments = [
            "-cp".to_owned(),
            jars.join(":"),
            file("java/Jira.java"),
            jetty.port().to_string(),
            jersey.port().to_string(),
            file("tomcat/webapp/WEB-INF/web.xml"),
        ];
        let mut java = Java::start(TempDir::new().unwrap(), &arguments);
        java.answers_at(jetty).await;
        java.answers_at(jersey).await;
        Self { jetty, jersey, _java: java }
    }
}

/// What a server read in everything that came through the gate.
pub(crate) async fn seen(address: SocketAddr) -> Vec<Read> {
    let answer = send(address, "/seen", address, "").await.unwrap();
    let line = |line: &str| match line.splitn(4, '\t').map(str::to_owned).collect::<Vec<_>>() {
        parts if parts.len() < 4 => None,
        parts => {
            let [what, who, name, value]: [String; 4] = parts.try_into().unwrap();
            match &what[..] {
                "place" => Some(Read::Place { who, place: name, address: value }),
                "field" => Some(Read::Field { who, name, value }),
                _ => None,
            }
        }
    };
    body(&answer).lines().filter_map(line).collect()
}

/// What comes after the head of an answer.
pub(crate) fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

/// One request, byte for byte as given, and the whole answer.
pub(crate) async fn send(
    to: SocketAddr,
    target: &str,
    host: SocketAddr,
    cookie: &str,
) -> std::io::Result<String> {
    exchange(
        to,
        &format!(
            "GET {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        ),
    )
    .await
}

/// The same, of a form.
pub(crate) async fn post(
    to: SocketAddr,
    target: &str,
    form: &str,
    host: SocketAddr,
    cookie: &str,
) -> std::io::Result<String> {
    let length = form.len();
    exchange(
        to,
        &format!(
            "POST {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        ),
    )
    .await
}

async fn exchange(to: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(to).await?;
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

fn tomcat(base: &Path) -> Vec<String> {
    let property = |name: &str, path: &Path| format!("-D{name}={}", path.display());
    vec![
        "-cp".to_owned(),
        format!("{HOME}/bin/bootstrap.jar:{HOME}/bin/tomcat-juli.jar"),
        property("catalina.home", &PathBuf::from(HOME)),
        property("catalina.base", base),
        property("java.io.tmpdir", &base.join("temp")),
        "-Dorg.apache.catalina.connector.CoyoteAdapter.ALLOW_BACKSLASH=true".to_owned(),
        "org.apache.catalina.startup.Bootstrap".to_owned(),
        "start".to_owned(),
    ]
}
