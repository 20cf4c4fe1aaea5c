//! What kind of field a type of Jira's is. Kinds decide the widget, what may be typed, and the JSON.

use super::definition::JiraSchema;

/// A kind of field that the portal can show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FieldKind {
    /// One of several, cascading: a choice and one below it.
    Cascade,
    /// One of several.
    Choice(Shape, Look),
    /// Any of several.
    Choices(Shape),
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// Files.
    Files,
    /// Single words.
    Labels,
    /// Text of one line.
    Line,
    /// A number.
    Number,
    /// The organisation that the request is shared with.
    Organizations,
    /// People who take part in the request from the start.
    Participants,
    /// Text of many lines.
    Paragraph,
    /// Several people.
    People,
    /// One person.
    Person,
    /// The organisation that the request is shared with once it is made, which JSM's form does not ask for.
    Sharing,
    /// A web address.
    Url,
}

/// How a choice is written in JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// `{"id": "10112"}`. Labels are translated, ids are not.
    Id,
    /// `{"name": "Printers"}`
    Name,
}

/// How a choice looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Look {
    /// Radio buttons, or a list from eight choices on.
    ByNumber,
    /// Radio buttons.
    Radios,
}

/// The prefix of the types that come with Jira.
const JIRAS: &str = "com.atlassian.jira.plugin.system.customfieldtypes:";

impl FieldKind {
    /// The kind of a type, unless the portal does not show such fields. The type of a custom field
    /// outweighs `type`, which JSM tells differently for the same field at times.
    #[must_use]
    pub fn of(schema: &JiraSchema) -> Option<Self> {
        if schema.custom.is_empty() {
            return Self::of_system(&schema.system);
        }
        match schema.custom.strip_prefix(JIRAS) {
            Some(jiras) => Self::of_jiras(jiras),
            None => Self::of_apps(&schema.custom),
        }
    }

    fn of_system(system: &str) -> Option<Self> {
        Some(match system {
            "attachment" => Self::Files,
            "components" => Self::Choices(Shape::Name),
            "description" | "environment" => Self::Paragraph,
            "duedate" => Self::Date,
            "fixVersions" | "versions" => Self::Choices(Shape::Id),
            "labels" => Self::Labels,
            "priority" => Self::Choice(Shape::Id, Look::Radios),
            "summary" => Self::Line,
            _ => return None,
        })
    }

    fn of_jiras(custom: &str) -> Option<Self> {
        Some(match custom {
            "cascadingselect" => Self::Cascade,
            "datepicker" => Self::Date,
            "datetime" => Self::DateTime,
            "float" => Self::Number,
            "grouppicker" => Self::Choice(Shape::Name, Look::ByNumber),
            "labels" => Self::Labels,
            "multicheckboxes" | "multiselect" | "multiversion" => Self::Choices(Shape::Id),
            "multigrouppicker" => Self::Choices(Shape::Name),
            "multiuserpicker" | "people" => Self::People,
            "radiobuttons" => Self::Choice(Shape::Id, Look::Radios),
            "select" | "version" => Self::Choice(Shape::Id, Look::ByNumber),
            "textarea" => Self::Paragraph,
            "textfield" => Self::Line,
            "url" => Self::Url,
            "userpicker" => Self::Person,
            _ => return None,
        })
    }

    fn of_apps(custom: &str) -> Option<Self> {
        Some(match custom {
            "com.atlassian.servicedesk:sd-customer-organizations" => Self::Organizations,
            "com.atlassian.servicedesk:sd-request-participants" => Self::Participants,
            _ => return None,
        })
    }

    /// Whether the field is a choice among what JSM or the configuration lists.
    pub(super) fn has_choices(self) -> bool {
        matches!(self, Self::Cascade | Self::Choice(..) | Self::Choices(_) | Self::Organizations)
    }

    /// Whether its choices are groups. Only those that are configured are offered: all others are
    /// nobody's business.
    pub(super) fn is_of_groups(schema: &JiraSchema) -> bool {
        schema.custom.strip_prefix(JIRAS).is_some_and(|name| name.ends_with("grouppicker"))
    }

    /// Where in the form it stands: who can see the request, and files, come last.
    pub(super) fn place(self) -> u8 {
        match self {
            Self::Participants => 1,
            Self::Organizations | Self::Sharing => 2,
            Self::Files => 3,
            _ => 0,
        }
    }

    /// Whether people are named in it by their addresses.
    pub(super) fn is_of_people(self) -> bool {
        matches!(self, Self::Participants | Self::People | Self::Person)
    }

    /// Whether an organisation is chosen that the request is shared with.
    #[must_use]
    pub fn is_of_organizations(self) -> bool {
        matches!(self, Self::Organizations | Self::Sharing)
    }

    /// Whether it says who sees or does something. A link must not fill that in for somebody.
    pub(super) fn names_people(self) -> bool {
        self.is_of_organizations() || self.is_of_people()
    }
}
