//! Choices: one, several, one below another, and the organisation to share with.

use super::super::answer::Answer;
use super::super::choice::Choice;
use super::super::form::Field;
use super::super::kind::{Look, Shape};
use super::super::mistake::Mistake;
use super::super::posted::Posted;
use super::super::widget::{Control, Group, Item};
use super::control_id;
use crate::domain::OrganizationId;

/// So many choices still are radio buttons.
const RADIOS: usize = 7;

/// What is posted has to be among the choices: the list may have changed, or the form is not ours.
pub(super) fn one(
    choices: &[Choice],
    typed: &str,
    shape: Shape,
) -> Result<Option<Answer>, Mistake> {
    Ok(chosen(choices, typed)?.map(|choice| Answer::Choice(choice.clone(), shape)))
}

pub(super) fn several<'a>(
    choices: &[Choice],
    typed: impl Iterator<Item = &'a str>,
    shape: Shape,
) -> Result<Option<Answer>, Mistake> {
    let mut all: Vec<Choice> = Vec::new();
    for typed in typed {
        let choice = chosen(choices, typed)?.filter(|choice| !all.contains(choice));
        all.extend(choice.cloned());
    }
    Ok(if all.is_empty() { None } else { Some(Answer::Choices(all, shape)) })
}

pub(super) fn cascade(choices: &[Choice], typed: &str) -> Result<Option<Answer>, Mistake> {
    if typed.is_empty() {
        return Ok(None);
    }
    let mut pairs = choices.iter().flat_map(pairs);
    let pair = pairs.find(|(parent, child)| cascade_value(parent, *child) == typed);
    let (parent, child) = pair.ok_or(Mistake::NotChosen)?;
    Ok(Some(Answer::Cascade(parent.clone(), child.cloned())))
}

/// Only the customer's own organisations are among the choices (docs/security.md P16).
pub(super) fn organization(
    choices: &[Choice],
    typed: &str,
) -> Result<Option<OrganizationId>, Mistake> {
    let Some(choice) = chosen(choices, typed)? else { return Ok(None) };
    OrganizationId::parse(&choice.id).map(Some).map_err(|_| Mistake::NotChosen)
}

fn chosen<'a>(choices: &'a [Choice], typed: &str) -> Result<Option<&'a Choice>, Mistake> {
    if typed.is_empty() {
        return Ok(None);
    }
    choices.iter().find(|choice| choice.id == typed).map(Some).ok_or(Mistake::NotChosen)
}

/// How a choice and the one below it are written in a form.
pub(super) fn cascade_value(parent: &Choice, child: Option<&Choice>) -> String {
    format!("{}:{}", parent.id, child.map_or("", |child| child.id.as_str()))
}

/// What can be chosen of a choice: those below it, or itself.
fn pairs(parent: &Choice) -> Vec<(&Choice, Option<&Choice>)> {
    if parent.children.is_empty() {
        return vec![(parent, None)];
    }
    parent.children.iter().map(|child| (parent, Some(child))).collect()
}

pub(super) fn list(field: &Field, posted: &Posted, look: Look) -> Control {
    let id = field.id.as_str();
    let options = items(field, |choice| posted.text(id) == choice.id);
    if look == Look::ByNumber && options.len() > RADIOS {
        return Control::Select(options);
    }
    let none = (!field.required).then(|| Item {
        id: control_id(&field.id, options.len(), "none"),
        value: String::new(),
        label: String::new(),
        chosen: posted.all(id).next() == Some(""),
    });
    Control::Radios { options, none }
}

pub(super) fn checkboxes(field: &Field, posted: &Posted) -> Control {
    let id = field.id.as_str();
    Control::Checkboxes(items(field, |choice| posted.all(id).any(|typed| typed == choice.id)))
}

pub(super) fn groups(field: &Field, typed: &str) -> Control {
    let group = |parent: &Choice| {
        let item = |(parent, child): (&Choice, Option<&Choice>)| Item {
            id: String::new(),
            value: cascade_value(parent, child),
            label: child.map(|child| child.label.clone()).unwrap_or_default(),
            chosen: cascade_value(parent, child) == typed,
        };
        Group {
            label: parent.label.clone(),
            options: pairs(parent).into_iter().map(item).collect(),
        }
    };
    Control::Groups(field.choices.iter().map(group).collect())
}

/// The strictest answer comes first, and holds until the customer chooses another one.
pub(super) fn sharing(field: &Field, typed: &str) -> Control {
    let mut organizations = items(field, |choice| typed == choice.id);
    let private = (!field.required).then(|| Item {
        id: field.id.to_string(),
        value: String::new(),
        label: String::new(),
        chosen: !organizations.iter().any(|item| item.chosen),
    });
    if private.is_some() {
        for (at, item) in organizations.iter_mut().enumerate() {
            item.id = control_id(&field.id, at + 1, &(at + 1).to_string());
        }
    }
    Control::Sharing { private, organizations }
}

fn items(field: &Field, chosen: impl Fn(&Choice) -> bool) -> Vec<Item> {
    let item = |(at, choice): (usize, &Choice)| Item {
        id: control_id(&field.id, at, &at.to_string()),
        value: choice.id.clone(),
        label: choice.label.clone(),
        chosen: chosen(choice),
    };
    field.choices.iter().enumerate().map(item).collect()
}
