//! The provider that a person chose last, in a cookie of its own, so that they need not choose
//! again. The cookie holds an id and nothing about the person. Must not know which providers exist.

use http::{HeaderMap, HeaderValue};

use crate::domain::{ProviderId, PublicUrl};
use crate::session::cookie;

/// Long enough for a person who asks for help twice a year.
const AGE_SECONDS: u64 = 180 * 24 * 60 * 60;
const PURPOSE: &str = "provider";

/// The id in the browser's cookie. Browsers can send anything: the caller finds out whether the
/// provider exists.
pub(super) fn read(headers: &HeaderMap, public_url: &PublicUrl) -> Option<ProviderId> {
    let name = cookie::name(public_url, PURPOSE);
    ProviderId::parse(cookie::value(headers, &name)?).ok()
}

/// A `Set-Cookie` value that remembers a provider.
pub(super) fn remember(provider: &ProviderId, public_url: &PublicUrl) -> Option<HeaderValue> {
    let name = cookie::name(public_url, PURPOSE);
    cookie::set(public_url, &name, provider.as_str(), Some(AGE_SECONDS))
}
