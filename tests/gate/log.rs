//! The log of a running gate: what its lines say, and that nobody waits for it.

use std::fs;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use reqwest::header::USER_AGENT;
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use serde_json::Value;
use tokio::time::timeout;

use crate::process::{Process, moved_configuration};
use crate::site::{ANN, TEST_TIMEOUT, free_address, log_in, site, until};
use crate::visitor::Visitor;

/// Ends the process with the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

async fn logged_in(visitor: &mut Visitor, url: &str) -> StatusCode {
    let mut page = visitor.open(url).await;
    while page.status == StatusCode::SERVICE_UNAVAILABLE {
        page = visitor.open(url).await;
    }
    log_in(visitor, &page, "ann").await.status
}

/// As with a journald that is stopped: everybody is served, and what was lost is counted and told.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_reads_holds_up_no_request() {
    let site = site().start().await;
    let (address, operations) = (free_address(), free_address());
    let file = moved_configuration(&site, address);
    let text = fs::read_to_string(&file).unwrap();
    let listen = format!("operations_listen = \"{operations}\"");
    fs::write(&file, text.replace("operations_listen = \"127.0.0.1:0\"", &listen)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
    command.args(["run", "--config"]).arg(&file).stderr(Stdio::piped()).stdout(Stdio::null());
    let mut gate = Killed(command.spawn().unwrap());
    let at = |path: &str| format!("http://{address}{path}");
    until("it listens", || std::net::TcpStream::connect(address).is_ok()).await;

    let mut ann = site.visitor();
    let portal = at("/p/it");
    assert_eq!(logged_in(&mut ann, &portal).await, StatusCode::OK);
    // More than the pipe and the gate's memory hold.
    let address_of_16_kb = at(&format!("/servicedesk/customer/portal/2/{}", "x".repeat(16_000)));
    for _ in 0..500 {
        let answered = ann.request(Method::GET, &address_of_16_kb, |get| get);
        timeout(TEST_TIMEOUT, answered).await.expect("a request waits for the log");
    }
    let entered = timeout(TEST_TIMEOUT, logged_in(&mut site.visitor(), &portal)).await;
    assert_eq!(entered.expect("a login waits for the log"), StatusCode::OK);
    let metrics = reqwest::get(format!("http://{operations}/metrics")).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let lost = metrics.lines().find_map(|it| it.strip_prefix("jsm_gate_log_lines_lost_total "));
    assert!(lost.unwrap().parse::<u64>().unwrap() > 0, "{metrics}");

    let log = Arc::<Mutex<Vec<u8>>>::default();
    let (mut stderr, read) = (gate.0.stderr.take().unwrap(), Arc::clone(&log));
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(bytes @ 1..) = stderr.read(&mut buffer) {
            read.lock().unwrap().extend_from_slice(&buffer[..bytes]);
        }
    });
    let says = |words: &str| String::from_utf8_lossy(&log.lock().unwrap()).contains(words);
    until("the loss is told", || says("lines of the log were lost")).await;
    ann.request(Method::GET, &at("/written-again"), |get| get).await;
    until("the log is written again", || says("/written-again")).await;
}

#[rstest]
#[case::json("json")]
#[case::text("text")]
#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_request_says_who_asked_for_what_and_how_long_it_took(#[case] format: &str) {
    let site = site().start().await;
    let gate = Process::logging(&site, format, "info").await;
    let mut ann = site.visitor();
    assert_eq!(logged_in(&mut ann, &gate.at("/p/it")).await, StatusCode::OK);
    let browser = |get: RequestBuilder| get.header(USER_AGENT, "Browser/1 \"quoted\"");
    ann.request(Method::GET, &gate.at("/servicedesk/customer/echo?secret"), browser).await;
    gate.until_logged("/servicedesk/customer/echo").await;
    let log = gate.log();
    for spelled in ["Some(", "None", "Ok(", "[\"", "secret"] {
        assert!(!log.contains(spelled), "{spelled} in {log}");
    }
    let line = log.lines().find(|line| line.contains("/servicedesk/customer/echo")).unwrap();
    if format == "text" {
        let user = format!(" client=127.0.0.1 user={ANN} session=");
        let asked = " method=GET path=/servicedesk/customer/echo status=200 bytes=";
        let browser = r#" user_agent="Browser/1 \"quoted\"""#;
        for part in [&user, asked, " duration_ms=", " upstream_ms=", browser] {
            assert!(line.contains(part), "{part} not in {line}");
        }
        return;
    }
    let line: Value = serde_json::from_str(line).unwrap();
    let told = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(told("target"), "access");
    assert_eq!((told("client"), told("user")), ("127.0.0.1".to_owned(), ANN.to_owned()));
    assert_eq!(told("user_agent"), "Browser/1 \"quoted\"");
    assert!(line["duration_ms"].as_u64() >= line["upstream_ms"].as_u64(), "{line}");
    assert!(line["upstream_ms"].is_u64() && line["bytes"].is_u64() && line["status"] == 200);
}
