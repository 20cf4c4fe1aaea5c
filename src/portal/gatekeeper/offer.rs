//! What a portal offers to one customer. It must not know how that is found out.

use std::collections::HashSet;

use crate::domain::RequestTypeId;
use crate::jsm::requests::{Group, Known, RequestType, RequestTypes};

/// The request types of a portal that somebody may use.
#[derive(Clone, Debug)]
pub struct Offer {
    pub(super) types: Known<RequestTypes>,
    pub(super) usable: Known<HashSet<RequestTypeId>>,
}

impl Offer {
    /// Every group in which there is something for them.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.types.groups.iter().filter(|group| self.of_group(group).next().is_some())
    }

    /// What there is for them in a group.
    pub fn of_group<'a>(&'a self, group: &Group) -> impl Iterator<Item = &'a RequestType> {
        self.types.of_group(group.id).filter(|it| self.usable.contains(&it.id))
    }

    /// All that there is for them.
    pub fn types(&self) -> impl Iterator<Item = &RequestType> {
        self.types.types.iter().filter(|it| self.usable.contains(&it.id))
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: RequestTypeId) -> Option<&RequestType> {
        self.types.get(id).filter(|it| self.usable.contains(&it.id))
    }

    /// Whether JSM does not answer, and this is what it said before.
    #[must_use]
    pub fn is_old(&self) -> bool {
        self.types.is_old || self.usable.is_old
    }
}
