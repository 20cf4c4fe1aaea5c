//! Requests and what hangs on them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::marks::INTERNAL_STATUS;
use super::super::moment::Moment;

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerRequest {
    /// `IT-1`.
    pub key: String,
    /// The issue's id.
    pub issue_id: u64,
    /// The portal that it belongs to.
    pub portal_id: u64,
    /// Its request type; without one it is an issue that no portal shows.
    pub type_id: Option<u64>,
    /// The request type's name.
    pub type_name: String,
    /// The summary.
    pub summary: String,
    /// The description, in wiki marks.
    pub description: String,
    /// Id of the account whose request it is; `None` for an anonymous one.
    pub reporter: Option<String>,
    /// Id of the account that raised it.
    pub creator: String,
    /// Ids of the accounts it is shared with.
    pub participants: Vec<String>,
    /// Ids of the organisations it is shared with.
    pub organizations: Vec<u64>,
    /// The other fields' values, as they were sent.
    pub fields: BTreeMap<String, Value>,
    /// What has to be approved.
    pub approvals: Vec<Approval>,
    /// Where it stands.
    pub status: Status,
    /// Each status it had, the first first.
    pub history: Vec<(Status, Moment)>,
    /// Comments, internal ones too, the first first.
    pub comments: Vec<Comment>,
    /// Properties of the issue.
    pub properties: BTreeMap<String, Value>,
    /// When it was raised.
    pub created: Moment,
    /// When anything last happened to it.
    pub updated: Moment,
}

impl CustomerRequest {
    /// A new one; key, id and times are given when it is raised.
    pub(in crate::jsm) fn new(portal_id: u64, summary: &str, description: &str) -> Self {
        let never = Moment::from_millis(0);
        Self {
            key: String::new(),
            issue_id: 0,
            portal_id,
            type_id: None,
            type_name: String::new(),
            summary: summary.to_owned(),
            description: description.to_owned(),
            reporter: None,
            creator: String::new(),
            participants: Vec::new(),
            organizations: Vec::new(),
            fields: BTreeMap::new(),
            approvals: Vec::new(),
            status: Status::WaitingForSupport,
            history: Vec::new(),
            comments: Vec::new(),
            properties: BTreeMap::new(),
            created: never,
            updated: never,
        }
    }

    /// Goes to another status.
    pub(in crate::jsm) fn move_to(&mut self, status: Status, at: Moment) {
        self.status = status;
        self.history.push((status, at));
        self.updated = at;
    }

    pub(in crate::jsm) fn is_resolved(&self) -> bool {
        self.status == Status::Resolved
    }
}

/// A comment.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// Its id.
    pub id: u64,
    /// Id of the account that wrote it.
    pub author: String,
    /// What it says, in wiki marks.
    pub body: String,
    /// What it says as a document, if it was written as one.
    pub document: Option<Value>,
    /// The HTML that Jira makes of it, if a test wants it otherwise than it would be.
    pub html: Option<String>,
    /// Whether customers see it.
    pub public: bool,
    /// The role that alone may see it, if it is restricted.
    pub visible_to: Option<String>,
    /// Its properties.
    pub properties: BTreeMap<String, Value>,
    /// Ids of the files that came with it.
    pub attachments: Vec<u64>,
    /// When it was written.
    pub created: Moment,
}

/// Something that some people have to approve.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Approval {
    /// Its id.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// Ids of the accounts that are asked.
    pub approvers: Vec<String>,
    /// `approved`, `declined` or `pending`.
    pub decision: &'static str,
    /// Since when.
    pub created: Moment,
}

/// Where a request stands: customers and agents have different names for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    WaitingForSupport,
    WaitingForCustomer,
    Resolved,
}

impl Status {
    /// What customers read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WaitingForSupport => "Waiting for support",
            Self::WaitingForCustomer => "Waiting for customer",
            Self::Resolved => "Resolved",
        }
    }

    /// The same in German, for those who ask in that language.
    pub(in crate::jsm) const fn german(self) -> &'static str {
        match self {
            Self::WaitingForSupport => "Warten auf Support",
            Self::WaitingForCustomer => "Warten auf Kunden",
            Self::Resolved => "Erledigt",
        }
    }

    /// What agents read.
    pub(in crate::jsm) fn internal(self) -> String {
        format!("{INTERNAL_STATUS} {self:?}")
    }

    /// JSM's word for the category.
    pub(in crate::jsm) const fn category(self) -> &'static str {
        match self {
            Self::WaitingForSupport => "NEW",
            Self::WaitingForCustomer => "INDETERMINATE",
            Self::Resolved => "DONE",
        }
    }

    /// The platform's id, key and name of the category.
    pub(in crate::jsm) const fn platform_category(self) -> (u8, &'static str, &'static str) {
        match self {
            Self::WaitingForSupport => (2, "new", "To Do"),
            Self::WaitingForCustomer => (4, "indeterminate", "In Progress"),
            Self::Resolved => (3, "done", "Done"),
        }
    }

    /// What customers may do: id, name and where it leads.
    pub(in crate::jsm) const fn transitions(self) -> &'static [(&'static str, &'static str, Self)] {
        match self {
            Self::WaitingForSupport | Self::WaitingForCustomer => &[
                ("761", "Resolve this request", Self::Resolved),
                ("781", "Back to support", Self::WaitingForSupport),
            ],
            Self::Resolved => &[("791", "Reopen", Self::WaitingForSupport)],
        }
    }
}
