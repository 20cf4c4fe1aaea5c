//! Files of requests, passed on from JSM as they come. A file may be anything, whatever it says it is: only
//! pictures that are pictures are shown, everything else is saved. Must not know which files a customer may
//! have.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::HostedState;
use super::visit::Visit;
use crate::domain::AttachmentId;
use crate::jsm::requests::FileKind;
use crate::jsm::{ByteRange, Download, Error};
use crate::portal::forms::file_name;
use crate::problem::Problem;

/// The pictures that a browser may show (docs/security.md P9). SVG is none of them: it has scripts.
pub(super) const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// What may stand unescaped in a file name (RFC 8187 section 3.2.1).
const FILE_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// `GET /p/{link}/{key}/files/{id}`
pub(super) async fn content(
    State(state): State<HostedState>,
    Path((_, key, id)): Path<(String, String, String)>,
    headers: HeaderMap,
    visit: Visit,
) -> Response {
    let range = headers.get(header::RANGE).and_then(ByteRange::parse);
    let opened = open(&state, &visit, (&key, &id), FileKind::Content, range.as_ref()).await;
    opened.unwrap_or_else(|problem| state.pages.tell(&problem, &visit.caller))
}

/// `GET /p/{link}/{key}/files/{id}/thumbnail`
pub(super) async fn thumbnail(
    State(state): State<HostedState>,
    Path((_, key, id)): Path<(String, String, String)>,
    visit: Visit,
) -> Response {
    let opened = open(&state, &visit, (&key, &id), FileKind::Thumbnail, None).await;
    opened.unwrap_or_else(|problem| state.pages.tell(&problem, &visit.caller))
}

async fn open(
    state: &HostedState,
    visit: &Visit,
    (key, id): (&str, &str),
    kind: FileKind,
    range: Option<&ByteRange>,
) -> Result<Response, Problem> {
    let key = Visit::key(key)?;
    let id = AttachmentId::parse(id).map_err(|_| Problem::NotFound)?;
    let request = state.gatekeeper.request(visit.asking(), &key).await;
    let request = visit.noting_refusal(state, &key, request)?;
    let file = match state.gatekeeper.file(&request, id).await {
        Err(Problem::NotFound) => return Err(visit.refuse_id(state, &key, "file")),
        file => file?,
    };
    let account = &visit.customer.account;
    let download = state.gatekeeper.open(account, &file, kind, range).await?;
    Ok(passed_on(download, &file.name).await)
}

async fn passed_on(download: Download, name: &str) -> Response {
    let Download { status, length, range, mut body } = download;
    let first = body.next().await;
    // A part of a file does not say what the whole is.
    let is_whole = range.is_none();
    let picture = first.as_ref().and_then(|chunk| chunk.as_ref().ok());
    let picture = picture.filter(|_| is_whole).and_then(|chunk| picture_type(chunk));
    let body = stream::iter(first).chain(body).map(|chunk| chunk.map_err(Broken));
    let mut response = Response::new(Body::from_stream(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let kind = picture.unwrap_or("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, disposition(picture.is_some(), name));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(range) = range {
        headers.insert(header::CONTENT_RANGE, range);
    }
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// JSM stopped in the middle of a file.
#[derive(Debug, thiserror::Error)]
#[error("a file broke off")]
struct Broken(#[source] Error);

fn picture_type(beginning: &Bytes) -> Option<&'static str> {
    let kind = infer::get(beginning)?.mime_type();
    PICTURES.into_iter().find(|picture| *picture == kind)
}

/// Whether a browser shows or saves it, and under which name (RFC 6266).
fn disposition(shows: bool, name: &str) -> HeaderValue {
    let how = if shows { "inline" } else { "attachment" };
    let name = file_name(name);
    let escaped = utf8_percent_encode(&name, FILE_NAME);
    let value = HeaderValue::try_from(format!("{how}; filename*=UTF-8''{escaped}"));
    value.unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::png(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Some("image/png"))]
    #[case::jpeg(b"\xff\xd8\xff\xe0\x00\x10JFIF", Some("image/jpeg"))]
    #[case::gif(b"GIF89a\x01\x00", Some("image/gif"))]
    #[case::webp(b"RIFF\x00\x00\x00\x00WEBPVP8 ", Some("image/webp"))]
    #[case::svg(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", None)]
    #[case::html(b"<!doctype html><script>x()</script>", None)]
    #[case::xhtml(b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", None)]
    #[case::pdf(b"%PDF-1.7", None)]
    #[case::bitmap(b"BM\x00\x00", None)]
    #[case::nothing(b"", None)]
    fn p9_only_pictures_that_are_pictures_are_shown(
        #[case] beginning: &'static [u8],
        #[case] shown: Option<&str>,
    ) {
        assert_eq!(picture_type(&Bytes::from_static(beginning)), shown);
    }

    #[test]
    fn p9_a_name_cannot_end_the_header() {
        let value = disposition(false, "a\"; filename=b.html");
        assert_eq!(value, "attachment; filename*=UTF-8''a%22%3B%20filename%3Db.html");
    }
}
