//! The cookies that a browser brings.

use cookie::Cookie;
use http::{HeaderMap, header};

/// The cookie of Jira's own session.
pub(super) const SESSION_COOKIE: &str = "JSESSIONID";

/// The value of a cookie of a browser's.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}
