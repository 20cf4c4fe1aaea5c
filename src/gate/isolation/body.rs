//! Reads the body of a data call before it is forwarded, whole or not at all. pingora plays back
//! what was read, so that the upstream gets exactly what was looked at.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use pingora::proxy::Session;

use super::{Isolation, Stop};
use crate::error::Problem;

/// What of a body is looked into. pingora plays back 64 KiB at most; a text field of Jira holds
/// 32,767 characters.
const LONGEST: usize = 60 * 1024;

/// How long such a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// Calls whose body says which portal they are about, whatever type it claims to have.
const ALWAYS_JSON: [&str; 2] = ["/models", "/request"];

/// Whether a request may name a portal in its body: a data call of the portal that brings JSON.
pub(crate) fn needs_a_look(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let data_call =
        ["/rest/servicedesk/", "/rest/servicedeskapi/"].iter().any(|api| path.starts_with(api));
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    data_call && !safe && brings_json(path, headers)
}

/// Files and forms are not looked into: no data call takes a portal's number from them.
fn brings_json(path: &str, headers: &HeaderMap) -> bool {
    let plain = path.trim_end_matches('/');
    if ALWAYS_JSON.iter().any(|end| plain.ends_with(end)) {
        return true;
    }
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter().map(HeaderValue::as_bytes);
    let says_json = |kind: &[u8]| kind.to_ascii_lowercase().windows(4).any(|it| it == b"json");
    !headers.contains_key(header::CONTENT_TYPE) || kinds.any(says_json)
}

/// Checks what the body names.
pub(crate) async fn look_into(
    session: &mut Session,
    isolation: &mut Isolation<'_>,
) -> Result<(), Stop> {
    if session.req_header().headers.contains_key(header::CONTENT_ENCODING) {
        return refuse("its body is compressed");
    }
    let body = match tokio::time::timeout(PATIENCE, read(session)).await {
        Ok(Ok(body)) => body,
        Ok(Err(reason)) => return refuse(reason),
        Err(_) => return refuse("its body takes too long"),
    };
    if body.is_empty() { Ok(()) } else { isolation.check_json(&body) }
}

async fn read(session: &mut Session) -> Result<Bytes, &'static str> {
    let downstream = session.as_downstream_mut();
    if downstream.is_body_done() {
        return Ok(Bytes::new());
    }
    downstream.enable_retry_buffering();
    let expects = downstream.req_header().headers.contains_key(header::EXPECT);
    if expects && downstream.write_continue_response().await.is_err() {
        return Err("its body broke off");
    }
    let mut length = 0;
    while let Some(chunk) =
        downstream.read_request_body().await.map_err(|_| "its body broke off")?
    {
        length += chunk.len();
        if length > LONGEST {
            return Err("its body is too large to be looked into");
        }
    }
    // What is played back is what was read, and nothing else is: both come from one buffer.
    let read = downstream.get_retry_buffer().unwrap_or_default();
    if read.len() == length { Ok(read) } else { Err("its body could not be kept") }
}

fn refuse(reason: &str) -> Result<(), Stop> {
    Err(Stop::Problem(Problem::bad_request(reason)))
}
