//! Text of strangers, made fit for a terminal: whoever names a project or an account must not move
//! the reader's cursor, hide a line or turn its letters round.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Text with everything spelled out that a terminal would not show as a sign of its own: `\u{202e}`.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'a>(pub &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.0.split_inclusive(is_hidden) {
            let hidden = piece.chars().next_back().filter(|c| is_hidden(*c));
            f.write_str(piece.get(..piece.len() - hidden.map_or(0, char::len_utf8)).unwrap_or(""))?;
            if let Some(hidden) = hidden {
                write!(f, "{}", hidden.escape_default())?;
            }
        }
        Ok(())
    }
}

/// JSON that says the same, with its hidden characters escaped. Line breaks between its members stay.
#[must_use]
pub fn visible_json(json: &str) -> Cow<'_, str> {
    let must_go = |c: char| c != '\n' && is_hidden(c);
    if !json.contains(must_go) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if must_go(c) {
            let units = &mut [0; 2];
            for unit in c.encode_utf16(units) {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

/// Whether a character has no sign of its own: a control character (C0, C1), a break of lines, or one
/// of Unicode's `Default_Ignorable_Code_Point` and `Bidi_Control`, which have no width, look like a
/// blank or change the order of others (UAX #44; CVE-2021-42574).
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    // Nearly every character of the log.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(c,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::letters(
        "Büro-Umzug, שלום, 山田　太郎, e\u{301}",
        "Büro-Umzug, שלום, 山田　太郎, e\u{301}"
    )]
    #[case::signs("a \"b\" \\ 'c' 🎉", "a \"b\" \\ 'c' 🎉")]
    #[case::c0("a\u{1b}[2Jb\r\n\tc\0", "a\\u{1b}[2Jb\\r\\n\\tc\\u{0}")]
    #[case::c1("a\u{9b}2Jb\u{7f}", "a\\u{9b}2Jb\\u{7f}")]
    #[case::bidi(
        "\u{202e}nimda\u{202c}\u{2066}\u{200f}",
        "\\u{202e}nimda\\u{202c}\\u{2066}\\u{200f}"
    )]
    #[case::zero_width(
        "a\u{200b}d\u{200d}m\u{feff}i\u{ad}n",
        "a\\u{200b}d\\u{200d}m\\u{feff}i\\u{ad}n"
    )]
    #[case::line_breaks("a\u{2028}b\u{2029}c\u{85}", "a\\u{2028}b\\u{2029}c\\u{85}")]
    #[case::tags("a\u{e0061}", "a\\u{e0061}")]
    fn g11_what_has_no_sign_of_its_own_is_spelled_out(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(Visible(text).to_string(), shown);
    }

    #[test]
    fn json_says_the_same_without_hidden_characters() {
        let value = serde_json::json!({ "name": "a\u{202e}b\u{7f}\u{e0061}ü\n", "ids": [1] });
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let shown = visible_json(&pretty);
        assert!(!shown.contains(|c| c != '\n' && is_hidden(c)), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        assert!(matches!(visible_json("{\n  \"a\": \"ü\"\n}"), Cow::Borrowed(_)));
    }
}
