//! Commands to the running gate, as an admin types them on its machine.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use reqwest::{Method, RequestBuilder, StatusCode};
use tokio::task::spawn_blocking;

use crate::process::Process;
use crate::site::{Site, free_address, log_in, site};
use crate::visitor::{Page, Visitor};

pub(crate) fn file(site: &Site) -> PathBuf {
    site.folder.path().join("proxy.toml")
}

pub(crate) fn command(file: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
    command.args(arguments).arg("--config").arg(file);
    command
}

pub(crate) async fn run(file: &Path, arguments: &[&str]) -> Output {
    let mut command = command(file, arguments);
    spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A command that printed an address and waits.
pub(crate) struct Waiting {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Waiting {
    pub(crate) async fn start(file: &Path, arguments: &[&str]) -> Self {
        Self::of(command(file, arguments)).await
    }

    pub(crate) async fn of(mut command: Command) -> Self {
        spawn_blocking(move || {
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            while !line.trim().starts_with("http") {
                line.clear();
                assert!(out.read_line(&mut line).unwrap() > 0, "it ended without an address");
            }
            Self { child, out, address: line.trim().to_owned() }
        })
        .await
        .unwrap()
    }

    /// Ends it without a chance to clear up.
    pub(crate) async fn kill(mut self) {
        self.child.kill().unwrap();
        self.end().await;
    }

    /// What it says further, and how it ends.
    pub(crate) async fn end(mut self) -> (String, Option<i32>) {
        let ended = move || {
            let mut said = String::new();
            self.out.read_to_string(&mut said).unwrap();
            (said, self.child.wait().unwrap().code())
        };
        spawn_blocking(ended).await.unwrap()
    }
}

/// Follows an address to the provider and logs in there.
pub(crate) async fn log_in_by(visitor: &mut Visitor, address: &str, username: &str) -> Page {
    let asked = visitor.open(address).await;
    log_in(visitor, &asked, username).await
}

pub(crate) fn has_line(said: &str, words: &[&str]) -> bool {
    let is_it = |line: &str| line.split_whitespace().collect::<Vec<_>>().starts_with(words);
    said.lines().any(is_it)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_gates_user_can_connect() {
    let site = site().start().await;
    let socket = site.folder.path().join("state/control.sock");
    assert_eq!(fs::metadata(socket).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended_by_address() {
    let site = site().with("[audit]\nfile = \"audit.log\"").start().await;
    let mut ann = site.logged_in("ann").await;
    let mut cleo = site.logged_in("cleo").await;
    let listed = text(&run(&file(&site), &["sessions", "list"]).await.stdout);
    for who in ["ann", "cleo"] {
        assert!(has_line(&listed, &[&format!("{who}@example.com"), who, "idp"]), "{listed}");
    }
    let ended = run(&file(&site), &["sessions", "end", "Ann@Example.com"]).await;
    assert_eq!(text(&ended.stdout), "1 ended\n");
    let page = ann.open(&site.at("/p/it")).await;
    let asked = page.way.iter().any(|url| url.as_str().starts_with(site.provider.issuer()));
    assert!(asked, "still in: {page:?}");
    assert_eq!(cleo.open(&site.at("/p/it")).await.status, StatusCode::OK);
    let nobody = run(&file(&site), &["sessions", "end", "eve@example.com"]).await;
    assert_eq!(nobody.status.code(), Some(1));

    site.gate.assembly().audit().flush().await;
    let trail = fs::read_to_string(site.folder.path().join("audit.log")).unwrap();
    let logout = trail.lines().find(|line| line.contains("\"logout\"")).unwrap();
    assert!(logout.contains("\"by\":\"admin\"") && logout.contains("ann@example.com"), "{logout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gate_the_command_says_so() {
    let site = site().start().await;
    let text = fs::read_to_string(file(&site)).unwrap();
    let other = site.folder.path().join("other.toml");
    fs::write(&other, text.replace("state_dir = \"state\"", "state_dir = \"other\"")).unwrap();
    let ended = run(&other, &["sessions", "list"]).await;
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("no gate runs"));
}

const PORTALS: &str = "[[portal]]\nproject = \"HR\"\naccess = \"private\"\n\
                       allow = { groups = [\"staff\"] }\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_test_login_shows_every_claim_and_decision_and_logs_nobody_in() {
    let site = site().with(PORTALS).start().await;
    let test = Waiting::start(&file(&site), &["test-login", "idp"]).await;
    let mut admin = site.visitor();
    let address = test.address.clone();
    let page = log_in_by(&mut admin, &address, "ann").await;
    assert!(page.body.contains("The test login worked"), "{}", page.body);
    assert!(admin.cookie("gate").is_none(), "a session began");

    let (said, code) = test.end().await;
    assert_eq!(code, Some(0), "{said}");
    for line in [
        &["email", "\"ann@example.com\"", "ID", "token"][..],
        &["email", "ann@example.com", "email", "(ID", "token)"],
        &["groups", "customers", "groups", "(ID", "token)"],
        &["HR", &site.at("/p/hr"), "refused", "access", "=", "private"],
        &["IT", &site.at("/p/it"), "allowed", "access", "=", "default"],
    ] {
        assert!(has_line(&said, line), "no {line:?} in\n{said}");
    }
    let again = admin.open(&address).await;
    assert_eq!((again.status, again.body.contains("link-used")), (StatusCode::GONE, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_login_that_fails_shows_what_the_provider_said_all_the_same() {
    let site = site().start().await;
    let test = Waiting::start(&file(&site), &["test-login", "idp"]).await;
    let page = log_in_by(&mut site.visitor(), &test.address, "dan").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
    let (said, code) = test.end().await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("email-unverified"), "{said}");
    assert!(has_line(&said, &["email_verified", "false"]), "{said}");
}

/// The login goes on in the browser, but nobody waits for its report any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_login_that_outlives_its_test_logs_nobody_in() {
    let site = site().start().await;
    let process = Process::beside(&site).await;
    let test = Waiting::start(process.file(), &["test-login", "idp"]).await;
    let mut admin = site.visitor();
    let asked = admin.open(&test.address).await;
    let process = process.killed_and_started(|| ()).await;
    // Its address comes once the gate knows the provider again.
    let mut other = Waiting::start(process.file(), &["test-login", "idp"]).await;
    let page = log_in(&mut admin, &asked, "ann").await;
    let told = (page.status, page.body.contains("link-used"));
    assert_eq!(told, (StatusCode::GONE, true), "{}", page.body);
    assert!(admin.cookie("gate").is_none(), "a session began");
    other.child.kill().unwrap();
    let codes = (test.end().await.1, other.end().await.1);
    assert_eq!(codes, (Some(1), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_or_a_preview_uses_no_test_login_up() {
    let site = site().start().await;
    let mut test = Waiting::start(&file(&site), &["test-login", "idp"]).await;
    let mut admin = site.visitor();
    let image = |get: RequestBuilder| get.header("sec-fetch-dest", "image");
    for (method, seen) in [(Method::GET, true), (Method::HEAD, false)] {
        let asked = admin.request(method, &test.address, |get| if seen { image(get) } else { get });
        assert_eq!(asked.await.status(), StatusCode::UNAUTHORIZED);
    }
    let asked = admin.open(&test.address).await;
    assert_eq!(asked.url.path(), "/authorize", "{}", asked.body);
    test.child.kill().unwrap();
    test.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gate_a_test_login_serves_for_itself() {
    let site = site().start().await;
    let toml = fs::read_to_string(file(&site)).unwrap();
    let elsewhere = toml.replace(&site.address.to_string(), &free_address().to_string());
    let moved = site.folder.path().join("moved.toml");
    fs::write(&moved, elsewhere.replace("state_dir = \"state\"", "state_dir = \"other\"")).unwrap();
    let test = Waiting::start(&moved, &["test-login", "idp"]).await;
    let page = log_in_by(&mut site.visitor(), &test.address, "ann").await;
    assert!(page.body.contains("The test login worked"), "{}", page.body);
    let (said, code) = test.end().await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("ann@example.com"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_there_is_not_is_named_with_those_there_are() {
    let site = site().start().await;
    let ended = run(&file(&site), &["test-login", "okta"]).await;
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("known are idp"));
}
