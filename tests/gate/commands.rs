//! Commands of an admin: what they need, what they say, and that they leave everything as it was.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use reqwest::StatusCode;
use rstest::rstest;
use sandbox::jsm::JsmSettings;
use serde_json::Value;

use crate::control::{file, run, text};
use crate::process::moved_configuration;
use crate::site::{Site, free_address, site};

const EMERGENCY: &str = "[emergency]\nenabled = true\nnetworks = [\"127.0.0.0/8\"]\n\
                         [emergency.allow]\nemails = [\"ann@example.com\"]";

const MINT: [&str; 9] = [
    "emergency",
    "--for",
    "ann@example.com",
    "--portals",
    "it",
    "--minutes",
    "5",
    "--reason",
    "INC-1",
];

/// Changes the file of a running gate, which has not been reloaded since.
fn rewrite(site: &Site, change: impl Fn(&str) -> String) {
    let toml = fs::read_to_string(file(site)).unwrap();
    fs::write(file(site), change(&toml)).unwrap();
}

/// As the documented installation has it: systemd hands the secrets over, and to the gate alone.
fn with_credentials(toml: &str) -> String {
    toml.replace("api_token_file = \"jsm-token\"", "api_token_credential = \"secrets_jsm-token\"")
        .replace(
            "client_secret_file = \"client-secret\"",
            "client_secret_credential = \"secrets_provider\"",
        )
        .replace("secret_file = \"session-secret\"", "secret_credential = \"secrets_session\"")
}

fn with_a_typo(toml: &str) -> String {
    toml.replace("public_url = \"", "public_ulr = \"").replace("[session]", "[session")
}

fn without_a_folder(toml: &str) -> String {
    toml.replace("state_dir = \"state\"", "")
}

#[rstest]
#[case::credentials(with_credentials, false)]
#[case::a_typo(with_a_typo, false)]
#[case::a_file_that_does_not_name_the_folder(without_a_folder, true)]
#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_emergency_access_need_the_running_gate_and_nothing_else(
    #[case] change: fn(&str) -> String,
    #[case] needs_socket: bool,
) {
    let site = site().with(EMERGENCY).start().await;
    site.logged_in("cleo").await;
    rewrite(&site, change);
    let socket = site.folder.path().join("state/control.sock").display().to_string();
    let more = if needs_socket { vec!["--socket", &socket] } else { Vec::new() };
    let listed = run(&file(&site), &[&["sessions", "list"], more.as_slice()].concat()).await;
    assert!(text(&listed.stdout).contains("cleo@example.com"), "{listed:?}");
    let minted = run(&file(&site), &[&MINT, more.as_slice()].concat()).await;
    assert_eq!(minted.status.code(), Some(0), "{minted:?}");
    assert!(text(&minted.stdout).contains(&site.url), "{minted:?}");
    let ended = run(&file(&site), &[&["emergency", "--end"], more.as_slice()].concat()).await;
    assert_eq!(text(&ended.stdout), "1 ended\n");
}

#[rstest]
#[case::credentials(with_credentials)]
#[case::a_typo(with_a_typo)]
#[tokio::test(flavor = "multi_thread")]
async fn links_and_test_logins_ask_the_running_gate(#[case] change: fn(&str) -> String) {
    let site = site().start().await;
    rewrite(&site, change);
    let listed = run(&file(&site), &["links", "--json"]).await;
    let links: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(links.len(), 3, "{listed:?}");
    assert!(links[0]["link"].as_str().unwrap().starts_with(&site.url), "{links:?}");
    let unknown = run(&file(&site), &["test-login", "okta"]).await;
    assert!(text(&unknown.stderr).contains("known are idp"), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_portal_is_in_the_list_at_once() {
    let site = site().start().await;
    site.jsm.add_desk(sandbox::jsm::Desk::new(9, "LAB", "Lab"));
    let listed = text(&run(&file(&site), &["links"]).await.stdout);
    assert!(listed.contains("LAB"), "{listed}");
    assert_eq!(site.visitor().open(&site.at("/p/lab")).await.status, StatusCode::OK);
}

#[rstest]
#[case::links(&["links"])]
#[case::test_login(&["test-login", "idp"])]
#[tokio::test(flavor = "multi_thread")]
async fn without_gate_and_secrets_the_one_command_that_works_is_named(#[case] command: &[&str]) {
    let site = site().start().await;
    let other = elsewhere(&site, with_credentials);
    let ended = run(&other, command).await;
    assert_eq!(ended.status.code(), Some(1));
    let said = text(&ended.stderr);
    for words in ["sudo systemd-run", "User=jsm-gate", "LoadCredential=secrets:", command[0]] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    assert!(said.contains(&other.display().to_string()), "{said}");
    assert_eq!(said.matches("secrets that only the gate").count(), 1, "{said}");
}

/// The configuration of a gate that does not run, with a state folder of its own.
fn elsewhere(site: &Site, change: impl Fn(&str) -> String) -> PathBuf {
    let toml = fs::read_to_string(file(site)).unwrap();
    let toml = toml.replace(&site.address.to_string(), &free_address().to_string());
    let toml = toml.replace("state_dir = \"state\"", "state_dir = \"other\"");
    let other = site.folder.path().join("other.toml");
    fs::write(&other, change(&toml)).unwrap();
    other
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_check_needs_no_secret_and_a_full_one_says_what_it_needs() {
    let site = site().start().await;
    let other = elsewhere(&site, with_credentials);
    let offline = run(&other, &["check", "--offline"]).await;
    assert_eq!(offline.status.code(), Some(0), "{offline:?}");
    let said = text(&offline.stdout);
    assert!(said.contains("ok       session.secret_credential"), "{said}");
    let full = run(&other, &["check"]).await;
    assert_eq!(full.status.code(), Some(1));
    let said = text(&full.stdout);
    assert!(said.contains("FAILURE  secrets") && said.contains("sudo systemd-run"), "{said}");
    assert!(said.ends_with("1 failure\n"), "{said}");
    let by_person = run(&other, &["check", "--as", "ann@example.com"]).await;
    assert_eq!(by_person.status.code(), Some(0), "{by_person:?}");
}

/// What `check` says of a gate beside the site's, by subject.
pub(crate) async fn findings(
    site: &Site,
    change: impl Fn(&str) -> String,
) -> Vec<(String, String, String)> {
    let other = elsewhere(site, change);
    let ended = run(&other, &["check", "--json"]).await;
    let found: Vec<Value> =
        serde_json::from_slice(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let failed = found.iter().any(|one| one["level"] == "failure");
    assert_eq!(ended.status.code(), Some(i32::from(failed)), "{found:?}");
    found.iter().map(|one| (word(one, "level"), word(one, "subject"), word(one, "text"))).collect()
}

fn with(more: &'static str) -> impl Fn(&str) -> String {
    move |toml| format!("{toml}\n{more}")
}

pub(crate) fn told(found: &[(String, String, String)], level: &str, subject: &str, words: &str) {
    let is_it = |one: &&(String, String, String)| {
        one.0 == level && one.1 == subject && one.2.contains(words)
    };
    assert!(found.iter().any(|one| is_it(&one)), "no {level} of {subject}: {words}\n{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_has_a_line_for_each_portal_and_each_thing_it_depends_on() {
    let site = site().start().await;
    let found = findings(&site, str::to_owned).await;
    told(&found, "ok", "gate.listen", "is free");
    told(&found, "ok", "gate.state_dir", "is not there yet");
    told(&found, "ok", "identity", "x-forwarded-user");
    for key in ["IT", "HR", "FAC"] {
        told(&found, "ok", &format!("portal {key}"), "/p/");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_fails_where_the_gate_could_not_start_or_nobody_could_log_in() {
    let site = site().start().await;
    let taken = site.address.to_string();
    let found = findings(&site, |toml| {
        let listen = toml.lines().find(|line| line.trim().starts_with("listen")).unwrap();
        toml.replace(listen, &format!("listen = [\"{taken}\"]"))
    })
    .await;
    told(&found, "failure", "gate.listen", "in use by another program");
    let found = findings(&site, with("[audit]\nfile = \"nowhere/audit.log\"")).await;
    told(&found, "failure", "audit.file", "does not exist");
    let found = findings(&site, |toml| {
        let redis = format!("[session]\nstore = \"redis://{}\"", free_address());
        toml.replace("[session]", &redis)
    })
    .await;
    told(&found, "failure", "session.store", "redis://");
    let found = findings(&site, |toml| {
        toml.replace(
            "operations_listen = \"127.0.0.1:0\"",
            "operations_listen = \"192.0.2.1:9180\"",
        )
    })
    .await;
    told(&found, "failure", "gate.operations_listen", "192.0.2.1");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_gates_own_addresses_are_not_taken() {
    let site = site().start().await;
    let ended = run(&file(&site), &["check"]).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(text(&ended.stdout).contains("the running gate is at"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_warns_where_customers_come_as_nobody() {
    let without_identity = |toml: &str| {
        let section = toml.find("[forward.identity]").unwrap();
        toml[..section].to_owned()
    };
    let data_center = site().start().await;
    let found = findings(&data_center, without_identity).await;
    told(&found, "warning", "identity", "not told who a customer is");
    let cloud = site().in_front_of(JsmSettings::cloud()).start().await;
    told(&findings(&cloud, str::to_owned).await, "warning", "identity", "no effect");
    told(&findings(&cloud, without_identity).await, "ok", "identity", "open to anybody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_how_portals_of_cloud_are_served() {
    let site = site().in_front_of(JsmSettings::cloud()).start().await;
    let told_cloud = |toml: &str| toml.replace("[jsm]", "[jsm]\ndeployment = \"cloud\"");
    let says_nothing = findings(&site, told_cloud).await;
    told(&says_nothing, "ok", "portals.mode", "the gate serves portals itself");
    told(&says_nothing, "ok", "hosted IT", "reads and raises requests");
    told(&findings(&site, str::to_owned).await, "warning", "portals.mode", "are forwarded");
    for mode in ["forward", "hosted"] {
        let said = |toml: &str| format!("{}\n[portals]\nmode = \"{mode}\"", told_cloud(toml));
        let found = findings(&site, said).await;
        assert!(!found.iter().any(|one| one.1 == "portals.mode"), "{mode}: {found:#?}");
    }
    let data_center = crate::site::site().start().await;
    let found = findings(&data_center, str::to_owned).await;
    assert!(!found.iter().any(|one| one.1 == "portals.mode"), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_warns_of_a_certificate_that_nobody_vouches_for() {
    let site = site().over_tls().start().await;
    let found = findings(&site, str::to_owned).await;
    told(&found, "warning", "certificate", "signed by itself");
}

/// Everything below a folder, with its owner, time and size.
fn below(folder: &Path) -> BTreeSet<(PathBuf, u32, i64, u64)> {
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let data = entry.metadata().unwrap();
        let modified = data.mtime() * 1_000_000_000 + data.mtime_nsec();
        all.insert((entry.path(), data.uid(), modified, data.size()));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_look_leave_everything_as_it_was() {
    let site = site().start().await;
    let other = elsewhere(&site, with("[audit]\nfile = \"other-audit.log\""));
    let state = site.folder.path().join("other");
    fs::create_dir(&state).unwrap();
    let useless = state.join("directory.json");
    fs::write(&useless, "of a later gate").unwrap();
    let before = (below(&state), below(site.folder.path()));
    for command in [&["check"][..], &["check", "--as", "ann@example.com"], &["links"]] {
        let ended = run(&other, command).await;
        assert_eq!(ended.status.code(), Some(0), "{command:?}: {ended:?}");
        let after = (below(&state), below(site.folder.path()));
        let names = |all: &BTreeSet<(PathBuf, u32, i64, u64)>| -> Vec<_> {
            all.iter().map(|it| it.0.clone()).collect()
        };
        assert_eq!(before.0, after.0, "{command:?}");
        assert_eq!(names(&before.1), names(&after.1), "{command:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_sessions_is_ended_by_its_id() {
    let site = site().start().await;
    let (mut here, mut there) = (site.logged_in("ann").await, site.logged_in("ann").await);
    let listed = run(&file(&site), &["sessions", "list", "--json"]).await;
    let sessions: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    let id = sessions[0]["id"].as_str().unwrap();
    assert_ne!(sessions[0]["id"], sessions[1]["id"]);
    for wrong in ["0123456789", &id[..3]] {
        let ended = run(&file(&site), &["sessions", "end", "--session", wrong]).await;
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    }
    let ended = run(&file(&site), &["sessions", "end", "--session", id]).await;
    assert_eq!(text(&ended.stdout), "1 ended\n", "{ended:?}");
    let mut is_in = Vec::new();
    for visitor in [&mut here, &mut there] {
        let page = visitor.open(&site.at("/p/it")).await;
        is_in.push(!page.way.iter().any(|url| url.as_str().starts_with(site.provider.issuer())));
    }
    is_in.sort_unstable();
    assert_eq!(is_in, [false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_only_the_beginning_of_a_list_is_told_nothing_else() {
    let site = site().start().await;
    let other = moved_configuration(&site, free_address());
    let ended = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
        let mut child = command
            .args(["links", "--config"])
            .arg(other)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    assert_eq!((ended.status.code(), text(&ended.stderr).as_str()), (Some(0), ""));
}

/// Somebody who is not root and owns the state folder, as the service's user does.
const NOBODY: u32 = 65534;

/// The configuration of a gate that runs as [`NOBODY`]; `None` when this is not root's test.
fn as_a_service(site: &Site, change: impl Fn(&str) -> String) -> Option<PathBuf> {
    let folder = site.folder.path();
    if fs::metadata(folder).unwrap().uid() != 0 {
        return None;
    }
    let other = elsewhere(site, change);
    let state = folder.join("other");
    fs::create_dir(&state).unwrap();
    chown(&state, Some(NOBODY), Some(NOBODY)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    Some(other)
}

fn give(site: &Site, files: &[&str]) {
    for name in files {
        chown(site.folder.path().join(name), Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

const SECRETS: [&str; 3] = ["jsm-token", "client-secret", "session-secret"];

#[tokio::test(flavor = "multi_thread")]
async fn a_check_by_root_judges_as_the_user_whom_the_gate_runs_as() {
    let site = site().start().await;
    let Some(other) = as_a_service(&site, str::to_owned) else { return };
    let check = async || run(&other, &["check", "--offline"]).await;
    let ended: Output = check().await;
    assert_eq!(ended.status.code(), Some(78), "{ended:?}");
    let said = text(&ended.stderr);
    assert!(said.contains("Permission denied") && said.contains("_credential"), "{said}");
    give(&site, &SECRETS);
    let ended = check().await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let left_by_root = site.folder.path().join("other/sessions.redb");
    fs::write(&left_by_root, "").unwrap();
    fs::set_permissions(&left_by_root, fs::Permissions::from_mode(0o600)).unwrap();
    let ended = check().await;
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(text(&ended.stdout).contains("sessions.redb cannot be used"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_of_root_leave_nothing_of_roots_behind() {
    let site = site().start().await;
    let audit = with("[audit]\nfile = \"other/audit.log\"");
    let Some(other) = as_a_service(&site, audit) else { return };
    give(&site, &SECRETS);
    for command in [&["check"][..], &["links"], &["test-login", "nobody"]] {
        run(&other, command).await;
        assert_eq!(below(&site.folder.path().join("other")), BTreeSet::new(), "{command:?}");
    }
}
