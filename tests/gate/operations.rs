//! What operators see: readiness, metrics, and what comes of a reload.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsm_gate::config;
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};

use crate::control::{file, run, text};
use crate::process::Process;
use crate::site::{Site, site, until, write_certificate};

async fn ask(site: &Site, path: &str) -> String {
    let address = site.gate.operations_address().unwrap();
    let http = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    let answer = http.get(format!("http://{address}{path}")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

async fn ready(site: &Site) -> Value {
    serde_json::from_str(&ask(site, "/readyz").await).unwrap()
}

async fn process_ready(process: &Process) -> Value {
    serde_json::from_str(&process.operations("/readyz").await).unwrap()
}

/// Waits until the problems that `/readyz` lists have, or no longer have, these words in them.
async fn until_problem(site: &Site, words: &str, is_there: bool) -> Value {
    for _ in 0..2000 {
        let told = ready(site).await;
        if told["problems"].to_string().contains(words) == is_there {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{words:?} among the problems is not {is_there}: {}", ready(site).await);
}

fn has(metrics: &str, line: &str) -> bool {
    metrics.lines().any(|told| told == line)
}

/// Name and type of each metric in the text format of Prometheus.
fn types(metrics: &str) -> BTreeMap<&str, &str> {
    let types = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types.filter_map(|line| line.split_once(' ')).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_in_the_documentation_and_nothing_else_is() {
    let public = "[[portal]]\nproject = \"FAC\"\naccess = \"public\"";
    let app = "id = \"app\"\nentity_id = \"app\"\nacs_url = \"https://app.example.com/acs\"";
    let site = site().over_tls().with_service_provider(app).with(public).start().await;
    let process = Process::beside(&site).await;
    process.until_logged("portals refreshed").await;
    site.jsm.go_down().await;
    // What counts by a label is not there before there is something to count.
    for path in ["/servicedesk/customer/portal/4", "/_gate/callback/idp", "/_gate/saml/app/sso"] {
        let address = process.at(path).replace("http:", "https:");
        let looks = |get: RequestBuilder| get.header("accept", "text/html");
        site.visitor().request(Method::GET, &address, looks).await;
    }
    assert_eq!(run(process.file(), &["reload"]).await.status.code(), Some(0));
    let metrics = process.operations("/metrics").await;
    let page = fs::read_to_string("docs/metrics.md").unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let documented: BTreeMap<&str, &str> = rows
        .filter_map(|row| {
            let mut cells = row.split('|').map(str::trim);
            Some((cells.next()?.trim_end_matches('`').split('{').next()?, cells.next()?))
        })
        .collect();
    assert_eq!(types(&metrics), documented, "served and docs/metrics.md");
}

/// The rules of `promtool check metrics`: help and type for each, counters and only they end in
/// `_total`, base units, no line that the text format does not know.
#[tokio::test(flavor = "multi_thread")]
async fn metrics_keep_the_rules_of_prometheus() {
    let site = site().over_tls().start().await;
    let metrics = ask(&site, "/metrics").await;
    assert!(!metrics.contains("# EOF") && !metrics.contains("# UNIT"), "{metrics}");
    for (name, kind) in types(&metrics) {
        assert!(metrics.contains(&format!("# HELP {name} ")), "{name} has no help");
        assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
        for unit in ["milli", "micro", "_ms", "_minutes", "_hours", "_days", "_kb", "percent"] {
            assert!(!name.contains(unit), "{name} is in no base unit");
        }
    }
    let named = types(&metrics);
    for sample in metrics.lines().filter(|line| !line.starts_with('#')) {
        let name = sample.split(['{', ' ']).next().unwrap();
        let parts = ["_bucket", "_sum", "_count"];
        let family = parts.iter().find_map(|part| name.strip_suffix(part)).unwrap_or(name);
        assert!(named.contains_key(name) || named.contains_key(family), "{name} has no type");
    }
}

/// Nobody renews it by himself: it has to be pasted at the service provider.
#[tokio::test(flavor = "multi_thread")]
async fn a_signing_certificate_that_expires_is_told_sixty_days_before() {
    let app = "id = \"app\"\nentity_id = \"app\"\nacs_url = \"https://app.example.com/acs\"";
    let site = site().with_service_provider(app).start().await;
    let told = ready(&site).await;
    assert_eq!(told["problems"], json!([]));
    let expires_at = told["service_providers"][0]["certificate_expires_at"].as_u64().unwrap();
    let gauge = "jsm_gate_service_provider_certificate_expiry_timestamp_seconds";
    let line = format!("{gauge}{{service_provider=\"app\"}} {expires_at}");
    assert!(has(&ask(&site, "/metrics").await, &line));

    let day = 24 * 60 * 60;
    let left = expires_at - now();
    site.let_pass(Duration::from_secs(left - 20 * day - 3600));
    let expected = "service provider app: the certificate of its signing key expires in 20 days";
    until_problem(&site, expected, true).await;
    site.let_pass(Duration::from_secs(21 * day));
    until_problem(&site, "signing key has expired", true).await;
}

/// Unix seconds.
#[expect(clippy::disallowed_methods, reason = "the tests' own clock begins with the machine's")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_show_the_build_the_process_and_the_certificate() {
    let site = site().over_tls().start().await;
    let metrics = ask(&site, "/metrics").await;
    let version = env!("CARGO_PKG_VERSION");
    assert!(has(&metrics, &format!("jsm_gate_build_info{{version=\"{version}\"}} 1")), "{metrics}");
    let value = |name: &str| {
        let line = metrics.lines().find(|line| line.starts_with(name) && !line.starts_with('#'));
        line.and_then(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok())
    };
    assert!(value("process_resident_memory_bytes") > Some(1e6), "{metrics}");
    assert!(value("process_open_fds") > Some(3.0) && value("process_threads") > Some(1.0));
    assert!(value("process_cpu_seconds_total") > Some(0.0));
    assert!(value("process_start_time_seconds") > Some(1.7e9));
    // Made by rcgen: valid until 4096.
    assert!(value("jsm_gate_certificate_expiry_timestamp_seconds") > Some(6e10), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_goes_away_is_seen_and_so_is_its_return() {
    let mut site = site().start().await;
    assert_eq!(ready(&site).await["problems"], Value::Array(Vec::new()));
    site.provider.stop().await;
    // What is asked again once a minute is asked again by a reload.
    site.gate.assembly().reload(config::load(&file(&site)).unwrap().config).await.unwrap();
    let told = until_problem(&site, "provider idp", true).await;
    let provider = &told["providers"][0];
    assert_eq!((&told["ready"], &provider["ready"]), (&true.into(), &true.into()));
    assert!(provider["error"].is_string() && provider["read_at"].is_u64(), "{told}");
    assert!(has(&ask(&site, "/metrics").await, "jsm_gate_provider_up{provider=\"idp\"} 0"));
    site.provider.resume().await.unwrap();
    until_problem(&site, "provider idp", false).await;
    assert!(has(&ask(&site, "/metrics").await, "jsm_gate_provider_up{provider=\"idp\"} 1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jsm_that_goes_away_is_seen_as_upstream_and_as_list_of_portals() {
    let site = site().with_forward("health_interval = \"20ms\"").start().await;
    site.jsm.go_down().await;
    until_problem(&site, "portals not read", true).await;
    until_problem(&site, "is down", true).await;
    let metrics = ask(&site, "/metrics").await;
    assert!(has(&metrics, "jsm_gate_portals_up 0") && has(&metrics, "jsm_gate_portals 3"));
    let node = metrics.lines().find(|line| line.starts_with("jsm_gate_upstream_node_up{")).unwrap();
    assert!(node.ends_with(" 0"), "{node}");
}

/// `systemctl reload` runs this command: an operator who made a mistake has to notice.
#[rstest]
#[case::a_mistake("[forwards]", "did you mean")]
#[case::no_toml_at_all("[forward", "not TOML")]
#[tokio::test(flavor = "multi_thread")]
async fn h3_a_refused_reload_fails_the_command_and_shows(#[case] bad: &str, #[case] said: &str) {
    let site = site().start().await;
    let process = Process::beside(&site).await;
    let good = fs::read_to_string(process.file()).unwrap();
    fs::write(process.file(), good.replace("[forward]", bad)).unwrap();
    let refused = run(process.file(), &["reload"]).await;
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused.stdout));
    assert!(text(&refused.stderr).contains(said), "{}", text(&refused.stderr));
    process.until_logged("reload refused").await;
    let log = process.log();
    let line = log.lines().find(|line| line.contains("reload refused")).unwrap();
    assert!(line.contains("\"level\":\"ERROR\""), "{line}");
    let told = process_ready(&process).await;
    assert!(told["problems"].to_string().contains("reload refused"), "{told}");
    assert!(told["reload"]["at"].is_u64() && told["reload"]["refused"].is_string(), "{told}");

    fs::write(process.file(), good).unwrap();
    let taken_over = run(process.file(), &["reload"]).await;
    assert_eq!(text(&taken_over.stdout), "reloaded\n", "{}", text(&taken_over.stderr));
    let told = process_ready(&process).await;
    assert_eq!(
        (&told["problems"], &told["reload"]["refused"]),
        (&Value::Array(vec![]), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn h3_a_reload_names_whatever_waits_for_the_next_start_each_time() {
    let site = site().over_tls().start().await;
    let text = fs::read_to_string(file(&site)).unwrap();
    let changed = text
        .replace("refresh = \"1s\"", "refresh = \"2s\"")
        .replace("state_dir = \"state\"", "state_dir = \"elsewhere\"")
        .replace("operations_listen = \"127.0.0.1:0\"", "operations_listen = \"127.0.0.1:1\"")
        .replace("certificate = \"certificate.pem\"", "trusted_proxies = [\"10.0.0.1/32\"]")
        .replace("private_key = \"private-key.pem\"", "")
        .replace("listen = [\"", "listen = [\"127.0.0.1:2\", \"")
        .replace("[limits]", "[limits]\nsessions = 7\nkeep_alive = \"7s\"")
        .replace("[session]", "[session]\nstore = \"memory\"")
        + "\n[log]\nlevel = \"debug\"\nformat = \"json\"";
    fs::write(file(&site), &changed).unwrap();
    let assembly = site.gate.assembly();
    let expected = [
        "log.format",
        "log.level",
        "gate.listen",
        "gate.certificate",
        "gate.operations_listen",
        "gate.state_dir",
        "jsm.refresh",
        "session.store",
        "limits.keep_alive over HTTP/2",
        "limits.sessions",
    ];
    for _ in 0..2 {
        let waiting = assembly.reload(config::load(&file(&site)).unwrap().config).await.unwrap();
        assert_eq!(waiting, expected);
    }
    fs::write(file(&site), text).unwrap();
    let waiting = assembly.reload(config::load(&file(&site)).unwrap().config).await.unwrap();
    assert!(waiting.is_empty(), "{waiting:?}");
}

/// A provider that takes connections and never answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_hangs_holds_up_neither_a_reload_nor_its_logins() {
    let mut site = site().start().await;
    site.provider.stop().await;
    let issuer = site.provider.issuer().trim_start_matches("http://").to_owned();
    let hangs = tokio::net::TcpListener::bind(&issuer).await.unwrap();
    let before = std::time::Instant::now();
    site.gate.assembly().reload(config::load(&file(&site)).unwrap().config).await.unwrap();
    // Reading the provider is given up after seconds only; what is known of it is taken over.
    assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
    let mut ann = site.visitor();
    let page = ann.request(Method::GET, &site.at("/_gate/login?go=1"), |get| get).await;
    assert!(page.status() != StatusCode::SERVICE_UNAVAILABLE, "logins do not begin any more");
    drop(hangs);
}

/// What logrotate does while somebody works at the file.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_audit_trail_is_opened_anew_by_a_reload_that_is_refused() {
    let site = site().with("[audit]\nfile = \"audit.log\"").start().await;
    let process = Process::beside(&site).await;
    let good = fs::read_to_string(process.file()).unwrap();
    fs::write(process.file(), good.replace("[forward]", "[forwards]")).unwrap();
    let trail = site.folder.path().join("audit.log");
    fs::rename(&trail, site.folder.path().join("audit.log.1")).unwrap();
    assert_eq!(run(process.file(), &["reload"]).await.status.code(), Some(1));
    let address = process.at("/_gate/callback/idp");
    site.visitor().request(Method::GET, &address, |get| get).await;
    until("the new file is written", || {
        fs::read_to_string(&trail).is_ok_and(|text| text.contains("login_refused"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_be_read_refuses_the_reload_and_says_so() {
    let site = site().over_tls().start().await;
    let process = Process::beside(&site).await;
    write_certificate(site.folder.path());
    fs::remove_file(site.folder.path().join("private-key.pem")).unwrap();
    let refused = run(process.file(), &["reload"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("private-key.pem"), "{}", text(&refused.stderr));
}

/// sd-daemon(3): the journal takes the priority from the line.
#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_told_what_is_an_error() {
    let site = site().start().await;
    let process = Process::under_the_journal(&site).await;
    let good = fs::read_to_string(process.file()).unwrap();
    fs::write(process.file(), good.replace("[forward]", "[forwards]")).unwrap();
    run(process.file(), &["reload"]).await;
    // Lines are written beside the work that they tell of.
    process.until_logged("did you mean").await;
    let log = process.log();
    assert!(log.lines().all(|line| line.starts_with('<')), "{log}");
    let serving = log.lines().find(|line| line.contains("serving")).unwrap();
    assert!(serving.starts_with("<6>"), "{serving}");
    for words in ["reload refused", "did you mean"] {
        let line = log.lines().find(|line| line.contains(words)).unwrap();
        assert!(line.starts_with("<3>"), "{line}");
    }
}

/// A stop during a reload does not wait for whom the reload waits for.
#[tokio::test(flavor = "multi_thread")]
async fn h3_a_stop_does_not_wait_for_a_reload() {
    let site = site().start().await;
    let mut process = Process::beside(&site).await;
    let hangs = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let another = format!(
        "[[provider]]\nid = \"hangs\"\nissuer = \"http://{}\"\nclient_id = \"x\"\n\
         client_secret_file = \"client-secret\"\n[session]",
        hangs.local_addr().unwrap()
    );
    let text = fs::read_to_string(process.file()).unwrap().replace("[session]", &another);
    fs::write(process.file(), text).unwrap();
    process.signal("-HUP");
    let _asked = hangs.accept().await.unwrap();
    process.signal("-TERM");
    assert_eq!(process.ended().await, Some(0));
    assert!(!process.log().contains("\"message\":\"reloaded\""), "{}", process.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_says_when_connections_may_run_out_of_files() {
    let site = site().with_limit("connections = 100").start().await;
    let process = Process::with_few_files(&site, 299).await;
    assert!(process.log().contains("LimitNOFILE"), "{}", process.log());
    drop(process);
    let process = Process::with_few_files(&site, 300).await;
    assert!(!process.log().contains("LimitNOFILE"), "{}", process.log());
}
