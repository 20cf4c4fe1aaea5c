//! Counts how often a browser logged in within the last minute, in a sealed cookie of its own, so
//! that a login that never holds ends in a page instead of going round for ever (docs/security.md E10).

use http::{HeaderMap, HeaderValue};

use super::error::LoopCause;
use crate::domain::{Clock, PublicUrl};
use crate::session::{Sealer, cookie};

/// Logins in a row after which the next one is refused.
const MOST: u32 = 3;
const WINDOW_SECONDS: u64 = 60;
const PURPOSE: &str = "rounds";

/// Completed logins of one browser within a minute of the first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LoopGuard {
    count: u32,
    since: u64,
}

impl LoopGuard {
    /// Reads them from the browser's cookies; none for a browser that sends nothing readable.
    #[must_use]
    pub fn read(
        headers: &HeaderMap,
        public_url: &PublicUrl,
        sealer: &Sealer,
        clock: &Clock,
    ) -> Self {
        let now = clock.unix_seconds();
        let name = cookie::name(public_url, PURPOSE);
        cookie::value(headers, &name)
            .and_then(|sealed| sealer.open(&name, sealed))
            .and_then(|text| Self::parse(&text))
            .filter(|loop_guard| now.saturating_sub(loop_guard.since) < WINDOW_SECONDS)
            .unwrap_or(Self { count: 0, since: now })
    }

    /// How many.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// The cookie after one more login.
    #[must_use]
    pub fn completed(self, public_url: &PublicUrl, sealer: &Sealer) -> Option<HeaderValue> {
        let name = cookie::name(public_url, PURPOSE);
        let text = format!("{} {}", self.count.saturating_add(1), self.since);
        cookie::set(public_url, &name, &sealer.seal(&name, &text)?, Some(WINDOW_SECONDS))
    }

    /// The cookie that forgets them, for a logout that somebody asked for.
    #[must_use]
    pub fn forget(public_url: &PublicUrl) -> Option<HeaderValue> {
        cookie::clear(public_url, &cookie::name(public_url, PURPOSE))
    }

    /// Why the browser goes round, when it does. Asked only for a browser without a valid session,
    /// so that a session cookie in `headers` is one the gate does not know.
    #[must_use]
    pub fn cause(self, headers: &HeaderMap, public_url: &PublicUrl) -> Option<LoopCause> {
        let session = cookie::name(public_url, "");
        let sends_session = cookie::pairs(headers).any(|(name, _)| name == session);
        (self.count >= MOST).then_some(if sends_session {
            LoopCause::SessionUnknown
        } else {
            LoopCause::SessionCookieMissing
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let (count, since) = text.split_once(' ')?;
        Some(Self { count: count.parse().ok()?, since: since.parse().ok()? })
    }
}
