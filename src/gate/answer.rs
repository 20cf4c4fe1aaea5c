//! The answer of the upstream, on its way to the customer. Its head is read as strictly as a
//! stranger's request: whatever could be read in two ways becomes a 502. It must not know how a
//! body is rewritten.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Method, StatusCode, Version};
use parking_lot::Mutex;
use pingora::http::ResponseHeader;
use pingora::{Error, ErrorType, Result};

use super::context::RequestContext;
use super::framing::{self, Framing};
use super::{at_jira, caching, hop_by_hop, links};

/// Prepares the answer to a `method` request for the customer, and notes how its body is rewritten.
///
/// # Errors
/// When not everybody would read it alike.
pub(super) fn pass_on(
    method: &Method,
    answer: &mut ResponseHeader,
    context: &mut RequestContext,
) -> Result<()> {
    pass_on_head(answer, context)?;
    context.status = answer.status.as_u16();
    let upstream = &context.app.upstream;
    upstream.learn_route(answer, context);
    let rewriter = upstream.rewriter(method, answer)?;
    context.rewriter = rewriter.map(|rewriter| Box::new(Mutex::new(rewriter)));
    Ok(())
}

/// Prepares the head of an answer for the customer. Its body passes as it is.
///
/// # Errors
/// When not everybody would read it alike.
pub(super) fn pass_on_head(
    answer: &mut ResponseHeader,
    context: &mut RequestContext,
) -> Result<()> {
    check_framing(answer)?;
    hop_by_hop::end_answer(answer);
    context.app.upstream.translate(answer)?;
    at_jira::answered::check(answer, context)?;
    links::shorten(answer, context)?;
    caching::keep_private(answer, context)
}

/// Passes on one part of the body of an answer.
///
/// # Errors
/// When it cannot be rewritten, or the customer takes it too slowly.
pub(super) fn pass_on_body(
    body: &mut Option<Bytes>,
    is_end: bool,
    context: &mut RequestContext,
) -> Result<()> {
    if let Some(rewriter) = &mut context.rewriter {
        let part = body.take().unwrap_or_default();
        let rewritten = rewriter.get_mut().push(part, is_end);
        *body = Some(rewritten.map_err(|error| {
            Error::because(ErrorType::Custom("its body does not decode"), "", error).into_up()
        })?);
    }
    let length = body.as_ref().map_or(0, Bytes::len);
    if context.answer.as_mut().is_some_and(|pace| !pace.note(length)) {
        return Err(Error::explain(ErrorType::WriteTimedout, "below the least rate").into_down());
    }
    if is_end {
        context.hold.end_turn();
    }
    Ok(())
}

/// Prepares an interim answer (1xx) for the customer: only the status is left. No header of an interim
/// answer is of use here, and none of them would go through the checks of this file.
///
/// # Errors
/// For a 101: WebSockets go through the tunnel, and nothing else may change the protocol.
pub(super) fn pass_on_interim(answer: &mut ResponseHeader) -> Result<()> {
    if answer.status == StatusCode::SWITCHING_PROTOCOLS {
        return unreadable("another protocol, which nobody asked for");
    }
    let mut bare = ResponseHeader::build(answer.status, Some(0))?;
    bare.set_version(answer.version);
    *answer = bare;
    Ok(())
}

/// RFC 9112, 6.1 to 6.3.
fn check_framing(answer: &mut ResponseHeader) -> Result<()> {
    let Some(framing) = framing::of(&answer.headers) else {
        return unreadable("the length of its body can be read in two ways");
    };
    if framing == Framing::Chunked && answer.version == Version::HTTP_10 {
        return unreadable("its body is in chunks, which HTTP/1.0 does not know");
    }
    // A 204 has no body. A reader that believes a length there waits for one, or takes the next
    // answer for it.
    if answer.status == StatusCode::NO_CONTENT && framing != Framing::Unsaid {
        answer.remove_header(&CONTENT_LENGTH);
        answer.remove_header(&TRANSFER_ENCODING);
    }
    Ok(())
}

fn unreadable<T>(why: &'static str) -> Result<T> {
    Err(Error::new_up(ErrorType::Custom(why)))
}
