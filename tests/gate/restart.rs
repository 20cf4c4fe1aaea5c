//! Stops and restarts: who is waited for, and what happens to those who come meanwhile.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::process::moved_configuration;
use crate::site::{Site, TEST_TIMEOUT, free_address, log_in, site, until};

const ECHO: &str = "/servicedesk/customer/echo";

/// A gate that gets its socket as systemd hands one over: as file 3, said in the environment.
struct Activated(Child);

impl Activated {
    async fn start(file: &Path, socket: &TcpListener) -> Self {
        let log = file.with_extension("log");
        let script = "exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\"";
        let child = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_jsm-gate"), "run", "--config"])
            .arg(file)
            .stdin(OwnedFd::from(socket.try_clone().unwrap()))
            .stderr(fs::File::create(&log).unwrap())
            .spawn();
        let gate = Self(child.unwrap());
        let serves = || fs::read_to_string(&log).is_ok_and(|log| log.contains("serving"));
        until("the gate serves", serves).await;
        gate
    }

    /// What systemd does to stop it; waits until it has ended.
    async fn stop(mut self) {
        assert!(Command::new("kill").arg(self.0.id().to_string()).status().unwrap().success());
        let ended = tokio::task::spawn_blocking(move || self.0.wait().unwrap().code());
        assert_eq!(ended.await.unwrap(), Some(0));
    }
}

impl Drop for Activated {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A file for a gate that customers reach at one address and that would itself listen at another.
fn configured(site: &Site, public: SocketAddr, listen: SocketAddr) -> std::path::PathBuf {
    let file = moved_configuration(site, public);
    let text = fs::read_to_string(&file).unwrap();
    let text =
        text.replace(&format!("listen = [\"{public}\"]"), &format!("listen = [\"{listen}\"]"));
    fs::write(&file, text).unwrap();
    file
}

async fn ask(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /_gate/logged-out HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn assert_answered(mut stream: TcpStream) {
    let mut answer = [0; 12];
    timeout(TEST_TIMEOUT, stream.read_exact(&mut answer)).await.expect("no answer").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_of_systemds_stays_open_over_a_restart_and_nobody_is_lost() {
    let site = site().start().await;
    // systemd's, which outlives every gate.
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let (public, listen) = (socket.local_addr().unwrap(), free_address());
    let file = configured(&site, public, listen);
    let gate = Activated::start(&file, &socket).await;
    assert_answered(ask(public).await).await;
    assert!(TcpStream::connect(listen).await.is_err(), "[gate] listen was bound, too");
    gate.stop().await;
    let meanwhile = ask(public).await;
    let _gate = Activated::start(&file, &socket).await;
    assert_answered(meanwhile).await;
}

/// docs/security.md G7: a form that never comes is not waited for as long as a customer's request is.
#[rstest]
#[case::logout("/_gate/logout")]
#[case::logout_by_the_provider("/_gate/backchannel-logout/idp")]
#[tokio::test(flavor = "multi_thread")]
async fn g7_a_stranger_does_not_hold_up_a_stop(#[case] path: &str) {
    let site = site().with_limit("drain = \"1h\"").start().await;
    let (gate, url) = site.beside().await;
    let address: SocketAddr = url.trim_start_matches("http://").parse().unwrap();
    let mut held = TcpStream::connect(address).await.unwrap();
    let form = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n"
    );
    held.write_all(form.as_bytes()).await.unwrap();
    until("the form is under way", || gate.assembly().in_flight() == 1).await;
    timeout(TEST_TIMEOUT, gate.stop()).await.expect("the stop waits for a stranger");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_a_customer() {
    let site = site().with_limit("drain = \"1h\"").start().await;
    let (gate, url) = site.beside().await;
    let mut ann = site.visitor();
    let page = ann.open(&format!("{url}/servicedesk/customer/portals")).await;
    log_in(&mut ann, &page, "ann").await;
    // Longer than strangers are waited for.
    site.jsm.slow_down(Duration::from_secs(5));
    let address = format!("{url}{ECHO}");
    let answer =
        tokio::spawn(async move { ann.request(Method::GET, &address, |get| get).await.status() });
    until("the request is under way", || gate.assembly().in_flight() == 1).await;
    gate.stop().await;
    assert_eq!(answer.await.unwrap(), StatusCode::OK);
}
