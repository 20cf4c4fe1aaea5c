//! Files: uploads as a form and as a bare stream, downloads with names and ranges. A large file is
//! counted or made up, never kept.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, StatusCode, header};
use minijinja::{Value, context};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::data::requests::CustomerRequest;
use super::redirect::found;
use super::state::{App, Attachment, Content, Shared};
use super::visitor::Visitor;
use super::{pages, xsrf};

/// What a form may upload; it is kept in memory.
const FORM_LIMIT: usize = 25 * 1024 * 1024;
const CHUNK: u64 = 64 * 1024;
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

pub(super) fn routes() -> Router<App> {
    let upload = post(upload_form).layer(DefaultBodyLimit::max(FORM_LIMIT));
    Router::new()
        .route("/servicedesk/customer/portal/{id}/{key}/attachment", upload)
        .route("/servicedesk/customershim/upload", post(upload_stream))
        .route("/servicedesk/customershim/secure/attachment/{id}/{name}", get(download))
}

/// The path of a file, context path included.
pub(super) fn path(context_path: &str, id: u64, name: &str) -> String {
    let name = utf8_percent_encode(name, NAME);
    format!("{context_path}/servicedesk/customershim/secure/attachment/{id}/{name}")
}

/// Where the form of a request's page sends files to.
pub(super) fn upload_path(app: &Shared, request: &CustomerRequest) -> String {
    let CustomerRequest { portal_id, key, .. } = request;
    format!("{}/servicedesk/customer/portal/{portal_id}/{key}/attachment", app.context_path())
}

/// The files of a request, for its page.
pub(super) fn of_request(app: &Shared, key: &str) -> Value {
    let all = app.change(|state| state.attachments.clone());
    let own = all.iter().filter(|it| it.request.as_deref() == Some(key));
    own.map(|it| {
        let path = pages::address(&path(app.context_path(), it.id, &it.name));
        context! { name => it.name.as_str(), path => path }
    })
    .collect()
}

#[derive(Deserialize)]
struct RequestPath {
    key: String,
}

async fn upload_form(
    State(app): State<App>,
    visitor: Visitor,
    Path(target): Path<RequestPath>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    if let Err(refusal) = xsrf::check_origin(&app, &headers) {
        return refusal.into_response();
    }
    let Some(request) = app.request(&target.key, visitor.customer.as_deref()) else {
        return pages::not_found(State(app), visitor).await;
    };
    let upload = match Upload::read(form).await {
        Ok(upload) => upload,
        Err(error) => return error.into_response(),
    };
    if let Err(refusal) = xsrf::check_token(&visitor, &headers, upload.token.as_deref()) {
        return refusal.into_response();
    }
    app.change(|state| {
        for (name, bytes) in upload.files {
            let author = visitor.customer.as_deref().unwrap_or_default();
            state.attach(&name, Some(&request.key), author, Content::Uploaded(bytes));
        }
    });
    let CustomerRequest { portal_id, key, .. } = request;
    found(&format!("{}/servicedesk/customer/portal/{portal_id}/{key}", app.base_url()))
}

/// What a multipart form brought.
#[derive(Default)]
struct Upload {
    token: Option<String>,
    files: Vec<(String, Bytes)>,
}

impl Upload {
    async fn read(mut form: Multipart) -> Result<Self, MultipartError> {
        let mut upload = Self::default();
        while let Some(field) = form.next_field().await? {
            match (field.name(), field.file_name().map(str::to_owned)) {
                (Some("atl_token"), _) => upload.token = Some(field.text().await?),
                (_, Some(name)) if !name.is_empty() => {
                    upload.files.push((name, field.bytes().await?));
                }
                _ => {}
            }
        }
        Ok(upload)
    }
}

/// Reads any body to its end, keeps nothing and says what it was.
async fn upload_stream(State(app): State<App>, headers: HeaderMap, body: Body) -> Response {
    if let Err(refusal) = xsrf::check_origin_of_browser(&app, &headers) {
        return refusal.into_response();
    }
    let (mut bytes, mut digest) = (0, Sha256::new());
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let Ok(chunk) = chunk else { return StatusCode::BAD_REQUEST.into_response() };
        bytes += chunk.len();
        digest.update(&chunk);
    }
    let sha256 = digest.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Json(json!({"bytes": bytes, "sha256": sha256})).into_response()
}

#[derive(Deserialize)]
struct FilePath {
    id: u64,
}

async fn download(
    State(app): State<App>,
    visitor: Visitor,
    Path(file): Path<FilePath>,
    headers: HeaderMap,
) -> Response {
    let found = app.change(|state| state.attachments.iter().find(|it| it.id == file.id).cloned());
    let may_see = |it: &Attachment| {
        let request = it.request.as_deref();
        request.is_none_or(|key| app.request(key, visitor.customer.as_deref()).is_some())
    };
    let Some(attachment) = found.filter(may_see) else {
        return pages::not_found(State(app), visitor).await;
    };
    send(attachment, headers.get(header::RANGE).and_then(|value| value.to_str().ok()))
}

pub(super) fn send(attachment: Attachment, range: Option<&str>) -> Response {
    let total = attachment.content.len();
    let (status, range) = match range.map_or(Asked::Whole, |range| Asked::parse(range, total)) {
        Asked::Whole => (StatusCode::OK, 0..total),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Outside => {
            let unsatisfied = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, unsatisfied).into_response();
        }
    };
    let name = utf8_percent_encode(&attachment.name, NAME);
    let mut headers = vec![
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (header::CONTENT_LENGTH, (range.end - range.start).to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end.saturating_sub(1);
        headers.push((header::CONTENT_RANGE, format!("bytes {}-{last}/{total}", range.start)));
    }
    let mut response = (status, attachment.content.body(range)).into_response();
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// What a `Range` header asks for (RFC 9110 section 14.1.2).
#[derive(Debug, Eq, PartialEq)]
enum Asked {
    /// Not a single range of bytes, so the header is ignored.
    Whole,
    Part(Range<u64>),
    Outside,
}

impl Asked {
    fn parse(text: &str, total: u64) -> Self {
        match single_range(text, total) {
            None => Self::Whole,
            Some(range) if range.is_empty() => Self::Outside,
            Some(range) => Self::Part(range),
        }
    }
}

fn single_range(text: &str, total: u64) -> Option<Range<u64>> {
    match text.strip_prefix("bytes=")?.split_once('-')? {
        ("", suffix) => Some(total.saturating_sub(suffix.parse().ok()?)..total),
        (first, "") => Some(first.parse().ok()?..total),
        (first, last) => {
            let end = last.parse::<u64>().ok()?.saturating_add(1).min(total);
            Some(first.parse().ok()?..end)
        }
    }
}

impl Content {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Uploaded(bytes) => bytes.len() as u64,
            Self::MadeUp { bytes, .. } => *bytes,
        }
    }

    fn body(self, range: Range<u64>) -> Body {
        match self {
            Self::Uploaded(bytes) => {
                let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                Body::from(bytes.slice(index(range.start)..index(range.end)))
            }
            Self::MadeUp { pause, .. } => made_up(range, pause),
        }
    }
}

/// Byte `n` of a made-up file is `n % 251`, so that a piece out of place shows.
fn made_up(range: Range<u64>, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(range, move |rest| async move {
        if rest.is_empty() {
            return None;
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let end = rest.end.min(rest.start + CHUNK);
        let chunk: Bytes = (rest.start..end).map(|at| (at % 251).to_le_bytes()[0]).collect();
        Some((Ok::<_, std::convert::Infallible>(chunk), end..rest.end))
    }))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("bytes=0-9", Asked::Part(0..10))]
    #[case("bytes=90-", Asked::Part(90..100))]
    #[case("bytes=-10", Asked::Part(90..100))]
    #[case("bytes=90-500", Asked::Part(90..100))]
    #[case("bytes=100-", Asked::Outside)]
    #[case("bytes=0-1,4-5", Asked::Whole)]
    #[case("lines=1-2", Asked::Whole)]
    fn a_single_range_is_understood(#[case] text: &str, #[case] expected: Asked) {
        assert_eq!(Asked::parse(text, 100), expected);
    }
}
