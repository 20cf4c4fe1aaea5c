//! What the body of a data call may name, and the look into it before it is forwarded: whole or not at
//! all.

use http::{HeaderMap, Method, header};
use pingora::proxy::Session;

use super::{Isolation, Stop};
use crate::gate::form::{kinds, names_another_alphabet};
use crate::gate::policy::stem;
use crate::gate::whole_body::{Room, WholeBody};
use crate::problem::Problem;

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
        let apis = ["/rest/servicedesk/", "/rest/servicedeskapi/", "/gateway/api/proforma/"];
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

/// Checks what the body of a call of `path` names, and hands it over to be forwarded.
pub(crate) async fn look_into(
    session: &mut Session,
    isolation: &mut Isolation<'_>,
    path: &str,
    room: &Room,
) -> Result<WholeBody, Stop> {
    let request = session.req_header();
    let content = Content::of(&request.method, path, &request.headers);
    if request.headers.contains_key(header::CONTENT_ENCODING) {
        return refuse("its body is compressed");
    }
    if names_another_alphabet(&request.headers) {
        return refuse("its body is not in UTF-8");
    }
    let body = room.read(session, isolation.is_of_nobody()).await.map_err(Stop::Problem)?;
    if body.bytes().is_empty() {
        Ok(())
    } else if content.as_query {
        isolation.check_form(body.bytes())
    } else {
        isolation.check_json(body.bytes())
    }?;
    Ok(body)
}

fn refuse<T>(reason: &'static str) -> Result<T, Stop> {
    Err(Stop::Problem(Problem::bad_request(reason)))
}
