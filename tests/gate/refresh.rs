//! Logins that are refreshed: what customers notice when the provider changes its mind, or is away.

use std::collections::HashSet;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::audit::{FILE, trail};
use crate::redis::Redis;
use crate::site::{Site, SiteBuilder, TEST_TIMEOUT, free_address, log_in, site, until};
use crate::visitor::Visitor;

const CUSTOMERS_ONLY: &str = "[[portal]]\nproject = \"HR\"\nlink = \"hr\"\naccess = \"private\"\n\
                              allow = { groups = [\"customers\"] }\n";

const PORTAL: &str = "/p/hr";

/// Tokens of the stand-in live for five minutes.
const DUE: Duration = Duration::from_secs(270);
const OVER: Duration = Duration::from_secs(310);

fn refreshing() -> SiteBuilder {
    site().with(CUSTOMERS_ONLY).with(FILE).with_refresh()
}

fn asked(site: &Site) -> usize {
    site.provider.count("/token")
}

async fn whoami(visitor: &mut Visitor, url: &str) -> String {
    let address = format!("{url}/_gate/whoami");
    visitor.request(Method::GET, &address, |get| get).await.text().await.unwrap()
}

async fn is_in(visitor: &mut Visitor, url: &str) -> bool {
    whoami(visitor, url).await.contains("@example.com")
}

fn without_groups() -> Fault {
    Fault::Claim("groups", json!([]))
}

fn taken_back() -> Fault {
    Fault::TokenAnswer(400, json!({"error": "invalid_grant"}))
}

/// What the trail says of sessions that ended and refreshes that failed.
async fn told(site: &Site) -> Vec<(String, String)> {
    let text = |event: &Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let events = trail(site).await.into_iter();
    let events = events.map(|event| (text(&event, "event"), text(&event, "reason")));
    events.filter(|(event, _)| event == "refresh_failed" || event == "session_ended").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn d9_a_session_in_use_is_refreshed_ahead_of_time_without_any_request() {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    site.let_pass(Duration::from_secs(20));
    assert_eq!(ann.open(&site.at(PORTAL)).await.status, StatusCode::OK);
    site.provider.misbehave(without_groups());
    site.let_pass(Duration::from_secs(240));
    until("the provider is asked", || asked(&site) == 2).await;
    let refresh = site.provider.seen().into_iter().rfind(|seen| seen.path == "/token").unwrap();
    assert_eq!(refresh.parameter("grant_type"), Some("refresh_token"));
    let closed = async { while ann.open(&site.at(PORTAL)).await.status == StatusCode::OK {} };
    timeout(Duration::from_secs(2), closed).await.expect("still open");
    assert!(is_in(&mut ann, &site.url).await, "the session goes on");
    assert_eq!(told(&site).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn d9_a_session_that_rested_is_refreshed_beside_its_next_request_and_jsm_learns_of_it() {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    let groups = |site: &Site| site.forwarded().last().unwrap().header("x-gate-groups").to_owned();
    ann.open(&site.at(PORTAL)).await;
    assert_eq!(groups(&site), "customers");
    site.provider.misbehave(Fault::Claim("groups", json!(["customers", "staff"])));
    site.let_pass(DUE);
    let changed = async {
        while groups(&site) != "customers,staff" {
            assert_eq!(ann.open(&site.at(PORTAL)).await.status, StatusCode::OK);
        }
    };
    timeout(Duration::from_secs(10), changed).await.expect("JSM is not told");
    assert_eq!(asked(&site), 2, "asked more than once");
}

#[tokio::test(flavor = "multi_thread")]
async fn d9_who_comes_back_after_the_providers_word_is_over_waits_for_the_new_one() {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(ann.open(&site.at(PORTAL)).await.status, StatusCode::OK);
    site.provider.misbehave(without_groups());
    site.let_pass(OVER);
    assert_eq!(ann.open(&site.at(PORTAL)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_refresh_token_is_used_for_the_next_refresh() {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    // The stand-in's own clock stands still.
    site.provider.misbehave(Fault::NoIdToken);
    for refresh in 2..5 {
        site.let_pass(OVER);
        assert!(is_in(&mut ann, &site.url).await);
        assert_eq!(asked(&site), refresh);
    }
    let seen = site.provider.seen().into_iter();
    let used = seen.filter_map(|seen| seen.parameter("refresh_token").map(str::to_owned));
    let used: HashSet<_> = used.collect();
    assert_eq!(used.len(), 3, "each is used once");
}

#[rstest]
#[case::taken_back(taken_back(), "invalid_grant")]
#[case::d6_other_sub(Fault::Claim("sub", json!("bob")), "somebody else")]
#[case::d6_other_iss(Fault::Claim("iss", json!("https://other.example.com")), "somebody else")]
#[case::d7_no_longer_verified(Fault::Claim("email_verified", json!(false)), "verified")]
#[tokio::test(flavor = "multi_thread")]
async fn d6_a_login_that_the_provider_takes_back_is_over(#[case] fault: Fault, #[case] why: &str) {
    let site = refreshing().start().await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    site.provider.misbehave(fault);
    site.let_pass(OVER);
    assert!(!is_in(&mut ann, &site.url).await);
    site.provider.behave();
    assert!(is_in(&mut bob, &site.url).await, "somebody else's is over too");
    let told = told(&site).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let (event, reason) = &told[0];
    assert!(event == "session_ended" && reason.contains(why), "{told:?}");
}

#[rstest]
#[case::unavailable(Fault::TokenAnswer(503, json!({})))]
#[case::our_own_secret_is_wrong(Fault::TokenAnswer(401, json!({"error": "invalid_client"})))]
#[case::d6_bad_signature(Fault::BadSignature)]
#[case::other_nonce(Fault::Claim("nonce", json!("other")))]
#[case::other_audience(Fault::Claim("aud", json!("other")))]
#[tokio::test(flavor = "multi_thread")]
async fn d6_what_may_pass_ends_no_session_and_is_tried_again(#[case] fault: Fault) {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    site.provider.misbehave(fault);
    site.let_pass(OVER);
    assert!(is_in(&mut ann, &site.url).await);
    let before = asked(&site);
    for _ in 0..5 {
        assert!(is_in(&mut ann, &site.url).await);
    }
    assert_eq!(asked(&site), before, "no time to breathe");
    site.let_pass(Duration::from_secs(11));
    assert!(is_in(&mut ann, &site.url).await);
    until("it is tried again", || asked(&site) == before + 1).await;
    let events = told(&site).await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0].0, "refresh_failed");

    site.provider.behave();
    // The stand-in's own clock stands still.
    site.provider.misbehave(Fault::NoIdToken);
    site.provider.misbehave(Fault::UserInfoClaim("groups", json!([])));
    let closed = async {
        while ann.open(&site.at(PORTAL)).await.status == StatusCode::OK {
            site.let_pass(Duration::from_secs(1));
        }
    };
    timeout(Duration::from_secs(10), closed).await.expect("not refreshed any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn c12_a_provider_that_is_away_ends_no_session_before_its_time_and_prolongs_none() {
    let mut site = refreshing().with_session("idle = \"8h\"").start().await;
    let mut ann = site.logged_in("ann").await;
    site.provider.stop().await;
    for _ in 0..7 {
        site.let_pass(Duration::from_secs(3600));
        assert!(is_in(&mut ann, &site.url).await);
    }
    site.let_pass(Duration::from_secs(3590));
    assert!(is_in(&mut ann, &site.url).await);
    site.let_pass(Duration::from_secs(11));
    assert!(!is_in(&mut ann, &site.url).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn g9_nobody_waits_long_for_a_provider_that_is_slow() {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    site.provider.misbehave(Fault::SlowToken(Duration::from_secs(8)));
    site.let_pass(DUE);
    let began = std::time::Instant::now();
    assert!(is_in(&mut ann, &site.url).await);
    assert!(began.elapsed() < Duration::from_secs(1), "took {:?}", began.elapsed());
    site.let_pass(Duration::from_secs(40));
    assert!(is_in(&mut ann, &site.url).await);
    for _ in 0..20 {
        assert!(is_in(&mut ann, &site.url).await);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "took {:?}", began.elapsed());
    assert_eq!(asked(&site), 2, "asked while it is being asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn g9_of_many_who_come_back_to_a_provider_that_hangs_nobody_waits_longer_than_the_first() {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    let mut others = Vec::new();
    for name in ["bob", "cleo", "ann", "bob", "cleo"] {
        others.push(site.logged_in(name).await);
    }
    let logins = asked(&site);
    site.provider.misbehave(Fault::SlowToken(Duration::from_secs(8)));
    site.let_pass(OVER);
    let began = std::time::Instant::now();
    assert!(is_in(&mut ann, &site.url).await);
    assert!(began.elapsed() >= Duration::from_secs(2), "the first did not wait for the provider");
    let waited = std::time::Instant::now();
    for other in &mut others {
        assert!(is_in(other, &site.url).await);
    }
    assert!(waited.elapsed() < Duration::from_secs(2), "they waited {:?}", waited.elapsed());
    until("all are refreshed beside their requests", || asked(&site) == logins + 6).await;
}

/// The provider may have used the old token up by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_stops_keeps_the_tokens_it_just_asked_for() {
    let site = refreshing().start().await;
    let process = site.beside().await;
    let mut ann = site.visitor();
    let page = ann.open(&format!("{}{PORTAL}", process.1)).await;
    log_in(&mut ann, &page, "ann").await;
    assert!(is_in(&mut ann, &process.1).await);
    site.provider.misbehave(Fault::NoIdToken);
    site.provider.misbehave(Fault::SlowToken(Duration::from_secs(2)));
    site.let_pass(DUE);
    assert!(is_in(&mut ann, &process.1).await);
    until("the provider is asked", || asked(&site) == 2).await;
    process.0.stop().await;

    site.provider.behave();
    site.provider.misbehave(Fault::NoIdToken);
    let (_gate, again) = site.beside().await;
    let cookie = ann.cookie("gate").unwrap().to_owned();
    ann.plant_cookie(&again, "gate", &cookie);
    assert!(is_in(&mut ann, &again).await);
    site.let_pass(OVER);
    assert!(is_in(&mut ann, &again).await, "its tokens are lost");
    assert_eq!(asked(&site), 3);
    assert_eq!(told(&site).await, []);
}

#[rstest]
#[case::without_a_refresh_token(site().with(FILE))]
#[case::where_it_is_off(refreshing().with_provider("refresh = false"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_not_refreshed_goes_on_as_it_began(#[case] site: SiteBuilder) {
    let site = site.start().await;
    let mut ann = site.logged_in("ann").await;
    site.let_pass(OVER);
    assert!(is_in(&mut ann, &site.url).await);
    assert_eq!(asked(&site), 1);
    assert_eq!(told(&site).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_logout_the_newest_tokens_are_given_back() {
    let site = refreshing().start().await;
    let mut ann = site.logged_in("ann").await;
    site.provider.misbehave(Fault::NoIdToken);
    site.let_pass(OVER);
    assert!(is_in(&mut ann, &site.url).await);
    let question = ann.open(&site.at("/_gate/logout")).await;
    ann.submit(&question, "/_gate/logout", &[]).await;
    until("the token is given back", || site.provider.count("/revoke") == 1).await;
    let seen = site.provider.seen();
    let given = seen.iter().find(|seen| seen.path == "/revoke").unwrap();
    let used = seen.iter().rfind(|seen| seen.path == "/token").unwrap();
    assert_ne!(given.parameter("token"), used.parameter("refresh_token"), "not the newest");
}

fn with_redis(redis: &Redis) -> SiteBuilder {
    refreshing().with_session(&format!("store = \"redis://{}/0\"", redis.address))
}

/// A call that takes longer than the leases of others: oauth2-proxy's is 2 seconds.
#[rstest]
#[case::quick(None)]
#[case::slow(Some(Fault::SlowToken(Duration::from_secs(4))))]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_gates_one_asks_and_both_know(#[case] fault: Option<Fault>) {
    let redis = Redis::start(free_address(), &[]);
    let site = with_redis(&redis).start().await;
    let (_gate, other) = site.beside().await;
    let mut ann = site.logged_in("ann").await;
    assert!(is_in(&mut ann, &other).await && is_in(&mut ann, &site.url).await);
    if let Some(fault) = fault {
        site.provider.misbehave(fault);
    }
    site.provider.misbehave(without_groups());
    site.let_pass(DUE);
    let mut again = site.visitor();
    again.plant_cookie(&site.url, "gate", ann.cookie("gate").unwrap());
    let (one, two) = tokio::join!(is_in(&mut ann, &site.url), is_in(&mut again, &other));
    assert!(one && two);
    let closed = async {
        for url in [&site.url, &other] {
            while ann.open(&format!("{url}{PORTAL}")).await.status == StatusCode::OK {}
        }
    };
    timeout(Duration::from_secs(15), closed).await.expect("one does not know");
    assert_eq!(asked(&site), 2);
    assert_eq!(told(&site).await, []);
}

/// As after a restart of a Redis that does not keep what it is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_lease_logs_nobody_out() {
    let redis = Redis::start(free_address(), &[]);
    let site = with_redis(&redis).start().await;
    let (_gate, other) = site.beside().await;
    let mut ann = site.logged_in("ann").await;
    assert!(is_in(&mut ann, &other).await);
    site.provider.misbehave(Fault::SlowToken(Duration::from_secs(3)));
    site.let_pass(DUE);
    assert!(is_in(&mut ann, &site.url).await);
    until("one gate asks", || asked(&site) == 2).await;
    site.provider.behave();
    let script = "return redis.call('DEL', unpack(redis.call('KEYS', 'jsm-gate:lease:*')))";
    assert_eq!(redis.tell(&["EVAL", script, "0"]).trim(), "1");
    assert!(is_in(&mut ann, &other).await);
    until("the other asks with the same token", || asked(&site) == 3).await;
    // The provider takes the login back from the one that comes second.
    let told_of_it = async {
        while told(&site).await.is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TEST_TIMEOUT, told_of_it).await.expect("nobody came second");
    let events = told(&site).await;
    let (event, reason) = &events[0];
    assert!(event == "refresh_failed" && reason.contains("invalid_grant"), "{events:?}");
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(is_in(&mut ann, &site.url).await && is_in(&mut ann, &other).await);
}
