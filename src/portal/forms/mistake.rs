//! What is wrong with what was typed. The words are the catalogue's; here is which of them, and what
//! they name.

use std::collections::BTreeMap;

use minijinja::Value;

use super::{FieldId, Locale};

/// A mistake at a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldMistake {
    /// The field.
    pub field: FieldId,
    /// The id of the control that the mistake is at.
    pub control: String,
    /// What is wrong.
    pub mistake: Mistake,
}

/// What is wrong. Fields are named by the page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mistake {
    /// There is no such day in the month.
    DayImpossible {
        /// The month's name.
        month: String,
        /// The year; how many days February has depends on it.
        year: i16,
        /// How many days it has.
        days: i8,
    },
    /// A date lacks a part.
    DateIncomplete(DatePart),
    /// A part of a date is none.
    DateImpossible,
    /// No address where there must be one.
    EmailMissing,
    /// No address at all.
    EmailWrong {
        /// What was typed.
        text: String,
    },
    /// One of several lines is no address.
    EmailLineWrong {
        /// Its number.
        line: usize,
        /// What was typed.
        text: String,
    },
    /// JSM wants something that the form does not ask for. What it is, is not the customer's business.
    Elsewhere,
    /// Nothing was typed.
    Empty,
    /// Something is wrong with a file.
    File(FileMistake),
    /// A single word is too long.
    LabelTooLong {
        /// The word.
        text: String,
        /// How many characters it may have.
        limit: usize,
    },
    /// Nothing was chosen, or something that is not among the choices.
    NotChosen,
    /// No number.
    NotANumber,
    /// More than JSM can keep.
    NumberTooLarge,
    /// The help desk cannot use the address of a person. Whether it knows the address is not told.
    PersonUnusable {
        /// The address.
        email: String,
    },
    /// What JSM itself says of the field.
    Said(String),
    /// No time of a day.
    TimeImpossible,
    /// More people than a customer may name in a while.
    TooManyPeople,
    /// Too many characters.
    TooLong {
        /// How many there may be.
        limit: usize,
        /// How many there are.
        count: usize,
    },
    /// No web address.
    UrlWrong,
    /// A year without its century.
    YearShort,
}

/// A part of a date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DatePart {
    /// The day of the month.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
    /// The time of the day.
    Time,
}

/// What is wrong with a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FileMistake {
    /// Too many files are on their way to JSM, this customer's or everybody's.
    Crowded {
        /// Its name.
        file: String,
    },
    /// It has nothing in it.
    Empty {
        /// Its name.
        file: String,
    },
    /// It did not arrive.
    Failed {
        /// Its name.
        file: String,
    },
    /// JSM no longer has what was uploaded.
    Forgotten {
        /// The name of the first of them.
        file: String,
        /// How many they are.
        count: usize,
    },
    /// No file where there must be one.
    Missing,
    /// JSM does not take it: for its kind, or for a limit of its own.
    Refused {
        /// Its name.
        file: String,
    },
    /// It is too large.
    TooLarge {
        /// Its name.
        file: String,
        /// Its size in bytes.
        size: u64,
        /// How many bytes it may have.
        limit: u64,
    },
    /// There are too many.
    TooMany {
        /// How many there may be.
        limit: usize,
        /// How many there are.
        count: usize,
    },
}

type Arguments = Vec<(&'static str, Value)>;

impl DatePart {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Time => "time",
        }
    }
}

impl Mistake {
    /// What templates are given: `said`, or the `name` of a text and its `arguments`.
    pub(super) fn value(&self, field: &str, locale: &Locale) -> Value {
        if let Self::Said(words) = self {
            return minijinja::context! { said => words.as_str() };
        }
        let (name, mut arguments) = self.text(locale);
        arguments.push(("field", Value::from(field)));
        let arguments = Value::from(arguments.into_iter().collect::<BTreeMap<_, _>>());
        minijinja::context! { name, arguments }
    }

    fn text(&self, locale: &Locale) -> (&'static str, Arguments) {
        match self {
            Self::DayImpossible { month, year, days } => (
                "form-day-impossible",
                vec![
                    ("month", Value::from(month.as_str())),
                    ("year", Value::from(year.to_string())),
                    ("days", Value::from(*days)),
                ],
            ),
            Self::DateIncomplete(part) => {
                ("form-date-incomplete", vec![("part", Value::from(part.as_str()))])
            }
            Self::DateImpossible => ("form-date-impossible", vec![]),
            Self::EmailMissing => ("form-email-missing", vec![]),
            Self::EmailWrong { text } => ("form-email-wrong", named("text", text)),
            Self::EmailLineWrong { line, text } => (
                "form-email-line-wrong",
                vec![("line", Value::from(*line)), ("text", Value::from(text.as_str()))],
            ),
            Self::Elsewhere => ("form-refused-elsewhere", vec![]),
            Self::Empty | Self::Said(_) => ("form-empty", vec![]),
            Self::File(mistake) => mistake.text(locale),
            Self::LabelTooLong { text, limit } => (
                "form-label-too-long",
                vec![("text", Value::from(text.as_str())), ("limit", Value::from(*limit))],
            ),
            Self::NotChosen => ("form-not-chosen", vec![]),
            Self::NotANumber => ("form-not-a-number", vec![]),
            Self::NumberTooLarge => ("form-number-too-large", vec![]),
            Self::PersonUnusable { email } => ("form-person-unusable", named("email", email)),
            Self::TimeImpossible => ("form-time-impossible", vec![]),
            Self::TooManyPeople => ("form-too-many-people", vec![]),
            Self::TooLong { limit, count } => (
                "form-too-long",
                vec![("limit", Value::from(*limit)), ("count", Value::from(*count))],
            ),
            Self::UrlWrong => ("form-url-wrong", vec![]),
            Self::YearShort => ("form-year-short", vec![]),
        }
    }
}

impl FileMistake {
    fn text(&self, locale: &Locale) -> (&'static str, Arguments) {
        match self {
            Self::Crowded { file } => ("form-file-crowded", named("file", file)),
            Self::Empty { file } => ("form-file-empty", named("file", file)),
            Self::Failed { file } => ("form-file-failed", named("file", file)),
            Self::Forgotten { file, count } => (
                "form-files-forgotten",
                vec![("file", Value::from(file.as_str())), ("count", Value::from(*count))],
            ),
            Self::Missing => ("form-file-missing", vec![]),
            Self::Refused { file } => ("form-file-refused", named("file", file)),
            Self::TooLarge { file, size, limit } => (
                "form-file-too-large",
                vec![
                    ("file", Value::from(file.as_str())),
                    ("size", Value::from(locale.megabytes(*size))),
                    ("limit", Value::from(locale.megabytes_within(*limit))),
                ],
            ),
            Self::TooMany { limit, count } => (
                "form-too-many-files",
                vec![("limit", Value::from(*limit)), ("count", Value::from(*count))],
            ),
        }
    }
}

fn named(name: &'static str, text: &str) -> Arguments {
    vec![(name, Value::from(text))]
}
