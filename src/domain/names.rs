//! Names and numbers that strangers or administrators type, parsed once.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;

/// Why a text is not the name it should be.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct InvalidName {
    /// What was given.
    pub text: String,
    /// What would have been accepted, as a noun phrase.
    pub expected: &'static str,
}

pub(super) fn invalid(text: &str, expected: &'static str) -> InvalidName {
    InvalidName { text: text.chars().take(80).collect(), expected }
}

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses the name.
            ///
            /// # Errors
            /// When it is not 1 to 64 lower-case letters, digits, `-` or `_`.
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                is_slug(text)
                    .then(|| Self(text.into()))
                    .ok_or_else(|| invalid(text, "1 to 64 lower-case letters, digits, - or _"))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

slug! {
    /// The name in a substitute link: `it` in `https://help.example.com/p/it`.
    LinkName
}

slug! {
    /// The id of a provider, part of its callback address.
    ProviderId
}

slug! {
    /// The id of a service provider, part of its addresses: `/_gate/saml/{id}/…`.
    ServiceProviderId
}

impl ServiceProviderId {
    /// The path of one of the gate's pages for it: `/_gate/saml/{id}/{page}`.
    #[must_use]
    pub fn path(&self, page: &str) -> String {
        format!("/_gate/saml/{self}/{page}")
    }
}

impl ProviderId {
    /// What stands in the place of a provider in emergency access; no provider can have it.
    pub const EMERGENCY: &str = "emergency";

    /// [`Self::EMERGENCY`]
    #[must_use]
    pub fn emergency() -> Self {
        Self(Self::EMERGENCY.into())
    }
}

/// The number in JSM's portal addresses: `2` in `/servicedesk/customer/portal/2`.
/// Not the service desk id: the two differ on most sites.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PortalId(NonZeroU64);

impl PortalId {
    /// Parses a portal id as JSM prints it.
    ///
    /// # Errors
    /// When it is not a whole number above zero without sign or leading zeros.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let canonical = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        canonical
            .then(|| text.parse().ok())
            .flatten()
            .map(Self)
            .ok_or_else(|| invalid(text, "a portal number such as 2"))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl From<NonZeroU64> for PortalId {
    fn from(number: NonZeroU64) -> Self {
        Self(number)
    }
}

/// An email address, case-folded so that it compares as Jira compares it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Email {
    address: Box<str>,
    /// At most 254 characters come before it.
    at: u8,
}

impl Email {
    /// Parses an address.
    ///
    /// # Errors
    /// Unless it is at most 254 ASCII characters without blanks or controls, with exactly one `@`
    /// between a local part and a domain with a dot. Quoted local parts and addresses with two
    /// `@` are refused: readers disagree about their domain (oauth2-proxy GHSA-c5c4-8r6x-56w3).
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let error = || invalid(text, "an email address such as ann@example.com");
        let (local, domain) = text.split_once('@').ok_or_else(error)?;
        let plain = text.len() <= 254
            && !local.is_empty()
            && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),:;<>[\\]".contains(&b));
        if !plain || EmailDomain::parse(domain).is_err() {
            return Err(error());
        }
        let at = u8::try_from(local.len()).map_err(|_| error())?;
        Ok(Self { address: text.to_ascii_lowercase().into(), at })
    }

    /// The whole address, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The part behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.address.get(usize::from(self.at) + 1..).unwrap_or_default()
    }
}

/// A mail domain, matched as a whole: `example.com` does not match `mail.example.com`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EmailDomain(String);

impl EmailDomain {
    /// Parses a domain name.
    ///
    /// # Errors
    /// Unless it is at least two dot-separated labels of letters, digits and inner hyphens.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let valid = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
        valid
            .then(|| Self(text.to_ascii_lowercase()))
            .ok_or_else(|| invalid(text, "a mail domain such as example.com"))
    }

    /// The domain as text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Domains are looked up by the text of an address's domain, without making a new one.
impl std::borrow::Borrow<str> for EmailDomain {
    fn borrow(&self) -> &str {
        &self.0
    }
}

macro_rules! shown_as_text {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

shown_as_text! { LinkName ProviderId ServiceProviderId Email EmailDomain }

impl fmt::Display for PortalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl serde::Serialize for PortalId {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_u64(self.get())
    }
}

impl<'de> serde::Deserialize<'de> for PortalId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        NonZeroU64::deserialize(from).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// docs/security.md D7: only an exact, single-`@` address has a domain that rules may trust.
    #[rstest]
    #[case("ann@example.com", Some("example.com"))]
    #[case("Ann@EXAMPLE.com", Some("example.com"))]
    #[case("a@evil.com@corp.com", None)]
    #[case("\"a@evil.com\"@corp.com", None)]
    #[case("a@corp.com ", None)]
    #[case("a@corp.com\n", None)]
    #[case("a@cоrp.com", None)]
    #[case("@corp.com", None)]
    #[case("a@", None)]
    #[case("a@corp", None)]
    #[case("a@corp..com", None)]
    #[case("a@.corp.com", None)]
    fn email_domains_are_unambiguous(#[case] text: &str, #[case] domain: Option<&str>) {
        let email = Email::parse(text).ok();
        assert_eq!(email.as_ref().map(Email::domain), domain);
    }

    #[rstest]
    #[case("2", true)]
    #[case("18446744073709551615", true)]
    #[case("0", false)]
    #[case("02", false)]
    #[case("+2", false)]
    #[case("", false)]
    #[case("2a", false)]
    #[case("18446744073709551616", false)]
    fn portal_ids_have_one_spelling(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(PortalId::parse(text).is_ok(), valid);
    }

    #[rstest]
    #[case("it", true)]
    #[case("it-help_2", true)]
    #[case("IT", false)]
    #[case("", false)]
    #[case("a/b", false)]
    #[case("a.b", false)]
    fn link_names_are_slugs(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(LinkName::parse(text).is_ok(), valid);
    }
}
