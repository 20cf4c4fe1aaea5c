//! Posted forms, in which Jira finds a login wherever they are posted, as it does in the query. It
//! must not know whose they are, or what else is in them.

use http::{HeaderMap, HeaderValue, Method, header};

use super::policy::carries_login;

/// Longer than a field that Jira takes for a login can be, with every letter escaped.
const LONGEST: usize = 64;

/// What is wrong with a form that has one.
pub(crate) const LOGIN_IN_FORM: &str = "its form has a login for Jira in it";

/// A form on its way to JSM, looked through field by field as it passes.
#[derive(Default)]
pub(crate) struct PassingForm {
    /// What has passed of the present field's name.
    name: Vec<u8>,
    in_value: bool,
}

impl PassingForm {
    /// What a request brings, if it is a form.
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Option<Self> {
        let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        (!safe && is_form(headers)).then(Self::default)
    }

    /// Whether this part of it completes the name of a field that Jira takes for a login.
    pub(crate) fn has_login(&mut self, part: &[u8], is_last: bool) -> bool {
        for byte in part {
            match byte {
                b'&' | b'=' if !self.in_value && carries_login(&self.name) => return true,
                b'&' => *self = Self::default(),
                b'=' => self.in_value = true,
                _ if self.in_value || self.name.len() >= LONGEST => {}
                _ => self.name.push(*byte),
            }
        }
        is_last && carries_login(&self.name)
    }
}

/// Whether a request says that it brings a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    kinds(headers).any(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// Whether it brings a form in another alphabet.
pub(super) fn is_in_another_alphabet(headers: &HeaderMap) -> bool {
    is_form(headers) && names_another_alphabet(headers)
}

/// Whether its body is said to be in an alphabet in which bytes are other letters than in ASCII. Java
/// knows many: in some, `os_username` is spelled in other bytes; in others, as GBK, the second byte of
/// a letter may be a quote's backslash.
pub(super) fn names_another_alphabet(headers: &HeaderMap) -> bool {
    const PLAIN: [&str; 4] = ["utf-8", "utf8", "iso-8859-1", "us-ascii"];
    let is_plain = |said: &str| {
        let value = said.split(';').next().unwrap_or_default();
        PLAIN.contains(&value.trim_matches([' ', '=', '"']))
    };
    // Each that is said: not all readers agree on which of several counts.
    kinds(headers).any(|kind| !kind.split("charset").skip(1).all(is_plain))
}

/// The types a request says its body is of, in small letters.
pub(super) fn kinds(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let values = headers.get_all(header::CONTENT_TYPE).iter().map(HeaderValue::as_bytes);
    values.map(|kind| String::from_utf8_lossy(kind.trim_ascii()).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// However it comes in parts.
    #[rstest]
    #[case("summary=x&os_username=admin", true)]
    #[case("os%5Fpassword=x", true)]
    #[case("%6f%73%5f%70%61%73%73%77%6f%72%64=x", true)]
    #[case("a=b=c&OS_AUTHTYPE", true)]
    #[case("&&=&os_username", true)]
    #[case("summary=os_username", false)]
    #[case("summary=a=os_username", false)]
    #[case("my_os_username=x", false)]
    #[case("", false)]
    fn b9_a_login_in_a_form_is_seen(#[case] form: &str, #[case] expected: bool) {
        for size in [1, 3, 7, 1000] {
            let mut passing = PassingForm::default();
            let mut parts = form.as_bytes().chunks(size);
            let seen = parts.any(|part| passing.has_login(part, false));
            assert_eq!(seen || passing.has_login(b"", true), expected, "{form} by {size}");
        }
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
    #[case("text/plain; charset=utf-16", false)]
    fn alphabets_with_other_bytes_are_told(#[case] kind: &'static str, #[case] expected: bool) {
        let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind))];
        assert_eq!(is_in_another_alphabet(&headers.into_iter().collect()), expected);
    }
}
