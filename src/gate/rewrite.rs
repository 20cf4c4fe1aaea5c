//! Rewrites the bodies of answers where JSM has another address than the gate: which answers, and
//! what becomes of their headers. It is fed with chunks and knows nothing of connections.

mod address;
mod coding;
mod cursor;
mod eligible;
mod html;
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
use eligible::{Kind, eligible};
use html::HtmlStage;
use text::TextRewriter;

/// What no longer holds of a body that was changed.
const OF_THE_OLD_BODY: [HeaderName; 6] = [
    CONTENT_LENGTH,
    ACCEPT_RANGES,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];

/// A body that cannot be rewritten any further. What was not sent yet is not sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RewriteError {
    /// Not what `Content-Encoding` says, or more than may come out of one piece of it.
    #[error("the body's content coding: {0}")]
    Coding(#[from] std::io::Error),
    /// The HTML rewriter gave up.
    #[error("the page: {0}")]
    Html(#[from] lol_html::errors::RewritingError),
}

/// One answer's body on its way through.
pub(crate) struct BodyRewriter(Body);

enum Body {
    Plain(Content),
    Coded(Box<Coded>),
}

/// A body without its content coding.
struct Content {
    text: TextRewriter,
    html: Option<Box<HtmlStage>>,
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
        let text = TextRewriter::new(Arc::clone(addresses));
        let html = (eligible.kind == Kind::Html && addresses.has_context())
            .then(|| Box::new(HtmlStage::new(Arc::clone(addresses))));
        let content = Content { text, html };
        let body = match eligible.coding {
            Some(coding) => Body::Coded(Box::new(Coded::new(coding, content))),
            None => Body::Plain(content),
        };
        for name in &OF_THE_OLD_BODY {
            response.remove_header(name);
        }
        weaken_etag(response)?;
        Ok(Some(Self(body)))
    }

    /// Takes the next chunk and returns what is certain; everything once it was the `last`.
    ///
    /// # Errors
    /// When the rest of the body must not be sent.
    pub(crate) fn push(&mut self, chunk: Bytes, last: bool) -> Result<Bytes, RewriteError> {
        match &mut self.0 {
            Body::Plain(content) => content.push(chunk, last),
            Body::Coded(coded) => coded.push(&chunk, last),
        }
    }
}

impl Content {
    fn push(&mut self, chunk: Bytes, last: bool) -> Result<Bytes, RewriteError> {
        let text = self.text.push(chunk, last);
        match &mut self.html {
            Some(html) => Ok(html.push(text, last)?),
            None => Ok(text),
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
