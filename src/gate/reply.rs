//! The one way out: every response of the gate's own, page or error, leaves through [`send`], which
//! sets its length, the security headers and the cache control. It must not know what a page says.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt as _;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{Extensions, HeaderValue, Method, Version};
use http_body::Body as _;
use pingora::Result;
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::proxy::Session;

use super::context::RequestContext;
use super::load::Standing;
use crate::problem::Problem;
use crate::session::SessionLookup;
use crate::web::{Brings, ContentPolicy, FramedBy, PagePolicy, PostsItself, Viewer, wants_html};

/// Nothing inline, nothing from elsewhere, no frame around it (docs/security.md E8).
const STRICT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// For files that somebody sent: whatever is in one, a browser runs nothing of it and loads nothing for it.
const SANDBOXED: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// For pages that others show in a frame: they display nothing and may load nothing.
const FRAMED: &str = "default-src 'none'; base-uri 'none'; frame-ancestors";

/// How long a customer may take for a page of the gate's own. They are small.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// The page that tells a problem to whoever sent the request, as far as that is known.
pub(crate) fn problem(
    request: &RequestHeader,
    context: &RequestContext,
    problem: &Problem,
) -> http::Response<Body> {
    let preferences = context.app.pages.preferences(&request.headers);
    let viewer = Viewer {
        request_id: context.request_id.as_str(),
        session: context.found.as_ref().and_then(SessionLookup::session).map(AsRef::as_ref),
        html: wants_html(&request.headers),
        brings: Brings::with(&request.method),
        preferences: &preferences,
    };
    context.app.pages.problem(problem, &viewer).map(Body::from)
}

/// Sends a response and notes its status for the log.
///
/// # Errors
/// When the customer's connection breaks.
pub(crate) async fn send(
    session: &mut Session,
    context: &mut RequestContext,
    response: http::Response<Body>,
) -> Result<()> {
    if !context.hold.is_charged() {
        context.charge(None);
    }
    let (parts, mut body) = response.into_parts();
    if context.hold.standing() == Standing::FarOver {
        // Pages that nobody reads would pile up.
        body = Body::empty();
    }
    session.set_write_timeout(Some(WRITE_TIMEOUT));
    let mut header = ResponseHeader::build(parts.status, Some(parts.headers.len() + 10))?;
    for (name, value) in &parts.headers {
        header.append_header(name, value)?;
    }
    set_security_headers(&mut header, context)?;
    set_content_policy(&mut header, &parts.extensions)?;
    set_length(&mut header, session.req_header().version, body.size_hint().exact())?;
    context.status = parts.status.as_u16();

    let bodiless = session.req_header().method == Method::HEAD || body.is_end_stream();
    session.write_response_header(Box::new(header), bodiless).await?;
    if bodiless {
        return Ok(());
    }
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            pingora::Error::because(pingora::ErrorType::InternalError, "page body", error)
        })?;
        session.write_response_body(Some(chunk), false).await?;
    }
    session.write_response_body(None, true).await
}

fn set_security_headers(header: &mut ResponseHeader, context: &RequestContext) -> Result<()> {
    header.insert_header(X_CONTENT_TYPE_OPTIONS, "nosniff")?;
    // Not `no-referrer`: browsers would then send `Origin: null` with the gate's own forms.
    header.insert_header(REFERRER_POLICY, "same-origin")?;
    header.insert_header("Cross-Origin-Opener-Policy", "same-origin")?;
    header.insert_header("X-Request-Id", context.request_id.as_str())?;
    if !header.headers.contains_key(CACHE_CONTROL) {
        header.insert_header(CACHE_CONTROL, "no-store")?;
    }
    if context.app.config.gate.public_url.is_https() {
        header.insert_header(STRICT_TRANSPORT_SECURITY, "max-age=31536000")?;
    }
    Ok(())
}

/// Sets what browsers may do with the response, by the policy of its route. Without a route it is
/// the strict one.
fn set_content_policy(header: &mut ResponseHeader, extensions: &Extensions) -> Result<()> {
    let policy = extensions.get().unwrap_or(&PagePolicy::STRICT);
    let framed_by = match policy.content {
        ContentPolicy::Sandboxed => {
            header.insert_header("Cross-Origin-Resource-Policy", "same-origin")?;
            header.insert_header(CONTENT_SECURITY_POLICY, SANDBOXED)?;
            return header.insert_header(X_FRAME_OPTIONS, "DENY");
        }
        ContentPolicy::Posting if extensions.get::<PostsItself>().is_some() => {
            // With `same-origin` browsers would send `Origin: null`, which some sites take for an attack.
            header.insert_header(REFERRER_POLICY, "strict-origin")?;
            header.insert_header(CONTENT_SECURITY_POLICY, PostsItself::content_policy())?;
            return header.insert_header(X_FRAME_OPTIONS, "DENY");
        }
        ContentPolicy::Strict | ContentPolicy::Posting => None,
        ContentPolicy::Framed => extensions.get().filter(|by: &&FramedBy| !by.0.is_empty()),
    };
    let Some(FramedBy(origins)) = framed_by else {
        header.insert_header(CONTENT_SECURITY_POLICY, STRICT)?;
        return header.insert_header(X_FRAME_OPTIONS, "DENY");
    };
    // `X-Frame-Options` cannot name several origins.
    let policy = format!("{FRAMED} {}", origins.join(" "));
    header.insert_header(CONTENT_SECURITY_POLICY, policy)
}

/// Without a length, an HTTP/1.1 connection would have to be closed to mark the end.
fn set_length(header: &mut ResponseHeader, version: Version, length: Option<u64>) -> Result<()> {
    match length {
        Some(length) => header.insert_header(CONTENT_LENGTH, length.to_string()),
        None if version == Version::HTTP_11 => header.insert_header(TRANSFER_ENCODING, "chunked"),
        None => Ok(()),
    }
}
