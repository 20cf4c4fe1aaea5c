//! The error answer of a provider's endpoint (RFC 6749 section 5.2), read member by member: whatever stands
//! beside the code may be anything. Must not know what becomes of a refusal.

use super::claims::Claims;
use super::text::shown;

/// What an endpoint refuses with.
pub(super) struct ErrorAnswer {
    /// Its code, such as `invalid_grant`.
    pub(super) code: String,
    /// The same with the provider's words for it, fit to be shown.
    pub(super) reason: String,
}

impl ErrorAnswer {
    /// Reads an answer; `None` where it has no code.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let members: Claims = serde_json::from_slice(body).ok()?;
        let code = members.text("error")?;
        let reason = match members.text("error_description") {
            Some(description) => shown(&format!("{code}: {description}")),
            None => shown(code),
        };
        Some(Self { code: code.to_owned(), reason })
    }

    /// Whether it is the client that is refused, and not what it asks for.
    pub(super) fn is_of_client(&self) -> bool {
        matches!(self.code.as_str(), "invalid_client" | "unauthorized_client")
    }
}
