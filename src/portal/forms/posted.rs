//! What was typed into a form, by the names of its inputs. Must not know what it means.

use std::collections::BTreeMap;

use super::FieldId;

/// The texts of a form, each under the name of its input.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Posted(BTreeMap<String, Vec<String>>);

/// A form that the portal did not make: it is refused as a whole, because somebody may be trying to set
/// a field that is not theirs.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ForeignForm {
    /// It has an input that the form does not have.
    #[error("the form has no input {0:?}")]
    Unknown(String),
    /// It has two values for one input.
    #[error("the form has one input {0:?}, and two values came")]
    Repeated(String),
}

/// An input of a form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Input {
    pub(super) name: String,
    /// Whether several values may come, as from checkboxes.
    pub(super) several: bool,
}

impl Posted {
    /// Takes names and values in the order in which they came.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut posted = Self::default();
        for (name, value) in pairs {
            posted.add(name, value);
        }
        posted
    }

    /// The text of an input; nothing typed is an empty text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of an input.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }

    pub(super) fn add(&mut self, name: String, value: String) {
        self.0.entry(name).or_default().push(value);
    }

    pub(super) fn set(&mut self, name: String, values: Vec<String>) {
        self.0.insert(name, values);
    }

    pub(super) fn part(&self, id: &FieldId, part: &str) -> &str {
        self.text(&id.part(part))
    }

    /// Refuses what a form with these inputs does not send (docs/security.md P5).
    pub(super) fn only(&self, inputs: &[Input]) -> Result<(), ForeignForm> {
        for (name, values) in &self.0 {
            let input = inputs.iter().find(|input| input.name == *name);
            let input = input.ok_or_else(|| ForeignForm::Unknown(name.clone()))?;
            if values.len() > 1 && !input.several {
                return Err(ForeignForm::Repeated(name.clone()));
            }
        }
        Ok(())
    }
}

/// A single line: without blanks around it, and with a blank for every break and control character.
pub(super) fn one_line(typed: &str) -> String {
    let typed: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    typed.trim().to_owned()
}

/// Lines as JSM takes them: browsers send CR LF. Other control characters have no place in a text.
pub(super) fn lines(typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    typed.trim_end().chars().filter(kept).collect::<String>().trim_start_matches('\n').to_owned()
}

/// Digits as ASCII, whichever of a keyboard's widths they were typed in.
pub(super) fn ascii_width(typed: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    typed.chars().map(narrow).collect()
}
