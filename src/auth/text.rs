//! Texts of a provider's, made fit to be shown.

/// Longest text of the provider's that is shown to anybody.
const SHOWN: usize = 200;

/// A text of the provider's, short, and without what could break a line or turn the direction of a
/// text (docs/security.md G11).
pub(super) fn shown(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !c.is_control() && !turns(*c)).take(SHOWN).collect()
}
