//! The ways in which the stand-in misbehaves on request. It must not know what it answers
//! otherwise.

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

/// A ready-made answer.
#[derive(Clone, Debug)]
pub struct Canned {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: bytes::Bytes,
    path_prefix: String,
    /// The method and a part of the path, if it is for such calls only.
    call: Option<(Method, String)>,
    way: Way,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    /// It is answered without being looked at.
    Instead,
    /// It is carried out, and then the connection ends without an answer.
    Lost,
    /// It is carried out, and never answered.
    Silent,
    /// It is neither carried out nor answered.
    Never,
}

impl Canned {
    /// An answer with a JSON body. A number that is no status becomes 500.
    #[must_use]
    pub fn json(status: u16, body: impl Into<bytes::Bytes>) -> Self {
        Self::new(status, "application/json;charset=UTF-8", body.into())
    }

    /// An answer with a plain text body. A number that is no status becomes 500.
    #[must_use]
    pub fn text(status: u16, body: impl Into<bytes::Bytes>) -> Self {
        Self::new(status, "text/plain;charset=UTF-8", body.into())
    }

    /// A page, as a proxy in front of JSM sends one.
    #[must_use]
    pub fn html(status: u16, body: impl Into<bytes::Bytes>) -> Self {
        Self::new(status, "text/html;charset=UTF-8", body.into())
    }

    /// 429 as Cloud words it: which of its limits, and the seconds to wait.
    #[must_use]
    pub fn rate_limited(reason: &str, retry_after: &str) -> Self {
        let error = r#"{"errorMessages":["Rate limit exceeded."],"errors":{}}"#;
        let limited = Self::json(429, error).header("retry-after", retry_after);
        limited.header("ratelimit-reason", reason)
    }

    /// No answer: the call is carried out, then the connection ends.
    #[must_use]
    pub fn lost() -> Self {
        Self { way: Way::Lost, ..Self::text(500, "") }
    }

    /// No answer ever, though the call is carried out.
    #[must_use]
    pub fn silent() -> Self {
        Self { way: Way::Silent, ..Self::text(500, "") }
    }

    /// No answer ever, and nothing is carried out.
    #[must_use]
    pub fn hanging() -> Self {
        Self { way: Way::Never, ..Self::text(500, "") }
    }

    fn new(status: u16, content_type: &'static str, body: bytes::Bytes) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static(content_type))];
        Self { status, headers, body, path_prefix: String::new(), call: None, way: Way::Instead }
    }

    /// The same with one more header; one that cannot be sent is left out.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.extend(
            HeaderValue::from_str(value).ok().map(|value| (HeaderName::from_static(name), value)),
        );
        self
    }

    /// The same, for requests only whose path begins so.
    #[must_use]
    pub fn for_paths(self, prefix: &str) -> Self {
        Self { path_prefix: prefix.to_owned(), ..self }
    }

    /// The same, for calls with this method only whose path has this part.
    #[must_use]
    pub fn for_calls(self, method: Method, part: &str) -> Self {
        Self { call: Some((method, part.to_owned())), ..self }
    }

    fn is_for(&self, method: &Method, path: &str) -> bool {
        let of_call = |(own, part): &(Method, String)| own == method && path.contains(part);
        path.starts_with(&self.path_prefix) && self.call.as_ref().is_none_or(of_call)
    }

    pub(super) const fn way(&self) -> Way {
        self.way
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = (self.status, Body::from(self.body)).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}

/// Everything that is switched on now.
#[derive(Debug)]
pub(super) struct Faults {
    canned: VecDeque<Canned>,
    pub(super) delay: Duration,
    pub(super) page_cap: usize,
    pub(super) stall_pages: bool,
    pub(super) refuse_token: bool,
    pub(super) scoped_token: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            canned: VecDeque::new(),
            delay: Duration::ZERO,
            page_cap: 50,
            stall_pages: false,
            refuse_token: false,
            scoped_token: false,
        }
    }
}

impl Faults {
    pub(super) fn can(&mut self, times: usize, canned: &Canned) {
        self.canned.extend(std::iter::repeat_n(canned.clone(), times));
    }

    pub(super) fn take(&mut self, method: &Method, path: &str) -> Option<Canned> {
        let index = self.canned.iter().position(|it| it.is_for(method, path))?;
        self.canned.remove(index)
    }
}
