//! The form that carries a message by HTTP-POST (SAML bindings 2.0, 3.5). Must not know what a message says.

use std::sync::Arc;

use axum::extract::rejection::StringRejection;
use axum::response::Response;
use http::{HeaderMap, Method};
use url::form_urlencoded;

use super::{ServiceProvider, SsoState, refusal};
use crate::problem::Problem;
use crate::session::SessionLookup;
use crate::web::{Caller, foreign_form};

/// Its fields, each at most once.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) request: Option<String>,
    pub(super) response: Option<String>,
    pub(super) relay_state: Option<String>,
}

/// A field is there twice, so that readers may take one or the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the form has {0} twice")]
struct Twice(&'static str);

impl Form {
    /// The names of the fields.
    const FIELDS: [&str; 3] = ["SAMLRequest", "SAMLResponse", "RelayState"];

    /// Reads the fields. Others are ignored.
    fn parse(body: &str) -> Result<Self, Twice> {
        let mut fields = [None, None, None];
        for (name, value) in form_urlencoded::parse(body.as_bytes()) {
            let known = fields.iter_mut().zip(Self::FIELDS).find(|(_, field)| *field == name);
            if let Some((place, field)) = known
                && place.replace(value.into_owned()).is_some()
            {
                return Err(Twice(field));
            }
        }
        let [request, response, relay_state] = fields;
        Ok(Self { request, response, relay_state })
    }
}

/// Takes a form that is posted to an endpoint of a service provider's: `sso` or `logout`.
///
/// # Errors
/// With the page that is shown instead. A form from another site comes without the cookies of the gate's that
/// the browser may have: the gate's own page posts it once more.
pub(super) fn take(
    state: &SsoState,
    caller: &Caller,
    (id, endpoint): (&str, &str),
    headers: &HeaderMap,
    body: Result<String, StringRejection>,
) -> Result<(Arc<ServiceProvider>, Form), Box<Response>> {
    let from = state.opened(id, caller, &Method::POST, headers)?;
    let Some(body) = foreign_form::read(headers, body) else {
        return Err(Box::new(state.problem(&Problem::bad_request("it is not a form"), caller)));
    };
    if is_from_elsewhere(caller, &body) {
        let action = format!("/_gate/saml/{}/{endpoint}", from.id());
        let page = state.pages.resubmit(&caller.preferences, &action, &body, &Form::FIELDS);
        return Err(Box::new(page));
    }
    match Form::parse(&body) {
        Ok(form) => Ok((from, form)),
        Err(twice) => Err(Box::new(refusal::of_unreadable(state, caller, &from, &twice))),
    }
}

fn is_from_elsewhere(caller: &Caller, body: &str) -> bool {
    matches!(caller.found, SessionLookup::NoCookie) && !foreign_form::is_second_post(body)
}
