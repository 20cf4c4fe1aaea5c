//! Reads the body of a data call before it is forwarded, whole or not at all. pingora plays back
//! what was read, so that the upstream gets exactly what was looked at.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use pingora::proxy::Session;

use super::{Isolation, Stop};
use crate::gate::form::kinds;
use crate::gate::policy::stem;
use crate::problem::Problem;

/// What of a body is looked into. pingora plays back 64 KiB at most; a text field of Jira holds
/// 32,767 characters.
const LONGEST: usize = 60 * 1024;

/// How long such a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// Calls whose body says which portal they are about, whatever type it claims to have.
const ALWAYS_JSON: [&str; 2] = ["models", "request"];

/// What of a request's body there is to look into.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Content {
    /// It may name a portal: a data call that changes something.
    names: bool,
    /// Names stand in it as in a query, not as JSON.
    as_query: bool,
}

impl Content {
    /// By a request's head alone.
    pub(crate) fn of(method: &Method, path: &str, headers: &HeaderMap) -> Self {
        if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Self::default();
        }
        let apis = ["/rest/servicedesk/", "/rest/servicedeskapi/"];
        let data_call = apis.iter().any(|api| path.starts_with(api));
        let says_portal = ALWAYS_JSON.contains(&last_name(path));
        let file = is_multipart(headers) || last_name(path) == "attachTemporaryFile";
        let names = data_call && (says_portal || !file);
        Self { names, as_query: is_nothing_but_a_form(headers) && !says_portal }
    }

    /// Whether it may name a portal.
    pub(crate) fn may_name(self) -> bool {
        self.names
    }
}

/// Whether a public portal opens a call to nobody by standing in its body: the one call that JSM's
/// pages get everything from. Others could be about something else than what they name.
pub(super) fn opens_by_body(path: &str) -> bool {
    let call = path.strip_prefix("/rest/servicedesk/").and_then(|call| call.split_once('/'));
    let in_place = call.is_some_and(|(_, rest)| {
        rest.trim_end_matches('/').strip_prefix("customer/").is_some_and(|it| !it.contains('/'))
    });
    in_place && last_name(path) == "models"
}

/// The name of a call, without the suffix by which Jira's REST picks a format.
fn last_name(path: &str) -> &str {
    stem(path.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
}

/// Whatever else may be read as JSON is: as a form, JSON would be one field of an unknown name.
fn is_nothing_but_a_form(headers: &HeaderMap) -> bool {
    let mut kinds = kinds(headers).peekable();
    let is_form = |kind: String| {
        kind.split(';').next().map(str::trim) == Some("application/x-www-form-urlencoded")
    };
    kinds.peek().is_some() && kinds.all(is_form)
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let mut kinds = kinds(headers).peekable();
    kinds.peek().is_some() && kinds.all(|kind| kind.starts_with("multipart/"))
}

/// Checks what the body of a call of `path` names.
pub(crate) async fn look_into(
    session: &mut Session,
    isolation: &mut Isolation<'_>,
    path: &str,
) -> Result<(), Stop> {
    let request = session.req_header();
    let content = Content::of(&request.method, path, &request.headers);
    if request.headers.contains_key(header::CONTENT_ENCODING) {
        return refuse("its body is compressed");
    }
    let body = match tokio::time::timeout(PATIENCE, read(session)).await {
        Ok(Ok(body)) => body,
        Ok(Err(reason)) => return refuse(reason),
        Err(_) => return refuse("its body takes too long"),
    };
    if body.is_empty() {
        Ok(())
    } else if content.as_query {
        isolation.check_form(&body)
    } else {
        isolation.check_json(&body)
    }
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

fn refuse(reason: &'static str) -> Result<(), Stop> {
    Err(Stop::Problem(Problem::bad_request(reason)))
}
