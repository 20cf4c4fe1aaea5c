//! Where sessions are kept: what customers notice of a restart, of a second gate, and of a store
//! that fails.

use std::fs;
use std::time::Duration;

use jsm_gate::config;
use reqwest::header::{ACCEPT, LOCATION, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};
use tokio::time::{Instant, sleep, timeout};

use crate::process::Process;
use crate::redis::Redis;
use crate::site::{ANN, Site, TEST_TIMEOUT, free_address, log_in, site};
use crate::visitor::Visitor;

const PORTAL: &str = "/servicedesk/customer/portal/2";
const PUBLIC: &str = "/servicedesk/customer/portal/4";

/// Somebody who logs in at a gate that may have to find its provider first.
async fn logs_in(site: &Site, process: &Process, username: &str) -> Visitor {
    let mut visitor = site.visitor();
    let logged_in = async {
        loop {
            let page = visitor.open(&process.at("/p/it")).await;
            if page.status == StatusCode::OK {
                let landed = log_in(&mut visitor, &page, username).await;
                assert_eq!(landed.status, StatusCode::OK, "{landed:?}");
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TEST_TIMEOUT, logged_in).await.expect("cannot log in");
    visitor
}

async fn get(visitor: &mut Visitor, address: &str) -> Response {
    let navigate = |get: reqwest::RequestBuilder| {
        let get = get.header(ACCEPT, "text/html").header("Sec-Fetch-Mode", "navigate");
        get.header("Sec-Fetch-Dest", "document")
    };
    visitor.request(Method::GET, address, navigate).await
}

async fn is_logged_in(visitor: &mut Visitor, whoami: &str) -> bool {
    get(visitor, whoami).await.text().await.unwrap().contains(ANN)
}

fn with_redis(redis: &Redis) -> String {
    format!("store = \"redis://{}/0\"", redis.address)
}

const OPEN_TO_ALL: &str = "[[portal]]\nproject = \"FAC\"\naccess = \"public\"";

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_is_killed_and_started_again_still_knows_everybody() {
    let site = site().start().await;
    let process = Process::beside(&site).await;
    let mut ann = logs_in(&site, &process, "ann").await;
    let process = process.killed_and_started(|| ()).await;
    assert!(is_logged_in(&mut ann, &process.at("/_gate/whoami")).await);
    let bytes = fs::read(site.folder.path().join("moved/sessions.redb")).unwrap();
    for word in [ANN, "example.com", "eyJ"] {
        assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_costs_everybody_a_login_and_no_more() {
    let site = site().start().await;
    let process = Process::beside(&site).await;
    let mut ann = logs_in(&site, &process, "ann").await;
    let file = site.folder.path().join("moved/sessions.redb");
    let process = process.killed_and_started(|| fs::write(file, "rubbish").unwrap()).await;
    assert!(process.log().contains("damaged and moved aside"), "{}", process.log());
    assert!(!is_logged_in(&mut ann, &process.at("/_gate/whoami")).await);
    let mut ann = logs_in(&site, &process, "ann").await;
    assert!(is_logged_in(&mut ann, &process.at("/_gate/whoami")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_gate_with_the_same_folder_does_not_start_and_says_why() {
    let site = site().start().await;
    let text = fs::read_to_string(site.folder.path().join("proxy.toml")).unwrap();
    let text = text.replace(&site.address.to_string(), &free_address().to_string());
    let file = site.folder.path().join("second.toml");
    fs::write(&file, text).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
    let ended = command.args(["run", "--config"]).arg(file).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("sessions.redb") && said.contains("state_dir of its own"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn c2_a_full_disk_keeps_new_customers_out_and_nobody_else_until_there_is_room() {
    let site = site().start().await;
    let process = Process::on_a_small_disk(&site).await;
    let mut ann = logs_in(&site, &process, "ann").await;
    process.give_disk("65536");

    let mut bob = site.visitor();
    let page = bob.open(&process.at("/p/it")).await;
    let refused = log_in(&mut bob, &page, "bob").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{refused:?}");
    assert!(refused.body.contains("sessions-unavailable"), "{}", refused.body);
    process.until_logged("sessions cannot be written").await;
    let hers = get(&mut ann, &process.at(PORTAL)).await;
    assert_eq!(hers.status(), StatusCode::OK, "somebody who is logged in suffers");

    process.give_disk("unlimited");
    let logged_in = async {
        loop {
            let mut bob = site.visitor();
            let page = bob.open(&process.at("/p/it")).await;
            if log_in(&mut bob, &page, "bob").await.status == StatusCode::OK {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TEST_TIMEOUT, logged_in).await.expect("it does not heal by itself");
    process.until_logged("sessions are written again").await;
    let hers = get(&mut ann, &process.at(PORTAL)).await;
    assert_eq!(hers.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_rotated_by_reloading_and_nobody_notices_until_the_old_one_goes() {
    let site = site().start().await;
    let (mut ann, whoami) = (site.logged_in("ann").await, site.at("/_gate/whoami"));
    let file = site.folder.path().join("session-secret");
    let old = fs::read_to_string(&file).unwrap();
    let new = config::new_secret();
    let reload = async |secrets: String| {
        fs::write(&file, secrets).unwrap();
        let loaded = config::load(&site.folder.path().join("proxy.toml")).unwrap();
        site.gate.assembly().reload(loaded.config).await.unwrap();
    };
    reload(format!("{new}\n{old}")).await;
    assert!(is_logged_in(&mut ann, &whoami).await);
    let mut again = site.logged_in("ann").await;
    reload(new).await;
    assert!(is_logged_in(&mut again, &whoami).await);
    assert!(!is_logged_in(&mut ann, &whoami).await, "a secret that is gone still opens");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis_one_login_is_good_on_every_gate_and_a_logout_too() {
    let redis = Redis::start(free_address(), &[]);
    let site = site().with_session(&with_redis(&redis)).start().await;
    let other = Process::beside(&site).await;
    let mut ann = site.logged_in("ann").await;
    let whoami = other.at("/_gate/whoami");
    assert!(is_logged_in(&mut ann, &whoami).await);

    let mut stolen = site.visitor();
    stolen.plant_cookie(&site.url, "gate", ann.cookie("gate").unwrap());
    assert!(is_logged_in(&mut stolen, &whoami).await);
    let home = ann.open(&site.at("/")).await;
    ann.submit(&home, "/_gate/logout", &[]).await;
    let out = Instant::now();
    while is_logged_in(&mut stolen, &whoami).await {
        assert!(out.elapsed() < Duration::from_secs(2), "still in after {:?}", out.elapsed());
    }
}

/// docs/security.md C2: killed while customers are at work.
#[tokio::test(flavor = "multi_thread")]
async fn c2_while_redis_is_down_nothing_is_forwarded_and_afterwards_nobody_was_logged_out() {
    let mut redis = Redis::start(free_address(), &[]);
    let session = with_redis(&redis);
    let site = site().with_session(&session).with(OPEN_TO_ALL).start().await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(get(&mut ann, &site.at(PORTAL)).await.status(), StatusCode::OK);
    redis.kill();
    let killed = Instant::now();
    while get(&mut ann, &site.at(PORTAL)).await.status() == StatusCode::OK {
        assert!(killed.elapsed() < Duration::from_secs(2), "goes on without its sessions");
    }

    let forwarded = site.forwarded().len();
    for path in [PORTAL, "/p/it", "/", "/_gate/whoami", "/_gate/login"].repeat(10) {
        let answer = get(&mut ann, &site.at(path)).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        let headers = answer.headers();
        assert!(headers.contains_key(RETRY_AFTER) && !headers.contains_key(LOCATION), "{path}");
        assert!(answer.text().await.unwrap().contains("sessions-unavailable"), "{path}");
    }
    assert_eq!(site.forwarded().len(), forwarded, "something was forwarded");
    for path in [PUBLIC, "/_gate/static/style.css"] {
        assert_eq!(get(&mut ann, &site.at(path)).await.status(), StatusCode::OK, "{path}");
    }
    let stranger = get(&mut site.visitor(), &site.at("/p/it")).await;
    assert_eq!(stranger.status(), StatusCode::FOUND, "who has no cookie may begin a login");

    redis.start_again();
    let back = Instant::now();
    while get(&mut ann, &site.at(PORTAL)).await.status() != StatusCode::OK {
        assert!(back.elapsed() < TEST_TIMEOUT, "it does not heal by itself");
        sleep(Duration::from_millis(20)).await;
    }
    assert!(is_logged_in(&mut ann, &site.at("/_gate/whoami")).await);
}

/// After a failover the old server may stay, as a replica that takes no writes.
#[tokio::test(flavor = "multi_thread")]
async fn c2_a_redis_that_takes_no_writes_is_told_to_operators_and_heals_without_a_restart() {
    let redis = Redis::start(free_address(), &[]);
    let site = site().with_session(&with_redis(&redis)).start().await;
    let store = async || {
        let address = site.gate.operations_address().unwrap();
        let page = site.visitor().open(&format!("http://{address}/readyz")).await;
        let ready: serde_json::Value = serde_json::from_str(&page.body).unwrap();
        ready["session_store_error"].clone()
    };
    let until_ready = async || {
        while !store().await.is_null() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TEST_TIMEOUT, until_ready()).await.expect("not ready");
    redis.tell(&["REPLICAOF", "127.0.0.1", "1"]);
    let until_told = async {
        while !store().await.to_string().to_lowercase().contains("readonly") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TEST_TIMEOUT, until_told).await.expect("operators are not told");
    redis.tell(&["REPLICAOF", "NO", "ONE"]);
    timeout(TEST_TIMEOUT, until_ready()).await.expect("it does not heal by itself");
    let mut ann = site.logged_in("ann").await;
    assert!(is_logged_in(&mut ann, &site.at("/_gate/whoami")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn c2_a_gate_starts_without_its_redis_and_finds_it_later() {
    let address = free_address();
    let session = format!("store = \"redis://{address}\"");
    let site = site().with_session(&session).start().await;
    let mut ann = site.visitor();
    let page = ann.open(&site.at("/p/it")).await;
    let refused = log_in(&mut ann, &page, "ann").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.body.contains("sessions-unavailable"), "{}", refused.body);

    let _redis = Redis::start(address, &[]);
    let logged_in = async {
        loop {
            let mut ann = site.visitor();
            let page = ann.open(&site.at("/p/it")).await;
            if log_in(&mut ann, &page, "ann").await.status == StatusCode::OK {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TEST_TIMEOUT, logged_in).await.expect("it is not found");
}
