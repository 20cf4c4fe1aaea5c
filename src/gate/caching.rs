//! Keeps answers for one customer out of caches that serve others. It must not know what an answer
//! is about: all that somebody logged in gets is private.

use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use pingora::Result;
use pingora::http::ResponseHeader;

use super::context::RequestContext;
use crate::jsm::paths::is_of_request;

/// What content networks obey before `Cache-Control` (RFC 9213 and its forerunners).
static FOR_NETWORKS: [HeaderName; 3] = [
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("cloudflare-cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
];

const PRIVATE: HeaderValue = HeaderValue::from_static("private");

/// A browser asks whether it may show what it has kept, and is told by the rules for whoever uses it now.
const ASKED_FOR: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Makes an answer private if its customer is logged in. Browsers may keep it as long as JSM says; Jira has
/// them show the files of requests for a year, to whoever uses them.
pub(super) fn keep_private(response: &mut ResponseHeader, context: &RequestContext) -> Result<()> {
    let Some(forward) = context.forward.as_ref().filter(|it| it.session.is_some()) else {
        return Ok(());
    };
    if response.headers.keys().any(|name| FOR_NETWORKS.contains(name)) {
        for name in &FOR_NETWORKS {
            response.remove_header(name);
        }
    }
    // Browsers update the answer that they have kept with the headers of a 304 (RFC 9111, 3.2).
    // That one is private and has an age already.
    let says_nothing = || !response.headers.contains_key(CACHE_CONTROL);
    if response.status == StatusCode::NOT_MODIFIED && says_nothing() {
        return Ok(());
    }
    if is_of_request(forward.target.path()) && !is_stored_nowhere(&response.headers) {
        return response.insert_header(CACHE_CONTROL, ASKED_FOR);
    }
    match private(&response.headers) {
        Some(value) => response.insert_header(CACHE_CONTROL, value),
        None => Ok(()),
    }
}

/// The `Cache-Control` that the answer needs (RFC 9111, 5.2.2); `None` when it has that already.
fn private(headers: &HeaderMap) -> Option<HeaderValue> {
    if !headers.contains_key(CACHE_CONTROL) {
        return Some(PRIVATE);
    }
    let said = || said(headers);
    let keeps_private = said().any(|it| is(it, "private")) && !said().any(is_shared);
    if is_stored_nowhere(headers) || keeps_private {
        return None;
    }
    let mut value = "private".to_owned();
    for directive in said().filter(|it| !is(it, "private") && !is_shared(it)) {
        value.push_str(", ");
        value.push_str(directive);
    }
    Some(HeaderValue::try_from(value).unwrap_or(PRIVATE))
}

fn is_stored_nowhere(headers: &HeaderMap) -> bool {
    said(headers).any(|it| is(it, "no-store"))
}

fn said(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(directives)
}

fn directives(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(str::trim).filter(|it| !it.is_empty())
}

/// Whether a directive is made for shared caches. `private="field"` keeps a field private and not
/// the answer, so it does not count as `private`.
fn is_shared(directive: &str) -> bool {
    let name = directive.split('=').next().unwrap_or(directive).trim();
    ["public", "s-maxage", "proxy-revalidate"].iter().any(|shared| is(name, shared))
}

fn is(directive: &str, name: &str) -> bool {
    directive.eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[], Some("private"))]
    #[case(&["public, max-age=3600"], Some("private, max-age=3600"))]
    #[case(&["Public", "S-MaxAge=60, immutable"], Some("private, immutable"))]
    #[case(&["max-age=31536000, immutable"], Some("private, max-age=31536000, immutable"))]
    #[case(&["no-cache"], Some("private, no-cache"))]
    #[case(&["private, s-maxage=5"], Some("private"))]
    #[case(&["private=\"set-cookie\", max-age=5"], Some("private, private=\"set-cookie\", max-age=5"))]
    #[case(&["private, max-age=5"], None)]
    #[case(&["no-cache, no-store, must-revalidate"], None)]
    fn e9_only_the_browser_keeps_an_answer(#[case] lines: &[&str], #[case] expected: Option<&str>) {
        let line = |line: &&str| (CACHE_CONTROL, line.parse().unwrap());
        let told = private(&lines.iter().map(line).collect());
        assert_eq!(told.as_ref().map(|value| value.to_str().unwrap()), expected);
    }
}
