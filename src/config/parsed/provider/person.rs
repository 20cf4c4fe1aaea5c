//! What is believed of a person whom a provider vouches for, and which claims say it.

use serde::{Deserialize, Serialize};

use crate::domain::{Email, EmailDomain};

/// Which email addresses are believed.
#[derive(Clone, Debug, Default)]
pub struct EmailPolicy {
    /// Mail domains whose people log in here; no other provider may speak for them.
    pub domains: Vec<EmailDomain>,
    /// Domains of other providers that this one may speak for too.
    pub shared_domains: Vec<EmailDomain>,
    /// Domains whose addresses this provider gives out itself: they need no word of verification.
    pub verified_domains: Vec<EmailDomain>,
    /// Besides its own mail domain, the provider answers for an address only when this claim names
    /// the organisation that manages it.
    pub authority: Option<EmailAuthority>,
    /// Accept an email the provider does not say it verified (`email_verified` missing or false).
    pub insecure_allow_unverified: bool,
}

impl EmailPolicy {
    /// Whether an address belongs to a domain that the provider gives addresses of out itself.
    #[must_use]
    pub fn gives_out(&self, email: &Email) -> bool {
        self.verified_domains.iter().any(|domain| domain.as_str() == email.domain())
    }
}

/// Google verifies once that somebody reads an address, and answers for it later only when it
/// hosts its domain.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EmailAuthority {
    /// The claim.
    pub claim: &'static str,
    /// The provider's own mail domain, whose addresses need none.
    pub own_domain: &'static str,
}

/// Identity attribute = claim; dotted paths reach into objects.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AttributeMap {
    /// Claim of the stable name of the person; asked of plain OAuth 2.0 only: an ID token has `sub`.
    pub subject: String,
    /// Claim of the email address; `email`.
    pub email: String,
    /// Claim that says whether the address is verified; `email_verified`.
    pub email_verified: String,
    /// Claim of the shown name; `name`.
    pub name: String,
    /// Claim of the given name; `given_name`.
    pub first_name: String,
    /// Claim of the family name; `family_name`.
    pub last_name: String,
    /// Claim of the groups; `groups`.
    pub groups: String,
    /// Further attributes by name, for `[forward.identity]`.
    pub extra: Vec<(String, String)>,
}

impl Default for AttributeMap {
    fn default() -> Self {
        Self {
            subject: "sub".to_owned(),
            email: "email".to_owned(),
            email_verified: "email_verified".to_owned(),
            name: "name".to_owned(),
            first_name: "given_name".to_owned(),
            last_name: "family_name".to_owned(),
            groups: "groups".to_owned(),
            extra: Vec::new(),
        }
    }
}
