//! Texts with `{placeholders}` for what is known of a person, wherever the file has them.

use crate::config::values::ValueError;
use crate::domain::{Identity, InvalidTemplate, Template};

/// A template that knows the attributes of every identity, and those that `more` names.
pub(super) fn parse(text: &str, more: &[&str]) -> Result<Template, ValueError> {
    let mut known: Vec<_> = Identity::ATTRIBUTES.iter().chain(more).copied().collect();
    known.dedup();
    of(text, &known)
}

/// A template that knows these names and no others.
pub(super) fn of(text: &str, known: &[&str]) -> Result<Template, ValueError> {
    Template::parse(text, known).map_err(|error| {
        let names: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
        let expected = match error {
            InvalidTemplate::Empty => format!("expected a text, with {}", names.join(" ")),
            _ => format!("known here: {}", names.join(" ")),
        };
        ValueError::new(error.to_string(), expected)
    })
}
