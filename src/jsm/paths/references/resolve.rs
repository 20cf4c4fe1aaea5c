//! Which portal a reference leads to. It must not know what that portal is good for.

use std::sync::Arc;

use super::{Reference, ReferenceKind, as_java_reads, projects_of_keys, whole_key};
use crate::domain::{Portal, PortalId, Portals};

/// What a reference leads to.
pub(crate) enum Resolved<'a> {
    /// A portal.
    Portal(&'a Arc<Portal>),
    /// No portal: it only looks like a reference.
    Nothing,
    /// Something that is not in the directory.
    Unknown,
}

/// Finds what a reference leads to. Usually that is one thing; a text that may hold several keys of
/// requests can lead to any number of portals.
pub(crate) fn resolve<'p, E>(
    reference: &Reference<'_>,
    portals: &'p Portals,
    mut visit: impl FnMut(Resolved<'p>) -> Result<(), E>,
) -> Result<(), E> {
    if reference.kind == ReferenceKind::PerhapsRequest {
        let mut projects = projects_of_keys(reference.text);
        return projects.try_for_each(|key| match by_key(portals, key) {
            Some(portal) => visit(Resolved::Portal(portal)),
            None => Ok(()),
        });
    }
    visit(find(reference, portals))
}

fn find<'p>(reference: &Reference<'_>, portals: &'p Portals) -> Resolved<'p> {
    let text = reference.text;
    let found = match reference.kind {
        // Java reads the digits of every script. Without a number there is no portal.
        ReferenceKind::Portal if !text.chars().any(char::is_numeric) => return Resolved::Nothing,
        ReferenceKind::Portal => PortalId::parse(text).ok().and_then(|id| portals.by_id(id)),
        ReferenceKind::ServiceDesk => {
            portals.by_service_desk(text).or_else(|| portals.by_project(project(text)))
        }
        ReferenceKind::Project => portals.by_project(project(text)),
        ReferenceKind::Request => whole_key(text).and_then(|key| by_key(portals, key)),
        ReferenceKind::PerhapsRequest => return Resolved::Nothing,
    };
    found.map_or(Resolved::Unknown, Resolved::Portal)
}

fn by_key<'p>(portals: &'p Portals, key: &str) -> Option<&'p Arc<Portal>> {
    portals.by_project(&as_java_reads(key))
}

/// Data Center takes `projectKey:IT` and `projectId:10001` for a desk's id.
fn project(text: &str) -> &str {
    let stripped = ["projectkey:", "projectid:"].iter().find_map(|prefix| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some(rest)
    });
    stripped.unwrap_or(text)
}
