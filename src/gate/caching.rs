//! Keeps what one customer may see out of caches that serve others. It must not know what an answer
//! is about: whoever is logged in gets it for themselves.

use http::HeaderValue;
use http::header::CACHE_CONTROL;
use pingora::Result;
use pingora::http::ResponseHeader;

use super::context::RequestContext;

/// What content networks obey before `Cache-Control` (RFC 9213 and its forerunners).
const FOR_NETWORKS: [&str; 3] =
    ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control"];

/// Makes an answer to somebody logged in private. Browsers keep it as long as JSM says.
pub(super) fn keep_private(response: &mut ResponseHeader, context: &RequestContext) -> Result<()> {
    if context.passed.as_ref().is_none_or(|passed| passed.session.is_none()) {
        return Ok(());
    }
    for name in FOR_NETWORKS {
        response.remove_header(name);
    }
    let lines: Vec<_> = response.headers.get_all(CACHE_CONTROL).iter().collect();
    match private(&lines) {
        Some(value) => response.insert_header(CACHE_CONTROL, value),
        None => Ok(()),
    }
}

/// What `Cache-Control` has to be (RFC 9111, 5.2.2); `None` when it is that already.
fn private(lines: &[&HeaderValue]) -> Option<String> {
    let text = |line: &&HeaderValue| line.to_str().map(str::to_owned);
    let said = lines.iter().map(text).collect::<std::result::Result<Vec<_>, _>>();
    // What cannot be read as text is replaced.
    let said = said.unwrap_or_default().join(", ");
    let directives = || said.split(',').map(str::trim).filter(|it| !it.is_empty());
    let is = |directive: &str, name: &str| directive.eq_ignore_ascii_case(name);
    if directives().any(|it| is(it, "no-store")) {
        return None;
    }
    // `private="field"` keeps a field private, not the answer, and its list may have commas.
    let shared = |it: &str| {
        let name = it.split('=').next().unwrap_or(it).trim();
        ["public", "s-maxage", "proxy-revalidate"].iter().any(|other| is(name, other))
    };
    if directives().any(|it| is(it, "private")) && !directives().any(shared) {
        return None;
    }
    let kept = directives().filter(|it| !is(it, "private") && !shared(it));
    Some(std::iter::once("private").chain(kept).collect::<Vec<_>>().join(", "))
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
        let lines: Vec<HeaderValue> = lines.iter().map(|line| line.parse().unwrap()).collect();
        assert_eq!(private(&lines.iter().collect::<Vec<_>>()).as_deref(), expected);
    }
}
