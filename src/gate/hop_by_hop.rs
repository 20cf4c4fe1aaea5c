//! Headers that belong to one connection and not to the message (RFC 9110, 7.6.1). The gate removes
//! them in both directions, and sets its own. It must not know what a message is about.

use http::header::{
    CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, ORIGIN,
    PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName};
use pingora::http::{RequestHeader, ResponseHeader};

/// The known ones. pingora decides on each side how a body is framed.
static OF_A_CONNECTION: [HeaderName; 11] = [
    CONNECTION,
    UPGRADE,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-authentication-info"),
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("http2-settings"),
];

/// Headers that give a message its meaning. A `Connection` header that names one of these does not
/// remove it, because the message would be another one without it.
static OF_THE_MESSAGE: [HeaderName; 7] =
    [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING, HOST, COOKIE, ORIGIN];

/// Whether `Connection` names a header that gives the message its meaning.
pub(super) fn names_the_message(headers: &HeaderMap) -> bool {
    let is_one = |named: &[u8]| {
        OF_THE_MESSAGE.iter().any(|name| name.as_str().as_bytes().eq_ignore_ascii_case(named))
    };
    options(headers).any(is_one)
}

/// Removes from a request whatever `Connection` names, and `Connection` itself. pingora has read by
/// then whether to keep the customer's connection. It would refuse a request whose `Connection`
/// names what only a front may set; the gate strips those anyway and sets its own (docs/security.md
/// B6).
pub(super) fn end_nominated(request: &mut RequestHeader) {
    if !request.headers.contains_key(CONNECTION) {
        return;
    }
    for name in nominated(&request.headers) {
        request.remove_header(&name);
    }
    request.remove_header(&CONNECTION);
}

/// Removes from a request whatever belongs to the customer's connection.
pub(super) fn end_request(request: &mut RequestHeader) {
    end_nominated(request);
    for name in &OF_A_CONNECTION {
        request.remove_header(name);
    }
}

/// Removes from an answer whatever belongs to the connection to the upstream. `Transfer-Encoding`
/// stays: it marks where the body ends.
pub(super) fn end_answer(answer: &mut ResponseHeader) {
    let ends = |name: &&HeaderName| **name != TRANSFER_ENCODING && OF_A_CONNECTION.contains(name);
    let mut ending: Vec<_> = answer.headers.keys().filter(ends).cloned().collect();
    if ending.contains(&CONNECTION) {
        let named = nominated(&answer.headers).into_iter();
        ending.extend(named.filter(|name| !OF_THE_MESSAGE.contains(name)));
    }
    for name in ending {
        answer.remove_header(&name);
    }
}

/// The headers that `Connection` names.
fn nominated(headers: &HeaderMap) -> Vec<HeaderName> {
    options(headers).filter_map(|option| HeaderName::from_bytes(option).ok()).collect()
}

fn options(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(CONNECTION).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}
