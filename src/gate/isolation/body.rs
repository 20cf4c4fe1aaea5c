//! Reads the whole body of a data call before it is forwarded, and checks what it names. It must
//! not know what is closed to whom.

use http::header;
use pingora::proxy::Session;

use super::{Isolation, Refused};
use crate::gate::whole_body::{Room, WholeBody};
use crate::jsm::paths::Content;
use crate::problem::Problem;

/// Checks what the body of a request names, and returns it to be forwarded.
pub(crate) async fn check_body(
    session: &mut Session,
    isolation: &mut Isolation<'_>,
    content: Content,
    room: &Room,
) -> Result<WholeBody, Refused> {
    if content.has_ambiguous_charset() {
        return Err(Refused::Problem(Problem::bad_request("its body is not in UTF-8")));
    }
    let body = read_body(session, isolation.is_of_nobody(), room).await;
    let body = body.map_err(Refused::Problem)?;
    isolation.check_content(content, body.bytes())?;
    Ok(body)
}

/// Reads a whole body of which something is decided. `stranger` says that nobody is logged in.
pub(crate) async fn read_body(
    session: &mut Session,
    stranger: bool,
    room: &Room,
) -> Result<WholeBody, Problem> {
    if session.req_header().headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::bad_request("its body is compressed"));
    }
    room.read(session, stranger).await
}
