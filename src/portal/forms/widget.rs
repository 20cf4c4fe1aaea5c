//! Fields as templates show them. Must not know what was meant by what was typed.

use minijinja::{Value, context};

use super::mistake::{DatePart, FieldMistake};
use super::{FieldId, Locale};
use crate::web::preferences::city;

/// A field with its label, hints, mistake and control, in this order.
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// The field; also the id of its first control.
    pub id: FieldId,
    /// Its label. Empty for the question who can see the request, which is the page's own.
    pub name: String,
    /// Whether it may be left open.
    pub optional: bool,
    /// JSM's help for it, a paragraph each.
    pub description: Vec<String>,
    /// The text of the catalogue that says how to answer.
    pub hint: Option<&'static str>,
    /// How many characters the answer may have.
    pub limit: Option<usize>,
    /// What is wrong with the answer. Only files can have several mistakes.
    pub mistakes: Vec<FieldMistake>,
    /// What is typed into.
    pub control: Control,
}

/// What is typed into or chosen from.
#[derive(Clone, Debug, PartialEq)]
pub enum Control {
    /// Any of several.
    Checkboxes(Vec<Item>),
    /// Files.
    Files {
        /// Those that are there already.
        listed: Vec<ListedFile>,
        /// How many megabytes each may have, in the customer's language.
        megabytes: String,
        /// How many there may be.
        count: usize,
    },
    /// A list of choices in groups, each written out.
    Groups(Vec<Group>),
    /// One line.
    Input {
        /// What is in it.
        value: String,
        /// What goes into it.
        entry: Entry,
    },
    /// Many lines.
    Paragraph {
        /// What is in it.
        value: String,
        /// Its height.
        rows: usize,
        /// Whether addresses go into it, one a line.
        addresses: bool,
    },
    /// The parts of a date, in the order of the language.
    Parts(Vec<Part>),
    /// One of a few.
    Radios {
        /// The choices.
        options: Vec<Item>,
        /// The choice of nothing.
        none: Option<Item>,
    },
    /// One of many.
    Select(Vec<Item>),
    /// Who can see the request.
    Sharing {
        /// Nobody but the people who are named.
        private: Option<Item>,
        /// Everybody of an organisation.
        organizations: Vec<Item>,
    },
}

/// What goes into a single line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entry {
    /// A number.
    Decimal,
    /// An email address.
    Email,
    /// Anything.
    Text,
    /// A web address.
    Url,
}

/// Something to choose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// Of its control.
    pub id: String,
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Choices below another one. One without a label of its own is that other one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// The choice above.
    pub label: String,
    /// The choices below it.
    pub options: Vec<Item>,
}

/// The input for a part of a date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    /// Of the input.
    pub id: String,
    /// Of the input.
    pub name: String,
    /// Which part it is.
    pub part: DatePart,
    /// What is in it.
    pub value: String,
}

/// A file that is there already.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedFile {
    /// Its name.
    pub name: String,
    /// Its size, in the customer's language.
    pub megabytes: String,
}

impl Widget {
    /// What the macro `field` of `fields.html` takes.
    #[must_use]
    pub fn value(&self, locale: &Locale) -> Value {
        let mistakes = self.mistakes.iter();
        context! {
            id => self.id.as_str(),
            name => self.name.as_str(),
            optional => self.optional,
            description => self.description.iter().map(String::as_str).collect::<Value>(),
            hint => self.hint,
            limit => self.limit,
            zone => city(&locale.zone),
            is_group => self.control.is_group(),
            mistakes => mistakes.map(|wrong| wrong.mistake.value(&self.name, locale)).collect::<Value>(),
            wrong_control => self.mistakes.first().map(|wrong| wrong.control.as_str()),
            ..self.control.value()
        }
    }
}

impl Control {
    fn value(&self) -> Value {
        match self {
            Self::Checkboxes(options) => {
                context! { control => "checkboxes", options => all(options) }
            }
            Self::Files { listed, megabytes, count } => context! {
                control => "files", files => listed.iter().map(ListedFile::value).collect::<Value>(),
                megabytes => megabytes.as_str(), count,
            },
            Self::Groups(groups) => context! {
                control => "groups", groups => groups.iter().map(Group::value).collect::<Value>(),
            },
            Self::Input { value, entry } => context! {
                control => "input", value => value.as_str(), entry => entry.as_str(),
            },
            Self::Paragraph { value, rows, addresses } => context! {
                control => "paragraph", value => value.as_str(), rows, addresses,
            },
            Self::Parts(parts) => context! {
                control => "parts", parts => parts.iter().map(Part::value).collect::<Value>(),
            },
            Self::Radios { options, none } => context! {
                control => "radios", options => all(options),
                none => none.as_ref().map(Item::to_value),
            },
            Self::Select(options) => context! { control => "select", options => all(options) },
            Self::Sharing { private, organizations } => context! {
                control => "sharing", options => all(organizations),
                private => private.as_ref().map(Item::to_value),
            },
        }
    }

    /// Whether several controls answer one question, so that it is the legend of a group.
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(
            self,
            Self::Checkboxes(_) | Self::Parts(_) | Self::Radios { .. } | Self::Sharing { .. }
        )
    }
}

impl Entry {
    fn as_str(self) -> &'static str {
        match self {
            Self::Decimal => "decimal",
            Self::Email => "email",
            Self::Text => "text",
            Self::Url => "url",
        }
    }
}

fn all(items: &[Item]) -> Value {
    items.iter().map(Item::to_value).collect()
}

impl Item {
    fn to_value(&self) -> Value {
        context! {
            id => self.id.as_str(), value => self.value.as_str(), label => self.label.as_str(),
            chosen => self.chosen,
        }
    }
}

impl Group {
    fn value(&self) -> Value {
        context! { label => self.label.as_str(), options => all(&self.options) }
    }
}

impl Part {
    fn value(&self) -> Value {
        context! {
            id => self.id.as_str(), name => self.name.as_str(), part => self.part.as_str(),
            value => self.value.as_str(),
        }
    }
}

impl ListedFile {
    fn value(&self) -> Value {
        context! { name => self.name.as_str(), megabytes => self.megabytes.as_str() }
    }
}
