//! Counts how often a browser logged in within the last minute, in a sealed cookie. So a login that
//! does not last ends with a page, instead of a loop (docs/security.md E10). Must not know why a
//! login does not last.

use http::{HeaderMap, HeaderValue};

use super::error::LoopCause;
use crate::domain::{Clock, PublicUrl};
use crate::session::{Sealer, cookie};

/// After this many logins in a row the next one is refused.
const MOST: u32 = 3;
const WINDOW_SECONDS: u64 = 60;
const PURPOSE: &str = "rounds";

/// The completed logins of one browser, within a minute of the first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LoopGuard {
    count: u32,
    since: u64,
}

impl LoopGuard {
    /// Reads the count from the browser's cookies; zero without a readable cookie.
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

    /// How many logins.
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

    /// A cookie that resets the count, after a logout on purpose.
    #[must_use]
    pub fn forget(public_url: &PublicUrl) -> Option<HeaderValue> {
        cookie::clear(public_url, &cookie::name(public_url, PURPOSE))
    }

    /// Why the browser is in a loop, if it is. Only asked for a browser without a live session, so
    /// a session cookie in `headers` is one that the gate does not know.
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
