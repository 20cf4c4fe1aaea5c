//! Makes texts of a provider fit to be shown. Must not know where they are shown.

/// The longest text of a provider that is shown.
const SHOWN: usize = 200;

/// A text of the provider, shortened, without characters that could break a line or change the
/// direction of a text (docs/security.md G11).
pub(super) fn shown(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !c.is_control() && !turns(*c)).take(SHOWN).collect()
}
