//! Service desks of the stand-in, with their request types. Plain values.

use super::data::every_kind::every_kind;
use super::data::fields::{Field, FieldKind};
use super::marks::HIDDEN_FIELD;

/// A service desk with its portal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Desk {
    /// Id of the service desk; another number than the portal's, as on most real sites.
    pub id: u64,
    /// Id of the project.
    pub project_id: u64,
    /// The number in the portal's addresses.
    pub portal_id: u64,
    /// Project key.
    pub key: String,
    /// Name of project and portal.
    pub name: String,
    /// What the portal says below its name.
    pub description: String,
    /// Request types, grouped as the portal shows them.
    pub groups: Vec<RequestTypeGroup>,
    /// Request types in no group, which the portal does not show.
    pub ungrouped: Vec<RequestType>,
    /// Whether everybody may use the portal, or only customers who are listed.
    pub open: bool,
    /// Whether JSM says the portal's number by any of its ways.
    pub tells_portal_id: bool,
}

/// A heading of the portal with the request types below it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestTypeGroup {
    /// The number in `/group/6`.
    pub id: u64,
    /// The heading.
    pub name: String,
    /// What can be asked for.
    pub types: Vec<RequestType>,
}

/// One form of the portal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestType {
    /// The number in `/create/66`.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// What its form says above the fields.
    pub help_text: String,
    /// The fields of its form.
    pub fields: Vec<Field>,
    /// Ids of the accounts that may use it; everybody if `None`.
    pub allowed: Option<Vec<String>>,
    /// Whether a form of the form builder is attached to it.
    pub has_form: bool,
}

impl Desk {
    /// A desk with two request types whose ids derive from the portal's.
    #[must_use]
    pub fn new(portal_id: u64, key: &str, name: &str) -> Self {
        let help = RequestType::new(portal_id * 100 + 1, "Get help", "Ask for help with anything.");
        let report = RequestType::new(portal_id * 100 + 2, "Report a problem", "Say what broke.");
        Self {
            id: 10 + portal_id,
            project_id: 10_000 + portal_id,
            portal_id,
            key: key.to_owned(),
            name: name.to_owned(),
            description: format!("Welcome! You can raise a request with {name} here."),
            groups: vec![RequestTypeGroup::new(portal_id * 10, "Common requests", [help, report])],
            ungrouped: Vec::new(),
            open: true,
            tells_portal_id: true,
        }
    }

    /// The same, but nothing that JSM says tells its portal id.
    #[must_use]
    pub fn without_known_portal_id(self) -> Self {
        Self { tells_portal_id: false, ..self }
    }

    /// The same, for listed customers only.
    #[must_use]
    pub fn restricted(self) -> Self {
        Self { open: false, ..self }
    }

    /// A desk whose one request type has every kind of field; a few are required.
    #[must_use]
    pub fn with_every_kind_of_field(portal_id: u64, key: &str) -> Self {
        let name = "Every kind of field";
        let all = RequestType::new(portal_id * 100 + 1, name, "").with_fields(every_kind());
        Self {
            groups: vec![RequestTypeGroup::new(portal_id * 10, "Forms", [all])],
            ..Self::new(portal_id, key, name)
        }
    }

    /// The desks of the demo.
    #[must_use]
    pub fn demo() -> Vec<Self> {
        let access = RequestType::new(66, "Request access", "A system, a folder or a group.");
        let laptop = RequestType::new(67, "New equipment", "Laptops, screens, headsets.");
        let broken = RequestType::new(68, "Something is broken", "Say what you did and saw.");
        let it = Self {
            groups: vec![
                RequestTypeGroup::new(6, "Access and equipment", [access, laptop]),
                RequestTypeGroup::new(7, "Problems", [broken]),
            ],
            ..Self::new(2, "IT", "IT Help")
        };
        vec![it, Self::new(3, "HR", "People & Culture"), Self::new(4, "FAC", "Facilities")]
    }

    pub(super) fn request_type(&self, id: u64) -> Option<&RequestType> {
        let grouped = self.groups.iter().flat_map(|group| &group.types);
        grouped.chain(&self.ungrouped).find(|it| it.id == id)
    }
}

impl RequestTypeGroup {
    /// A group with these types.
    #[must_use]
    pub fn new(id: u64, name: &str, types: impl IntoIterator<Item = RequestType>) -> Self {
        Self { id, name: name.to_owned(), types: types.into_iter().collect() }
    }
}

impl RequestType {
    /// A request type with a summary, a description, files, and a field that no form shows.
    #[must_use]
    pub fn new(id: u64, name: &str, description: &str) -> Self {
        let fields = vec![
            Field::new("summary", "Summary", FieldKind::Summary).required(),
            Field::new("description", "Description", FieldKind::Description),
            Field::new("attachment", "Attachment", FieldKind::Attachment),
            Field::new("customfield_10199", HIDDEN_FIELD, FieldKind::Text).hidden(),
        ];
        Self {
            id,
            name: name.to_owned(),
            description: description.to_owned(),
            help_text: String::new(),
            fields,
            allowed: None,
            has_form: false,
        }
    }

    /// The same with a form of the form builder attached to it.
    #[must_use]
    pub fn with_form(self) -> Self {
        Self { has_form: true, ..self }
    }

    /// The same with more fields.
    #[must_use]
    pub fn with_fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(fields);
        self
    }
}
