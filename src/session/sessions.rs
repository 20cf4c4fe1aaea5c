//! Begins, finds and ends sessions: the one place that decides whether a cookie still opens one.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tokio::sync::broadcast::error::RecvError;

use super::store::Terms;
use super::{
    Login, Session, SessionEntry, SessionId, SessionKey, SessionStore, StoreError, Whose, cookie,
};
use crate::domain::{Clock, Identity, PublicUrl};

/// How far a session may seem to begin in the future before the clock counts as moved and the
/// session as unusable, in seconds (threats.md C12).
const CLOCK_TOLERANCE: u64 = 300;

/// How often a session is looked at on behalf of what lives longer than a request. Half of what is
/// promised (threats.md C13), so that one slow look does not break the promise.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What a request's cookie opens.
#[derive(Clone, Debug)]
pub enum Found {
    /// A live session.
    Session(Arc<Session>),
    /// There is no session cookie.
    NoCookie,
    /// There is a cookie, but no live session: expired, ended, forgotten or made up.
    Stale,
    /// There is a cookie, and the store does not answer: nobody knows.
    Unknown,
}

impl Found {
    /// The live session, if that is what was found.
    #[must_use]
    pub fn session(&self) -> Option<&Arc<Session>> {
        match self {
            Self::Session(session) => Some(session),
            Self::NoCookie | Self::Stale | Self::Unknown => None,
        }
    }
}

/// Why a session ended by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Ended {
    /// Nobody used it for `[session] idle`.
    #[error("unused for too long")]
    Idle,
    /// `[session] absolute` is over.
    #[error("its time is over")]
    Absolute,
    /// It would have begun in the future.
    #[error("the clock was set back")]
    ClockMoved,
    /// Its customer has as many newer ones as `[session] per_customer` allows.
    #[error("replaced by newer logins of the same customer")]
    TooMany,
}

/// Is told whose session ended by itself, and why.
pub type OnEnd = Arc<dyn Fn(&Identity, Ended) + Send + Sync>;

/// How long sessions last, and how many somebody may have.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Ends after this long unused.
    pub idle: Duration,
    /// Ends this long after login in any case.
    pub absolute: Duration,
    /// How many one customer may have; the oldest ends for the newest.
    pub per_customer: usize,
}

/// All login sessions of the gate.
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    clock: Clock,
    public_url: PublicUrl,
    cookie_name: String,
    limits: SessionLimits,
    on_end: OnEnd,
}

impl Sessions {
    /// Sessions kept in `store` that end at their limits.
    #[must_use]
    pub fn new(
        store: Arc<dyn SessionStore>,
        clock: Clock,
        public_url: &PublicUrl,
        limits: SessionLimits,
    ) -> Self {
        let cookie_name = cookie::name(public_url, "");
        let (public_url, on_end) = (public_url.clone(), Arc::new(|_: &Identity, _| {}));
        Self { store, clock, public_url, cookie_name, limits, on_end }
    }

    /// The same, with somebody who is told when a session is found to have ended by itself.
    #[must_use]
    pub fn telling(self, on_end: OnEnd) -> Self {
        Self { on_end, ..self }
    }

    /// Begins a session with a new id, whatever cookie the browser came with (threats.md C5), and
    /// returns the `Set-Cookie` value.
    pub async fn begin(&self, login: Login) -> Result<HeaderValue, StoreError> {
        let (id, now) = (SessionId::random(), self.clock.unix_seconds());
        let session = Arc::new(Session::new(id.opener(), login, now));
        let until = now.saturating_add(self.limits.absolute.as_secs());
        let terms = Terms { until, per_customer: self.limits.per_customer };
        for ended in self.store.put(session, terms).await? {
            (self.on_end)(&ended.identity, Ended::TooMany);
        }
        cookie::set(&self.public_url, &self.cookie_name, &id.cookie_value(), None)
            .ok_or_else(|| StoreError::new("the session cookie cannot be written"))
    }

    /// Finds the session of a request and notes that it was used.
    pub async fn find(&self, headers: &HeaderMap) -> Result<Found, StoreError> {
        let Some(value) = cookie::value(headers, &self.cookie_name) else {
            let any = cookie::pairs(headers).any(|(name, _)| name == self.cookie_name);
            return Ok(if any { Found::Stale } else { Found::NoCookie });
        };
        let Some(id) = SessionId::parse(value) else { return Ok(Found::Stale) };
        let Some(session) = self.store.find(&id.opener()).await? else { return Ok(Found::Stale) };
        let (session, ended) = self.judge(session).await?;
        if let Some(ended) = ended {
            // Only one of many requests at once finds it still there.
            if self.store.remove(session.key()).await? {
                (self.on_end)(&session.identity, ended);
            }
            return Ok(Found::Stale);
        }
        self.used(&session);
        Ok(Found::Session(session))
    }

    /// Ends a session for good: a copy of its cookie opens nothing any more (threats.md C6, C8).
    pub async fn end(&self, session: &Session) -> Result<(), StoreError> {
        self.end_by_key(session.key()).await.map(|_| ())
    }

    /// Ends a session that is known from a list, and tells whether it was still there.
    pub async fn end_by_key(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.store.remove(key).await
    }

    /// Ends every session of somebody, on all gates, and tells which they were.
    pub async fn end_all(&self, whose: &Whose) -> Result<Vec<SessionEntry>, StoreError> {
        self.store.remove_all(whose).await
    }

    /// The live sessions of everybody, or of one email address or subject, the oldest first.
    pub async fn of(&self, who: Option<&str>) -> Result<Vec<SessionEntry>, StoreError> {
        let (limits, now) = (self.limits, self.clock.unix_seconds());
        let who = who.map(str::to_owned);
        let wanted = move |entry: &SessionEntry| {
            let is_theirs = who.as_deref().is_none_or(|who| entry.identity.is_called(who));
            is_theirs && limits.ended(entry.created, entry.last_used, now).is_none()
        };
        let mut entries = self.store.list(Arc::new(wanted)).await?;
        entries.sort_by_key(|entry| entry.created);
        Ok(entries)
    }

    /// Ends when a session does: at once when it is removed, within five seconds when it expires or
    /// when a store forgot to tell. A store that does not answer ends it too.
    pub async fn over(&self, session: &Arc<Session>) {
        let mut removals = self.store.removals();
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                removed = removals.recv() => match removed {
                    Ok(key) if key == *session.key() => return,
                    Ok(_) => continue,
                    Err(RecvError::Closed) => return,
                    Err(RecvError::Lagged(_)) => {}
                },
                _ = look.tick() => {}
            }
            if !self.is_live(session).await {
                return;
            }
        }
    }

    /// Notes that a session was used by something else than a request.
    pub fn used(&self, session: &Arc<Session>) {
        if session.touch(self.clock.unix_seconds()) {
            self.store.used(session);
        }
    }

    /// A `Set-Cookie` value that removes the session's cookie.
    #[must_use]
    pub fn clear_cookie(&self) -> Option<HeaderValue> {
        cookie::clear(&self.public_url, &self.cookie_name)
    }

    /// How many sessions there are, roughly.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.store.count()
    }

    async fn is_live(&self, session: &Arc<Session>) -> bool {
        let look = async {
            let Some(kept) = self.store.find(&session.opener).await? else { return Ok(false) };
            self.judge(kept).await.map(|(_, ended)| ended.is_none())
        };
        look.await.unwrap_or_else(|error: StoreError| {
            tracing::error!(%error, "a session counts as over");
            false
        })
    }

    /// Whether a session has ended by itself. One that seems unused may be in use at another gate:
    /// then the store knows.
    async fn judge(
        &self,
        session: Arc<Session>,
    ) -> Result<(Arc<Session>, Option<Ended>), StoreError> {
        let now = self.clock.unix_seconds();
        let ended = |it: &Session| self.limits.ended(it.created, it.last_used(), now);
        match ended(&session) {
            Some(Ended::Idle) => match self.store.find_stored(&session.opener).await? {
                Some(stored) => Ok((Arc::clone(&stored), ended(&stored))),
                None => Ok((session, Some(Ended::Idle))),
            },
            other => Ok((session, other)),
        }
    }
}

impl SessionLimits {
    fn ended(&self, created: u64, last_used: u64, now: u64) -> Option<Ended> {
        if created > now + CLOCK_TOLERANCE {
            Some(Ended::ClockMoved)
        } else if now.saturating_sub(created) >= self.absolute.as_secs() {
            Some(Ended::Absolute)
        } else if now.saturating_sub(last_used) >= self.idle.as_secs() {
            Some(Ended::Idle)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::UNIX_EPOCH;

    use http::header;
    use rstest::rstest;

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
        let now = Arc::new(AtomicU64::new(START));
        let told = Arc::clone(&now);
        let clock =
            Clock::from_fn(move || UNIX_EPOCH + Duration::from_secs(told.load(Ordering::SeqCst)));
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
        let over = bench.sessions.over(found.session().unwrap());
        let over = tokio::time::timeout(Duration::from_secs(5), over).await;
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
            let entries = bench.sessions.of(Some(who)).await.unwrap();
            entries.iter().map(|entry| entry.created - START).collect::<Vec<_>>()
        };
        assert_eq!(listed("ann").await, [0, 1700]);
        bench.set_clock(START + 1800);
        assert_eq!(listed("ann").await, [1700], "one that is over is listed");
        let whose = Whose::Subject(login("ann").identity.provider, "ann".to_owned());
        assert_eq!(bench.sessions.end_all(&whose).await.unwrap().len(), 2);
        assert_eq!((listed("ann").await.len(), listed("bob").await.len()), (0, 1));
    }

    #[tokio::test]
    async fn a_customer_has_so_many_sessions_and_the_oldest_ends_for_the_newest() {
        let ended = Arc::<parking_lot::Mutex<Vec<_>>>::default();
        let told = Arc::clone(&ended);
        let mut bench = bench();
        bench.sessions = bench.sessions.telling(Arc::new(move |who, why| {
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
        assert_eq!(*ended.lock(), [("ann".to_owned(), Ended::TooMany)]);
    }

    #[tokio::test]
    async fn c12_a_clock_moved_far_back_ends_the_session_and_forward_again_does_not_revive_it() {
        let bench = bench();
        let browser = bench.log_in().await;
        bench.set_clock(START - 301);
        assert!(!bench.is_live(&browser).await);
        bench.set_clock(START);
        assert!(!bench.is_live(&browser).await);
    }

    #[tokio::test(start_paused = true)]
    async fn c13_what_lives_longer_than_a_request_learns_of_the_end() {
        let bench = bench();
        let browser = bench.log_in().await;
        let found = bench.sessions.find(&browser).await.unwrap();
        let session = found.session().unwrap();
        let wait = Duration::from_secs(5);
        let over = tokio::time::timeout(wait, bench.sessions.over(session)).await;
        assert!(over.is_err(), "over while it lives");
        bench.set_clock(START + 1800);
        tokio::time::timeout(wait, bench.sessions.over(session)).await.expect("expired");
        bench.set_clock(START);
        let (over, ended) = tokio::join!(
            tokio::time::timeout(Duration::from_secs(1), bench.sessions.over(session)),
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
        assert!(matches!(found, Found::Stale));
    }
}
