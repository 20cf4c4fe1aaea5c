//! A form that is posted to a page of this room, as text. Must not know what its fields mean.

use axum::extract::rejection::StringRejection;
use http::HeaderMap;

use crate::reading::MediaType;

/// The fields as they were sent; `None` for a body that is no form, no text or too long.
pub(super) fn read(headers: &HeaderMap, body: Result<String, StringRejection>) -> Option<String> {
    body.ok().filter(|_| MediaType::of(headers).is_some_and(|it| it.is_form()))
}
