//! The head of an answer of the upstream, on its way to the customer. It is taken in as strictly as a
//! stranger's request: whatever two readers could understand in two ways becomes a 502.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{StatusCode, Version};
use pingora::http::ResponseHeader;
use pingora::{Error, ErrorType, Result};

use super::context::RequestContext;
use super::framing::{self, Framing};
use super::{caching, hop_by_hop, links};

/// Makes an answer one for the customer.
///
/// # Errors
/// When it is none that everybody would read alike.
pub(super) fn pass_on(answer: &mut ResponseHeader, context: &RequestContext) -> Result<()> {
    check_framing(answer)?;
    hop_by_hop::end_answer(answer);
    context.app.upstream.translate(answer)?;
    links::shorten(answer, context)?;
    caching::keep_private(answer, context)
}

/// Makes an interim answer (1xx) one for the customer: the status and nothing else. Nothing that an
/// interim answer can say is of use here, and a header in it would pass by everything below.
///
/// # Errors
/// For a 101: whoever may ask for another protocol is served by the tunnel, not here.
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
    // A 204 has no body. Who believes a length there waits for one, or takes the next answer for it.
    if answer.status == StatusCode::NO_CONTENT && framing != Framing::Unsaid {
        answer.remove_header(&CONTENT_LENGTH);
        answer.remove_header(&TRANSFER_ENCODING);
    }
    Ok(())
}

fn unreadable<T>(why: &'static str) -> Result<T> {
    Err(Error::new_up(ErrorType::Custom(why)))
}
