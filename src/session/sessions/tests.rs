use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::header;
use rstest::rstest;
use tokio::time::timeout;

use super::*;
use crate::session::store::contract::login;
use crate::session::store::faulty::FaultyStore;

const START: u64 = 1_800_000_000;

struct Bench {
    sessions: Sessions,
    store: Arc<FaultyStore>,
    now: Arc<AtomicU64>,
}

fn bench() -> Bench {
    let (clock, now) = Clock::stopped_at(START);
    let store = Arc::new(FaultyStore::new());
    let url = PublicUrl::parse("https://help.example.com").unwrap();
    let limits = SessionLimits {
        idle: Duration::from_secs(1800),
        absolute: Duration::from_secs(8 * 3600),
        per_customer: 2,
    };
    let sessions = Sessions::new(Arc::clone(&store) as _, clock, &url, limits);
    Bench { sessions, store, now }
}

impl Bench {
    async fn log_in(&self) -> HeaderMap {
        let set = self.sessions.begin(login("ann")).await.unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        HeaderMap::from_iter([(header::COOKIE, pair.parse().unwrap())])
    }

    async fn is_live(&self, headers: &HeaderMap) -> bool {
        self.sessions.find(headers).await.unwrap().session().is_some()
    }

    fn set_clock(&self, now: u64) {
        self.now.store(now, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn c6_an_ended_session_stays_ended() {
    let bench = bench();
    let browser = bench.log_in().await;
    let found = bench.sessions.find(&browser).await.unwrap();
    bench.sessions.end(found.session().unwrap()).await.unwrap();
    assert!(!bench.is_live(&browser).await);
}

#[rstest]
#[case::used_within_the_idle_limit(&[1799, 3598, 5397], true)]
#[case::unused_for_the_idle_limit(&[1800], false)]
#[case::used_all_along_up_to_the_absolute_limit(
    &[1700, 3400, 5100, 6800, 8500, 10200, 11900, 13600, 15300, 17000, 18700, 20400, 22100,
      23800, 25500, 27200, 28799], true)]
#[case::used_all_along_past_the_absolute_limit(
    &[1700, 3400, 5100, 6800, 8500, 10200, 11900, 13600, 15300, 17000, 18700, 20400, 22100,
      23800, 25500, 27200, 28800], false)]
#[tokio::test]
async fn c12_a_session_ends_at_its_limits(#[case] requests_at: &[u64], #[case] lives: bool) {
    let bench = bench();
    let browser = bench.log_in().await;
    let (last, earlier) = requests_at.split_last().unwrap();
    for at in earlier {
        bench.set_clock(START + at);
        assert!(bench.is_live(&browser).await, "at {at}");
    }
    bench.set_clock(START + last);
    assert_eq!(bench.is_live(&browser).await, lives);
}

#[tokio::test]
async fn c2_a_store_that_fails_lets_nobody_in_and_logs_nobody_out() {
    let bench = bench();
    let browser = bench.log_in().await;
    let found = bench.sessions.find(&browser).await.unwrap();
    bench.store.fail(true);
    assert!(bench.sessions.find(&browser).await.is_err());
    assert!(bench.sessions.begin(login("bob")).await.is_err());
    assert!(bench.sessions.end(found.session().unwrap()).await.is_err());
    let over = bench.sessions.wait_for_end(found.session().unwrap());
    let over = timeout(Duration::from_secs(5), over).await;
    over.expect("what lives longer than a request goes on without a session");
    bench.store.fail(false);
    assert!(bench.is_live(&browser).await);
}

#[tokio::test]
async fn what_a_list_has_is_live_and_wanted_the_oldest_first() {
    let bench = bench();
    bench.log_in().await;
    bench.set_clock(START + 1700);
    bench.log_in().await;
    bench.sessions.begin(login("bob")).await.unwrap();
    let listed = async |who: &'static str| {
        let entries = bench.sessions.list(Some(who)).await.unwrap();
        entries.iter().map(|entry| entry.created - START).collect::<Vec<_>>()
    };
    assert_eq!(listed("ann").await, [0, 1700]);
    bench.set_clock(START + 1800);
    assert_eq!(listed("ann").await, [1700], "one that is over is listed");
    let selector = SessionSelector::Subject(login("ann").identity.provider, "ann".to_owned());
    assert_eq!(bench.sessions.end_all(&selector).await.unwrap().len(), 2);
    assert_eq!((listed("ann").await.len(), listed("bob").await.len()), (0, 1));
}

#[tokio::test]
async fn a_customer_has_so_many_sessions_and_the_oldest_ends_for_the_newest() {
    let ended = Arc::<parking_lot::Mutex<Vec<_>>>::default();
    let told = Arc::clone(&ended);
    let mut bench = bench();
    bench.sessions = bench.sessions.with_end_listener(Arc::new(move |who, why| {
        told.lock().push((who.subject.clone(), why));
    }));
    let first = bench.log_in().await;
    bench.set_clock(START + 1);
    let second = bench.log_in().await;
    assert!(bench.is_live(&first).await);
    bench.set_clock(START + 2);
    let third = bench.log_in().await;
    assert!(!bench.is_live(&first).await, "the oldest lives");
    assert!(bench.is_live(&second).await && bench.is_live(&third).await);
    assert_eq!(*ended.lock(), [("ann".into(), Ended::TooMany)]);
}

/// It may be the clock of one gate of several, or one that is set right in a moment.
#[rstest]
#[case::far_behind(START - 400)]
#[case::beyond_the_idle_limit(START + 1800)]
#[case::beyond_the_absolute_limit(START + 86_400)]
#[tokio::test]
async fn c12_a_clock_that_is_wrong_lets_nobody_in_and_ends_nothing(#[case] wrong: u64) {
    let ended = Arc::<parking_lot::Mutex<Vec<_>>>::default();
    let told = Arc::clone(&ended);
    let mut bench = bench();
    bench.sessions = bench
        .sessions
        .with_end_listener(Arc::new(move |who, _| told.lock().push(who.subject.clone())));
    let browser = bench.log_in().await;
    bench.set_clock(wrong);
    for _ in 0..3 {
        assert!(!bench.is_live(&browser).await);
    }
    assert_eq!(*ended.lock(), ["ann"], "told once");
    bench.set_clock(START + 60);
    assert!(bench.is_live(&browser).await, "the store has lost it");
}

#[tokio::test]
async fn a_session_that_is_over_by_itself_is_not_said_to_make_room() {
    let ended = Arc::<parking_lot::Mutex<Vec<_>>>::default();
    let told = Arc::clone(&ended);
    let mut bench = bench();
    bench.sessions =
        bench.sessions.with_end_listener(Arc::new(move |_, why| told.lock().push(why)));
    for at in [0, 10_000, 10_001] {
        bench.set_clock(START + at);
        bench.log_in().await;
    }
    assert_eq!(*ended.lock(), [Ended::Idle]);
}

#[tokio::test]
async fn what_the_configuration_no_longer_grants_opens_nothing() {
    let mut bench = bench();
    let browser = bench.log_in().await;
    assert!(bench.is_live(&browser).await);
    bench.sessions = bench.sessions.with_grant_check(Arc::new(|who| who.subject != "ann"));
    assert!(!bench.is_live(&browser).await);
}

#[tokio::test]
async fn what_was_let_in_before_a_refresh_keeps_its_session_in_use() {
    let bench = bench();
    let browser = bench.log_in().await;
    let found = bench.sessions.find(&browser).await.unwrap();
    let session = found.session().unwrap();
    let renewed = Arc::new(session.renewed(session.identity.clone(), None));
    assert!(bench.store.update(renewed, ProviderData::default()).await.unwrap());
    bench.set_clock(START + 1700);
    bench.sessions.record_use(session);
    bench.set_clock(START + 3400);
    assert!(bench.is_live(&browser).await);
}

#[tokio::test(start_paused = true)]
async fn c13_what_lives_longer_than_a_request_learns_of_the_end() {
    let bench = bench();
    let browser = bench.log_in().await;
    let found = bench.sessions.find(&browser).await.unwrap();
    let session = found.session().unwrap();
    let wait = Duration::from_secs(5);
    let over = timeout(wait, bench.sessions.wait_for_end(session)).await;
    assert!(over.is_err(), "over while it lives");
    bench.set_clock(START + 1800);
    timeout(wait, bench.sessions.wait_for_end(session)).await.expect("expired");
    bench.set_clock(START);
    let (over, ended) = tokio::join!(
        timeout(Duration::from_secs(1), bench.sessions.wait_for_end(session)),
        bench.sessions.end(session),
    );
    assert!(over.is_ok() && ended.is_ok(), "not told at once");
}

#[rstest]
#[case("__Host-gate=")]
#[case("__Host-gate=AAAA")]
#[case("__Host-gate=%00%ff")]
#[case("__Host-gate=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
#[case("__Host-gate=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
#[tokio::test]
async fn c1_a_malformed_or_unknown_cookie_is_no_session(#[case] cookie: &str) {
    let headers = HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
    let found = bench().sessions.find(&headers).await.unwrap();
    assert!(matches!(found, SessionLookup::Invalid));
}
