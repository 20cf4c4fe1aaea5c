//! How the head of a message says where its body ends, for requests and answers alike. It must not
//! know what a message is about.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName};

/// What marks the end of a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Framing {
    /// The head names none.
    Unsaid,
    /// `Content-Length`.
    Length,
    /// `Transfer-Encoding: chunked`.
    Chunked,
}

/// Reads how a body ends: by one length in digits, or by the one coding `chunked`. `None` for
/// anything else, such as a list, a repetition or a mixture, which could be read in two ways (RFC
/// 9112, 6.3; docs/security.md F2).
///
/// pingora refuses lengths that contradict each other, but passes on a list or a repetition of one
/// length. Where a head had both a length and a coding, pingora has removed the length (6.1).
pub(super) fn of(headers: &HeaderMap) -> Option<Framing> {
    let is_number = |value: &[u8]| !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    let length = only(headers, &CONTENT_LENGTH, is_number);
    let coding = only(headers, &TRANSFER_ENCODING, |value| value.eq_ignore_ascii_case(b"chunked"));
    match (length, coding) {
        (None, None) => Some(Framing::Unsaid),
        (Some(true), None) => Some(Framing::Length),
        (None, Some(true)) => Some(Framing::Chunked),
        _ => None,
    }
}

/// Whether the only value of a header is plain; `None` without one.
fn only(headers: &HeaderMap, name: &HeaderName, is_plain: impl Fn(&[u8]) -> bool) -> Option<bool> {
    let mut values = headers.get_all(name).iter();
    let first = is_plain(values.next()?.as_bytes());
    Some(first && values.next().is_none())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[], Some(Framing::Unsaid))]
    #[case(&[(CONTENT_LENGTH, "5")], Some(Framing::Length))]
    #[case(&[(TRANSFER_ENCODING, "Chunked")], Some(Framing::Chunked))]
    #[case(&[(CONTENT_LENGTH, "5"), (CONTENT_LENGTH, "5")], None)]
    #[case(&[(CONTENT_LENGTH, "5, 5")], None)]
    #[case(&[(CONTENT_LENGTH, "+5")], None)]
    #[case(&[(CONTENT_LENGTH, "")], None)]
    #[case(&[(CONTENT_LENGTH, "5"), (TRANSFER_ENCODING, "chunked")], None)]
    #[case(&[(TRANSFER_ENCODING, "chunked"), (TRANSFER_ENCODING, "chunked")], None)]
    #[case(&[(TRANSFER_ENCODING, "gzip, chunked")], None)]
    #[case(&[(TRANSFER_ENCODING, "identity")], None)]
    fn f2_a_body_ends_where_everybody_says_it_ends(
        #[case] lines: &[(HeaderName, &str)],
        #[case] expected: Option<Framing>,
    ) {
        let line = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
        assert_eq!(of(&lines.iter().map(line).collect()), expected);
    }
}
