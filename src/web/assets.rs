//! The static files of the gate's own pages. Their addresses change with their contents, so
//! that browsers may keep them for ever. Must not know which page uses what.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, body::Body};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::{Caller, WebState};
use crate::problem::Problem;

/// A file whose address changes with its content may be kept for ever.
pub(crate) const FOR_EVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// The style of all pages.
pub(crate) const STYLE: Asset = Asset {
    name: "style.css",
    kind: "text/css; charset=utf-8",
    content: include_str!("static/style.css"),
};

/// Takes the `#fragment` along to the login.
pub(crate) const CONTINUE: Asset = Asset {
    name: "continue.js",
    kind: "text/javascript; charset=utf-8",
    content: include_str!("static/continue.js"),
};

/// Shows a page as soon as it is available.
pub(crate) const RETRY: Asset = Asset {
    name: "retry.js",
    kind: "text/javascript; charset=utf-8",
    content: include_str!("static/retry.js"),
};

/// Narrows the list of portals.
pub(crate) const FILTER: Asset = Asset {
    name: "filter.js",
    kind: "text/javascript; charset=utf-8",
    content: include_str!("static/filter.js"),
};

/// Removes secrets from the address bar.
pub(crate) const ADDRESS: Asset = Asset {
    name: "address.js",
    kind: "text/javascript; charset=utf-8",
    content: include_str!("static/address.js"),
};

/// Posts a provider's answer once more.
pub(crate) const RESUBMIT: Asset = Asset {
    name: "resubmit.js",
    kind: "text/javascript; charset=utf-8",
    content: include_str!("static/resubmit.js"),
};

/// The lock in the browser's tab.
pub(crate) const ICON: Asset =
    Asset { name: "icon.svg", kind: "image/svg+xml", content: include_str!("static/icon.svg") };

/// A file that is part of the binary.
pub(crate) struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

impl Asset {
    /// Where it is served. The number in it changes with the content.
    pub(crate) fn address(&self) -> String {
        format!("/_gate/static/{}?v={}", self.name, fingerprint(self.content.as_bytes()))
    }
}

/// A number that changes with the content.
pub(crate) fn fingerprint(content: &[u8]) -> String {
    let add = |sum: u32, byte: &u8| sum.wrapping_mul(16_777_619) ^ u32::from(*byte);
    format!("{:08x}", content.iter().fold(0, add))
}

/// `GET /_gate/static/{file}`
pub(crate) async fn serve(
    State(state): State<WebState>,
    Extension(caller): Extension<Caller>,
    Path(file): Path<String>,
) -> Response {
    let all = [STYLE, CONTINUE, FILTER, RETRY, ADDRESS, RESUBMIT, ICON];
    let Some(asset) = all.into_iter().find(|asset| asset.name == file) else {
        return state.pages.tell(&Problem::NotFound, &caller);
    };
    let mut response = Response::new(Body::from(asset.content));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(CACHE_CONTROL, FOR_EVER);
    response
}
