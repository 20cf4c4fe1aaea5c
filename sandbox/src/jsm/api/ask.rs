//! What is asked: parameters, JSON bodies, and the things that paths name.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::request::Parts;
use http::{StatusCode, header};
use serde::de::DeserializeOwned;

use super::super::desk::Desk;
use super::super::state::{App, Shared};
use super::answer::Refusal;
use super::paging::Window;

/// The parameters of the query, in order, each as often as it came.
pub(in crate::jsm) struct Asked(Vec<(String, String)>);

impl Asked {
    /// The first value of a parameter.
    pub(in crate::jsm) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter, which may be repeated or hold several between commas.
    pub(in crate::jsm) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.0.iter().filter(move |(it, _)| it == name);
        values.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|it| !it.is_empty())
    }

    /// Whether a parameter is `true`.
    pub(in crate::jsm) fn flag(&self, name: &str, otherwise: bool) -> bool {
        self.first(name).map_or(otherwise, |value| value.eq_ignore_ascii_case("true"))
    }

    pub(in crate::jsm) fn number(&self, name: &str, otherwise: usize) -> usize {
        self.first(name).and_then(|value| value.parse().ok()).unwrap_or(otherwise)
    }

    /// The part of a list, as JSM's calls have it.
    pub(in crate::jsm) fn window(&self) -> Window {
        Window { start: self.number("start", 0), limit: self.number("limit", 50) }
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        Ok(Self(url::form_urlencoded::parse(query).into_owned().collect()))
    }
}

/// A body of JSON with exactly the members of `T`.
pub(in crate::jsm) struct Sent<T>(pub(in crate::jsm) T);

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json")) {
            let sentence = "Unsupported Media Type";
            return Err(Refusal::platform(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence));
        }
        let unreadable = |reason: String| {
            let sentence = format!(
                "Invalid request payload. Refer to the REST API documentation \
                                    and try again. {reason}"
            );
            Refusal::platform(StatusCode::BAD_REQUEST, &sentence)
        };
        let bytes = Bytes::from_request(request, app).await;
        let bytes = bytes.map_err(|error| unreadable(error.to_string()))?;
        let sent = serde_json::from_slice(&bytes);
        sent.map(Self).map_err(|error| unreadable(error.to_string()))
    }
}

/// What a name in the path stands for; empty when the path has none of that name.
pub(in crate::jsm) async fn in_path(parts: &mut Parts, app: &App, name: &str) -> String {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
    path.ok().and_then(|Path(mut all)| all.remove(name)).unwrap_or_default()
}

/// The service desk that `{desk}` of the path names.
pub(in crate::jsm) struct InDesk(pub(in crate::jsm) Desk);

impl FromRequestParts<App> for InDesk {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let id = in_path(parts, app, "desk").await;
        find_desk(app, &id).map(Self).ok_or_else(Refusal::no_desk)
    }
}

/// `15`, `ABC`, `projectKey:ABC`, `projectId:10012` and `serviceDeskId:15` all name a desk.
pub(super) fn find_desk(app: &Shared, id: &str) -> Option<Desk> {
    let fits = |desk: &Desk| match id.split_once(':') {
        Some(("projectKey", key)) => desk.key == key,
        Some(("projectId", id)) => desk.project_id.to_string() == id,
        Some(("serviceDeskId", id)) => desk.id.to_string() == id,
        Some(_) => false,
        None => desk.id.to_string() == id || desk.key == id,
    };
    app.desks().into_iter().find(fits)
}

/// A call that must say that it knows to be experimental.
pub(in crate::jsm) struct Experimental;

impl FromRequestParts<App> for Experimental {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        let says = parts.headers.contains_key("x-experimentalapi");
        if says { Ok(Self) } else { Err(Refusal::experimental()) }
    }
}

/// A call that Data Center does not have.
pub(in crate::jsm) struct CloudOnly;

impl FromRequestParts<App> for CloudOnly {
    type Rejection = Refusal;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Refusal> {
        if app.is_cloud() { Ok(Self) } else { Err(Refusal::no_call()) }
    }
}

/// A call that Cloud does not have.
pub(in crate::jsm) struct DataCenterOnly;

impl FromRequestParts<App> for DataCenterOnly {
    type Rejection = Refusal;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Refusal> {
        if app.is_cloud() { Err(Refusal::no_call()) } else { Ok(Self) }
    }
}
