//! What every request to the stand-in passes through: it is recorded with its answer's place, may be answered otherwise, and
//! its answer may travel in other ways. It must not change any request.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, header};
use http_body_util::BodyExt as _;

use super::faults::Way;
use super::record::{Recorded, SeenRequest};
use super::sending::{Sending, compress};
use super::state::App;

/// Middleware: records the request and counts its body as it passes.
pub(super) async fn record(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut seen = SeenRequest {
        method: parts.method.clone(),
        target: parts.uri.to_string(),
        version: parts.version,
        headers: parts.headers.clone(),
        body_len: 0,
        json: Vec::new(),
        began: 0,
        answered: None,
    };
    let kind = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_json = kind.is_some_and(|kind| kind.starts_with(b"application/json"));
    let (crowd, read) = app.change(|state| {
        seen.began = state.crowd.next_place();
        let (recorded, read) = Recorded::new(seen);
        state.seen.push(recorded);
        (Arc::clone(&state.crowd), read)
    });
    let _present = crowd.enter();
    let of_body = read.clone();
    let counted = body.into_data_stream().inspect(move |chunk| {
        of_body.note(chunk.as_ref().map_or(&[], Bytes::as_ref), is_json);
    });
    let answer = next.run(Request::from_parts(parts, Body::from_stream(counted))).await;
    read.note_answer(crowd.next_place());
    answer
}

/// Middleware: delays, then answers from the can while there is something in it.
pub(super) async fn misbehave(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let method = request.method();
    let (delay, canned) = app.change(|state| (state.faults.delay, state.faults.take(method, path)));
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let Some(canned) = canned else { return next.run(request).await };
    match canned.way() {
        Way::Instead => canned.into_response(),
        Way::Lost => {
            drop(next.run(request).await);
            // Ends the task of this connection, and so the connection, without a word.
            std::panic::resume_unwind(Box::new("the answer is lost"))
        }
        Way::Silent => {
            drop(next.run(request).await);
            std::future::pending().await
        }
        Way::Never => std::future::pending().await,
    }
}

/// Middleware: sends text answers as told, and everything else as it is.
pub(super) async fn send(State(app): State<App>, request: Request, next: Next) -> Response {
    let Sending { coding, piece } = app.change(|state| state.sending);
    let coding = coding.filter(|coding| accepts(request.headers(), coding));
    let (mut parts, body) = next.run(request).await.into_parts();
    if (coding.is_none() && piece.is_none()) || !is_text(&parts.headers) {
        return Response::from_parts(parts, body);
    }
    let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    let sent = match coding {
        Some(coding) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            parts.headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
            compress(coding, &whole)
        }
        None => whole,
    };
    let piece = piece.unwrap_or(sent.len()).max(1);
    let pieces: Vec<_> =
        sent.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let pieces: Vec<Result<Bytes, std::convert::Infallible>> = pieces;
    Response::from_parts(parts, Body::from_stream(stream::iter(pieces)))
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.split(", ").any(|name| name == coding))
}

fn is_text(headers: &HeaderMap) -> bool {
    let of = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    of.is_some_and(|of| of.starts_with("text/") || of.starts_with("application/json"))
}
