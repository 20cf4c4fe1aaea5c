//! A form being filled in: what is in it at first, what was typed, what is wrong with that.

use minijinja::{Value, context};

use super::answer::Answers;
use super::form::{Field, Form};
use super::kinds::Reading;
use super::locale::Locale;
use super::mistake::{FieldMistake, Mistake};
use super::posted::{ForeignForm, Posted};
use super::widget::Widget;

impl Form {
    /// What is in the form before anybody types: JSM's defaults and, over them, what the address of the
    /// form asks for. Nobody is named by an address: a link must not decide who sees a request.
    #[must_use]
    pub fn prefilled(&self, query: &Posted, locale: &Locale) -> Posted {
        let mut posted = Posted::default();
        for field in self.fields.iter().filter(|field| !field.kind.names_people()) {
            let asked: Vec<_> = query.all(field.id.as_str()).map(str::to_owned).collect();
            let values = if asked.is_empty() { field.default_values() } else { asked };
            if !values.is_empty() {
                field.fill(values, &mut posted, locale);
            }
        }
        posted
    }

    /// The answers, or every mistake in the order of the page.
    ///
    /// # Errors
    /// When the form is not one that the portal made. `posted` must be without the page's own inputs.
    pub fn read(
        &self,
        posted: &Posted,
        reading: &Reading<'_>,
    ) -> Result<Result<Answers, Vec<FieldMistake>>, ForeignForm> {
        let inputs: Vec<_> = self.fields.iter().flat_map(Field::inputs).collect();
        posted.only(&inputs)?;
        let mut answers = Vec::new();
        let mut mistakes = Vec::new();
        for field in &self.fields {
            match field.read(posted, reading) {
                Ok(answer) => answers.extend(answer.map(|answer| (field.id.clone(), answer))),
                Err(wrong) => mistakes.push(FieldMistake {
                    field: field.id.clone(),
                    control: wrong.control.unwrap_or_else(|| field.id.to_string()),
                    mistake: wrong.mistake,
                }),
            }
        }
        Ok(if mistakes.is_empty() {
            Ok(Answers { deployment: self.deployment, answers })
        } else {
            Err(mistakes)
        })
    }

    /// The fields with what was typed, and with a mistake where there is one.
    #[must_use]
    pub fn widgets(
        &self,
        posted: &Posted,
        mistakes: &[FieldMistake],
        reading: &Reading<'_>,
    ) -> Vec<Widget> {
        let widget = |field: &Field| Widget {
            id: field.id.clone(),
            name: field.name.clone(),
            optional: !field.required,
            description: field
                .description
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .map(str::to_owned)
                .collect(),
            hint: field.hint(),
            limit: field.limit(),
            mistakes: mistakes
                .iter()
                .filter(|mistake| mistake.field == field.id)
                .cloned()
                .collect(),
            control: field.control(posted, reading),
        };
        self.fields.iter().map(widget).collect()
    }
}

/// What the macros of `fields.html` take: `fields`, and `mistakes` in the order of the page, each with
/// the id of its control. `general` are mistakes that are at no
/// field of the form.
#[must_use]
pub fn values(widgets: &[Widget], general: &[Mistake], locale: &Locale) -> Value {
    let at_field = |widget: &Widget| {
        let value = |wrong: &FieldMistake| {
            let mistake = wrong.mistake.value(&widget.name, locale);
            context! { control => wrong.control.as_str(), mistake }
        };
        widget.mistakes.iter().map(value).collect::<Vec<_>>()
    };
    let of_request = |mistake: &Mistake| {
        context! { control => (), mistake => mistake.value("", locale) }
    };
    let mistakes = general.iter().map(of_request).chain(widgets.iter().flat_map(at_field));
    context! {
        mistakes => mistakes.collect::<Value>(),
        fields => widgets.iter().map(|widget| widget.value(locale)).collect::<Value>(),
    }
}
