//! Begins, finds and ends sessions. It alone decides whether a cookie still opens one. Must not know how a
//! store keeps them.

mod end_watch;
mod refreshing;

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};

use super::end::{Ended, OnEnd};
use super::refresh::{OnFailure, Refresher, TokenRefresher};
use super::refresh_tasks::RefreshTasks;
use super::store::Terms;
use super::{
    Login, ProviderData, Session, SessionEntry, SessionId, SessionKey, SessionLimits,
    SessionLookup, SessionSelector, SessionStore, StoreError, cookie,
};
use crate::domain::{Clock, Identity, PublicUrl};

/// Whether the configuration still allows a person to have a session.
pub type GrantCheck = Arc<dyn Fn(&Identity) -> bool + Send + Sync>;

/// All login sessions of the gate.
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    clock: Clock,
    public_url: PublicUrl,
    cookie_name: String,
    limits: SessionLimits,
    on_end: OnEnd,
    grants: GrantCheck,
    refresher: Option<Arc<Refresher>>,
}

impl Sessions {
    /// Sessions that are kept in `store` and end at their limits.
    #[must_use]
    pub fn new(
        store: Arc<dyn SessionStore>,
        clock: Clock,
        public_url: &PublicUrl,
        limits: SessionLimits,
    ) -> Self {
        let cookie_name = cookie::name(public_url, "");
        let (public_url, on_end) = (public_url.clone(), Arc::new(|_: &Identity, _| {}));
        let grants = Arc::new(|_: &Identity| true);
        Self { store, clock, public_url, cookie_name, limits, on_end, grants, refresher: None }
    }

    /// The same, refreshed by `token_refresher` in the runtime that this is called in. `on_failure` is told when
    /// that fails.
    #[must_use]
    pub fn with_refresher(
        self,
        token_refresher: Arc<dyn TokenRefresher>,
        on_failure: OnFailure,
        refresh_tasks: Arc<RefreshTasks>,
    ) -> Self {
        let (store, clock) = (Arc::clone(&self.store), self.clock.clone());
        let on_end = Arc::clone(&self.on_end);
        let refresher =
            Refresher::new(store, clock, token_refresher, on_end, on_failure, refresh_tasks);
        Self { refresher: Some(Arc::new(refresher)), ..self }
    }

    /// The same, with a listener that is told when a session has ended by itself.
    #[must_use]
    pub fn with_end_listener(self, on_end: OnEnd) -> Self {
        Self { on_end, ..self }
    }

    /// The same, only for people to whom `grants` allows a session.
    #[must_use]
    pub fn with_grant_check(self, grants: GrantCheck) -> Self {
        Self { grants, ..self }
    }

    /// Begins a session and returns its `Set-Cookie` value. The id is always new, whatever cookie the browser
    /// came with (docs/security.md C5).
    pub async fn begin(&self, login: Login) -> Result<HeaderValue, StoreError> {
        self.begin_with_handle(login).await.map(|(_, cookie)| cookie)
    }

    /// The same, and returns the session as well, for callers that wait for its end.
    pub async fn begin_with_handle(
        &self,
        login: Login,
    ) -> Result<(Arc<Session>, HeaderValue), StoreError> {
        let (id, now) = (SessionId::random(), self.clock.unix_seconds());
        let provider_data = login.provider_data.clone();
        let session = Arc::new(Session::new(id.credential(), login, now));
        let absolute = now.saturating_add(self.limits.absolute.as_secs());
        let until = session.identity.until().map_or(absolute, |until| until.min(absolute));
        let terms = Terms { until, per_customer: self.limits.per_customer };
        for ended in self.store.put(Arc::clone(&session), provider_data, terms).await? {
            let SessionEntry { identity, created, last_used, .. } = ended;
            let over = self.limits.ended(&identity, created, last_used, now);
            (self.on_end)(&identity, over.unwrap_or(Ended::TooMany));
        }
        cookie::set(&self.public_url, &self.cookie_name, &id.cookie_value(), None)
            .map(|cookie| (session, cookie))
            .ok_or_else(|| StoreError::new("the session cookie cannot be written"))
    }

    /// Finds the session of a request, and records that it was used.
    pub async fn find(&self, headers: &HeaderMap) -> Result<SessionLookup, StoreError> {
        let Some(value) = cookie::value(headers, &self.cookie_name) else {
            let any = cookie::pairs(headers).any(|(name, _)| name == self.cookie_name);
            return Ok(if any { SessionLookup::Invalid } else { SessionLookup::NoCookie });
        };
        let Some(id) = SessionId::parse(value) else { return Ok(SessionLookup::Invalid) };
        let credential = id.credential();
        let session = match self.store.find_in_memory(&credential) {
            Some(session) => session,
            None => match self.store.find(&credential).await? {
                Some(session) => session,
                None => return Ok(SessionLookup::Invalid),
            },
        };
        let now = self.clock.unix_seconds();
        let (session, ended) = self.judge(session, now).await?;
        if let Some(ended) = ended {
            // It stays in the store for its time: other gates have other clocks, and this one may be wrong.
            if session.mark_end_reported() {
                (self.on_end)(&session.identity, ended);
            }
            return Ok(SessionLookup::Invalid);
        }
        self.record_use_at(&session, now);
        match &self.refresher {
            Some(refresher) if session.is_refresh_due(now) => {
                Box::pin(self.refreshed(refresher, session, now)).await
            }
            _ => Ok(SessionLookup::Live(session)),
        }
    }

    /// What the provider gave with a session; the default when it has ended.
    pub async fn provider_data(&self, session: &Session) -> Result<ProviderData, StoreError> {
        self.store.provider_data(&session.credential).await.map(Option::unwrap_or_default)
    }

    /// Ends a session for good: a copy of its cookie opens nothing from then on (docs/security.md C6, C8).
    pub async fn end(&self, session: &Session) -> Result<(), StoreError> {
        self.end_by_key(session.key()).await.map(|_| ())
    }

    /// Ends a session that a list told of. Returns whether it was still there.
    pub async fn end_by_key(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.store.remove(key).await
    }

    /// Ends all sessions that match, on all gates, and returns them.
    pub async fn end_all(
        &self,
        selector: &SessionSelector,
    ) -> Result<Vec<SessionEntry>, StoreError> {
        self.store.remove_all(selector).await
    }

    /// All live sessions, or those of one email address or subject. The oldest come first.
    pub async fn list(&self, who: Option<&str>) -> Result<Vec<SessionEntry>, StoreError> {
        let (limits, now) = (self.limits, self.clock.unix_seconds());
        let who = who.map(str::to_owned);
        let wanted = move |entry: &SessionEntry| {
            let is_theirs = who.as_deref().is_none_or(|who| entry.identity.is_called(who));
            is_theirs
                && limits.ended(&entry.identity, entry.created, entry.last_used, now).is_none()
        };
        let mut entries = self.store.list(Arc::new(wanted)).await?;
        entries.sort_by_key(|entry| entry.created);
        Ok(entries)
    }

    /// Records the use of a session by something that lives longer than a request. Its copy of the session may
    /// be older than the latest refresh.
    pub fn record_use(&self, session: &Arc<Session>) {
        let present = self.store.find_in_memory(&session.credential);
        self.record_use_at(present.as_ref().unwrap_or(session), self.clock.unix_seconds());
    }

    fn record_use_at(&self, session: &Arc<Session>, now: u64) {
        if session.touch(now) {
            self.store.record_use(session);
        }
    }

    /// A `Set-Cookie` value that removes the session's cookie.
    #[must_use]
    pub fn clear_cookie(&self) -> Option<HeaderValue> {
        cookie::clear(&self.public_url, &self.cookie_name)
    }

    /// The present time of the clock that sessions end by, in Unix seconds.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.clock.unix_seconds()
    }

    /// How many sessions there are, roughly.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.store.count()
    }

    /// Finds out whether a session has ended by itself. One that seems unused here may be in use at another
    /// gate, so the store is asked.
    async fn judge(
        &self,
        session: Arc<Session>,
        now: u64,
    ) -> Result<(Arc<Session>, Option<Ended>), StoreError> {
        match self.ended(&session, now) {
            Some(Ended::Idle) => match self.store.find_stored(&session.credential).await? {
                Some(stored) => Ok((Arc::clone(&stored), self.ended(&stored, now))),
                None => Ok((session, Some(Ended::Idle))),
            },
            other => Ok((session, other)),
        }
    }

    fn ended(&self, session: &Session, now: u64) -> Option<Ended> {
        if !(self.grants)(&session.identity) {
            return Some(Ended::NotGranted);
        }
        self.limits.ended(&session.identity, session.created, session.last_used(), now)
    }
}

#[cfg(test)]
mod tests;
