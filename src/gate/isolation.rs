//! Keeps somebody who may not use a portal from using it by its data calls: whatever a request
//! names — portal, service desk, project, request — in path, query or body is held against the
//! access rules. It must not know how requests arrive or what is answered.

mod body;
mod json;
mod names;

use std::sync::Arc;

use crate::access::{self, Decision, Rule};
use crate::domain::{Access, Identity, Portal, PortalId, Portals};
use crate::problem::Problem;
use names::{Kind, Name, Reader};

pub(crate) use body::{Content, look_into};

/// Why a request does not pass.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// It names a portal that this person may not use, or not by their present login.
    Refused(Arc<Portal>),
    /// It names something that only somebody logged in may use.
    LoginNeeded,
    /// Something else is wrong with it.
    Problem(Problem),
}

/// One request held against the access rules, name by name.
pub(crate) struct Isolation<'a> {
    portals: &'a Portals,
    identity: Option<&'a Identity>,
    now: u64,
    opened: bool,
}

impl<'a> Isolation<'a> {
    /// For a request of `identity`, or of nobody, at `now` (Unix seconds).
    pub(crate) fn new(portals: &'a Portals, identity: Option<&'a Identity>, now: u64) -> Self {
        Self { portals, identity, now, opened: false }
    }

    /// Checks what the path and the query name.
    pub(crate) fn check_target(&mut self, path: &str, query: &str) -> Result<(), Stop> {
        names::in_path(path, |name| self.check(&name))?;
        let reader = if is_data_call(path) { Reader::Program } else { Reader::Page };
        names::in_fields(query.as_bytes(), reader, |name| self.check(&name))
    }

    /// Checks what a posted form names.
    pub(crate) fn check_form(&mut self, body: &[u8]) -> Result<(), Stop> {
        names::in_fields(body, Reader::Program, |name| self.check(&name))
    }

    /// Checks what a JSON body names.
    pub(crate) fn check_json(&mut self, body: &[u8]) -> Result<(), Stop> {
        json::names_in(body, |name| self.check(&name))
    }

    /// Whether nobody is logged in.
    pub(crate) fn is_of_nobody(&self) -> bool {
        self.identity.is_none()
    }

    /// Whether a public portal was named where that alone opens a data call to nobody in
    /// particular. Anything named that is not public would have stopped the request.
    pub(crate) fn is_open(&self) -> bool {
        self.opened
    }

    /// Whether a public portal that is named in the body can open a call at all.
    pub(crate) fn may_open(&self, path: &str) -> bool {
        body::opens_by_body(path)
            && self.portals.all().iter().any(|portal| portal.access == Access::Public)
    }

    /// Whether there is anything that this person may not use. If not, there is no need to look
    /// closely.
    pub(crate) fn anything_closed(&self) -> bool {
        let closed = |portal: &Arc<Portal>| {
            !matches!(access::decide(portal, self.identity, self.now), Decision::Allowed(_))
        };
        self.portals.all().is_empty() || self.portals.all().iter().any(closed)
    }

    fn check(&mut self, name: &Name<'_>) -> Result<(), Stop> {
        if name.kind == Kind::PerhapsRequest {
            return names::projects_of_keys(name.text).try_for_each(|key| {
                self.of_key(key).map_or(Ok(()), |portal| self.check_portal(portal, name))
            });
        }
        match self.resolve(name) {
            Found::Nothing => Ok(()),
            Found::Unknown => self.unknown(),
            Found::Portal(portal) => self.check_portal(portal, name),
        }
    }

    fn check_portal(&mut self, portal: &Arc<Portal>, name: &Name<'_>) -> Result<(), Stop> {
        match access::decide(portal, self.identity, self.now) {
            Decision::Allowed(rule) => {
                self.opened |= name.opens && rule == Rule::Public;
                Ok(())
            }
            Decision::LoginNeeded => Err(Stop::LoginNeeded),
            Decision::Refused(_) | Decision::StepUpNeeded(_) => {
                Err(Stop::Refused(Arc::clone(portal)))
            }
        }
    }

    /// What the gate cannot place could be of a portal that is closed to this person.
    fn unknown(&self) -> Result<(), Stop> {
        if self.portals.all().is_empty() {
            Err(Stop::Problem(Problem::DirectoryEmpty))
        } else if !self.anything_closed() {
            Ok(())
        } else if self.identity.is_none() {
            Err(Stop::LoginNeeded)
        } else {
            Err(Stop::Problem(Problem::PortalUnknown))
        }
    }

    fn resolve(&self, name: &Name<'_>) -> Found<'a> {
        let portals = self.portals;
        let text = name.text;
        let found = match name.kind {
            // Java reads every script's digits as a number; without one there is no portal.
            Kind::Portal if !text.chars().any(char::is_numeric) => return Found::Nothing,
            Kind::Portal => PortalId::parse(text).ok().and_then(|id| portals.by_id(id)),
            Kind::ServiceDesk => {
                portals.by_service_desk(text).or_else(|| portals.by_project(project(text)))
            }
            Kind::Project => portals.by_project(project(text)),
            Kind::Request => names::whole_key(text).and_then(|key| self.of_key(key)),
            Kind::PerhapsRequest => return Found::Nothing,
        };
        found.map_or(Found::Unknown, Found::Portal)
    }

    fn of_key(&self, key: &str) -> Option<&'a Arc<Portal>> {
        self.portals.by_project(&names::as_java_reads(key))
    }
}

/// What a name leads to.
enum Found<'a> {
    Portal(&'a Arc<Portal>),
    /// To no portal: it only looks like a name.
    Nothing,
    /// To something, but not to anything the directory has.
    Unknown,
}

/// Whether a program answers a path: its names are few, and known to be plain. A page's query may have
/// whatever a customer was given to begin with.
fn is_data_call(path: &str) -> bool {
    path.starts_with("/rest/") || path.starts_with("/gateway/")
}

/// Data Center takes `projectKey:IT` and `projectId:10001` for a desk's id.
fn project(text: &str) -> &str {
    let stripped = ["projectkey:", "projectid:"].iter().find_map(|prefix| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some(rest)
    });
    stripped.unwrap_or(text)
}

#[cfg(test)]
mod tests;
