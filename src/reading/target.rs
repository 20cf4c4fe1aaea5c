//! What a request asks for, read in the one way in which the gate, JSM and everything between read
//! it. The same value is decided on and forwarded. Whatever could be read in two ways is refused.
//! It must not know what a path means to JSM.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{Unreadable, has_escape};
use crate::domain::ContextPath;

/// What a request asks for. Everything but [`Self::asked`] and [`Self::with_context`] is below
/// JSM's context path, which does not change what a path means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Target {
    asked: String,
    /// Where in `asked` the context path ends.
    start: usize,
    /// Where in `asked` the path ends.
    path_end: usize,
    /// The decoded path, where it differs from the raw one.
    decoded: Option<String>,
}

impl Target {
    /// Parses a request target in origin form.
    ///
    /// Refuses whatever a servlet container might map to another place: path parameters, encoded
    /// slashes and backslashes, dot segments in any spelling, empty segments, control characters,
    /// invalid UTF-8, and escapes of escapes (docs/security.md A4, A6). pingora removes a raw
    /// fragment before it gets here, also from what it forwards.
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, Unreadable> {
        let refuse = |reason| Err(Unreadable(reason));
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
            return Ok(Self::new(raw.to_owned(), None));
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
        Ok(Self::new(raw.to_owned(), Some(decoded.into_owned())))
    }

    fn new(asked: String, decoded: Option<String>) -> Self {
        let path_end = without_query(&asked).len();
        Self { asked, start: 0, path_end, decoded }
    }

    /// The same target, read below the context path if it begins with it. The context path alone
    /// means the root below it, as in Tomcat.
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

/// Whether a path obviously has only one reading, as most have. A dot segment or an empty one
/// follows a slash.
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    let after_slash = |(a, b): (&u8, &u8)| *a == b'/' && matches!(b, b'/' | b'.');
    let mut pairs = bytes.iter().zip(bytes.iter().skip(1));
    all(bytes, |b| !b"%;\\".contains(&b)) && !pairs.any(after_slash)
}

/// Looks at every byte without an early return, so that the compiler can vectorise it.
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
    } else if has_hidden_escape(decoded) || (tells_portals(decoded) && has_escape(decoded)) {
        Some("the path has an escape within an escape")
    } else if tells_portals(decoded) && decoded.contains([';', '?']) {
        Some("the path has an encoded ; or ?")
    } else {
        None
    }
}

/// The segments for a reader that takes a decoded `;` for a path parameter or a decoded `?` for the
/// query. Segments that were empty before are left out.
fn bare_segments(decoded: &str) -> impl Iterator<Item = &str> {
    let segments = decoded.split('/').filter(|segment| !segment.is_empty());
    segments.filter_map(|segment| segment.split([';', '?']).next())
}

fn has_whole_escapes(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| {
        rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Whether the names in a path tell which portal it is about. There, no name may have an escape in
/// it or be cut short; elsewhere a file may have any name.
fn tells_portals(decoded: &str) -> bool {
    const PLACES: [&str; 3] = ["/rest/", "/gateway/", "/servicedesk/customer/"];
    PLACES.iter().any(|place| decoded.contains(place))
}

/// Whether decoding once more would give a character that changes the path's meaning.
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
    #[case::a_file(
        "/servicedesk/customershim/secure/attachment/1/a%2520b",
        "/servicedesk/customershim/secure/attachment/1/a%20b"
    )]
    fn paths_are_decided_on_as_a_servlet_reads_them(#[case] raw: &str, #[case] path: &str) {
        let target = Target::parse(raw.as_bytes()).unwrap();
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
        let target = Target::parse(raw.as_bytes()).unwrap().below(&context_path);
        assert_eq!((target.path(), &*target.with_context(&context_path)), (path, forwarded));
        let whole = Target::parse(forwarded.as_bytes()).unwrap().below(&context_path);
        assert_eq!((whole.path(), whole.query()), (target.path(), target.query()));
    }

    /// docs/security.md A6: each of these is another path to somebody between here and the servlet.
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
    #[case::twice("/rest/servicedesk/1/customer/%2570ortal/3")]
    #[case::twice("/jira/rest/servicedesk/1/customer/portal/2/user%252dsearch")]
    #[case::twice("/servicedesk/customer/portal/2/%2548R-1")]
    #[case::twice("/gateway/api/proforma/portal/cloudid/x/api/3/portal/%2533/requesttype")]
    #[case::cut_short("/rest/servicedesk/1/customer/portal%3Bx/3")]
    #[case::cut_short("/servicedesk/customer/portal/2/IT-1%3Fx")]
    #[case("/ä")]
    #[case("/a b")]
    #[case("/a#b")]
    #[case("http://other/status")]
    #[case("*")]
    #[case("")]
    fn a6_what_others_would_read_differently_is_refused(#[case] raw: &str) {
        assert!(Target::parse(raw.as_bytes()).is_err(), "{raw}");
    }
}
