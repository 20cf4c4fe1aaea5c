//! The fields of a request type's form: kinds, choices, and how Jira describes each kind.

use serde_json::{Map, Value, json};

use super::super::marks::HIDDEN_FIELD;

/// A field of a form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    /// `summary`, or `customfield_10101`.
    pub id: String,
    /// The label.
    pub name: String,
    /// The help below it.
    pub description: String,
    /// Whether a request cannot be raised without it.
    pub required: bool,
    /// What it takes.
    pub kind: FieldKind,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// The id of what is chosen at the beginning.
    pub default: Option<String>,
    /// A value that every request gets and that no form shows.
    pub preset: Option<String>,
}

/// One value of a field with choices.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// What is sent.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The choices below it, of a cascading field.
    pub children: Vec<Self>,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "each is named as Jira names it")]
pub enum FieldKind {
    Summary,
    Description,
    Environment,
    Text,
    TextArea,
    Number,
    Date,
    DueDate,
    DateTime,
    Select,
    Radio,
    MultiSelect,
    Checkboxes,
    Cascading,
    Labels,
    CustomLabels,
    Url,
    Components,
    Versions,
    FixVersions,
    Version,
    MultiVersion,
    Priority,
    User,
    Users,
    Group,
    Groups,
    Organizations,
    Participants,
    Approvals,
    Sla,
    RequestType,
    Attachment,
    Assets,
    AffectedServices,
    /// A field of an app that nobody else knows.
    App,
}

const JIRA: &str = "com.atlassian.jira.plugin.system.customfieldtypes:";
const ORGANIZATIONS: &str = "com.atlassian.servicedesk:sd-customer-organizations";
const PARTICIPANTS: &str = "com.atlassian.servicedesk:sd-request-participants";
const APPROVALS: &str = "com.atlassian.servicedesk.approvals-plugin:sd-approvals";
const SLA: &str = "com.atlassian.servicedesk:sd-sla-field";
const REQUEST_TYPE: &str = "com.atlassian.servicedesk:vp-origin";
const ASSETS: &str = "com.atlassian.jira.plugins.cmdb:cmdb-object-cftype";
const SERVICES: &str = "com.atlassian.jira.plugins.service-entity:service-entity-field-cftype";

impl FieldKind {
    /// Type, type of the items, and name, of a field that every Jira has.
    const fn system(self) -> Option<(&'static str, Option<&'static str>, &'static str)> {
        Some(match self {
            Self::Summary => ("string", None, "summary"),
            Self::Description => ("string", None, "description"),
            Self::Environment => ("string", None, "environment"),
            Self::DueDate => ("date", None, "duedate"),
            Self::Labels => ("array", Some("string"), "labels"),
            Self::Components => ("array", Some("component"), "components"),
            Self::Versions => ("array", Some("version"), "versions"),
            Self::FixVersions => ("array", Some("version"), "fixVersions"),
            Self::Priority => ("priority", None, "priority"),
            Self::Attachment => ("array", Some("attachment"), "attachment"),
            _ => return None,
        })
    }

    /// Type, type of the items, and the custom type.
    const fn custom(self) -> (&'static str, Option<&'static str>, &'static str) {
        match self {
            Self::TextArea => ("string", None, "textarea"),
            Self::Number => ("number", None, "float"),
            Self::Date => ("date", None, "datepicker"),
            Self::DateTime => ("datetime", None, "datetime"),
            Self::Select => ("option", None, "select"),
            Self::Radio => ("option", None, "radiobuttons"),
            Self::MultiSelect => ("array", Some("option"), "multiselect"),
            Self::Checkboxes => ("array", Some("option"), "multicheckboxes"),
            Self::Cascading => ("option-with-child", None, "cascadingselect"),
            Self::CustomLabels => ("array", Some("string"), "labels"),
            Self::Url => ("string", None, "url"),
            Self::Version => ("version", None, "version"),
            Self::MultiVersion => ("array", Some("version"), "multiversion"),
            Self::User => ("user", None, "userpicker"),
            Self::Users => ("array", Some("user"), "multiuserpicker"),
            Self::Group => ("group", None, "grouppicker"),
            Self::Groups => ("array", Some("group"), "multigrouppicker"),
            Self::Organizations => ("array", Some("sd-customerorganization"), ORGANIZATIONS),
            Self::Participants => ("array", Some("user"), PARTICIPANTS),
            Self::Approvals => ("sd-approvals", None, APPROVALS),
            Self::Sla => ("sd-servicelevelagreement", None, SLA),
            Self::RequestType => ("sd-customerrequesttype", None, REQUEST_TYPE),
            Self::Assets => ("array", Some("cmdb-object-field"), ASSETS),
            Self::AffectedServices => ("array", Some("service-entity-field"), SERVICES),
            Self::App => ("any", None, "com.example.app:tree"),
            _ => ("string", None, "textfield"),
        }
    }

    /// Whether its text may have marks, so that it is also rendered.
    pub(in crate::jsm) const fn is_rich(self) -> bool {
        matches!(self, Self::Description | Self::Environment | Self::TextArea)
    }
}

impl Field {
    /// An optional field.
    #[must_use]
    pub fn new(id: &str, name: &str, kind: FieldKind) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            required: false,
            kind,
            choices: Vec::new(),
            default: None,
            preset: None,
        }
    }

    /// The same, required.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same with these choices: id and label.
    #[must_use]
    pub fn with_choices(self, choices: &[(&str, &str)]) -> Self {
        let choice = |&(id, label): &(&str, &str)| Choice::new(id, label, Vec::new());
        Self { choices: choices.iter().map(choice).collect(), ..self }
    }

    /// The same with a value of its own that no form shows.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self { preset: Some(format!("{HIDDEN_FIELD} value")), ..self }
    }

    /// Its number, if it is a custom field.
    pub(in crate::jsm) fn number(&self) -> Option<u64> {
        self.id.strip_prefix("customfield_")?.parse().ok()
    }

    /// The choice with this id, at whatever depth.
    pub(in crate::jsm) fn choice(&self, id: &str) -> Option<&Choice> {
        let below = self.choices.iter().flat_map(|choice| &choice.children);
        self.choices.iter().chain(below).find(|choice| choice.id == id)
    }

    /// What Jira says of its type.
    pub(in crate::jsm) fn schema(&self) -> Value {
        let system = self.kind.system();
        let (kind, items, name) = system.unwrap_or_else(|| self.kind.custom());
        let mut schema = Map::from_iter([("type".to_owned(), json!(kind))]);
        if let Some(items) = items {
            schema.insert("items".to_owned(), items.into());
        }
        if system.is_some() {
            schema.insert("system".to_owned(), name.into());
        } else {
            let own = if name.contains(':') { name.to_owned() } else { format!("{JIRA}{name}") };
            schema.insert("custom".to_owned(), own.into());
            schema.insert("customId".to_owned(), self.number().unwrap_or_default().into());
        }
        Value::Object(schema)
    }
}

impl Choice {
    /// A choice.
    #[must_use]
    pub fn new(id: &str, label: &str, children: Vec<Self>) -> Self {
        Self { id: id.to_owned(), label: label.to_owned(), children }
    }
}
