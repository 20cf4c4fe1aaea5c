//! The media type of a body, as its `Content-Type` states it (RFC 9110, section 8.3). It must not know
//! what anybody does with a body of that type.

use std::borrow::Cow;

use http::{HeaderMap, header};

/// The value of `Content-Type` in lower case: type, subtype and parameters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct MediaType<'a>(Cow<'a, str>);

const FORM: &str = "application/x-www-form-urlencoded";

impl<'a> MediaType<'a> {
    /// Reads the first `Content-Type`. A request that has several never gets this far.
    pub(crate) fn of(headers: &'a HeaderMap) -> Option<Self> {
        let value = headers.get(header::CONTENT_TYPE)?.as_bytes().trim_ascii();
        let text = String::from_utf8_lossy(value);
        let is_lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        Some(Self(if is_lower { text } else { Cow::Owned(text.to_ascii_lowercase()) }))
    }

    /// Type and subtype, without parameters.
    pub(crate) fn essence(&self) -> &str {
        self.0.split(';').next().unwrap_or_default().trim()
    }

    /// The first charset it names.
    pub(crate) fn charset(&self) -> Option<&str> {
        self.0.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            (name.trim() == "charset").then(|| value.trim_matches(['"', ' ']))
        })
    }

    /// Whether it is the type of an urlencoded form.
    pub(crate) fn is_form(&self) -> bool {
        self.essence() == FORM
    }

    /// Whether any reader could take it for the type of an urlencoded form.
    pub(crate) fn may_be_form(&self) -> bool {
        self.0.starts_with(FORM)
    }

    /// Whether the body has several parts, as an upload of files has.
    pub(crate) fn is_multipart(&self) -> bool {
        self.0.starts_with("multipart/")
    }

    /// Whether it names a charset in which a byte of ASCII can be another character. Java knows many: in
    /// some, `os_username` is spelled in other bytes; in others, as GBK, the second byte of a letter can
    /// be a backslash, which escapes a quote.
    ///
    /// Every charset that it names counts: not all readers agree on which of several is meant.
    pub(crate) fn has_ambiguous_charset(&self) -> bool {
        const PLAIN: [&str; 4] = ["utf-8", "utf8", "iso-8859-1", "us-ascii"];
        let is_plain = |parameter: &str| {
            let value = parameter.split(';').next().unwrap_or_default();
            PLAIN.contains(&value.trim_matches([' ', '=', '"']))
        };
        !self.0.split("charset").skip(1).all(is_plain)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    fn headers(value: &'static str) -> HeaderMap {
        [(header::CONTENT_TYPE, HeaderValue::from_static(value))].into_iter().collect()
    }

    #[rstest]
    #[case("text/html", "text/html", None)]
    #[case(" Text/HTML ; Charset=\"UTF-8\" ", "text/html", Some("utf-8"))]
    #[case("text/html;a=b; charset =x;charset=y", "text/html", Some("x"))]
    #[case("text/html; charset", "text/html", None)]
    #[case("", "", None)]
    fn essence_and_charset_are_told_apart(
        #[case] value: &'static str,
        #[case] essence: &str,
        #[case] charset: Option<&str>,
    ) {
        let headers = headers(value);
        let media_type = MediaType::of(&headers).unwrap();
        assert_eq!((media_type.essence(), media_type.charset()), (essence, charset));
    }

    #[rstest]
    #[case("application/x-www-form-urlencoded", true, true)]
    #[case("Application/X-WWW-Form-URLEncoded; a=b", true, true)]
    #[case("application/x-www-form-urlencoded, text/plain", false, true)]
    #[case("text/plain, application/x-www-form-urlencoded", false, false)]
    #[case("multipart/form-data", false, false)]
    fn a_form_is_told_strictly_and_loosely(
        #[case] value: &'static str,
        #[case] is_form: bool,
        #[case] may_be_form: bool,
    ) {
        let headers = headers(value);
        let media_type = MediaType::of(&headers).unwrap();
        assert_eq!((media_type.is_form(), media_type.may_be_form()), (is_form, may_be_form));
    }

    #[rstest]
    #[case("application/x-www-form-urlencoded", false)]
    #[case("application/x-www-form-urlencoded; charset=UTF-8", false)]
    #[case("application/x-www-form-urlencoded; charset=\"utf-8\"; x=y", false)]
    #[case("application/x-www-form-urlencoded; charset=IBM037", true)]
    #[case("application/x-www-form-urlencoded;charset = utf-16", true)]
    #[case("application/x-www-form-urlencoded; charset=utf8", false)]
    #[case("application/x-www-form-urlencoded; Charset=utf-8; charset=IBM037", true)]
    #[case("application/x-www-form-urlencoded; charset =utf-8;charset=IBM037", true)]
    #[case("application/x-www-form-urlencoded; charset=gbk", true)]
    fn charsets_with_other_bytes_are_ambiguous(
        #[case] value: &'static str,
        #[case] expected: bool,
    ) {
        let headers = headers(value);
        assert_eq!(MediaType::of(&headers).unwrap().has_ambiguous_charset(), expected);
    }
}
