//! The first look at a request: is it one that the gate, JSM and everything between read alike?
//! What passes becomes a [`Target`], the one value that is both decided on and forwarded.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version, header};
use percent_encoding::percent_decode_str;
use pingora::http::RequestHeader;

use crate::config::LimitsConfig;
use crate::domain::{ContextPath, PublicUrl};
use crate::error::Problem;

/// What a request asks for. But for [`Self::asked`] and [`Self::with_context`] everything is below
/// JSM's context path, which changes nothing about what a path means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Target {
    asked: String,
    /// Where in `asked` the context path ends.
    start: usize,
    /// Where in `asked` the path ends.
    path_end: usize,
    /// The path, where it is not the raw one.
    decoded: Option<String>,
}

impl Target {
    fn new(asked: String, decoded: Option<String>) -> Self {
        let path_end = without_query(&asked).len();
        Self { asked, start: 0, path_end, decoded }
    }

    /// The same, read below the context path where it begins with it. The context path alone means
    /// the root below it, as Tomcat has it.
    pub(crate) fn below(mut self, context_path: &ContextPath) -> Self {
        if context_path.is_empty() {
            return self;
        }
        let Some(rest) = context_path.below(&self.asked) else { return self };
        self.start = context_path.as_str().len();
        if !rest.starts_with('/') {
            self.asked.insert(self.start, '/');
            self.path_end += 1;
        }
        if self.decoded.is_some() {
            let decoded = percent_decode_str(self.raw_path()).decode_utf8_lossy();
            self.decoded = Some(decoded.into_owned());
        }
        self
    }

    /// Path and query as the browser knows them.
    pub(crate) fn asked(&self) -> &str {
        &self.asked
    }

    /// Whether it was asked for with the context path.
    pub(crate) fn has_context(&self) -> bool {
        self.start > 0
    }

    /// Path and query as JSM knows them: what is forwarded.
    pub(crate) fn with_context(&self, context_path: &ContextPath) -> Cow<'_, str> {
        if self.has_context() {
            Cow::Borrowed(&self.asked)
        } else {
            context_path.before(&self.asked)
        }
    }

    /// Path and query exactly as received.
    pub(crate) fn raw(&self) -> &str {
        self.asked.get(self.start..).unwrap_or_default()
    }

    /// The path as a servlet container decodes it: what is decided on.
    pub(crate) fn path(&self) -> &str {
        self.decoded.as_deref().unwrap_or_else(|| self.raw_path())
    }

    /// The raw path, without the query.
    pub(crate) fn raw_path(&self) -> &str {
        self.asked.get(self.start..self.path_end).unwrap_or_default()
    }

    /// The raw query, or nothing.
    pub(crate) fn query(&self) -> &str {
        self.asked.get(self.path_end + 1..).unwrap_or_default()
    }
}

/// Checks a whole request.
///
/// # Errors
/// The page that says what is wrong with it; nothing of it may be forwarded.
pub(crate) fn check(
    request: &RequestHeader,
    public_url: &PublicUrl,
    limits: &LimitsConfig,
) -> Result<Target, Problem> {
    check_method(&request.method)?;
    check_size(request, limits)?;
    check_connection(&request.headers)?;
    check_host(request, public_url)?;
    check_framing(request)?;
    let target = parse_target(request.raw_path())?;
    check_origin(&request.method, &request.headers, public_url, &target)?;
    Ok(target)
}

/// TRACE and CONNECT reach no upstream (threats.md A8), nor does a method nobody has heard of.
/// `X-HTTP-Method-Override` decides nothing here.
fn check_method(method: &Method) -> Result<(), Problem> {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
    ];
    if KNOWN.contains(method) { Ok(()) } else { Err(Problem::method_not_allowed()) }
}

/// Tomcat stops at 8 KB of headers and pingora at 1 MB: between the two lies trouble for others.
fn check_size(request: &RequestHeader, limits: &LimitsConfig) -> Result<(), Problem> {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        name.as_str().len() + value.len() + ": \r\n".len()
    };
    let bytes = request.raw_path().len() + request.headers.iter().map(line).sum::<usize>();
    if bytes > limits.header_bytes || request.headers.len() > limits.headers {
        return Err(Problem::headers_too_large());
    }
    Ok(())
}

/// pingora drops what `Connection` names, after the decision: what that rests on may not be named
/// there, or another request would be forwarded than the one that was decided on.
fn check_connection(headers: &HeaderMap) -> Result<(), Problem> {
    const DECIDING: [HeaderName; 7] = [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::TRANSFER_ENCODING,
        header::HOST,
        header::COOKIE,
        header::ORIGIN,
    ];
    let lines = headers.get_all(header::CONNECTION).iter();
    let mut named = lines.flat_map(|line| line.as_bytes().split(|b| *b == b','));
    let deciding = |named: &[u8]| {
        let named = named.trim_ascii();
        DECIDING.iter().any(|name| name.as_str().as_bytes().eq_ignore_ascii_case(named))
    };
    if named.any(deciding) {
        Err(Problem::bad_request("its Connection header names one that the gate decides by"))
    } else {
        Ok(())
    }
}

/// The host a request names, from `:authority` or `Host`; pingora has refused requests where the
/// two differ, where there are several, and where one has user info (threats.md A9).
fn authority(request: &RequestHeader) -> Option<&str> {
    match request.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers.get(header::HOST)?.to_str().ok(),
    }
}

fn check_host(request: &RequestHeader, public_url: &PublicUrl) -> Result<(), Problem> {
    let default_port = if public_url.is_https() { ":443" } else { ":80" };
    let named = authority(request).unwrap_or_default();
    let bare = named.strip_suffix(default_port).unwrap_or(named);
    if bare.eq_ignore_ascii_case(public_url.authority()) {
        Ok(())
    } else {
        Err(Problem::wrong_host(public_url))
    }
}

/// One length in digits or one plain coding; of both pingora has taken the length away, and closes
/// the connection (RFC 9112, 6.1). It refuses what contradicts itself, but
/// takes a list or a repetition of one and the same for that one, and hands it on to an upstream
/// that may not (RFC 9112, 6.3; threats.md F2). A form of HTTP/1.0 has a length (RFC 1945, 8.3; F3).
fn check_framing(request: &RequestHeader) -> Result<(), Problem> {
    let one = |name: HeaderName, is_plain: fn(&[u8]) -> bool| {
        let mut values = request.headers.get_all(name).iter();
        let first = values.next().map(|value| is_plain(value.as_bytes()));
        if values.next().is_some() { Some(false) } else { first }
    };
    let length = one(header::CONTENT_LENGTH, |value| value.iter().all(u8::is_ascii_digit));
    let coding = one(header::TRANSFER_ENCODING, |value| value.eq_ignore_ascii_case(b"chunked"));
    match (length, coding) {
        (None, None) if request.version == Version::HTTP_10 && has_body(&request.method) => {
            Err(Problem::bad_request("its body has no length"))
        }
        (None | Some(true), None) | (None, Some(true)) => Ok(()),
        _ => Err(Problem::bad_request("the length of its body can be read in two ways")),
    }
}

fn has_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

/// A page of another site may link here, but not post here in a customer's name. The provider may:
/// its `form_post` answers come from its own origin and carry their own proof.
fn check_origin(
    method: &Method,
    headers: &HeaderMap,
    public_url: &PublicUrl,
    target: &Target,
) -> Result<(), Problem> {
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let from_provider = || target.path().starts_with("/_gate/callback/");
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let mut ours = || origins.all(|origin| origin == public_url.origin());
    if safe || from_provider() || ours() { Ok(()) } else { Err(Problem::cross_site()) }
}

/// Parses a request target in origin form.
///
/// Refused is whatever a servlet container might map elsewhere than where it was decided to go:
/// path parameters, encoded slashes and backslashes, dot segments in any spelling, empty segments,
/// control characters, bytes that are no UTF-8, and escapes of escapes (threats.md A4, A6).
/// pingora cuts off a raw fragment before it gets here, in what it forwards too.
pub(super) fn parse_target(raw: &[u8]) -> Result<Target, Problem> {
    let refuse = |reason| Err(Problem::bad_request(reason));
    let Some(raw) = std::str::from_utf8(raw).ok().filter(|raw| raw.is_ascii()) else {
        return refuse("the address has characters that must be percent-encoded");
    };
    if !raw.starts_with('/') {
        return refuse("the address must be a path that starts with /");
    }
    if !all(raw.as_bytes(), |b| b.is_ascii_graphic() && b != b'#') {
        return refuse("the address has blanks or control characters");
    }
    let path = without_query(raw);
    if is_plain(path) {
        return Ok(Target::new(raw.to_owned(), None));
    }
    if path.contains(';') || path.contains('\\') {
        return refuse("the path has a ; or a backslash");
    }
    if !has_whole_escapes(path) {
        return refuse("the path has a broken percent escape");
    }
    let Ok(decoded) = percent_decode_str(path).decode_utf8() else {
        return refuse("the path is not UTF-8");
    };
    if let Some(reason) = misread(path, &decoded) {
        return refuse(reason);
    }
    Ok(Target::new(raw.to_owned(), Some(decoded.into_owned())))
}

/// Whether there is nothing in a path that anybody could read in two ways; true of most. A dot
/// segment, as an empty one, follows a slash.
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    let after_slash = |(a, b): (&u8, &u8)| *a == b'/' && matches!(b, b'/' | b'.');
    let mut pairs = bytes.iter().zip(bytes.iter().skip(1));
    all(bytes, |b| !b"%;\\".contains(&b)) && !pairs.any(after_slash)
}

/// Without an early end, so that the compiler can look at many bytes at once.
fn all(bytes: &[u8], fine: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(true, |all, b| all & fine(*b))
}

fn without_query(raw: &str) -> &str {
    let end = raw.bytes().position(|b| b == b'?').unwrap_or(raw.len());
    raw.get(..end).unwrap_or(raw)
}

/// Why servers may disagree about a path, if they may.
fn misread(path: &str, decoded: &str) -> Option<&'static str> {
    let slashes = |text: &str| text.bytes().filter(|b| *b == b'/').count();
    if decoded.chars().any(char::is_control) {
        Some("the path has control characters")
    } else if decoded.contains('\\') || slashes(decoded) != slashes(path) {
        Some("the path has an encoded slash or backslash")
    } else if decoded.contains("//") || bare_segments(decoded).any(str::is_empty) {
        Some("the path has an empty segment")
    } else if bare_segments(decoded).any(|segment| segment == "." || segment == "..") {
        Some("the path has a dot segment")
    } else if has_hidden_escape(decoded) {
        Some("the path has an escape within an escape")
    } else {
        None
    }
}

/// What is left of segments to whoever takes a decoded `;` for a path parameter or a decoded `?` for
/// the query. Empty ones that were empty before are not among them.
fn bare_segments(decoded: &str) -> impl Iterator<Item = &str> {
    let segments = decoded.split('/').filter(|segment| !segment.is_empty());
    segments.filter_map(|segment| segment.split([';', '?']).next())
}

fn has_whole_escapes(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| {
        rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Whether decoding once more would give a character that changes what the path means.
fn has_hidden_escape(decoded: &str) -> bool {
    decoded.split('%').skip(1).any(|rest| {
        let hex = rest.get(..2).filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.is_some_and(|byte| b"./\\;%".contains(&byte) || byte.is_ascii_control())
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/", "/")]
    #[case("/servicedesk/customer/portal/2?a=b;c//../%2f", "/servicedesk/customer/portal/2")]
    #[case("/a%20b/%C3%A4", "/a b/ä")]
    #[case("/servicedesk/customer/%70ortal/2", "/servicedesk/customer/portal/2")]
    #[case("/a/b/", "/a/b/")]
    #[case("/100%25", "/100%")]
    #[case("/a%3Bb", "/a;b")]
    #[case("/a%3Bb.txt", "/a;b.txt")]
    #[case("/what%3F", "/what?")]
    #[case("/...", "/...")]
    fn paths_are_decided_on_as_a_servlet_reads_them(#[case] raw: &str, #[case] path: &str) {
        let target = parse_target(raw.as_bytes()).unwrap();
        assert_eq!((target.raw(), target.path()), (raw, path));
    }

    #[rstest]
    #[case("/jira/servicedesk/a?b", "/servicedesk/a", "/jira/servicedesk/a?b")]
    #[case("/servicedesk/a?b", "/servicedesk/a", "/jira/servicedesk/a?b")]
    #[case("/jira/a%20b?c%20d", "/a b", "/jira/a%20b?c%20d")]
    #[case("/jira", "/", "/jira/")]
    #[case("/jira?a=b", "/", "/jira/?a=b")]
    #[case("/jiraffe", "/jiraffe", "/jira/jiraffe")]
    #[case::a6_twice("/jira/jira/login.jsp", "/jira/login.jsp", "/jira/jira/login.jsp")]
    #[case::a6_escaped("/%6Aira/login.jsp", "/jira/login.jsp", "/jira/%6Aira/login.jsp")]
    fn a_path_is_decided_on_below_the_context_path_and_forwarded_with_it(
        #[case] raw: &str,
        #[case] path: &str,
        #[case] forwarded: &str,
    ) {
        let base = "https://jira.example.com/jira".parse().unwrap();
        let context_path = ContextPath::of(&base);
        let target = parse_target(raw.as_bytes()).unwrap().below(&context_path);
        assert_eq!((target.path(), &*target.with_context(&context_path)), (path, forwarded));
        let whole = parse_target(forwarded.as_bytes()).unwrap().below(&context_path);
        assert_eq!((whole.path(), whole.query()), (target.path(), target.query()));
    }

    /// threats.md A6: each of these is another path to somebody between here and the servlet.
    #[rstest]
    #[case("/public/..;/secure/admin")]
    #[case("/public/%2e%2e/secure")]
    #[case("/public/..%2fsecure")]
    #[case("/public/..%3B/secure")]
    #[case("/public/..%3bx=y/secure")]
    #[case("/public/%2e%2E%3B/secure")]
    #[case("/public/.%3B/secure")]
    #[case("/x/%3B/secure")]
    #[case("/x/%3Bx/secure")]
    #[case("/..%3Fx/secure")]
    #[case("/x/%3Fx/secure")]
    #[case("/public/..%5csecure")]
    #[case("/public/%252e%252e/secure")]
    #[case::control_character_of_a_second_decoding("/p%251a%25%25m3m3")]
    #[case("//secure")]
    #[case("/public//secure")]
    #[case("/./secure")]
    #[case("/secure/.")]
    #[case("/..")]
    #[case("/public;x=/../secure")]
    #[case("/public/a\\..\\..\\secure")]
    #[case("/status;jsessionid=1")]
    #[case("/status%00")]
    #[case("/status%0a")]
    #[case("/status%7f")]
    #[case("/%c0%ae%c0%ae/secure")]
    #[case("/%ff")]
    #[case("/a%2")]
    #[case("/a%zz")]
    #[case("/ä")]
    #[case("/a b")]
    #[case("/a#b")]
    #[case("http://other/status")]
    #[case("*")]
    #[case("")]
    fn a6_what_others_would_read_differently_is_refused(#[case] raw: &str) {
        assert!(parse_target(raw.as_bytes()).is_err(), "{raw}");
    }

    #[rstest]
    #[case(&["keep-alive, x-gate-user"], true)]
    #[case(&["close"], true)]
    #[case(&["content-type"], false)]
    #[case(&["close , Content-Encoding"], false)]
    #[case(&["close", "COOKIE"], false)]
    #[case(&["origin,"], false)]
    fn what_is_decided_by_is_not_taken_away(#[case] lines: &[&'static str], #[case] fine: bool) {
        let line = |line: &&'static str| (header::CONNECTION, HeaderValue::from_static(line));
        let headers = lines.iter().map(line).collect();
        assert_eq!(check_connection(&headers).is_ok(), fine);
    }
}
