//! A form that comes from another site: read as text, and posted once more by a page of the gate's own.
//! Must not know what its fields mean.

use axum::body::Body;
use axum::extract::rejection::StringRejection;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use minijinja::{Value, context};
use url::form_urlencoded;

use super::{Pages, Preferences};
use crate::reading::MediaType;

/// Marks the second post.
const AGAIN: &str = "gate_again";

/// The fields as they were sent; `None` for a body that is no form, no text or too long.
pub(crate) fn read(headers: &HeaderMap, body: Result<String, StringRejection>) -> Option<String> {
    body.ok().filter(|_| MediaType::of(headers).is_some_and(|it| it.is_form()))
}

/// Whether a page of the gate's own has posted a form.
pub(crate) fn is_second_post(form: &str) -> bool {
    form_urlencoded::parse(form.as_bytes()).any(|(name, _)| name == AGAIN)
}

impl Pages {
    /// A page that posts the named fields of a form once more, at once or by its button. With a form from
    /// another site browsers send no `SameSite=Lax` cookie, and with this one they do.
    pub(crate) fn resubmit(
        &self,
        reader: &Preferences,
        action: &str,
        form: &str,
        names: &[&str],
    ) -> Response<Body> {
        let fields = form_urlencoded::parse(form.as_bytes());
        let fields = fields.filter(|(name, _)| names.contains(&name.as_ref()));
        let fields: Vec<Value> =
            fields.map(|(name, value)| context! { name => name, value => value }).collect();
        let values = context! { action => action, fields => fields, again => AGAIN };
        self.page(reader, StatusCode::OK, "resubmit.html", values)
    }
}
