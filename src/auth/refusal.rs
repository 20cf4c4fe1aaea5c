//! A provider's refusal to let a person log in (RFC 6749 section 4.1.2.1), and what it means:
//! providers use one code, `access_denied`, for several things. Must not know what a page says
//! about it.

use std::fmt;

use super::text::shown;

/// A provider's refusal, in its own words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// OAuth error code such as `access_denied`.
    pub error: String,
    /// The provider's words, at most 200 characters, for display only and to be escaped.
    pub description: Option<String>,
    /// What it means.
    pub meaning: Meaning,
}

/// What a refusal means for the person in front of the browser.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Meaning {
    /// They cancelled.
    Cancelled,
    /// The provider's login page stood open for too long, or was used in another tab.
    TimedOut,
    /// The provider cannot answer at the moment.
    Busy,
    /// The provider refuses.
    No,
}

/// Codes of some providers for a person who cancels (`LinkedIn`, Apple, Facebook).
const CANCELLED: [&str; 4] =
    ["user_cancelled", "user_cancelled_login", "user_cancelled_authorize", "user_denied"];

/// What the description of `access_denied` contains when the person cancelled, in lower case.
const BY_PERSON: [&str; 5] =
    ["cancel", "declined", "user denied", "user has denied", "did not authorize"];

/// Keycloak's word for a login page that is too old. Its documentation asks clients to send a new
/// request at once (keycloak#27793).
const AUTHENTICATION_EXPIRED: &str = "authentication_expired";

impl Refusal {
    /// Reads the parameters of an answer. `subcode` is Microsoft's `error_subcode`.
    pub(super) fn new(error: &str, description: Option<&str>, subcode: Option<&str>) -> Self {
        let (error, description) = (shown(error), description.map(shown));
        let meaning = meaning(&error, description.as_deref().unwrap_or_default(), subcode);
        Self { error, description, meaning }
    }
}

fn meaning(error: &str, description: &str, subcode: Option<&str>) -> Meaning {
    let said = description.to_lowercase();
    let by_person = || BY_PERSON.iter().any(|words| said.contains(words));
    match error {
        _ if subcode == Some("cancel") || CANCELLED.contains(&error) => Meaning::Cancelled,
        "access_denied" if by_person() => Meaning::Cancelled,
        "temporarily_unavailable" if said == AUTHENTICATION_EXPIRED => Meaning::TimedOut,
        "temporarily_unavailable" | "server_error" => Meaning::Busy,
        _ => Meaning::No,
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.description.as_deref().unwrap_or("no reason"))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::sandbox("access_denied", "The login was cancelled.", None, Meaning::Cancelled)]
    #[case::microsoft("access_denied", "", Some("cancel"), Meaning::Cancelled)]
    #[case::entra(
        "access_denied",
        "AADSTS65004: User declined to consent",
        None,
        Meaning::Cancelled
    )]
    #[case::github(
        "access_denied",
        "The user has denied your application access.",
        None,
        Meaning::Cancelled
    )]
    #[case::apple("user_cancelled_authorize", "", None, Meaning::Cancelled)]
    #[case::okta(
        "access_denied",
        "User is not assigned to the client application.",
        None,
        Meaning::No
    )]
    #[case::no_words("access_denied", "", None, Meaning::No)]
    #[case::keycloak("temporarily_unavailable", "authentication_expired", None, Meaning::TimedOut)]
    #[case::busy("temporarily_unavailable", "try later", None, Meaning::Busy)]
    #[case::broken("server_error", "", None, Meaning::Busy)]
    #[case::set_up_wrongly("unauthorized_client", "user cancelled", None, Meaning::No)]
    fn a_refusal_is_told_apart(
        #[case] error: &str,
        #[case] description: &str,
        #[case] subcode: Option<&str>,
        #[case] expected: Meaning,
    ) {
        assert_eq!(Refusal::new(error, Some(description), subcode).meaning, expected);
    }
}
