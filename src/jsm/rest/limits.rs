//! Which calls JSM asked to be spared of, and for how long. It must not know how calls are sent.
//!
//! Cloud has several limits, and an answer names the one that was met (`RateLimit-Reason`): the
//! usual one counts the calls of one endpoint and method, another the changes of one request
//! (developer.atlassian.com, "Build an app that respects rate limits"). Whoever makes such a call
//! meanwhile waits too, and calls of other kinds go on.

use std::collections::HashMap;
use std::time::Duration;

use http::{HeaderMap, Method};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::call::Call;

/// Names the limit that a call met.
const REASON: &str = "ratelimit-reason";
/// The limit of changes to one request.
const CHANGES_OF_ONE: &str = "jira-per-issue-on-write";
/// However long JSM asks, it is asked again after this: it has been seen to send times of a year.
const LONGEST: Duration = Duration::from_secs(60);

/// The limits that were met and are not over yet.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<Limited, Instant>>);

/// The calls that a limit is about.
#[derive(Debug, Eq, Hash, PartialEq)]
enum Limited {
    /// Those of one method to one endpoint, whatever ids are in its path.
    Endpoint(Method, String),
    /// Those that change one request.
    ChangesOf(String),
}

impl Limits {
    /// How long a call would have to wait by what JSM told others.
    pub(super) fn wait_for(&self, call: Call<'_>) -> Option<Duration> {
        let met = self.0.lock();
        if met.is_empty() {
            return None;
        }
        let until = of(call).filter_map(|limited| met.get(&limited).copied()).max()?;
        Some(until.saturating_duration_since(Instant::now())).filter(|wait| !wait.is_zero())
    }

    /// Remembers that a call met a limit (429) and has to wait.
    pub(super) fn met(&self, call: Call<'_>, headers: &HeaderMap, wait: Duration) {
        let reason = headers.get(REASON).and_then(|reason| reason.to_str().ok());
        let is_of_one = reason.is_some_and(|reason| reason.trim() == CHANGES_OF_ONE);
        let limited = changes_of(call).filter(|_| is_of_one).unwrap_or_else(|| endpoint(call));
        let now = Instant::now();
        let mut met = self.0.lock();
        met.retain(|_, until| *until > now);
        met.insert(limited, now + wait.min(LONGEST));
    }

    /// JSM takes such calls again.
    pub(super) fn over(&self, call: Call<'_>) {
        let mut met = self.0.lock();
        if !met.is_empty() {
            met.retain(|limited, _| !of(call).any(|it| it == *limited));
        }
    }
}

/// The limits that a call may meet.
fn of(call: Call<'_>) -> impl Iterator<Item = Limited> {
    std::iter::once(endpoint(call)).chain(changes_of(call))
}

/// Keys and ids have digits, which no other segment has besides the version of the API.
fn endpoint(call: Call<'_>) -> Limited {
    let general = |segment: &str| {
        if segment.contains(|c: char| c.is_ascii_digit()) {
            "*".to_owned()
        } else {
            segment.to_owned()
        }
    };
    let segments: Vec<_> = call.path().split('/').map(general).collect();
    Limited::Endpoint(call.method(), segments.join("/"))
}

fn changes_of(call: Call<'_>) -> Option<Limited> {
    if call.is_repeatable() {
        return None;
    }
    let mut segments = call.path().split('/');
    segments.find(|segment| matches!(*segment, "request" | "issue"))?;
    Some(Limited::ChangesOf(segments.next()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;
    use serde_json::Value;

    use super::super::call::Change;
    use super::*;

    const WAIT: Duration = Duration::from_secs(20);

    fn change(path: &str) -> Call<'_> {
        Call::Change { change: Change::Post, path, body: &Value::Null }
    }

    fn reason(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            http::HeaderName::from_static(REASON),
            HeaderValue::from_static(text),
        )])
    }

    #[rstest]
    #[case::same("/rest/servicedeskapi/request/IT-1/comment", true)]
    #[case::of_another_request("/rest/servicedeskapi/request/HR-22/comment", true)]
    #[case::another_endpoint("/rest/servicedeskapi/request/IT-1/participant", false)]
    #[tokio::test(start_paused = true)]
    async fn a_limit_is_one_of_an_endpoint(#[case] path: &str, #[case] waits: bool) {
        let limits = Limits::default();
        let met = Call::read("/rest/servicedeskapi/request/IT-1/comment");
        limits.met(met, &reason("jira-burst-based"), WAIT);
        assert_eq!(limits.wait_for(Call::read(path)), waits.then_some(WAIT));
        assert_eq!(limits.wait_for(change(path)), None, "of another method");
    }

    #[rstest]
    #[case::same("/rest/api/3/issue/IT-1/comment", true)]
    #[case::of_another_kind("/rest/servicedeskapi/request/IT-1/participant", true)]
    #[case::of_another_request("/rest/api/3/issue/IT-2/comment", false)]
    #[tokio::test(start_paused = true)]
    async fn a_limit_of_changes_is_one_of_a_request(#[case] path: &str, #[case] waits: bool) {
        let limits = Limits::default();
        limits.met(change("/rest/api/3/issue/IT-1/comment"), &reason(CHANGES_OF_ONE), WAIT);
        assert_eq!(limits.wait_for(change(path)), waits.then_some(WAIT));
        assert_eq!(limits.wait_for(Call::read(path)), None, "a reading call");
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_ends_with_its_time_or_with_an_answer() {
        let (limits, call) = (Limits::default(), Call::read("/rest/api/3/field"));
        limits.met(call, &HeaderMap::new(), WAIT);
        tokio::time::advance(WAIT).await;
        assert_eq!(limits.wait_for(call), None);
        limits.met(call, &HeaderMap::new(), Duration::from_secs(u64::MAX / 2));
        assert_eq!(limits.wait_for(call), Some(LONGEST));
        limits.over(call);
        assert_eq!(limits.wait_for(call), None);
    }
}
