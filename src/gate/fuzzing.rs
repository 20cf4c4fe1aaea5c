//! Gives the fuzz targets in `fuzz/` access to what is private to the request path. It must not
//! decide anything.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method};
use pingora::http::ResponseHeader;
use url::Url;

use super::rewrite::{Addresses, BodyRewriter};
use super::translate::Translation;
use crate::domain::PublicUrl;
use crate::jsm::paths::Route;
use crate::reading::Target;

/// A request target that was let through.
#[derive(Debug)]
pub struct Accepted {
    /// What is forwarded.
    pub raw: String,
    /// What is decided on.
    pub path: String,
    /// What follows a substitute link in `raw`, if there is one.
    pub after_link: Option<String>,
}

/// Parses a request target as the gate does; `None` when it refuses.
#[must_use]
pub fn request_target(raw: &[u8]) -> Option<Accepted> {
    let target = Target::parse(raw).ok()?;
    let after_link = match Route::of(&target) {
        Route::Link { prefix, .. } => Some(target.raw().get(prefix..)?.to_owned()),
        _ => None,
    };
    let (raw, path) = (target.raw().to_owned(), target.path().to_owned());
    Some(Accepted { raw, path, after_link })
}

/// Headers between two addresses.
#[derive(Debug)]
pub struct Headers(Translation);

impl Headers {
    /// Between the gate and JSM at a base address.
    #[must_use]
    pub fn new(public: &PublicUrl, upstream: &Url) -> Self {
        Self(Translation::new(public, upstream))
    }

    /// A header from JSM to the customer; `None` when it is dropped.
    #[must_use]
    pub fn down(&self, name: &HeaderName, value: HeaderValue) -> Option<HeaderValue> {
        let mut response = ResponseHeader::build(200, None).ok()?;
        response.append_header(name.clone(), value).ok()?;
        self.0.headers_down(&mut response).ok()?;
        response.remove_header(name)
    }

    /// `Origin` or `Referer` from the customer to JSM; `None` when it is not changed.
    #[must_use]
    pub fn up(&self, address: &str) -> Option<String> {
        self.0.address_up(address)
    }
}

/// Rewrites a body that comes in chunks; `None` when it is left alone or breaks off.
#[must_use]
pub fn rewritten<'a>(
    (upstream, public): (&Url, &PublicUrl),
    content_type: &'static str,
    coding: Option<&'static str>,
    chunks: impl Iterator<Item = &'a [u8]>,
) -> Option<Vec<u8>> {
    let addresses = Arc::new(Addresses::new(upstream, public)?);
    let mut response = ResponseHeader::build(200, None).ok()?;
    response.append_header(CONTENT_TYPE, content_type).ok()?;
    if let Some(coding) = coding {
        response.append_header(CONTENT_ENCODING, coding).ok()?;
    }
    let mut rewriter = BodyRewriter::begin(&addresses, &Method::GET, &mut response).ok()??;
    let mut out = Vec::new();
    for chunk in chunks {
        out.extend(rewriter.push(Bytes::copy_from_slice(chunk), false).ok()?);
    }
    out.extend(rewriter.push(Bytes::new(), true).ok()?);
    Some(out)
}
