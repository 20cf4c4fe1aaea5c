//! People, by their email addresses. Whose account an address is of, is found out later, and the form
//! is the same whether JSM knows it or not (docs/security.md P7).

use super::super::answer::Answer;
use super::super::mistake::Mistake;
use crate::domain::Email;

pub(super) fn one(typed: &str) -> Result<Option<Answer>, Mistake> {
    match bare(typed) {
        "" => Ok(None),
        text => parse(text)
            .map(|email| Some(Answer::Person(email)))
            .ok_or_else(|| Mistake::EmailWrong { text: text.to_owned() }),
    }
}

/// Addresses, one a line; commas and semicolons separate them as well.
pub(super) fn several(typed: &str) -> Result<Option<Vec<Email>>, Mistake> {
    let mut emails: Vec<Email> = Vec::new();
    for (line, text) in (1..).zip(typed.lines()) {
        for text in text.split([',', ';']).map(bare).filter(|text| !text.is_empty()) {
            let wrong = || Mistake::EmailLineWrong { line, text: text.to_owned() };
            let email = parse(text).ok_or_else(wrong)?;
            if !emails.contains(&email) {
                emails.push(email);
            }
        }
    }
    Ok(if emails.is_empty() { None } else { Some(emails) })
}

/// Without what mail programs put around an address.
fn bare(typed: &str) -> &str {
    typed.trim().trim_matches(['<', '>', ',', ';']).trim()
}

fn parse(text: &str) -> Option<Email> {
    Email::parse(text).ok()
}
