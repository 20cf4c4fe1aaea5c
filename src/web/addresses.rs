//! The addresses of logins, which many pages link to. Must not know how a login works.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::problem::LoginOffer;

/// What may stand unescaped in a query value: RFC 3986 unreserved, and `/` for readable addresses.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The address of the login that comes back to `return_to`.
pub(crate) fn login_path(return_to: &str) -> String {
    format!("/_gate/login?return_to={}", utf8_percent_encode(return_to, QUERY_VALUE))
}

/// The address that starts a login at the provider of an offer.
pub(crate) fn login_at(login: &LoginOffer) -> String {
    let provider = login.at.as_ref().map(|id| format!("&provider={id}&go=1"));
    format!("{}{}", login_path(&login.return_to), provider.unwrap_or_default())
}

/// The address of a login as somebody else that comes back to `return_to`.
pub(crate) fn another_account_path(return_to: &str) -> String {
    format!("{}&another=1&go=1", login_path(return_to))
}
