//! Jira's own defence against forged requests, as `XsrfResourceFilter` does it: same origin as
//! Tomcat sees itself, then the token. It must not know what the request wants.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use url::Url;

use super::state::Shared;
use super::visitor::Visitor;

/// The request may have been forged by another site.
pub(super) struct Forged;

impl IntoResponse for Forged {
    /// As Jira answers it: plain text.
    fn into_response(self) -> Response {
        (StatusCode::FORBIDDEN, "XSRF check failed").into_response()
    }
}

/// Refuses unless `Origin` or `Referer` is of the base address.
pub(super) fn check_origin(app: &Shared, headers: &HeaderMap) -> Result<(), Forged> {
    let own = Url::parse(&app.base_url()).ok().map(|url| url.origin());
    let is_own = |name| {
        let text = headers.get(name).and_then(|value| value.to_str().ok());
        let origin = text.and_then(|text| Url::parse(text).ok()).map(|url| url.origin());
        origin.is_some() && origin == own
    };
    if is_own(header::ORIGIN) || is_own(header::REFERER) { Ok(()) } else { Err(Forged) }
}

/// Like [`check_origin`], but only for what calls itself a browser, as for REST calls.
pub(super) fn check_origin_of_browser(app: &Shared, headers: &HeaderMap) -> Result<(), Forged> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let is_browser = agent.is_some_and(|agent| agent.contains("Mozilla"));
    if is_browser { check_origin(app, headers) } else { Ok(()) }
}

/// Refuses unless the form sent the cookie's token, or a header that no form can send.
pub(super) fn check_token(
    visitor: &Visitor,
    headers: &HeaderMap,
    sent: Option<&str>,
) -> Result<(), Forged> {
    let no_check = headers.get("x-atlassian-token").is_some_and(|value| value == "no-check");
    if no_check || sent == Some(&visitor.xsrf_token) { Ok(()) } else { Err(Forged) }
}
