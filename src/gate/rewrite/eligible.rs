//! Which answers are rewritten: whole ones, of text that has addresses in it, in a character
//! encoding and a content coding that can be read. It must not look into bodies.

use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap,
};
use http::{Method, StatusCode};
use pingora::http::ResponseHeader;

use super::coding::Coding;
use crate::reading::MediaType;

/// What is known of an answer that is to be rewritten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Eligible {
    /// `None` when the body is sent as it is.
    pub(super) coding: Option<Coding>,
}

/// `None` when the answer is left alone.
pub(super) fn eligible(method: &Method, response: &ResponseHeader) -> Option<Eligible> {
    let headers = &response.headers;
    let whole = response.status.is_success()
        && response.status != StatusCode::NO_CONTENT
        && response.status != StatusCode::PARTIAL_CONTENT
        && !headers.contains_key(CONTENT_RANGE);
    // Without its length, an empty answer could only end by closing the connection.
    let is_empty = headers.get(CONTENT_LENGTH).is_some_and(|length| length == "0");
    if !whole
        || is_empty
        || method == Method::HEAD
        || is_download(headers)
        || forbids_changes(headers)
    {
        return None;
    }
    is_text(headers).then_some(Eligible { coding: coding(headers)? })
}

/// A file that somebody uploaded must stay as it is, also when it is shown in place (`inline`). An
/// answer is such a file if it has a file name, in whichever encoding.
fn is_download(headers: &HeaderMap) -> bool {
    const SIGNS: [&[u8]; 3] = [b"attachment", b"filename", b"filename*"];
    let lines = headers.get_all(CONTENT_DISPOSITION).iter();
    let mut parts = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    parts.any(|part| {
        let word = part.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
        SIGNS.iter().any(|sign| word.eq_ignore_ascii_case(sign))
    })
}

/// RFC 9110, 7.7: a proxy must not change an answer that says `no-transform`.
fn forbids_changes(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let mut directives = lines.flat_map(|line| line.split(','));
    directives.any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
}

/// Whether it is text that has addresses in it, in an encoding in which they can be found.
fn is_text(headers: &HeaderMap) -> bool {
    let Some(media_type) = MediaType::of(headers) else { return false };
    let charset = media_type.charset().unwrap_or("utf-8");
    has_addresses(media_type.essence()) && (is_utf8(charset) || is_single_byte(charset))
}

fn has_addresses(essence: &str) -> bool {
    const TEXTS: [&str; 10] = [
        "text/html",
        "application/xhtml+xml",
        "application/json",
        "text/json",
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "text/ecmascript",
        "application/ecmascript",
        "text/css",
    ];
    TEXTS.contains(&essence) || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"].contains(&charset)
}

/// Encodings in which every byte below 128 is that ASCII character and nothing else.
fn is_single_byte(charset: &str) -> bool {
    ["iso-8859-", "windows-125", "latin1"].iter().any(|name| charset.starts_with(name))
}

/// The outer `None` stands for a coding that cannot be read.
#[expect(clippy::option_option, reason = "not readable, readable as it is, or by a coding")]
fn coding(headers: &HeaderMap) -> Option<Option<Coding>> {
    let mut lines = headers.get_all(CONTENT_ENCODING).iter();
    let Some(line) = lines.next() else { return Some(None) };
    let name = line.to_str().ok().filter(|_| lines.next().is_none())?.trim();
    if name.is_empty() || name.eq_ignore_ascii_case("identity") {
        return Some(None);
    }
    Coding::parse(name).map(Some)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)]) -> ResponseHeader {
        let mut response = ResponseHeader::build(status, None).unwrap();
        for (name, value) in headers {
            response.append_header(*name, *value).unwrap();
        }
        response
    }

    #[rstest]
    #[case("text/html", true)]
    #[case("text/html;charset=UTF-8", true)]
    #[case("Text/HTML; Charset=\"utf-8\"", true)]
    #[case("text/html; charset=ISO-8859-1", true)]
    #[case("text/html; charset=utf-16", false)]
    #[case("text/html; charset=Shift_JIS", false)]
    #[case("application/json", true)]
    #[case("application/problem+json", true)]
    #[case("text/javascript;charset=UTF-8", true)]
    #[case("text/css", true)]
    #[case("text/plain", false)]
    #[case("image/svg+xml", false)]
    #[case("application/octet-stream", false)]
    #[case("text/event-stream", false)]
    fn only_text_that_has_addresses_is_rewritten(
        #[case] content_type: &str,
        #[case] expected: bool,
    ) {
        let response = answer(200, &[("content-type", content_type)]);
        assert_eq!(eligible(&Method::GET, &response).is_some(), expected);
    }

    #[rstest]
    #[case(200, &[], true)]
    #[case(201, &[], true)]
    #[case(200, &[("content-encoding", "gzip")], true)]
    #[case(200, &[("content-encoding", "br")], true)]
    #[case(200, &[("content-encoding", "identity")], true)]
    #[case(200, &[("content-encoding", "zstd")], false)]
    #[case(200, &[("content-encoding", "gzip, br")], false)]
    #[case(200, &[("content-disposition", "inline")], true)]
    #[case(200, &[("content-disposition", "inline; filename=a.html")], false)]
    #[case(200, &[("content-disposition", "inline; FileName* = UTF-8''a.html")], false)]
    #[case(200, &[("content-disposition", "inline; filename=\"ä.html\"")], false)]
    #[case(200, &[("content-disposition", "Attachment; filename=a.html")], false)]
    #[case(200, &[("content-length", "0")], false)]
    #[case(200, &[("content-length", "10")], true)]
    #[case(200, &[("content-range", "bytes 0-1/2")], false)]
    #[case(200, &[("cache-control", "private, No-Transform")], false)]
    #[case(204, &[], false)]
    #[case(206, &[], false)]
    #[case(304, &[], false)]
    #[case(404, &[], false)]
    #[case(500, &[], false)]
    fn only_whole_answers_are_rewritten(
        #[case] status: u16,
        #[case] headers: &[(&'static str, &str)],
        #[case] expected: bool,
    ) {
        let mut response = answer(status, headers);
        response.append_header("content-type", "text/html").unwrap();
        assert_eq!(eligible(&Method::GET, &response).is_some(), expected);
        assert_eq!(eligible(&Method::HEAD, &response), None);
    }
}
