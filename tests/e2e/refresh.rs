//! Logins that npm's `oidc-provider` refreshes, with tokens that work once. The gate runs in this
//! process, so that its clock can be moved on.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jsm_gate::auth::Provider;
use jsm_gate::config;
use jsm_gate::domain::Clock;
use jsm_gate::server::{self, Running};
use sandbox::jsm::{Jsm, JsmSettings};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::certified_provider::log_in;
use crate::gate::{Neighbours, free_address, prepare};
use crate::node::CertifiedProvider;
use crate::process::STEP_TIMEOUT;
use crate::visitor::Visitor;

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_refreshed_again_and_again_and_its_newest_token_given_back() {
    let address = free_address();
    let public_url = format!("https://{address}");
    let settings = JsmSettings::data_center();
    let jsm_token = settings.token.clone();
    let jsm = Jsm::start(settings).await.unwrap();
    jsm.set_base_url(&public_url);
    let mut provider = CertifiedProvider::start(&public_url, &["--refresh".to_owned()]);
    let neighbours = Neighbours {
        jsm: &jsm.url(),
        jsm_token: &jsm_token,
        issuer: &provider.issuer,
        ..Neighbours::default()
    };
    let folder = TempDir::new().unwrap();
    drop(rustls::crypto::ring::default_provider().install_default());
    let (certificate, file) = prepare(folder.path(), address, free_address(), &neighbours);
    let ahead = Arc::new(AtomicU64::new(0));
    let _gate = start(&file, &ahead).await;

    let mut ada = Visitor::new(&certificate);
    let at = |path: &str| format!("{public_url}{path}");
    let form = ada.open(&at("/p/hr")).await;
    assert_eq!(log_in(&mut ada, &form, "ada").await.status, 200);
    for _ in 0..3 {
        let used = spawn_blocking(move || {
            provider.until_it_tells("refresh_token.consumed");
            provider
        });
        while !used.is_finished() {
            ahead.fetch_add(10, Ordering::SeqCst);
            assert_eq!(ada.open(&at("/p/hr")).await.status, 200);
        }
        provider = used.await.unwrap();
    }
    let whoami = ada.open(&at("/_gate/whoami")).await;
    assert!(whoami.body.contains("ada@example.com"), "{}", whoami.body);

    let question = ada.open(&at("/_gate/logout")).await;
    ada.submit(&question, "/_gate/logout", &[]).await;
    spawn_blocking(move || provider.until_it_tells("refresh_token.destroyed")).await.unwrap();
}

/// A gate whose clock is so many seconds ahead, once it has found out what is to be found out.
async fn start(file: &Path, ahead: &Arc<AtomicU64>) -> Running {
    let (system, ahead) = (Clock::system(), Arc::clone(ahead));
    let clock =
        Clock::from_fn(move || system.now() + Duration::from_secs(ahead.load(Ordering::SeqCst)));
    let gate = server::start(config::load(file).unwrap().config, clock).unwrap();
    let assembly = gate.assembly();
    let settled = async {
        while !assembly.authenticator().providers().iter().all(Provider::is_ready)
            || assembly.directory().portals().all().is_empty()
        {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(STEP_TIMEOUT, settled).await.expect("the gate does not settle");
    gate
}
