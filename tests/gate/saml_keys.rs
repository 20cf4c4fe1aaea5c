//! The keys that sign for service providers, as an admin sees and changes them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jsm_gate::config;
use serde_json::Value;

use crate::audit::{FILE, trail};
use crate::control::{Waiting, command, file, run, text};
use crate::site::{Site, free_address, site};

const APP: &str = "id = \"app\"\npreset = \"atlassian-accounts\"\n\
                   entity_id = \"https://auth.atlassian.com/saml/1\"\n\
                   acs_url = \"https://auth.atlassian.com/login/callback?connection=saml-1\"\n";

/// What a command prints, which has to succeed.
async fn saml(file: &Path, arguments: &[&str]) -> String {
    let ended = run(file, &[&["saml"], arguments].concat()).await;
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    text(&ended.stdout)
}

async fn refused(file: &Path, arguments: &[&str]) -> String {
    let ended = run(file, &[&["saml"], arguments].concat()).await;
    assert_eq!(ended.status.code(), Some(1), "{}", text(&ended.stdout));
    text(&ended.stderr)
}

/// The one certificate in a text.
fn certificate(said: &str) -> String {
    let (_, rest) = said.split_once("-----BEGIN CERTIFICATE-----\n").unwrap();
    let (body, rest) = rest.split_once("\n-----END CERTIFICATE-----\n").unwrap();
    assert!(!rest.contains("BEGIN"), "{said}");
    assert!(body.lines().all(|line| !line.is_empty() && line.len() <= 64), "{said}");
    body.to_owned()
}

/// The same gate once more, which does not run, with a folder of its own.
fn not_running(site: &Site) -> PathBuf {
    let toml = fs::read_to_string(file(site)).unwrap();
    let toml = toml.replace(&site.address.to_string(), &free_address().to_string());
    let toml = toml.replace("state_dir = \"state\"", "state_dir = \"other\"");
    let toml = toml.replace("audit.log", "other-audit.log");
    let other = site.folder.path().join("other.toml");
    fs::write(&other, toml).unwrap();
    other
}

fn events(trail: &[Value]) -> Vec<(&str, &str)> {
    let event = |event: &Value| event["event"].as_str().unwrap().starts_with("key_");
    let keys = trail.iter().filter(|one| event(one));
    keys.map(|one| (one["event"].as_str().unwrap(), one["service_provider"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_to_paste_has_the_names_of_the_screen() {
    let site = site().with_service_provider(APP).start().await;
    let said = saml(&file(&site), &["values", "app"]).await;
    for (name, value) in [
        ("Identity provider Entity ID", site.at("/_gate/saml/app/metadata")),
        ("Identity provider SSO URL", site.at("/_gate/saml/app/sso")),
        ("Public x509 certificate", "-----BEGIN CERTIFICATE-----".to_owned()),
    ] {
        assert!(said.contains(&format!("\n{name}\n{value}\n")), "{name}: {said}");
    }
    let given = fs::read_to_string(site.folder.path().join("saml.pem")).unwrap();
    assert_eq!(certificate(&said), certificate(&given.replace('\r', "")));
    let is_digest = |bytes: usize| {
        move |word: &str| word.split(':').filter(|byte| byte.len() == 2).count() == bytes
    };
    assert!(said.split_whitespace().any(is_digest(20)), "no SHA-1: {said}");
    assert!(said.split_whitespace().any(is_digest(32)), "no SHA-256: {said}");

    let unknown = refused(&file(&site), &["values", "okta"]).await;
    assert!(unknown.contains("known are app"), "{unknown}");
    let theirs = refused(&file(&site), &["rotate", "app"]).await;
    assert!(theirs.contains("signing_key_file"), "{theirs}");
}

/// Keys take a while to make here, so one test makes the change in all its steps.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_changes_while_the_gate_runs_and_is_back_at_once() {
    let section = format!("[[service_provider]]\n{APP}");
    let site = site().with(&section).with(FILE).start().await;
    let file = file(&site);
    let signs = async || certificate(&saml(&file, &["values", "app"]).await);
    let first = signs().await;
    let kept = site.folder.path().join("state/saml-keys-app.json");
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);

    let early = refused(&file, &["rotate", "app", "--switch"]).await;
    assert!(early.contains("there is no next key"), "{early}");
    let said = saml(&file, &["rotate", "app"]).await;
    let second = certificate(&said);
    assert!(said.contains("jsm-gate saml rotate app --switch"), "{said}");
    assert_ne!(second, first);
    assert_eq!(signs().await, first, "it signs on until the next one is pasted");

    saml(&file, &["rotate", "app", "--switch"]).await;
    assert_eq!(signs().await, second);
    let loaded = config::load(&file).unwrap();
    site.gate.assembly().reload(loaded.config).await.unwrap();
    assert_eq!(signs().await, second, "a reload keeps it");
    saml(&file, &["rotate", "app", "--undo"]).await;
    assert_eq!(signs().await, first);

    let trail = trail(&site).await;
    let changes = ["key_made", "key_switched", "key_restored"].map(|change| (change, "app"));
    assert_eq!(events(&trail), changes);
    assert!(trail.iter().all(|event| event["uid"].is_number()), "{trail:?}");

    fs::set_permissions(&kept, fs::Permissions::from_mode(0o644)).unwrap();
    let loaded = config::load(&file).unwrap();
    let error = site.gate.assembly().reload(loaded.config).await.unwrap_err().to_string();
    assert!(error.contains("saml-keys-app.json") && error.contains("chmod 600"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gate_the_commands_work_on_its_files() {
    let site = site().with(FILE).start().await;
    let other = not_running(&site);
    let toml = fs::read_to_string(&other).unwrap();
    fs::write(&other, format!("{toml}\n[[service_provider]]\n{APP}")).unwrap();

    let first = certificate(&saml(&other, &["values", "app"]).await);
    assert_eq!(certificate(&saml(&other, &["values", "app"]).await), first, "it is kept");
    let second = certificate(&saml(&other, &["rotate", "app"]).await);
    saml(&other, &["rotate", "app", "--switch"]).await;
    assert_eq!(certificate(&saml(&other, &["values", "app"]).await), second);
    let trail = fs::read_to_string(site.folder.path().join("other-audit.log")).unwrap();
    let trail: Vec<Value> = trail.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events(&trail), [("key_made", "app"), ("key_switched", "app")]);

    // A test login serves with the key, and leaves none behind when it is killed.
    let temporary = tempfile::TempDir::new().unwrap();
    let mut test_login = command(&other, &["test-login", "idp"]);
    test_login.env("TMPDIR", temporary.path());
    Waiting::of(test_login).await.kill().await;
    let folders: Vec<_> = fs::read_dir(temporary.path()).unwrap().flatten().collect();
    assert_eq!(folders.len(), 1, "what it has kept there");
    let names = fs::read_dir(folders[0].path()).unwrap().map(|file| file.unwrap().file_name());
    let keys: Vec<_> = names.filter(|it| it.to_string_lossy().contains("keys")).collect();
    assert!(keys.is_empty(), "{keys:?}");
}

/// Atlassian opens all portals of a site to whomever it lets in.
#[tokio::test(flavor = "multi_thread")]
async fn check_fails_where_portals_of_one_service_provider_have_other_rules() {
    let by_app = "mode = \"sso\"\nservice_provider = \"app\"\n";
    let portal =
        |key: &str, more: &str| format!("[[portal]]\nproject = \"{key}\"\n{by_app}{more}\n");
    let site = site()
        .with_service_provider(APP)
        .with(&portal("IT", ""))
        .with(&portal("HR", "access = \"private\"\nallow = { groups = [\"staff\"] }"))
        .with(&portal("FAC", "max_age = \"15m\""))
        .start()
        .await;
    let checked = run(&file(&site), &["check", "--offline", "--json"]).await;
    let findings: Vec<Value> = serde_json::from_slice(&checked.stdout).unwrap();
    let odd = |finding: &&Value| finding["text"].as_str().unwrap().starts_with("HR, FAC with mode");
    let odd = findings.iter().find(odd).unwrap();
    assert_eq!(
        (&odd["level"], &odd["subject"]),
        (&"failure".into(), &"service provider app".into())
    );

    let toml = fs::read_to_string(file(&site)).unwrap();
    let toml = toml.replace("access = \"private\"\nallow = { groups = [\"staff\"] }", "");
    fs::write(file(&site), toml.replace("max_age = \"15m\"", "")).unwrap();
    let checked = text(&run(&file(&site), &["check", "--offline"]).await.stdout);
    assert!(
        checked.contains("ok       service provider app: its portals have its rules"),
        "{checked}"
    );
}

/// What nobody has to be asked for.
#[tokio::test(flavor = "multi_thread")]
async fn check_looks_at_a_service_provider_from_all_sides() {
    let site = site().with_service_provider(APP).start().await;
    let values = saml(&file(&site), &["values", "app"]).await;
    let sha256 = values.lines().find_map(|line| line.trim().strip_prefix("SHA-256"));
    let sha256 = format!("SHA-256 {}\n", sha256.unwrap().trim());
    let checked = text(&run(&file(&site), &["check", "--offline"]).await.stdout);
    for told in [
        "ok       service provider app: key and certificate belong together, RSA and SHA-256",
        "ok       service provider app: its certificate's fingerprints: SHA-1 ",
        &sha256,
        "ok       service provider app: entity_id and acs_url are of Atlassian's usual form, both of 1",
        "ok       service provider app: to switch it off in an emergency: ",
        "ok       provider idp: service providers know its people by {provider} and {subject}",
        "ok       provider idp: service providers are told an address when email_verified is true",
    ] {
        assert!(checked.contains(told), "no {told:?} in {checked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_that_service_providers_need_https() {
    let any = "id = \"app\"\nentity_id = \"app\"\nacs_url = \"https://app.example/acs\"\n";
    let site = site().with_service_provider(any).start().await;
    let checked = text(&run(&file(&site), &["check"]).await.stdout);
    let told = format!(
        "FAILURE  service providers: the SSO URL {}/_gate/saml/app/sso has no https",
        site.url
    );
    assert!(checked.contains(&told), "{checked}");
}
