//! Texts: a line, a paragraph, single words, a web address.

use url::Url;

use super::super::answer::Answer;
use super::super::mistake::Mistake;
use super::super::posted::{lines, one_line};

/// What Jira stores of a line (`stringvalue` of its table of custom field values).
pub(super) const LONGEST_LINE: usize = 255;

/// `jira.text.field.character.limit`, Jira's default for texts of many lines.
pub(super) const LONGEST_TEXT: usize = 32_767;

pub(super) fn line(typed: &str) -> Result<Option<Answer>, Mistake> {
    let text = one_line(typed);
    within(&text, LONGEST_LINE)?;
    Ok(filled(text).map(Answer::Text))
}

pub(super) fn paragraph(typed: &str) -> Result<Option<Answer>, Mistake> {
    let text = lines(typed);
    within(&text, LONGEST_TEXT)?;
    Ok(filled(text).map(Answer::WikiText))
}

/// Words with blanks between them; commas do no harm. Jira's labels have no blanks inside.
pub(super) fn labels(typed: &str) -> Result<Option<Answer>, Mistake> {
    let mut labels: Vec<String> = Vec::new();
    for word in typed.split_whitespace() {
        let word = word.trim_matches([',', ';']);
        if characters(word) > LONGEST_LINE {
            let (text, limit) = (word.to_owned(), LONGEST_LINE);
            return Err(Mistake::LabelTooLong { text, limit });
        }
        if !word.is_empty() && !labels.iter().any(|label| label == word) {
            labels.push(word.to_owned());
        }
    }
    Ok(if labels.is_empty() { None } else { Some(Answer::Labels(labels)) })
}

/// An address that agents can click without harm: `http` or `https` (docs/security.md P11). What was
/// typed is sent as it is; without a scheme it gets `https`.
pub(super) fn url(typed: &str) -> Result<Option<Answer>, Mistake> {
    let Some(typed) = filled(typed.trim().to_owned()) else { return Ok(None) };
    // The URL standard drops tabs and line breaks, and whoever reads it later may not.
    if typed.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Mistake::UrlWrong);
    }
    let address = if typed.contains(':') { typed } else { format!("https://{typed}") };
    within(&address, LONGEST_LINE)?;
    let url = Url::parse(&address).map_err(|_| Mistake::UrlWrong)?;
    let has_dot = url.host_str().is_some_and(|host| host.contains(['.', ':']));
    let written_out = address.to_ascii_lowercase();
    let is_web = written_out.starts_with("https://") || written_out.starts_with("http://");
    if is_web && has_dot { Ok(Some(Answer::Text(address))) } else { Err(Mistake::UrlWrong) }
}

fn filled(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

fn within(text: &str, limit: usize) -> Result<(), Mistake> {
    let count = characters(text);
    if count > limit { Err(Mistake::TooLong { limit, count }) } else { Ok(()) }
}

/// Characters as Jira counts them: UTF-16 units.
fn characters(text: &str) -> usize {
    text.encode_utf16().count()
}
