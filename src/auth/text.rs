//! Makes texts of a provider fit to be shown. Must not know where they are shown.

use crate::domain::is_hidden;

/// The longest text of a provider that is shown.
const SHOWN: usize = 200;

/// A text of the provider, shortened, without characters that could break a line, change the
/// direction of a text or hide in it (docs/security.md G11).
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).take(SHOWN).collect()
}
