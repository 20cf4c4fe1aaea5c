//! Paths that a configuration opens, compared segment by segment with paths that were decoded.

use super::InvalidName;

/// One path, or with a slash at its end everything below it: `/s/` covers `/s/a/b`, not `/sa`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OpenPath(String);

impl OpenPath {
    /// Parses a path as it reads after decoding, without the upstream's context path.
    ///
    /// # Errors
    /// Unless it begins with a slash and has one reading only: no query, escape, path parameter,
    /// wildcard, blank, empty or dot segment.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let plain = |b: u8| b.is_ascii_graphic() && !b"%;\\?#*\"<>{}".contains(&b);
        let mut segments = text.split('/').skip(1).peekable();
        let mut whole = true;
        while let Some(segment) = segments.next() {
            let last = segments.peek().is_none();
            whole &= !matches!(segment, "." | "..") && (last || !segment.is_empty());
        }
        let valid = text.starts_with('/') && text.bytes().all(plain) && whole;
        valid.then(|| Self(text.to_owned())).ok_or_else(|| InvalidName {
            text: text.chars().take(80).collect(),
            expected: "a path such as /favicon.ico, or with a slash at its end all below it",
        })
    }

    /// Whether it covers a decoded path.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        if self.0.ends_with('/') { path.starts_with(&self.0) } else { path == self.0 }
    }

    /// Whether it covers every path there is.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0 == "/"
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/s/", "/s/a/b", true)]
    #[case("/s/", "/sa", false)]
    #[case("/s/", "/s", false)]
    #[case("/s/", "/S/a", false)]
    #[case("/favicon.ico", "/favicon.ico", true)]
    #[case("/favicon.ico", "/favicon.ico/x", false)]
    #[case("/favicon.ico", "/favicon.icons", false)]
    #[case("/", "/anything", true)]
    fn a_path_covers_itself_or_what_is_below(
        #[case] open: &str,
        #[case] path: &str,
        #[case] covered: bool,
    ) {
        assert_eq!(OpenPath::parse(open).unwrap().covers(path), covered);
    }

    #[rstest]
    #[case("")]
    #[case("s/")]
    #[case("/s/*")]
    #[case("/a//b")]
    #[case("//")]
    #[case("/a/../b")]
    #[case("/a;x/")]
    #[case("/a%2fb")]
    #[case("/a?b")]
    #[case("https://jira.example.com/a/")]
    #[case("/a b")]
    fn what_could_be_read_in_two_ways_is_refused(#[case] text: &str) {
        assert!(OpenPath::parse(text).is_err());
    }
}
