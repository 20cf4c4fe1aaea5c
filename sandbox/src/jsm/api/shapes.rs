//! Whether a value has the shape that its field takes, with Jira's sentences for those that have
//! not.

use serde_json::Value;
use time::{Date, Month};
use url::Url;

use super::super::data::fields::{Choice, Field, FieldKind};
use super::super::data::people::People;

/// The longest text of one line.
const LINE_LIMIT: usize = 255;

/// What values are held against.
pub(super) struct Shapes<'a> {
    pub(super) people: &'a People,
    pub(super) cloud: bool,
    /// Whether texts with marks are documents (ADF) in this call.
    pub(super) documents: bool,
}

type Checked = Result<(), String>;

impl Shapes<'_> {
    pub(super) fn check(&self, field: &Field, value: &Value) -> Checked {
        match field.kind {
            kind if kind.is_rich() => self.rich(value),
            FieldKind::Summary | FieldKind::Text => line(value),
            FieldKind::Url => address(value),
            FieldKind::Number => need(value.is_number(), "Operation value must be a number"),
            FieldKind::Date | FieldKind::DueDate => day(value),
            FieldKind::DateTime => moment(value),
            FieldKind::Select | FieldKind::Radio | FieldKind::Priority | FieldKind::Version => {
                chosen(&field.choices, value).map(drop)
            }
            FieldKind::Cascading => cascade(field, value),
            FieldKind::MultiSelect
            | FieldKind::Checkboxes
            | FieldKind::Components
            | FieldKind::Versions
            | FieldKind::FixVersions
            | FieldKind::MultiVersion => each(value, |it| chosen(&field.choices, it).map(drop)),
            FieldKind::Labels | FieldKind::CustomLabels => each(value, label),
            FieldKind::User => self.person(value),
            FieldKind::Users => each(value, |it| self.person(it)),
            FieldKind::Group => named(value),
            FieldKind::Groups => each(value, named),
            FieldKind::Organizations => each(value, |it| self.organization(it)),
            FieldKind::Attachment => {
                each(value, |it| need(it.is_string(), "Operation value must be a string"))
            }
            FieldKind::Assets => each(value, asset),
            _ => Err("The field cannot be set by this call.".to_owned()),
        }
    }

    fn rich(&self, value: &Value) -> Checked {
        if !self.documents {
            return need(value.is_string(), "Operation value must be a string");
        }
        let is_document = value["type"] == "doc" && value["version"] == 1;
        let sentence = "Operation value must be an Atlassian Document (see the Atlassian Document \
                        Format)";
        need(is_document && value["content"].is_array(), sentence)
    }

    fn person(&self, value: &Value) -> Checked {
        let member = if self.cloud { "accountId" } else { "name" };
        let id = value[member].as_str();
        let known = id.is_some_and(|id| self.people.account(id).is_some_and(|it| it.active));
        need(known && has_only(value, member), "Specify a valid value for the user")
    }

    fn organization(&self, value: &Value) -> Checked {
        let id = value.as_u64();
        let known = id.is_some_and(|id| self.people.organizations.iter().any(|it| it.id == id));
        need(known, "data was not an array of organization ids")
    }
}

fn need(holds: bool, sentence: &str) -> Checked {
    if holds { Ok(()) } else { Err(sentence.to_owned()) }
}

fn has_only(value: &Value, member: &str) -> bool {
    value.as_object().is_some_and(|all| all.keys().all(|it| it == member))
}

fn each(value: &Value, check: impl Fn(&Value) -> Checked) -> Checked {
    let Some(all) = value.as_array() else { return Err("data was not an array".to_owned()) };
    all.iter().try_for_each(check)
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "Operation value must be a string".to_owned())
}

fn line(value: &Value) -> Checked {
    let text = text(value)?;
    need(!text.contains(['\n', '\r']), "The text must not contain line breaks.")?;
    need(
        text.chars().count() <= LINE_LIMIT,
        "The entered text is too long. It exceeds the allowed \
                                              limit of 255 characters.",
    )
}

fn address(value: &Value) -> Checked {
    let url = Url::parse(text(value)?).ok();
    let known = url.is_some_and(|url| ["http", "https"].contains(&url.scheme()));
    need(known, "Not a valid URL")
}

fn day(value: &Value) -> Checked {
    let text = text(value)?;
    need(is_day(text), &format!("Error parsing date string: {text}"))
}

fn is_day(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let month = month.parse::<u8>().ok().and_then(|month| Month::try_from(month).ok());
    let (Ok(year), Some(month), Ok(day)) = (year.parse(), month, day.parse()) else { return false };
    text.len() == 10 && Date::from_calendar_date(year, month, day).is_ok()
}

/// `2015-11-18T14:39:00.000+1100`: with milliseconds, and an offset without a colon.
fn moment(value: &Value) -> Checked {
    let text = text(value)?;
    let (day, rest) = text.split_once('T').unwrap_or((text, ""));
    let pattern = "00:00:00.000+0000";
    let fits = |(own, wanted): (char, char)| match wanted {
        '0' => own.is_ascii_digit(),
        '+' => own == '+' || own == '-',
        other => own == other,
    };
    let shaped = rest.len() == pattern.len() && rest.chars().zip(pattern.chars()).all(fits);
    need(is_day(day) && shaped, &format!("Error parsing date string: {text}"))
}

/// By `id`, by `value` or by `name`, as far as there is such a choice.
fn chosen<'a>(choices: &'a [Choice], value: &Value) -> Result<&'a Choice, String> {
    let label = value["value"].as_str().or_else(|| value["name"].as_str());
    let fits = |it: &&Choice| match value["id"].as_str() {
        Some(id) => it.id == id,
        None => label == Some(it.label.as_str()),
    };
    let there = choices.iter().find(fits);
    there.ok_or_else(|| "Specify a valid 'id' or 'name' for the field".to_owned())
}

fn cascade(field: &Field, value: &Value) -> Checked {
    let parent = chosen(&field.choices, value)?;
    match value.get("child") {
        Some(child) => chosen(&parent.children, child).map(drop),
        None => Ok(()),
    }
}

fn label(value: &Value) -> Checked {
    let text = text(value)?;
    let sentence = format!("The label '{text}' contains spaces which is invalid.");
    need(!text.contains(char::is_whitespace), &sentence)
}

fn named(value: &Value) -> Checked {
    need(value["name"].is_string() && has_only(value, "name"), "Specify a valid group")
}

fn asset(value: &Value) -> Checked {
    let all = ["id", "workspaceId", "objectId"].iter().all(|it| value[*it].is_string());
    need(all, "Specify a valid object")
}
