//! Puts the substitute link in place of JSM's own address where JSM redirects a browser into a
//! portal. It must not know what either looks like.

use http::StatusCode;
use http::header::LOCATION;
use pingora::Result;
use pingora::http::ResponseHeader;

use super::context::RequestContext;
use crate::jsm::paths::{Route, substitute_link};

/// Rewrites `Location` when it leads into a portal from outside. Within a portal it stays: its
/// pages are at JSM's own address, so every step would be redirected from the link back to it. 307
/// and 308 stay, too: the link's redirect does not repeat a POST.
pub(super) fn shorten(response: &mut ResponseHeader, context: &RequestContext) -> Result<()> {
    const SENT_ON: [StatusCode; 3] =
        [StatusCode::MOVED_PERMANENTLY, StatusCode::FOUND, StatusCode::SEE_OTHER];
    if !SENT_ON.contains(&response.status) {
        return Ok(());
    }
    let location = response.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let public_url = &context.app.config.gate.public_url;
    let Some(here) = context.forward.as_ref().map(|forward| Route::of(&forward.target)) else {
        return Ok(());
    };
    let context_path = context.app.upstream.context_path();
    let link =
        |location| substitute_link(location, &here, (public_url, context_path), &context.portals);
    match location.and_then(link) {
        Some(link) => response.insert_header(LOCATION, link),
        None => Ok(()),
    }
}
