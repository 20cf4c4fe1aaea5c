//! The form of a request type: the fields that it shows, or why it cannot be shown. Must not know what
//! somebody typed.

use std::collections::HashMap;
use std::fmt;

use serde_json::Value;

use super::definition::FieldDefinition;
use super::{Choice, FieldId, FieldKind};
use crate::config::Deployment;
use crate::domain::OrganizationId;

/// The page's own question who can see the request. No field of JSM's has this name.
const SHARING: &str = "sharing";

/// What a form depends on besides JSM's description of the fields.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Which of JSM's two products the request goes to.
    pub deployment: Deployment,
    /// The groups that may be chosen.
    pub groups: &'a [String],
    /// The customer's own organisations, with their names.
    pub organizations: &'a [(OrganizationId, String)],
    /// Whether forms that JSM does not have ask for it, ask who can see the request.
    pub asks_for_sharing: bool,
    /// Whether customers may name people by their addresses.
    pub names_people: bool,
    /// Choices of cascading fields, where JSM does not tell those below others.
    pub cascades: &'a HashMap<FieldId, Vec<Choice>>,
}

/// The fields of a request type, in the order of the page.
#[derive(Clone, Debug)]
pub struct Form {
    pub(super) fields: Vec<Field>,
    pub(super) deployment: Deployment,
}

/// A field that the form shows.
#[derive(Clone, Debug)]
pub struct Field {
    /// JSM's name of it.
    pub id: FieldId,
    /// What customers read.
    pub name: String,
    /// JSM's help for it.
    pub description: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What kind it is.
    pub kind: FieldKind,
    pub(super) choices: Vec<Choice>,
    pub(super) defaults: Vec<Choice>,
}

/// Why a request type is not offered: what is required and cannot be shown.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct Unavailable(pub Vec<Obstacle>);

/// A required field that cannot be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Obstacle {
    /// JSM's name of the field.
    pub field_id: String,
    /// What customers would read.
    pub name: String,
    /// Why it cannot be shown.
    pub cause: Cause,
}

/// Why a field cannot be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Cause {
    /// It asks for a group, and customers may choose none.
    NoGroups,
    /// It asks for a person, and customers may name nobody.
    NobodyToName,
    /// It is a choice, and there is nothing to choose.
    NothingToChoose,
    /// The portal has no widget for this type.
    UnknownType(String),
}

impl Form {
    /// The form of a request type, from JSM's description of its fields.
    ///
    /// # Errors
    /// When a required field cannot be shown: without it JSM refuses the request.
    pub fn new(told: &[Value], setting: &Setting<'_>) -> Result<Self, Unavailable> {
        let mut fields = Vec::new();
        let mut obstacles = Vec::new();
        for definition in told.iter().map(FieldDefinition::read) {
            match Field::new(&definition, setting) {
                Ok(field) => fields.push(field),
                Err(cause) if definition.blocks() => obstacles.push(definition.obstacle(cause)),
                Err(_) => {}
            }
        }
        if !obstacles.is_empty() {
            return Err(Unavailable(obstacles));
        }
        if setting.asks_for_sharing
            && !fields.iter().any(|field| field.kind == FieldKind::Organizations)
        {
            fields.extend(sharing(setting));
        }
        fields.sort_by_key(|field| field.kind.place());
        Ok(Self { fields, deployment: setting.deployment })
    }

    /// Whether there is a cascading field of which JSM does not tell what stands below the choices.
    #[must_use]
    pub fn lacks_choices_below(told: &[Value]) -> bool {
        let lacks = |definition: FieldDefinition| {
            FieldKind::of(&definition.jira_schema) == Some(FieldKind::Cascade)
                && definition.valid_values.iter().all(|choice| choice.children.is_empty())
        };
        told.iter().map(FieldDefinition::read).any(lacks)
    }

    /// The fields, in the order of the page.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field that takes files, if there is one.
    #[must_use]
    pub fn file_field(&self) -> Option<&FieldId> {
        let mut fields = self.fields.iter();
        fields.find(|field| field.kind == FieldKind::Files).map(|field| &field.id)
    }
}

impl Field {
    fn new(definition: &FieldDefinition, setting: &Setting<'_>) -> Result<Self, Cause> {
        let schema = &definition.jira_schema;
        let unknown = || Cause::UnknownType(schema.label().to_owned());
        let id = FieldId::parse(&definition.field_id).ok_or_else(unknown)?;
        let kind = FieldKind::of(schema).filter(|_| definition.is_visible()).ok_or_else(unknown)?;
        if kind.is_of_people() && !setting.names_people {
            return Err(Cause::NobodyToName);
        }
        let choices = choices(&id, kind, definition, setting);
        if choices.is_empty() && kind.has_choices() {
            let is_of_groups = FieldKind::is_of_groups(schema);
            return Err(if is_of_groups { Cause::NoGroups } else { Cause::NothingToChoose });
        }
        Ok(Self {
            id,
            kind,
            choices,
            name: definition.name.clone(),
            description: definition.description.trim().to_owned(),
            required: definition.required,
            defaults: definition.default_values.clone(),
        })
    }
}

fn choices(
    id: &FieldId,
    kind: FieldKind,
    definition: &FieldDefinition,
    setting: &Setting<'_>,
) -> Vec<Choice> {
    let listed = &definition.valid_values;
    if kind == FieldKind::Organizations {
        return own_organizations(setting);
    }
    if FieldKind::is_of_groups(&definition.jira_schema) {
        return setting.groups.iter().map(|group| Choice::new(group, group)).collect();
    }
    let told = listed.iter().any(|choice| !choice.children.is_empty());
    match setting.cascades.get(id) {
        Some(choices) if kind == FieldKind::Cascade && !told => choices.clone(),
        _ => listed.clone(),
    }
}

fn own_organizations(setting: &Setting<'_>) -> Vec<Choice> {
    let own = setting.organizations.iter();
    own.map(|(id, name)| Choice::new(&id.to_string(), name)).collect()
}

/// The question who can see the request, which has no name in JSM.
fn sharing(setting: &Setting<'_>) -> Option<Field> {
    let choices = own_organizations(setting);
    let id = FieldId::parse(SHARING)?;
    (!choices.is_empty()).then(|| Field {
        id,
        name: String::new(),
        description: String::new(),
        required: false,
        kind: FieldKind::Sharing,
        choices,
        defaults: Vec::new(),
    })
}

impl FieldDefinition {
    fn is_visible(&self) -> bool {
        self.visible != Some(false)
    }

    /// Whether JSM refuses a request without it. What is hidden or preset, JSM fills in itself.
    fn blocks(&self) -> bool {
        self.required && self.is_visible() && self.preset_values.is_empty()
    }

    fn obstacle(&self, cause: Cause) -> Obstacle {
        Obstacle { field_id: self.field_id.clone(), name: self.name.clone(), cause }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Obstacle { field_id, name, cause }) in self.0.iter().enumerate() {
            let before = if at == 0 { "" } else { "; " };
            write!(f, "{before}the required field {name:?} ({field_id}) {cause}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGroups => f.write_str("asks for a group, and [hosted] groups names none"),
            Self::NobodyToName => f.write_str(
                "asks for a person, and [hosted] participants lets customers name nobody",
            ),
            Self::NothingToChoose => f.write_str("has nothing to choose from"),
            Self::UnknownType(of) => write!(f, "is of a type that cannot be shown: {of}"),
        }
    }
}
