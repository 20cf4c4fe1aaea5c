//! Customers' requests, as JSM tells of them: what a desk offers, lists, and one request with all that
//! belongs to it. Everything is read as the service account, which may see all of it: who may see what is
//! decided by `portal::gatekeeper`, and no page asks this room without it.

mod approvals;
mod attached_form;
mod attaching;
mod attachment_limit;
mod author;
mod caches;
mod comments;
mod fields;
mod files;
mod issue_fields;
mod jql;
mod knowledge;
mod list;
mod participants;
mod permissions;
mod property;
mod request;
#[cfg(test)]
pub(crate) mod samples;
mod search;
mod shapes;
mod sharing;
mod site;
mod sla;
mod temporary;
mod transitions;
mod types;
mod value;

use std::time::Duration;

use jiff::Timestamp;

pub use approvals::{Approval, Approver, Decision};
pub use author::AuthorClaim;
use caches::Caches;
pub use caches::Known;
pub use comments::{Comment, Conversation};
pub use fields::FieldsAnswer;
pub use files::{Attachment, FileKind};
pub use issue_fields::IssueFields;
pub use knowledge::Article;
pub use list::{RequestList, RequestRow};
pub use request::Request;
pub use search::{PageToken, Range, Search, SearchText, Sort, Whose};
pub use site::CustomFieldId;
pub use sla::{Cycle, Sla};
pub use temporary::TemporaryFile;
pub use transitions::Transition;
pub use types::{Group, RequestType, RequestTypes};
pub use value::{FieldContent, FieldValue};

use super::Client;
use crate::domain::{AccountId, OrganizationId, ShownField};

/// Somebody waits for the page: JSM is not waited for longer than this at a time.
const PAGE_TIMEOUT: Duration = Duration::from_secs(3);

/// Reads requests and what belongs to them. What many people share is kept for minutes, what belongs to
/// one customer or one request for seconds.
#[derive(Debug)]
pub struct Requests {
    client: Client,
    caches: Caches,
    /// Jira's fields that are read besides those that every page shows.
    more_fields: Vec<&'static str>,
    /// Whether lists have agreed times.
    lists_slas: bool,
}

impl Requests {
    /// Reads with the service account of this client. Makes no call.
    #[must_use]
    pub fn new(client: Client) -> Self {
        let client = client.with_patience(PAGE_TIMEOUT);
        let caches = Caches::default();
        Self { client, caches, more_fields: Vec::new(), lists_slas: false }
    }

    /// The same, and what of these JSM's own portal does not show is read too.
    #[must_use]
    pub fn showing(self, shown: &[ShownField]) -> Self {
        let name = |shown: &ShownField| match shown {
            ShownField::Priority => Some("priority"),
            ShownField::Assignee => Some("assignee"),
            // A request's page has a call of its own for it, and lists read JSM's fields.
            ShownField::Sla => None,
        };
        let more_fields = shown.iter().filter_map(name).collect();
        Self { more_fields, lists_slas: shown.contains(&ShownField::Sla), ..self }
    }

    /// The way to JSM.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

/// A person as a page shows one. JSM tells the email address too, which stays there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// The account; unknown where JSM does not tell it.
    pub account: Option<AccountId>,
    /// The name to show; empty where JSM does not tell it.
    pub name: String,
}

impl Person {
    /// Whether this is the person with that account.
    #[must_use]
    pub fn is(&self, account: &AccountId) -> bool {
        self.account.as_ref() == Some(account)
    }
}

/// An organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organization {
    /// JSM's id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
}

/// A status as customers see it; the workflow's own name of it is the team's business.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Status {
    /// Its name, in JSM's words.
    pub name: String,
    /// What kind of status it is.
    pub category: StatusCategory,
    /// Since when the request has it, or when it got it.
    pub since: Option<Timestamp>,
}

/// What kind a status is, as JSM tells them apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StatusCategory {
    /// Nobody works on it yet.
    New,
    /// Somebody works on it or waits.
    Indeterminate,
    /// It is over.
    Done,
    /// JSM does not say.
    Undefined,
}

impl StatusCategory {
    /// The word that selects a colour and a text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Indeterminate => "indeterminate",
            Self::Done => "done",
            Self::Undefined => "undefined",
        }
    }
}
