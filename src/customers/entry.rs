//! On what terms somebody may act at a desk: a pure function.

use crate::access::names;
use crate::domain::{Identity, Portal};

/// What it takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Entry {
    /// The configuration lets them in, whether JSM lists them at the desk or not.
    Open,
    /// JSM has to list them at the desk.
    IfListed,
}

impl Entry {
    /// For somebody whom `access::decide` lets use the portal.
    pub(super) fn of(portal: &Portal, identity: &Identity) -> Self {
        if portal.open_desk || names(&portal.rules.allow, identity) == Some(true) {
            Self::Open
        } else {
            Self::IfListed
        }
    }
}
