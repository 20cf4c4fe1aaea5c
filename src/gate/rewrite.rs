//! Rewrites the bodies of answers where JSM has another address than the gate: which answers, and
//! what becomes of their headers. It is fed with chunks and must not know connections.

mod address;
mod coding;
mod cursor;
mod eligible;
#[cfg(test)]
mod properties;
mod text;

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, ETAG, HeaderName, HeaderValue};
use pingora::Result;
use pingora::http::ResponseHeader;

pub(crate) use address::Addresses;
pub(crate) use coding::acceptable;

use coding::Coded;
use eligible::eligible;
use text::TextRewriter;

/// Headers that are no longer true of a body that was changed.
const OF_THE_OLD_BODY: [HeaderName; 6] = [
    CONTENT_LENGTH,
    ACCEPT_RANGES,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];

/// A body that cannot be rewritten any further: it is not what `Content-Encoding` says, or one
/// chunk of it expands to too much. The rest of it is not sent.
#[derive(Debug, thiserror::Error)]
#[error("the body's content coding: {0}")]
pub(crate) struct RewriteError(#[from] std::io::Error);

/// The body of one answer while it passes.
pub(crate) struct BodyRewriter(Body);

enum Body {
    Plain(TextRewriter),
    Coded(Box<Coded>),
}

impl BodyRewriter {
    /// The rewriter for an answer to a `method` request, if its body is one to rewrite; its
    /// headers are made to fit.
    pub(crate) fn begin(
        addresses: &Arc<Addresses>,
        method: &Method,
        response: &mut ResponseHeader,
    ) -> Result<Option<Self>> {
        let Some(eligible) = eligible(method, response) else { return Ok(None) };
        for name in &OF_THE_OLD_BODY {
            response.remove_header(name);
        }
        weaken_etag(response)?;
        let text = TextRewriter::new(Arc::clone(addresses));
        let body = match eligible.coding {
            Some(coding) => Body::Coded(Box::new(Coded::new(coding, text))),
            None => Body::Plain(text),
        };
        Ok(Some(Self(body)))
    }

    /// Takes the next chunk and returns what is certain by now; after the `last` one, everything.
    ///
    /// # Errors
    /// When the rest of the body must not be sent.
    pub(crate) fn push(&mut self, chunk: Bytes, last: bool) -> Result<Bytes, RewriteError> {
        match &mut self.0 {
            Body::Plain(text) => Ok(text.push(chunk, last)),
            Body::Coded(coded) => coded.push(&chunk, last),
        }
    }
}

/// The same page, but not the same bytes (RFC 9110, 8.8.1).
fn weaken_etag(response: &mut ResponseHeader) -> Result<()> {
    let Some(etag) = response.headers.get(ETAG).filter(|etag| !etag.as_bytes().starts_with(b"W/"))
    else {
        return Ok(());
    };
    let weak = [b"W/", etag.as_bytes()].concat();
    match HeaderValue::from_bytes(&weak) {
        Ok(weak) => response.insert_header(ETAG, weak),
        Err(_) => Ok(()),
    }
}
