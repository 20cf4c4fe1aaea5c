//! How answers travel: compressed, and in small pieces. It must not know what they say.

use std::io::Write as _;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::BodyExt as _;

use super::state::App;

/// What is done to the bodies of text answers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sending {
    /// `gzip` or `br`, for whoever accepts it.
    pub(super) coding: Option<&'static str>,
    /// Bytes a piece.
    pub(super) piece: Option<usize>,
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

/// Compressed; nothing when that fails, which writing to memory never does.
fn compress(coding: &str, whole: &[u8]) -> Bytes {
    if coding == "br" {
        let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
        let _ = encoder.write_all(whole);
        return Bytes::from(encoder.into_inner());
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let _ = encoder.write_all(whole);
    Bytes::from(encoder.finish().unwrap_or_default())
}
