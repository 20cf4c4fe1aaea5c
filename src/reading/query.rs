//! The fields of a query or of a urlencoded form
//! (<https://url.spec.whatwg.org/#urlencoded-parsing>), decoded once. Whatever another reader could
//! take for something else is reported: readers exist that decode again, as Jira's REST does after
//! it removed a suffix from a path; that split fields at `;`, as HTML 4.01 (B.2.2) advised; that
//! end a text at a NUL; and that read invalid UTF-8 somehow. It must not know what a field means.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// How often a name is decoded to see what it could become. No known reader decodes three times.
const DECODINGS: usize = 4;

/// A text that not all readers read alike, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ambiguous(pub(crate) &'static str);

/// A field, as it stands there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// The fields of a query or a form. Empty ones are left out.
pub(crate) fn fields(text: &[u8]) -> impl Iterator<Item = Field<'_>> {
    text.split(|b| *b == b'&').filter(|part| !part.is_empty()).map(Field::new)
}

impl<'a> Field<'a> {
    fn new(part: &'a [u8]) -> Self {
        match part.iter().position(|b| *b == b'=') {
            Some(at) => {
                let (name, value) = part.split_at_checked(at).unwrap_or((part, b""));
                Self { name, value: value.get(1..).unwrap_or_default() }
            }
            None => Self { name: part, value: b"" },
        }
    }

    /// The name, read strictly: no field of JSM's has anything but ASCII in its name, or a `%`.
    pub(crate) fn name(&self) -> Result<Cow<'a, str>, Ambiguous> {
        let name = plain(self.name)?;
        if name.contains('%') {
            Err(Ambiguous("the name of a field has an escape within an escape, or a broken one"))
        } else if name.is_ascii() {
            Ok(name)
        } else {
            Err(Ambiguous("the name of a field is not ASCII"))
        }
    }

    /// The value.
    pub(crate) fn value(&self) -> Result<Cow<'a, str>, Ambiguous> {
        let value = plain(self.value)?;
        if has_escape(&value) {
            Err(Ambiguous("the value of a field has an escape within an escape"))
        } else {
            Ok(value)
        }
    }

    /// What the name becomes for a reader that decodes until nothing is left to decode and drops
    /// what it cannot read.
    pub(crate) fn loosest_name(&self) -> String {
        let mut name = decoded(self.name).into_owned();
        for _ in 1..DECODINGS {
            match decoded(&name) {
                Cow::Owned(again) => name = again,
                Cow::Borrowed(_) => break,
            }
        }
        let text = String::from_utf8_lossy(&name);
        text.chars().filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER).collect()
    }

    /// The fields within this one for a reader that splits them at `;`.
    pub(crate) fn behind_semicolons(&self) -> impl Iterator<Item = Self> {
        let parts = |text: &'a [u8]| text.split(|b| *b == b';').skip(1);
        parts(self.name).chain(parts(self.value)).map(Field::new)
    }
}

/// A text decoded once, if it is UTF-8 without control characters.
fn plain(raw: &[u8]) -> Result<Cow<'_, str>, Ambiguous> {
    let text = match decoded(raw) {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).ok(),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).ok(),
    };
    match text {
        None => Err(Ambiguous("a field is not UTF-8")),
        Some(text) if text.chars().any(char::is_control) => {
            Err(Ambiguous("a field has control characters"))
        }
        Some(text) => Ok(text),
    }
}

/// Whether anything is left to decode: `%41`, or `%u0041`, which some readers decode as well.
pub(crate) fn has_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|rest| {
        let rest = rest.as_bytes();
        let hex = |from: usize, to: usize| {
            rest.get(from..to).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
        };
        hex(0, 2) || (rest.first().is_some_and(|b| b.eq_ignore_ascii_case(&b'u')) && hex(1, 5))
    })
}

/// `+` is a blank, `%41` an `A`. Borrowed where nothing is to be decoded.
fn decoded(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.iter().any(|b| matches!(b, b'%' | b'+')) {
        return Cow::Borrowed(raw);
    }
    let blanks: Vec<u8> = raw.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let bytes: Vec<u8> = percent_decode(&blanks).collect();
    if bytes == raw { Cow::Borrowed(raw) } else { Cow::Owned(bytes) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn names(text: &str) -> Vec<String> {
        let name = |field: Field<'_>| field.name().unwrap_or_else(|it| it.0.into()).into_owned();
        fields(text.as_bytes()).map(name).collect()
    }

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        assert_eq!(names("a=b&&c%20d=e&f+g&=h&i%5B%5D=j"), ["a", "c d", "f g", "", "i[]"]);
        let values: Vec<_> = fields(b"a=b=c&d=%C3%A4+%26&e")
            .map(|field| field.value().unwrap().into_owned())
            .collect();
        assert_eq!(values, ["b=c", "\u{e4} &", ""]);
    }

    #[rstest]
    #[case::twice("%2570ortalId", "portalId")]
    #[case::thrice("%252570ortalId", "portalId")]
    #[case::the_escape_itself("%25%37%30ortalId", "portalId")]
    #[case::broken("portalId%", "portalId%")]
    #[case::of_javascript("%u0070ortalId", "%u0070ortalId")]
    #[case::nul("portalId%00", "portalId")]
    #[case::no_utf8("portal%C1%89d", "portald")]
    #[case::no_ascii("portal%C4%B1d", "portal\u{131}d")]
    fn a_name_that_two_could_read_differently_is_ambiguous(
        #[case] raw: &str,
        #[case] loosest: &str,
    ) {
        let field = fields(raw.as_bytes()).next().unwrap();
        assert!(field.name().is_err(), "{raw}");
        assert_eq!(field.loosest_name(), loosest);
    }

    #[rstest]
    #[case("%2533", false)]
    #[case("%25u0033", false)]
    #[case("3%00", false)]
    #[case("%C0%B3", false)]
    #[case("100%25", true)]
    #[case("100%", true)]
    #[case("%D9%A3", true)]
    fn a_value_that_two_could_read_differently_is_ambiguous(#[case] raw: &str, #[case] fine: bool) {
        let field = Field { name: b"x", value: raw.as_bytes() };
        assert_eq!(field.value().is_ok(), fine, "{raw}");
    }

    #[test]
    fn some_part_fields_at_semicolons() {
        let field = fields(b"a;b=c;d=e").next().unwrap();
        let behind: Vec<_> = field.behind_semicolons().map(|it| it.loosest_name()).collect();
        assert_eq!(behind, ["b", "d"]);
    }
}
