//! Where a customer goes after login: an address on this gate, kept byte for byte. Knows nothing of
//! who logs in or how.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

/// More does not fit into the cookie of a pending login, which browsers cap at 4096 bytes.
const LONGEST: usize = 2048;

/// The gate's own addresses are part of logging in and out: going back there would loop or log out.
const OWN: &[u8] = b"/_gate/";

/// The one of them that is a place to be.
const ADMIN: &[u8] = b"/_gate/admin/";

/// A path, its query and an optional `#fragment`, all on this gate.
///
/// The text that was checked is the text that is emitted: nothing is decoded, joined or normalised
/// in between (CVE-2026-107369; threats.md E5).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Parses a return address; `None` for everything a browser could take off this host
    /// (threats.md E1 to E7) and for the pages of login and logout themselves.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let local = text.len() <= LONGEST
            && text.starts_with('/')
            && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
            && is_plain_path(path_of(text))
            && stays_here(text);
        local.then(|| Self(text.to_owned()))
    }

    /// The customer's portals: `/`.
    #[must_use]
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// The address with another fragment, given without its `#`. An address that already has one,
    /// or that would become invalid or too long, stays as it is.
    #[must_use]
    pub fn with_fragment(self, fragment: &str) -> Self {
        if fragment.is_empty() || self.0.contains('#') {
            return self;
        }
        Self::parse(&format!("{}#{fragment}", self.0)).unwrap_or(self)
    }

    /// The address as it is put into `Location`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn path_of(text: &str) -> &str {
    text.split(['?', '#']).next().unwrap_or_default()
}

/// Judges the path as a server that decodes it once would see it, so that neither reading leaves.
fn is_plain_path(path: &str) -> bool {
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    let mut segments = decoded.split(|b| *b == b'/');
    !decoded.starts_with(b"//")
        && decoded.iter().all(|b| !b.is_ascii_control() && *b != b'\\')
        && segments.all(|segment| !matches!(segment, b"." | b".."))
        && (!decoded.starts_with(OWN) || decoded.starts_with(ADMIN))
}

/// The last word is the browsers' own parser, with a base that no other address can share.
fn stays_here(text: &str) -> bool {
    let Ok(base) = Url::parse("https://gate.invalid") else { return false };
    base.join(text).is_ok_and(|url| url.origin() == base.origin())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/")]
    #[case("/p/it")]
    #[case("/p/it/create/66?summary=a%20b&x=%2F%2Fy#field")]
    #[case("/servicedesk/customer/portal/2/IT-12?sda_source=email//x")]
    #[case("/jira;v=1/x")]
    #[case("/_gate/admin/")]
    #[case("/p/it?to=https://example.com/")]
    fn local_addresses_are_kept_byte_for_byte(#[case] text: &str) {
        assert_eq!(ReturnTo::parse(text).unwrap().as_str(), text);
    }

    #[rstest]
    #[case("/_gate/login?return_to=/")]
    #[case("/_gate/callback/okta?code=x")]
    #[case("/_gate/logout")]
    #[case("/%5fgate/logged-out")]
    fn the_pages_of_login_and_logout_are_no_place_to_return_to(#[case] text: &str) {
        assert_eq!(ReturnTo::parse(text), None);
    }

    #[test]
    fn an_address_that_no_cookie_can_hold_is_refused() {
        assert!(ReturnTo::parse(&format!("/{}", "a".repeat(2047))).is_some());
        assert!(ReturnTo::parse(&format!("/{}", "a".repeat(2048))).is_none());
    }

    #[rstest]
    #[case("/p/it", "top", "/p/it#top")]
    #[case("/p/it", "", "/p/it")]
    #[case("/p/it#a", "b", "/p/it#a")]
    #[case("/p/it", "a b", "/p/it")]
    fn a_fragment_is_added_where_it_fits(
        #[case] address: &str,
        #[case] fragment: &str,
        #[case] expected: &str,
    ) {
        let address = ReturnTo::parse(address).unwrap();
        assert_eq!(address.with_fragment(fragment).as_str(), expected);
    }

    proptest! {
        #[test]
        fn e5_what_was_accepted_is_on_this_host_and_unchanged(text in "[/\\\\.:@%#?a-f0-9;]{0,24}") {
            if let Some(address) = ReturnTo::parse(&text) {
                prop_assert_eq!(address.as_str(), &text);
                let base = Url::parse("https://help.example.com").unwrap();
                let there = base.join(&text).unwrap();
                prop_assert_eq!(there.origin(), base.origin());
                prop_assert!(!there.path().starts_with("//"));
            }
        }
    }
}
