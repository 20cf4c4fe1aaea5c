//! The form that carries a message by HTTP-POST (SAML bindings 2.0, 3.5). Must not know what a message says.

use url::form_urlencoded;

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
pub(super) struct Twice(&'static str);

impl Form {
    /// The names of the fields.
    pub(super) const FIELDS: [&str; 3] = ["SAMLRequest", "SAMLResponse", "RelayState"];

    /// Reads the fields. Others are ignored.
    pub(super) fn parse(body: &str) -> Result<Self, Twice> {
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

/// Whether a form comes from another site, without the cookies of the gate's that the browser may have.
pub(super) fn is_from_elsewhere(caller: &Caller, body: &str) -> bool {
    matches!(caller.found, SessionLookup::NoCookie) && !foreign_form::is_second_post(body)
}
