//! The requests and issues that paths name, and their desks.

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;

use super::super::data::requests::CustomerRequest;
use super::super::desk::Desk;
use super::super::state::{App, Shared};
use super::answer::Refusal;
use super::ask::in_path;

/// The request that `{key}` of the path names, by its key or the issue's id.
pub(super) struct OfRequest(pub(super) CustomerRequest);

impl FromRequestParts<App> for OfRequest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let key = in_path(parts, app, "key").await;
        let there = app.change(|state| state.find(&key).cloned());
        there.filter(|it| it.type_id.is_some()).map(Self).ok_or_else(no_request)
    }
}

pub(super) fn no_request() -> Refusal {
    let sentence = "The request does not exist, or you do not have permission to view it.";
    Refusal::jsm(StatusCode::NOT_FOUND, sentence, "sd.request.error.not.found")
}

/// The desk of a request.
pub(super) fn desk_of(app: &Shared, request: &CustomerRequest) -> Result<Desk, Refusal> {
    app.desk_by_portal(request.portal_id).ok_or_else(Refusal::no_desk)
}

/// The issue that `{key}` of the path names, with a request type or without.
pub(super) struct OfIssue(pub(super) CustomerRequest);

impl FromRequestParts<App> for OfIssue {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let key = in_path(parts, app, "key").await;
        app.change(|state| state.find(&key).cloned()).map(Self).ok_or_else(no_issue)
    }
}

pub(super) fn no_issue() -> Refusal {
    let sentence = "Issue does not exist or you do not have permission to see it.";
    Refusal::platform(StatusCode::NOT_FOUND, sentence)
}
