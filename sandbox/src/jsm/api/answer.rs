//! Answers of the REST API and both shapes of its refusals.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// What a handler gives back.
pub(in crate::jsm) type Answer = Result<Response, Refusal>;

/// An error as JSM or as the platform below it words one.
#[derive(Debug)]
pub(in crate::jsm) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    /// JSM's own shape.
    pub(in crate::jsm) fn jsm(status: StatusCode, sentence: &str, key: &str) -> Self {
        let body = json!({
            "errorMessage": sentence,
            "i18nErrorMessage": {"i18nKey": key, "parameters": []},
        });
        Self { status, body }
    }

    /// The platform's shape.
    pub(in crate::jsm) fn platform(status: StatusCode, sentence: &str) -> Self {
        Self { status, body: json!({"errorMessages": [sentence], "errors": {}}) }
    }

    /// Any body.
    pub(in crate::jsm) fn with_body(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }

    pub(in crate::jsm) fn bad_request(sentence: &str, key: &str) -> Self {
        Self::jsm(StatusCode::BAD_REQUEST, sentence, key)
    }

    pub(in crate::jsm) fn no_desk() -> Self {
        Self::jsm(
            StatusCode::NOT_FOUND,
            "The service desk does not exist.",
            "sd.servicedesk.error.not.found",
        )
    }

    pub(in crate::jsm) fn experimental() -> Self {
        Self::jsm(StatusCode::PRECONDITION_FAILED, "This API is experimental.", "sd.experimental")
    }

    /// What Data Center answers where it has no such call.
    pub(in crate::jsm) fn no_call() -> Self {
        let body = json!({"message": "null for uri", "status-code": 404});
        Self { status: StatusCode::NOT_FOUND, body }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

/// 200 with JSON.
#[expect(clippy::unnecessary_wraps, reason = "the last word of a handler that may refuse")]
pub(in crate::jsm) fn found(value: Value) -> Answer {
    Ok(Json(value).into_response())
}

/// 201 with JSON.
#[expect(clippy::unnecessary_wraps, reason = "the last word of a handler that may refuse")]
pub(in crate::jsm) fn created(value: Value) -> Answer {
    Ok((StatusCode::CREATED, Json(value)).into_response())
}

/// 204.
#[expect(clippy::unnecessary_wraps, reason = "the last word of a handler that may refuse")]
pub(in crate::jsm) fn nothing() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}
