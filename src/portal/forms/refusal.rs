//! Why JSM did not take a request, brought to the fields that its messages are about. JSM answers in
//! three shapes: Jira's own, its own, and that of forms and of `POST /request/validate`.

use serde_json::Value;

use super::form::Form;
use super::mistake::{FieldMistake, Mistake};
use super::posted::one_line;
use super::{FieldId, KeptFile};

/// The longest message of JSM's that is shown, in characters.
const LONGEST_MESSAGE: usize = 300;

/// What JSM says of a request that it did not take.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Refusal {
    /// What it says of fields of the form.
    pub mistakes: Vec<FieldMistake>,
    /// What it says of none of them.
    pub general: Vec<Mistake>,
    /// Names of fields that the form does not have, for the log. Hidden fields are among them, so
    /// customers are not told what it says of these.
    pub elsewhere: Vec<String>,
}

impl Refusal {
    /// Reads JSM's answer with a status of 400 or the like.
    #[must_use]
    pub fn read(answer: &Value, form: &Form) -> Self {
        let mut refusal = Self::default();
        refusal.read_fields(answer, form);
        let messages =
            ["errorMessages", "formErrors"].into_iter().filter_map(|name| answer.get(name));
        let messages = messages.filter_map(Value::as_array).flatten().filter_map(Value::as_str);
        for message in messages.chain(answer.get("errorMessage").and_then(Value::as_str)) {
            refusal.add_general(message);
        }
        refusal
    }

    /// Takes out what JSM says of files that it no longer has. Whether it said so.
    pub fn take_forgotten(&mut self, files: &[KeptFile]) -> bool {
        let before = self.mistakes.len() + self.general.len();
        self.mistakes.retain(|wrong| !is_of_forgotten(&wrong.mistake, files));
        self.general.retain(|mistake| !is_of_forgotten(mistake, files));
        self.mistakes.len() + self.general.len() < before
    }

    /// Of an answer that is not in JSON, or says nothing.
    pub(super) fn of_words(message: &str) -> Self {
        let mut refusal = Self::default();
        refusal.add_general(message);
        if refusal.is_empty() {
            refusal.add_once(Mistake::Elsewhere);
        }
        refusal
    }

    pub(super) fn is_empty(&self) -> bool {
        self.mistakes.is_empty() && self.general.is_empty()
    }

    /// `errors: {field: message}`, `fieldErrors: [{field, message}]` and
    /// `errors: [{title, detail, context: [{id}]}]`.
    fn read_fields(&mut self, answer: &Value, form: &Form) {
        let errors = answer.get("errors");
        for (field, message) in errors.and_then(Value::as_object).into_iter().flatten() {
            self.add(form, field, message.as_str().unwrap_or_default());
        }
        for error in answer.get("fieldErrors").and_then(Value::as_array).into_iter().flatten() {
            self.add(form, text(error, "field"), text(error, "message"));
        }
        for error in errors.and_then(Value::as_array).into_iter().flatten() {
            let message = [text(error, "detail"), text(error, "title")];
            let message = message.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
            let context = error.get("context").and_then(Value::as_array);
            match context.and_then(|all| all.first()).map(|first| text(first, "id")) {
                Some(field) => self.add(form, field, message),
                None => self.add_general(message),
            }
        }
    }

    /// A cascading field's choice below is `customfield_10001:1` in Jira's messages.
    fn add(&mut self, form: &Form, field: &str, message: &str) {
        let id = field.split(':').next().and_then(FieldId::parse);
        let id = id.filter(|id| form.fields.iter().any(|field| field.id == *id));
        let Some(id) = id else {
            self.elsewhere.push(shown(field));
            return self.add_once(Mistake::Elsewhere);
        };
        if !self.mistakes.iter().any(|mistake| mistake.field == id) {
            let (control, mistake) = (id.to_string(), Mistake::Said(shown(message)));
            self.mistakes.push(FieldMistake { field: id, control, mistake });
        }
    }

    fn add_general(&mut self, message: &str) {
        let message = shown(message);
        if !message.is_empty() {
            self.add_once(Mistake::Said(message));
        }
    }

    fn add_once(&mut self, mistake: Mistake) {
        if !self.general.contains(&mistake) {
            self.general.push(mistake);
        }
    }
}

fn is_of_forgotten(mistake: &Mistake, files: &[KeptFile]) -> bool {
    matches!(mistake, Mistake::Said(words) if tells_of_forgotten(words, files))
}

/// Whether JSM says with these words that it no longer has one of these files. They differ between its
/// versions, but they name the file's id or call it a temporary attachment.
#[must_use]
pub fn tells_of_forgotten(words: &str, files: &[KeptFile]) -> bool {
    let names = files.iter().any(|file| words.contains(&file.id));
    !files.is_empty() && (names || words.to_ascii_lowercase().contains("temporary attachment"))
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn shown(message: &str) -> String {
    one_line(message).chars().take(LONGEST_MESSAGE).collect()
}
