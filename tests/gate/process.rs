//! The command itself, as a process: what it prints, how it ends, what it does on signals.

use std::fs;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use jsm_gate::config;
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use serde_json::Value;

use crate::site::{Site, TEST_TIMEOUT, free_address, log_in, site, until, write_certificate};
use crate::visitor::Visitor;

const ECHO: &str = "/servicedesk/customer/echo";

fn jsm_gate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jsm-gate")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The gate of a site once more, as a process at an address of its own.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    file: PathBuf,
    log: PathBuf,
    out: PathBuf,
}

impl Process {
    pub(crate) async fn beside(site: &Site) -> Self {
        Self::logging(site, "json", "trace").await
    }

    /// The same, logging in one format as much as that.
    pub(crate) async fn logging(site: &Site, format: &str, level: &str) -> Self {
        let address = free_address();
        let file = moved_configuration(site, address);
        let [log, out] = ["log", "out"].map(|name| site.folder.path().join(name));
        let command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
        Self::run(command, format, level, address, [file, log, out]).await
    }

    /// The same, with as much disk as [`Process::give_disk`] says.
    pub(crate) async fn on_a_small_disk(site: &Site) -> Self {
        // Writing too much is an error then, not the end of the process.
        Self::by_a_shell(site, "trap '' XFSZ; exec \"$0\" \"$@\"", "json").await
    }

    /// The same, with the journal at the other end of its standard error.
    pub(crate) async fn under_the_journal(site: &Site) -> Self {
        let script = "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$0\" \"$@\"";
        Self::by_a_shell(site, script, "text").await
    }

    /// The same, with so many files that it may have open.
    pub(crate) async fn with_few_files(site: &Site, most: usize) -> Self {
        Self::by_a_shell(site, &format!("ulimit -Sn {most}; exec \"$0\" \"$@\""), "json").await
    }

    /// The same, started by a script.
    async fn by_a_shell(site: &Site, script: &str, format: &str) -> Self {
        let address = free_address();
        let file = moved_configuration(site, address);
        let [log, out] = ["log", "out"].map(|name| site.folder.path().join(name));
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_jsm-gate")]);
        Self::run(command, format, "info", address, [file, log, out]).await
    }

    /// Its configuration.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// What its operations listener says.
    pub(crate) async fn operations(&self, path: &str) -> String {
        let log = self.log();
        let line = log.lines().find(|line| line.contains("\"operations\"")).unwrap();
        let said: Value = serde_json::from_str(line).unwrap();
        let address = said["operations"].as_str().unwrap();
        let address = address.trim_start_matches("Some(").trim_end_matches(')');
        let http = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        let answer = http.get(format!("http://{address}{path}")).send().await.unwrap();
        answer.text().await.unwrap()
    }

    async fn run(
        mut command: Command,
        format: &str,
        level: &str,
        address: SocketAddr,
        [file, log, out]: [PathBuf; 3],
    ) -> Self {
        let child = command
            .args(["run", "--log-format", format, "--config"])
            .arg(&file)
            .env("RUST_LOG", level)
            .stderr(Stdio::from(fs::File::create(&log).unwrap()))
            .stdout(Stdio::from(fs::File::create(&out).unwrap()))
            .spawn()
            .unwrap();
        let process = Self { child, address, file, log, out };
        process.until_logged("serving").await;
        process
    }

    /// Killed, with no time to say anything to anybody; `meanwhile`; and started again.
    pub(crate) async fn killed_and_started(mut self, meanwhile: impl FnOnce()) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        meanwhile();
        let command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
        let files = [&self.file, &self.log, &self.out].map(Clone::clone);
        Self::run(command, "json", "info", self.address, files).await
    }

    /// So many bytes are the most that any of its files may have from now on.
    pub(crate) fn give_disk(&self, bytes: &str) {
        let process = format!("--pid={}", self.child.id());
        let limit = format!("--fsize={bytes}:unlimited");
        assert!(Command::new("prlimit").args([process, limit]).status().unwrap().success());
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Megabytes of memory in use.
    pub(crate) fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most megabytes of memory since the latest [`Self::forget_peak`].
    pub(crate) fn peak_memory(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kilobytes / 1024.0
    }

    /// Begins to look for the peak of memory anew (`man proc_pid_clear_refs`).
    pub(crate) fn forget_peak(&self) {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    pub(crate) fn log(&self) -> String {
        text(&fs::read(&self.log).unwrap())
    }

    fn out(&self) -> String {
        text(&fs::read(&self.out).unwrap())
    }

    pub(crate) async fn until_logged(&self, words: &str) {
        until(&format!("the log says {words:?}"), || self.log().contains(words)).await;
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Process {
    /// Waits for its end, and tells the status.
    pub(crate) async fn ended(&mut self) -> Option<i32> {
        tokio::time::timeout(TEST_TIMEOUT, async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status.code();
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("it does not end")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn moved_configuration(site: &Site, address: SocketAddr) -> PathBuf {
    let file = site.folder.path().join("moved.toml");
    let text = fs::read_to_string(site.folder.path().join("proxy.toml")).unwrap();
    let text = text.replace(&site.address.to_string(), &address.to_string());
    // Two gates do not share a folder.
    let text = text.replace("state_dir = \"state\"", "state_dir = \"moved\"");
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
    process.until_logged("did you mean").await;
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

/// systemd hands them over once, at the start.
#[tokio::test(flavor = "multi_thread")]
async fn a_reload_says_that_credentials_of_systemd_take_a_restart() {
    let site = site().start().await;
    let script = "CREDENTIALS_DIRECTORY=/nowhere exec \"$0\" \"$@\"";
    let process = Process::by_a_shell(&site, script, "json").await;
    assert!(!process.log().contains("credentials"), "{}", process.log());
    process.signal("-HUP");
    process.until_logged("credentials are those of the start: after a change, restart").await;
}

/// The other half: whoever is being served does not notice.
#[tokio::test(flavor = "multi_thread")]
async fn h3_no_request_fails_because_of_a_reload() {
    let site = site().start().await;
    let mut visitors = Vec::new();
    for _ in 0..4 {
        visitors.push(site.logged_in("ann").await);
    }
    let customers = join_all(visitors.into_iter().map(async |mut ann| {
        for _ in 0..100 {
            let answer = ann.request(Method::GET, &site.at(ECHO), |get| get).await;
            assert_eq!(answer.status(), StatusCode::OK);
        }
    }));
    let file = site.folder.path().join("proxy.toml");
    // From now on by a name, which is to be looked up.
    let jsm = site.jsm.url();
    let (_, port) = jsm.rsplit_once(':').unwrap();
    let named = format!("[forward]\nupstreams = [\"localhost:{port}\"]");
    fs::write(&file, fs::read_to_string(&file).unwrap().replace("[forward]", &named)).unwrap();
    let assembly = site.gate.assembly();
    let reloads = async {
        for _ in 0..20 {
            assembly.reload(config::load(&file).unwrap().config).await.unwrap();
            assert!(assembly.upstream_is_resolved());
        }
    };
    tokio::join!(customers, reloads);
}

#[tokio::test(flavor = "multi_thread")]
async fn h3_a_reload_that_is_refused_leaves_the_certificate_as_it_was() {
    let site = site().over_tls().start().await;
    let shows_the_first = async || AssertUnwindSafe(site.connect_tls("h2")).catch_unwind().await;
    write_certificate(site.folder.path());
    let file = site.folder.path().join("proxy.toml");
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{good}\n[audit]\nfile = \"missing/audit.log\"")).unwrap();
    let assembly = site.gate.assembly();
    assembly.reload(config::load(&file).unwrap().config).await.unwrap_err();
    assert!(shows_the_first().await.is_ok());

    fs::write(&file, good).unwrap();
    assembly.reload(config::load(&file).unwrap().config).await.unwrap();
    assert!(shows_the_first().await.is_err(), "the new one is not in use");
}

/// docs/security.md H6 and G11: neither the most talkative log nor the audit trail, wherever it goes,
/// gives a secret away.
#[rstest]
#[case::the_trail_in_the_log("")]
#[case::the_trail_on_its_own("[audit]\nfile = \"stdout\"")]
#[tokio::test(flavor = "multi_thread")]
async fn h6_no_secret_is_ever_logged(#[case] audit: &str) {
    let hr = "[[portal]]\nproject = \"HR\"\naccess = \"private\"\nallow = { groups = [\"staff\"] }";
    let site = site().with(hr).with(audit).start().await;
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
    let of_callback = callback.query_pairs().filter(|(name, _)| name != "iss");
    let mut secrets: Vec<String> = of_callback.map(|(_, value)| value.into_owned()).collect();
    secrets.push(ann.cookie("gate").unwrap().to_owned());
    for file in ["jsm-token", "client-secret", "session-secret"] {
        secrets.push(fs::read_to_string(site.folder.path().join(file)).unwrap());
    }
    send_marked(&mut ann, &process).await;
    secrets.push(MARK.to_owned());

    process.until_logged("logged out").await;
    let said = ["login_succeeded", "login_refused", "portal_opened", "portal_refused", "logout"];
    let all_said = || said.iter().all(|event| (process.log() + &process.out()).contains(event));
    until("the trail is complete", all_said).await;
    assert_eq!(process.out().contains("portal_opened"), !audit.is_empty());
    let output = process.log() + &process.out();
    for secret in secrets {
        let line = output.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret} is in the output");
    }
    assert!(!output.contains("eyJ"), "a token is in the output");
}

/// What must not be found anywhere.
const MARK: &str = "Marked0Secret";

/// Sends the mark wherever a code, a token, a cookie or a password could be.
async fn send_marked(ann: &mut Visitor, process: &Process) {
    for path in [
        "/p/hr?token=Marked0Secret",
        "/_gate/login?return_to=/p/it?Marked0Secret&fragment=Marked0Secret&go=Marked0Secret",
        "/_gate/callback/idp?code=Marked0Secret&state=Marked0Secret",
        "/_gate/callback/idp?code=Marked0Secret&code=Marked0Secret&state=x",
        "/_gate/callback/other?code=Marked0Secret",
        "/servicedesk/customer/portal/3?session=Marked0Secret",
    ] {
        ann.request(Method::GET, &process.at(path), |get| get).await;
    }
    let marked = |post: RequestBuilder| {
        let post = post.header("Authorization", format!("Bearer {MARK}"));
        let post = post.header("Origin", process.at("")).header("Sec-Fetch-Site", "same-origin");
        post.form(&[("token", MARK), ("password", MARK)])
    };
    for path in ["/_gate/logout", "/servicedesk/customer/portal/2/create/66"] {
        ann.request(Method::POST, &process.at(path), marked).await;
    }
    let with_cookies = |get: RequestBuilder| get.header("Cookie", format!("gate={MARK}; x={MARK}"));
    let nobody = &mut Visitor::with(reqwest::Client::builder());
    nobody.request(Method::GET, &process.at("/p/it"), with_cookies).await;
    let logout = ann.open(&process.at("/_gate/logout")).await;
    ann.submit(&logout, "/_gate/logout", &[]).await;
}

/// What logrotate does: renames the file and has the gate reload.
#[tokio::test(flavor = "multi_thread")]
async fn sighup_opens_a_rotated_audit_trail_anew() {
    let site = site().with("[audit]\nfile = \"audit.log\"").start().await;
    let process = Process::beside(&site).await;
    let file = site.folder.path().join("audit.log");
    fs::rename(&file, site.folder.path().join("audit.log.1")).unwrap();
    process.signal("-HUP");
    process.until_logged("\"message\":\"reloaded\"").await;
    site.visitor().request(Method::GET, &process.at("/_gate/callback/idp"), |get| get).await;
    until("the new file is written", || {
        fs::read_to_string(&file).is_ok_and(|text| text.contains("login_refused"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_ends_the_process_with_a_remedy() {
    let site = site().start().await;
    let ended = jsm_gate(&["run", "--config", path(&site.folder.path().join("proxy.toml"))]);
    assert_eq!(ended.status.code(), Some(1));
    let said = text(&ended.stderr);
    assert!(said.contains(&site.address.to_string()) && said.contains("ss -ltnp"), "{said}");
    assert!(said.contains("`gate.listen`"), "{said}");
    assert_eq!(said.matches("in use").count(), 1, "{said}");
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
    for command in ["run", "check", "test-login", "sessions", "links", "demo", "schema", "secret"] {
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
async fn check_as_somebody_tells_what_every_portal_would_say() {
    let portals = "[[portal]]\nproject = \"IT\"\ndeny = { groups = [\"former\"] }\n\
                   [[portal]]\nproject = \"HR\"\naccess = \"private\"\n\
                   allow = { claims = { team = [\"people\"] } }\n\
                   [[portal]]\nproject = \"FAC\"\naccess = \"public\"";
    let team = "attributes = { extra = { team = \"team\" } }";
    let site = site().with_provider(team).with(portals).start().await;
    let file = site.folder.path().join("proxy.toml");
    let ask = |more: &[&str]| {
        let arguments = ["check", "--config", path(&file), "--as", "ann@example.com"];
        jsm_gate(&[&arguments, more].concat())
    };
    let said = text(&ask(&["--groups", "staff,former", "--claim", "team=people"]).stdout);
    let said = said.replace(&site.url, "");
    let lines = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    ann@example.com at idp: groups staff, former; team = people
    PORTAL LINK DECISION RULE
    FAC /p/fac allowed access = public
    HR /p/hr allowed allow.claims
    IT /p/it refused deny.groups
    ");
    let said = text(&ask(&["--unknown", "groups,team"]).stdout).replace(&site.url, "");
    let lines = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    ann@example.com at idp: groups not known; team not known
    PORTAL LINK DECISION RULE
    FAC /p/fac allowed access = public
    HR /p/hr refused allow.claims (not known)
    IT /p/it refused deny.groups (not known)
    ");
    let listed = ask(&["--json"]).stdout;
    let rows: Vec<Value> = serde_json::from_slice(&listed).unwrap();
    let decisions: Vec<_> = rows.iter().map(|row| row["decision"].as_str().unwrap()).collect();
    assert_eq!(decisions, ["allowed", "refused", "allowed"]);
    let unknown = ask(&["--provider", "okta"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("known are idp"), "{}", text(&unknown.stderr));
    let unfilled = ask(&["--claim", "taem=people"]);
    assert!(text(&unfilled.stderr).contains("known are team"), "{}", text(&unfilled.stderr));
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
