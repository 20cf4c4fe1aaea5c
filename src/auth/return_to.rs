//! Where a customer goes after a login: an address on this gate, kept byte for byte. Must not know
//! who logs in or how.

use std::fmt;

use url::Url;

use crate::domain::ServiceProviderId;
use crate::reading::Target;

/// The longest address. The cookie of a pending login has no room for much more: browsers limit a
/// cookie to 4096 bytes.
const LONGEST: usize = 2048;

/// The longest address of the page that answers a service provider. It has all of the request that
/// waits, and no more of it can be left out.
pub const LONGEST_ANSWER: usize = 2700;

/// A path, its query and an optional `#fragment`, all on this gate.
/// The text that was checked is the text that is sent: nothing is decoded, joined or normalised in
/// between (CVE-2026-107369; docs/security.md E5).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Parses a return address. It is read as the request for it will be: a login can end at what
    /// the gate would serve, and at nothing else. `None` for everything that could take a browser
    /// off this host (docs/security.md E1 to E7), and for the gate's own pages, among which those of
    /// login and logout would loop. Of these only the one that answers a service provider is a place
    /// to return to.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_ANSWER {
            return None;
        }
        let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fits = |path: &str| text.len() <= longest(path);
        let served = Target::parse(address.as_bytes()).is_ok_and(|it| fits(it.path()));
        let local = served && fragment.bytes().all(|b| b.is_ascii_graphic()) && stays_here(text);
        local.then(|| Self(text.to_owned()))
    }

    /// The same. An address that is too long loses its query: what was to be filled into a form is
    /// lost then, but not the form.
    #[must_use]
    pub fn nearest(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| {
            let (page, _) = text.split_once(['?', '#'])?;
            Self::parse(text.get(..LONGEST)?).and_then(|_| Self::parse(page))
        })
    }

    /// The customer's portals: `/`.
    #[must_use]
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// The address with another fragment, which is given without its `#`. An address that already
    /// has one, or would become invalid or too long, stays as it is.
    #[must_use]
    pub fn with_fragment(self, fragment: &str) -> Self {
        if fragment.is_empty() || self.0.contains('#') {
            return self;
        }
        Self::parse(&format!("{}#{fragment}", self.0)).unwrap_or(self)
    }

    /// The target of a request for it.
    pub(crate) fn target(&self) -> Option<Target> {
        Target::parse(without_fragment(&self.0).as_bytes()).ok()
    }

    /// The address as `Location` has it.
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

fn without_fragment(text: &str) -> &str {
    text.split('#').next().unwrap_or_default()
}

/// How long an address with this path may be; 0 for the gate's own pages.
fn longest(path: &str) -> usize {
    if is_answer(path) {
        LONGEST_ANSWER
    } else if path == "/_gate" || path.starts_with("/_gate/") {
        0
    } else {
        LONGEST
    }
}

/// Whether a path is the page that answers a service provider.
fn is_answer(path: &str) -> bool {
    let id = path.strip_prefix("/_gate/saml/").and_then(|rest| rest.strip_suffix("/answer"));
    id.is_some_and(|id| ServiceProviderId::parse(id).is_ok())
}

/// The last check is the browsers' own parser, with a base that no other address shares.
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
    #[case("/p/it?to=https://example.com/")]
    #[case::case_09(r"/p/it/create/66?summary=C:\Users\ann\x.log&x=1")]
    #[case(r"/p/it?x=\\server\share#\anchor")]
    #[case("/p/it?x=100%&y=%zz&z=%2525;")]
    #[case::saml("/_gate/saml/atlassian/answer?request=abc-_")]
    fn local_addresses_are_kept_byte_for_byte(#[case] text: &str) {
        assert_eq!(ReturnTo::parse(text).unwrap().as_str(), text);
    }

    #[rstest]
    #[case("/_gate/login?return_to=/")]
    #[case("/_gate/callback/okta?code=x")]
    #[case("/_gate/logout")]
    #[case("/%5fgate/logged-out")]
    #[case("/_gate/admin/")]
    #[case("/_gate")]
    #[case("/_gate/saml/atlassian/sso?SAMLRequest=x")]
    #[case("/_gate/saml/atlassian/logout")]
    #[case("/_gate/saml/atlassian/x/answer")]
    #[case("/_gate/saml/answer")]
    fn the_pages_of_login_and_logout_are_no_place_to_return_to(#[case] text: &str) {
        assert_eq!(ReturnTo::parse(text), None);
    }

    #[test]
    fn an_address_that_no_cookie_can_hold_is_refused() {
        assert!(ReturnTo::parse(&format!("/{}", "a".repeat(2047))).is_some());
        assert!(ReturnTo::parse(&format!("/{}", "a".repeat(2048))).is_none());
        let answer = |bytes| format!("/_gate/saml/x/answer?request={}", "a".repeat(bytes - 29));
        assert!(ReturnTo::parse(&answer(LONGEST_ANSWER)).is_some());
        assert!(ReturnTo::parse(&answer(LONGEST_ANSWER + 1)).is_none());
    }

    #[rstest]
    #[case("/jira;v=1/x")]
    #[case("/p/it//x")]
    #[case("/p/%252e%252e/x")]
    #[case("/p/a%2")]
    fn what_the_gate_would_refuse_is_no_place_to_return_to(#[case] text: &str) {
        assert_eq!(ReturnTo::parse(text), None);
    }

    #[test]
    fn of_what_is_too_long_the_page_is_left() {
        let query = "b".repeat(LONGEST);
        let nearest = |text: &str| ReturnTo::nearest(text).map(|it| it.0);
        assert_eq!(nearest("/p/it?a=b").as_deref(), Some("/p/it?a=b"));
        assert_eq!(nearest(&format!("/p/it?a={query}")).as_deref(), Some("/p/it"));
        assert_eq!(nearest(&format!("//evil.example?a={query}")), None);
        assert_eq!(nearest("/p/it?a b"), None);
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
        /// A login can end at everything that is served to a person who is logged in.
        #[test]
        fn what_the_gate_serves_survives_a_login(text in "/[/\\\\.:@%?=&+a-f0-9;~^`|{}<>\"']{0,24}") {
            let served = Target::parse(text.as_bytes()).is_ok_and(|it| longest(it.path()) > 0);
            prop_assert_eq!(ReturnTo::parse(&text).is_some(), served);
        }

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
