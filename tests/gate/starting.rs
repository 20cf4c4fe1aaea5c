//! Starting, stopping, reloading, and being asked how one is.

use std::time::Duration;

use jsm_gate::config;
use jsm_gate::domain::Clock;
use jsm_gate::server::{self, StartError};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::site::{Site, free_address, log_in, site, until};

async fn operations(site: &Site, path: &str) -> (StatusCode, String) {
    let address = site.gate.operations_address().unwrap();
    let http = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    let answer = http.get(format!("http://{address}{path}")).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_everything_down_the_gate_is_ready_and_says_what_is_missing() {
    let site = site().while_the_provider_is_down().while_jsm_is_down().start().await;
    assert_eq!(operations(&site, "/healthz").await.0, StatusCode::OK);
    let (status, body) = operations(&site, "/readyz").await;
    assert_eq!(status, StatusCode::OK);
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&told["providers"][0]["ready"], &told["portals"]),
        (&Value::Bool(false), &0.into())
    );
    assert!(told["providers"][0]["error"].is_string(), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_requests_and_logins() {
    let site = site().start().await;
    site.logged_in("ann").await;
    let (status, metrics) = operations(&site, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert!(metrics.contains(r#"jsm_gate_logins_total{code="ok"} 1"#), "{metrics}");
    assert!(metrics.contains(r#"jsm_gate_requests_total{class="3xx"}"#), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_stops_the_start() {
    let site = site().start().await;
    let loaded = config::load(&site.folder.path().join("proxy.toml")).unwrap();
    let second = server::start(loaded.config, Clock::system());
    assert!(matches!(second, Err(StartError::Bind { address, .. }) if address == site.address));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_the_requests_under_way() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let path = site.jsm.add_download("slow.bin", 10 * 65536, Duration::from_millis(30));
    // The last of the login's requests has been answered a moment before it is over.
    until("the login is over", || site.gate.assembly().in_flight() == 0).await;
    let address = site.at(&path);
    let download = tokio::spawn(async move {
        let answer = ann.request(Method::GET, &address, |get| get).await;
        answer.bytes().await.map(|bytes| bytes.len())
    });
    until("the download is under way", || site.gate.assembly().in_flight() > 0).await;
    site.gate.stop().await;
    assert_eq!(download.await.unwrap().unwrap(), 10 * 65536);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_changes_who_may_use_a_portal_and_logs_nobody_out() {
    let site = site().start().await;
    let mut cleo = site.logged_in("cleo").await;
    assert_eq!(cleo.open(&site.at("/p/hr")).await.status, StatusCode::OK);

    let file = site.folder.path().join("proxy.toml");
    let more = "[[portal]]\nproject = \"HR\"\naccess = \"private\"\nallow = { groups = [\"x\"] }";
    let text = std::fs::read_to_string(&file).unwrap() + more;
    std::fs::write(&file, text).unwrap();
    site.gate.assembly().reload(config::load(&file).unwrap().config).await.unwrap();

    assert_eq!(cleo.open(&site.at("/p/hr")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(cleo.open(&site.at("/p/it")).await.status, StatusCode::OK, "logged out");
    let mut ann = site.visitor();
    let asked = ann.open(&site.at("/p/it")).await;
    assert_eq!(log_in(&mut ann, &asked, "ann").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_the_stored_portals_serve_while_jsm_is_down() {
    let site = site().start().await;
    let file = site.folder.path().join("proxy.toml");
    let stored = site.folder.path().join("state/directory.json");
    until("the portals are stored", || stored.exists()).await;
    site.jsm.go_down().await;
    let site_address = site.address;
    let Site { gate, provider: _provider, jsm: _jsm, folder, .. } = site;
    gate.stop().await;
    let text = std::fs::read_to_string(&file).unwrap();
    let listen = format!("listen = [\"{site_address}\"]");
    let moved = text.replace(&listen, &format!("listen = [\"{}\"]", free_address()));
    std::fs::write(&file, moved).unwrap();
    let again = server::start(config::load(&file).unwrap().config, Clock::system()).unwrap();
    let links: Vec<_> = again
        .assembly()
        .directory()
        .portals()
        .all()
        .iter()
        .map(|portal| portal.link.to_string())
        .collect();
    assert_eq!(links.len(), 3, "{links:?}");
    drop(folder);
}
