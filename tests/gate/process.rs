//! The command itself, as a process: what it prints, how it ends, what it does on signals.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::site::{Site, free_address, log_in, site, until};

fn jsm_gate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jsm-gate")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The gate of a site once more, as a process at an address of its own.
struct Process {
    child: Child,
    address: SocketAddr,
    file: PathBuf,
    log: PathBuf,
}

impl Process {
    async fn beside(site: &Site) -> Self {
        let address = free_address();
        let file = moved_configuration(site, address);
        let log = site.folder.path().join("log");
        let child = Command::new(env!("CARGO_BIN_EXE_jsm-gate"))
            .args(["run", "--log-format", "json", "--config"])
            .arg(&file)
            .env("RUST_LOG", "trace")
            .stderr(Stdio::from(fs::File::create(&log).unwrap()))
            .spawn()
            .unwrap();
        let process = Self { child, address, file, log };
        process.until_logged("\"message\":\"serving\"").await;
        process
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    fn log(&self) -> String {
        text(&fs::read(&self.log).unwrap())
    }

    async fn until_logged(&self, words: &str) {
        until(&format!("the log says {words:?}"), || self.log().contains(words)).await;
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn moved_configuration(site: &Site, address: SocketAddr) -> PathBuf {
    let file = site.folder.path().join("moved.toml");
    let text = fs::read_to_string(site.folder.path().join("proxy.toml")).unwrap();
    let text = text.replace(&site.address.to_string(), &address.to_string());
    fs::write(&file, text).unwrap();
    file
}

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_stops_the_process_and_it_ends_well() {
    let site = site().start().await;
    let mut process = Process::beside(&site).await;
    process.signal("-TERM");
    let ended = tokio::task::spawn_blocking(move || process.child.wait().unwrap().code());
    assert_eq!(ended.await.unwrap(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn h3_sighup_takes_over_a_good_file_and_refuses_a_bad_one() {
    let site = site().start().await;
    let process = Process::beside(&site).await;
    let good = fs::read_to_string(&process.file).unwrap();

    fs::write(&process.file, good.replace("[forward]", "[forwards]")).unwrap();
    process.signal("-HUP");
    process.until_logged("reload refused").await;
    assert!(process.log().contains("did you mean"), "{}", process.log());
    let answer = site.visitor().request(Method::GET, &process.at("/p/it"), |get| get).await;
    assert_eq!(answer.status(), StatusCode::FOUND, "the old configuration does not serve on");

    let public = "\n[[portal]]\nproject = \"FAC\"\nlink = \"buildings\"\naccess = \"public\"\n";
    fs::write(&process.file, good + public).unwrap();
    process.signal("-HUP");
    process.until_logged("\"message\":\"reloaded\"").await;
    let answer = site.visitor().request(Method::GET, &process.at("/p/buildings"), |get| get).await;
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.ends_with("/servicedesk/customer/portal/4"), "{location}");
}

/// threats.md H6 and G11: not even the most talkative log gives a secret away.
#[tokio::test(flavor = "multi_thread")]
async fn h6_no_secret_is_ever_logged() {
    let site = site().start().await;
    let process = Process::beside(&site).await;
    let mut ann = site.visitor();
    let mut asked = ann.open(&process.at("/p/it?marked=query")).await;
    while asked.status == StatusCode::SERVICE_UNAVAILABLE {
        asked = ann.open(&process.at("/p/it?marked=query")).await;
    }
    let landed = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(landed.status, StatusCode::OK);
    let callback = landed.way.iter().find(|url| url.path().contains("callback")).unwrap();
    ann.open(callback.as_str()).await;

    let log = process.log();
    assert!(log.contains("logged in"), "nothing was logged");
    let of_callback = callback.query_pairs().filter(|(name, _)| name != "iss");
    let mut secrets: Vec<String> = of_callback.map(|(_, value)| value.into_owned()).collect();
    secrets.push(ann.cookie("gate").unwrap().to_owned());
    for file in ["jsm-token", "client-secret", "session-secret"] {
        secrets.push(fs::read_to_string(site.folder.path().join(file)).unwrap());
    }
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
    assert!(!log.contains("eyJ"), "a token is in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_ends_the_process_with_a_remedy() {
    let site = site().start().await;
    let ended = jsm_gate(&["run", "--config", path(&site.folder.path().join("proxy.toml"))]);
    assert_eq!(ended.status.code(), Some(1));
    let said = text(&ended.stderr);
    assert!(said.contains(&site.address.to_string()) && said.contains("ss -ltnp"), "{said}");
}

#[test]
fn a_bad_file_ends_with_78_and_every_mistake_in_it() {
    for command in ["run", "check", "links"] {
        let file = "tests/data/config/bad/ten_mistakes.toml";
        let ended = jsm_gate(&[command, "--config", file]);
        assert_eq!(ended.status.code(), Some(78), "{command}");
        let said = text(&ended.stderr);
        assert!(said.contains("10 mistakes") && said.contains("ten_mistakes.toml:2:14"), "{said}");
    }
}

#[test]
fn bad_usage_ends_with_2_and_help_has_examples() {
    assert_eq!(jsm_gate(&["rum"]).status.code(), Some(2));
    assert_eq!(jsm_gate(&["links", "--json", "--csv"]).status.code(), Some(2));
    for command in ["run", "check", "links", "demo", "schema", "secret"] {
        let help = text(&jsm_gate(&[command, "--help"]).stdout);
        assert!(help.contains("Example"), "{command}: {help}");
    }
}

#[test]
fn secrets_are_new_each_time_and_the_schema_is_json() {
    let secrets = [jsm_gate(&["secret"]), jsm_gate(&["secret"])].map(|made| text(&made.stdout));
    assert!(secrets[0] != secrets[1] && secrets[0].trim().len() >= 43, "{secrets:?}");
    let schema: Value = serde_json::from_slice(&jsm_gate(&["schema"]).stdout).unwrap();
    assert!(schema["properties"]["gate"].is_object(), "{schema}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_and_links_work_beside_a_running_gate() {
    let site = site().start().await;
    let file = moved_configuration(&site, free_address());
    let ended = jsm_gate(&["check", "--json", "--config", path(&file)]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stdout));
    let findings: Vec<Value> = serde_json::from_slice(&ended.stdout).unwrap();
    for subject in ["configuration", "provider idp", "jsm token", "jsm rights", "jsm portals"] {
        assert!(findings.iter().any(|found| found["subject"] == subject), "no {subject}");
    }
    let listed = jsm_gate(&["links", "--json", "--config", path(&file)]);
    let links: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(links.len(), 3);

    site.jsm.refuse_token(true);
    let ended = jsm_gate(&["check", "--config", path(&file)]);
    assert_eq!(ended.status.code(), Some(1));
    let said = text(&ended.stdout);
    assert!(said.contains("FAILURE  jsm token") && said.contains('→'), "{said}");
}
