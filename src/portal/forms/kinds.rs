//! One file a kind of field: how it is filled before anybody types, how what was typed is read, and
//! which control shows it.

mod choice;
mod date;
mod files;
mod number;
mod people;
mod text;
mod time;

pub use files::{FileLimits, KeptFile, file_name};

use super::answer::Answer;
use super::form::Field;
use super::locale::Locale;
use super::mistake::{FieldMistake, FileMistake, Mistake};
use super::posted::{Input, Posted};
use super::widget::{Control, Entry, Widget};
use super::{FieldId, FieldKind};

/// What reading depends on besides the field.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// How the customer writes numbers and days.
    pub locale: &'a Locale,
    /// The files that were uploaded for this form.
    pub files: &'a [KeptFile],
    /// What files it takes.
    pub limits: FileLimits,
}

/// A mistake, and the control that it is at if that is not the field's first.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) mistake: Mistake,
    pub(super) control: Option<String>,
}

impl From<Mistake> for Wrong {
    fn from(mistake: Mistake) -> Self {
        Self { mistake, control: None }
    }
}

impl Field {
    /// The answer, or none where nothing was typed. A required field must have one.
    pub(super) fn read(
        &self,
        posted: &Posted,
        reading: &Reading<'_>,
    ) -> Result<Option<Answer>, Wrong> {
        match self.answer(posted, reading)? {
            None if self.required => Err(self.missing().into()),
            answer => Ok(answer),
        }
    }

    fn answer(&self, posted: &Posted, reading: &Reading<'_>) -> Result<Option<Answer>, Wrong> {
        use FieldKind as K;
        let typed = posted.text(self.id.as_str());
        Ok(match self.kind {
            K::Cascade => choice::cascade(&self.choices, typed)?,
            K::Choice(shape, _) => choice::one(&self.choices, typed, shape)?,
            K::Choices(shape) => {
                choice::several(&self.choices, posted.all(self.id.as_str()), shape)?
            }
            K::Date => date::day(&self.id, posted, reading.locale)?.map(Answer::Date),
            K::DateTime => date::moment(&self.id, posted, reading.locale)?,
            K::Files => files::answer(reading.files),
            K::Labels => text::labels(typed)?,
            K::Line => text::line(typed)?,
            K::Number => number::answer(typed, reading.locale.decimal_sign)?,
            K::Organizations => choice::organization(&self.choices, typed)?
                .map(|id| Answer::Organizations(vec![id])),
            K::Sharing => choice::organization(&self.choices, typed)?.map(Answer::Sharing),
            K::Paragraph => text::paragraph(typed)?,
            K::Participants => people::several(typed)?.map(Answer::Participants),
            K::People => people::several(typed)?.map(Answer::People),
            K::Person => people::one(typed)?,
            K::Url => text::url(typed)?,
        })
    }

    fn missing(&self) -> Mistake {
        use FieldKind as K;
        match self.kind {
            K::Cascade | K::Choice(..) | K::Choices(_) | K::Organizations | K::Sharing => {
                Mistake::NotChosen
            }
            K::Files => Mistake::File(FileMistake::Missing),
            K::Participants | K::People | K::Person => Mistake::EmailMissing,
            K::Date | K::DateTime | K::Labels | K::Line | K::Number | K::Paragraph | K::Url => {
                Mistake::Empty
            }
        }
    }

    /// The inputs that the form has for the field. Files come apart from the texts.
    pub(super) fn inputs(&self) -> Vec<Input> {
        let input = |name: String, several| Input { name, several };
        let part = |part| input(self.id.part(part), false);
        match self.kind {
            FieldKind::Date => ["day", "month", "year"].map(part).into(),
            FieldKind::DateTime => ["day", "month", "year", "time"].map(part).into(),
            FieldKind::Choices(_) => vec![input(self.id.to_string(), true)],
            FieldKind::Files => Vec::new(),
            _ => vec![input(self.id.to_string(), false)],
        }
    }

    /// Fills in values in JSM's own spelling: ids of choices, `2026-11-30`, `1499.9`.
    pub(super) fn fill(&self, values: Vec<String>, posted: &mut Posted, locale: &Locale) {
        use FieldKind as K;
        let first = || values.first().map(String::as_str).unwrap_or_default();
        match self.kind {
            K::Files => {}
            K::Date | K::DateTime => date::fill(&self.id, first(), posted, locale),
            K::Choices(_) => posted.set(self.id.to_string(), values),
            K::Labels => posted.set(self.id.to_string(), vec![values.join(" ")]),
            K::Number => {
                let number = first().replace('.', &locale.decimal_sign.to_string());
                posted.set(self.id.to_string(), vec![number]);
            }
            _ => posted.set(self.id.to_string(), vec![first().to_owned()]),
        }
    }

    /// What JSM gives the field before anybody types, as [`Self::fill`] takes it.
    pub(super) fn default_values(&self) -> Vec<String> {
        let value = |choice: &super::Choice| match choice.children.first() {
            Some(child) => choice::cascade_value(choice, Some(child)),
            None if self.kind == FieldKind::Cascade => choice::cascade_value(choice, None),
            None if choice.id.is_empty() => choice.label.clone(),
            None => choice.id.clone(),
        };
        self.defaults.iter().map(value).collect()
    }

    pub(super) fn control(&self, posted: &Posted, reading: &Reading<'_>) -> Control {
        use FieldKind as K;
        let typed = posted.text(self.id.as_str());
        let input = |entry| Control::Input { value: typed.to_owned(), entry };
        let paragraph =
            |rows, addresses| Control::Paragraph { value: typed.to_owned(), rows, addresses };
        match self.kind {
            K::Cascade => choice::groups(self, typed),
            K::Choice(_, look) => choice::list(self, posted, look),
            K::Choices(_) => choice::checkboxes(self, posted),
            K::Date | K::DateTime => date::parts(self, posted, reading.locale),
            K::Files => files::control(reading),
            K::Labels | K::Line => input(Entry::Text),
            K::Number => input(Entry::Decimal),
            K::Organizations | K::Sharing => choice::sharing(self, typed),
            K::Paragraph => paragraph(5, false),
            K::Participants | K::People => paragraph(3, true),
            K::Person => input(Entry::Email),
            K::Url => input(Entry::Url),
        }
    }

    /// How many characters the answer may have, where customers type freely.
    pub(super) fn limit(&self) -> Option<usize> {
        match self.kind {
            FieldKind::Line => Some(text::LONGEST_LINE),
            FieldKind::Paragraph => Some(text::LONGEST_TEXT),
            _ => None,
        }
    }

    /// The text of the catalogue that says how to answer, where the kind needs one.
    pub(super) fn hint(&self) -> Option<&'static str> {
        use FieldKind as K;
        Some(match self.kind {
            K::Choices(_) => "form-hint-choices",
            K::Date => "form-hint-date",
            K::DateTime => "form-hint-date-time",
            K::Files => "form-hint-files",
            K::Labels => "form-hint-labels",
            K::Participants => "form-hint-participants",
            K::People => "form-hint-people",
            K::Person => "form-hint-person",
            _ => return None,
        })
    }
}

impl Widget {
    /// An optional field for files in a form that JSM does not describe. The page names it.
    #[must_use]
    pub fn of_files(id: FieldId, mistakes: Vec<FileMistake>, reading: &Reading<'_>) -> Self {
        let at_field = |mistake| FieldMistake {
            field: id.clone(),
            control: id.to_string(),
            mistake: Mistake::File(mistake),
        };
        Self {
            mistakes: mistakes.into_iter().map(at_field).collect(),
            id,
            name: String::new(),
            optional: true,
            description: Vec::new(),
            hint: Some("form-hint-files"),
            limit: None,
            control: files::control(reading),
        }
    }
}

/// The id of a control for a part of a field. The first has the field's own, where links lead to.
fn control_id(id: &FieldId, at: usize, suffix: &str) -> String {
    if at == 0 { id.to_string() } else { id.part(suffix) }
}
