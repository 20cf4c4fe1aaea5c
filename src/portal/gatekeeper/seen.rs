//! What is asked for, and what a customer is shown of a request. It must not know how that is proved.

use std::ops::Deref;
use std::sync::Arc;

use crate::domain::{JsmHtml, OrganizationId};
use crate::jsm::requests::Request;

/// Whose requests a list is to have.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Wanted {
    /// The customer's own.
    #[default]
    Mine,
    /// Those of others in which they take part.
    SharedWithMe,
    /// Those that are shared with one of their organisations.
    Organization(OrganizationId),
    /// Those that wait for their approval.
    Approvals,
}

/// An article of the knowledge base that somebody may read.
#[derive(Clone, Debug)]
pub struct SeenArticle {
    /// Its title.
    pub title: String,
    /// What it says, as JSM renders it.
    pub html: JsmHtml,
}

/// A request that somebody may see, and what they may do with it.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    pub(super) request: Arc<Request>,
    /// Whether they may reply; members of an organisation may be allowed to read only.
    pub may_reply: bool,
    /// Whether they may change who sees it and where it stands: the reporter and the participants may.
    pub may_change: bool,
}

impl Deref for SeenRequest {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.request
    }
}
