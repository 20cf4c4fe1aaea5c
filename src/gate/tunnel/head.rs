//! The head of a request for a WebSocket: whether it is one, whether it may pass, and what the
//! upstream is sent. It must not know connections.

use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, ORIGIN, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderValue, Method, Version};
use pingora::Result;
use pingora::http::{RequestHeader, ResponseHeader};

use super::super::hop_by_hop;
use crate::domain::PublicUrl;
use crate::problem::Problem;

const WEB_SOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// Whether a request asks for a WebSocket. An upgrade to anything else, such as `h2c`, is never
/// passed on (docs/security.md F7), and HTTP/2 has no upgrades.
pub(crate) fn is_wanted(request: &RequestHeader) -> bool {
    request.version == Version::HTTP_11 && is_to_web_socket(&request.headers)
}

/// Whether the upstream agrees to open one (RFC 6455, 4.1). The browser checks the key.
pub(super) fn is_agreed(answer: &ResponseHeader) -> bool {
    is_to_web_socket(&answer.headers)
}

fn is_to_web_socket(headers: &HeaderMap) -> bool {
    let mut protocols = headers.get_all(UPGRADE).iter();
    let is_web_socket = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"websocket");
    protocols.next().is_some_and(is_web_socket) && protocols.next().is_none()
}

/// Checks what only matters for a WebSocket. Browsers let a page of any site open one with the
/// customer's cookies, and say which site it was (RFC 6455, section 10.2).
///
/// # Errors
/// The page that says what is wrong with it.
pub(super) fn check(request: &RequestHeader, public_url: &PublicUrl) -> Result<(), Problem> {
    if request.method != Method::GET || announces_body(&request.headers) {
        return Err(Problem::bad_request("a request for a WebSocket is a GET without a body"));
    }
    let mut origins = request.headers.get_all(ORIGIN).iter();
    let is_ours = origins.next().is_some_and(|origin| origin == public_url.origin());
    if is_ours && origins.next().is_none() { Ok(()) } else { Err(Problem::CrossSite) }
}

fn announces_body(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    length.is_some_and(|length| length != "0") || headers.contains_key(TRANSFER_ENCODING)
}

/// The request without the headers of the connection between customer and gate, and with those of
/// the connection between gate and upstream.
pub(super) fn to_send(request: &RequestHeader) -> Result<RequestHeader> {
    let mut request = request.clone();
    hop_by_hop::end_request(&mut request);
    request.remove_header(&EXPECT);
    request.insert_header(CONNECTION, "Upgrade")?;
    request.insert_header(UPGRADE, WEB_SOCKET)?;
    Ok(request)
}

/// Adds the headers of the connection between gate and customer to the upstream's agreement.
pub(super) fn to_pass_on(agreement: &mut ResponseHeader) -> Result<()> {
    agreement.remove_header(&CONTENT_LENGTH);
    agreement.remove_header(&TRANSFER_ENCODING);
    agreement.insert_header(CONNECTION, "Upgrade")?;
    agreement.insert_header(UPGRADE, WEB_SOCKET)
}

#[cfg(test)]
mod tests {
    use http::HeaderName;
    use rstest::rstest;

    use super::*;

    fn request(headers: &[(&'static str, &str)]) -> RequestHeader {
        let mut request = RequestHeader::build("GET", b"/socket", None).unwrap();
        for (name, value) in headers {
            request.append_header(*name, *value).unwrap();
        }
        request
    }

    #[rstest]
    #[case(&[("upgrade", "websocket")], true)]
    #[case(&[("upgrade", "WebSocket")], true)]
    #[case(&[], false)]
    #[case::f7(&[("upgrade", "h2c")], false)]
    #[case(&[("upgrade", "websocket, h2c")], false)]
    #[case(&[("upgrade", "websocket"), ("upgrade", "h2c")], false)]
    fn only_a_web_socket_is_one(#[case] headers: &[(&'static str, &str)], #[case] expected: bool) {
        assert_eq!(is_wanted(&request(headers)), expected);
    }

    #[rstest]
    #[case::ours(&[("origin", "https://help.example.com")], true)]
    #[case::another(&[("origin", "https://help.example.com.evil.org")], false)]
    #[case::opaque(&[("origin", "null")], false)]
    #[case::none(&[], false)]
    #[case::two(&[("origin", "https://help.example.com"), ("origin", "https://evil.org")], false)]
    #[case::f1_body(&[("origin", "https://help.example.com"), ("content-length", "5")], false)]
    #[case::f1_chunks(
        &[("origin", "https://help.example.com"), ("transfer-encoding", "chunked")], false)]
    fn only_the_gates_own_pages_may_open_one(
        #[case] headers: &[(&'static str, &str)],
        #[case] expected: bool,
    ) {
        let public_url = PublicUrl::parse("https://help.example.com").unwrap();
        assert_eq!(check(&request(headers), &public_url).is_ok(), expected);
    }

    #[test]
    fn what_belongs_to_the_customers_connection_stays_there() {
        let request = request(&[
            ("connection", "keep-alive, Upgrade, X-Private"),
            ("keep-alive", "timeout=5"),
            ("x-private", "1"),
            ("upgrade", "websocket"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ]);
        let sent = to_send(&request).unwrap();
        let names: Vec<_> = sent.headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(sent.headers[CONNECTION], "Upgrade");
        assert!(!names.contains(&"x-private") && !names.contains(&"keep-alive"), "{names:?}");
        assert!(names.contains(&"sec-websocket-key"));
    }
}
