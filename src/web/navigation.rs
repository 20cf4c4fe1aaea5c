//! Distinguishes a navigation, which may be redirected to the login, from a script's request, which
//! may not: a redirect there ends in a cross-origin error that nobody can read. Must not know
//! anything but headers.

use http::{HeaderMap, Method, header};

/// Whether to answer an unauthenticated request with a redirect to the provider; anything else gets
/// a 401.
///
/// The four signals are those of `OIDCUnAuthAction` in `mod_auth_openidc`: `X-Requested-With`,
/// `Sec-Fetch-Mode`, `Sec-Fetch-Dest` and `Accept`. A prefetch must not start a login either (it
/// would fill the browser with pending logins), and a WebSocket cannot follow a redirect.
#[must_use]
pub fn wants_redirect(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && is_navigation(headers)
}

/// Whether a person may be looking at the answer: it has a page, which no answer to HEAD has (RFC 9110
/// section 9.3.2). Only for such a request somebody is vouched for, sent to a login, or shown what is shown once.
#[must_use]
pub fn may_be_looked_at(method: &Method, headers: &HeaderMap) -> bool {
    method != Method::HEAD && is_navigation(headers)
}

/// Whether a page of its own is asked for, and not a picture, a frame, a script or a prefetch.
#[must_use]
pub fn is_navigation(headers: &HeaderMap) -> bool {
    !says(headers, "x-requested-with", "xmlhttprequest")
        && !other_than(headers, "sec-fetch-mode", "navigate")
        && !other_than(headers, "sec-fetch-dest", "document")
        && accepts_a_page(headers)
        && !is_prefetch(headers)
        && !headers.contains_key(header::UPGRADE)
}

/// Whether the browser says that it navigates. Clients that are no browsers say nothing.
#[must_use]
pub fn is_browser(headers: &HeaderMap) -> bool {
    let is = |name, value: &str| values(headers, name).any(|found| found == value);
    is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document")
}

/// Whether a page of another site sent the browser here.
#[must_use]
pub fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    values(headers, "sec-fetch-site").any(|site| site == "cross-site")
}

/// No `Accept` at all means anything (RFC 9110 section 12.5.1).
fn accepts_a_page(headers: &HeaderMap) -> bool {
    let page = ["text/html", "application/xhtml+xml", "*/*"];
    !headers.contains_key(header::ACCEPT)
        || values(headers, "accept").any(|value| page.iter().any(|kind| value.contains(kind)))
}

/// `Sec-Purpose` is the standard; the other two are what older browsers send.
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| says(headers, name, "prefetch"))
}

fn says(headers: &HeaderMap, name: &str, word: &str) -> bool {
    values(headers, name).any(|value| value.contains(word))
}

fn other_than(headers: &HeaderMap, name: &str, expected: &str) -> bool {
    values(headers, name).any(|value| value != expected)
}

fn values(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    let text = |value: &http::HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase()
    };
    headers.get_all(name).iter().map(text)
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use rstest::rstest;

    use super::*;

    const PAGE: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    #[rstest]
    #[case::nothing_said(&[], true)]
    #[case::curl(&[("accept", "*/*")], true)]
    #[case::browser(&[PAGE, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")], true)]
    #[case::old_browser(&[PAGE], true)]
    #[case::xml_http_request(&[PAGE, ("x-requested-with", "XMLHttpRequest")], false)]
    #[case::fetch(&[("accept", "*/*"), ("sec-fetch-mode", "cors")], false)]
    #[case::image(&[("accept", "image/png,*/*"), ("sec-fetch-dest", "image")], false)]
    #[case::frame(&[PAGE, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], false)]
    #[case::json(&[("accept", "application/json")], false)]
    #[case::prefetch(&[PAGE, ("sec-purpose", "prefetch;prerender")], false)]
    #[case::old_prefetch(&[PAGE, ("purpose", "prefetch")], false)]
    #[case::web_socket(&[("upgrade", "websocket"), ("connection", "Upgrade")], false)]
    fn only_navigations_are_redirected(
        #[case] headers: &[(&'static str, &'static str)],
        #[case] redirected: bool,
    ) {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let headers: HeaderMap = headers.iter().map(header).collect();
        assert_eq!(wants_redirect(&Method::GET, &headers), redirected);
        assert!(!wants_redirect(&Method::POST, &headers));
    }
}
