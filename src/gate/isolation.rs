//! Keeps portals apart: every portal that a request names in its path, query or body is checked
//! against the access rules, so that a data call does not reach a portal that is closed. It must
//! not know how requests name portals, or what is answered.

mod body;

use std::sync::Arc;

use crate::access::{self, Decision, Rule};
use crate::domain::{Access, Identity, Mode, Portal, Portals};
use crate::jsm::paths::{Content, Reference, Resolved, in_target, opens_by_body, resolve};
use crate::problem::Problem;
use crate::reading::Ambiguous;

pub(crate) use body::{check_body, read_body};

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(crate) enum Refused {
    /// It names a portal that this person may not use, or not by their present login.
    Portal(Arc<Portal>, Decision),
    /// It names something that only somebody logged in may use.
    LoginNeeded,
    /// Something else is wrong with it.
    Problem(Problem),
}

impl From<Ambiguous> for Refused {
    fn from(why: Ambiguous) -> Self {
        Self::Problem(Problem::bad_request(why.0))
    }
}

/// One request under the access rules: whose it is, and what has been decided.
pub(crate) struct Isolation<'a> {
    portals: &'a Portals,
    identity: Option<&'a Identity>,
    now: u64,
    opened: bool,
    /// The latest decision. A request usually names one portal, several times.
    decided: Option<(&'a Arc<Portal>, Decision)>,
}

impl<'a> Isolation<'a> {
    /// For a request of `identity`, or of nobody, at `now` (Unix seconds).
    pub(crate) fn new(portals: &'a Portals, identity: Option<&'a Identity>, now: u64) -> Self {
        Self { portals, identity, now, opened: false, decided: None }
    }

    /// Whether this person may use a portal.
    pub(crate) fn decide(&mut self, portal: &'a Arc<Portal>) -> Decision {
        match self.decided {
            Some((known, decision)) if Arc::ptr_eq(known, portal) => decision,
            _ => {
                let decision = access::decide_portal(portal, self.identity, self.now);
                self.decided = Some((portal, decision));
                decision
            }
        }
    }

    /// Checks what the path and the query name.
    pub(crate) fn check_target(&mut self, path: &str, query: &str) -> Result<(), Refused> {
        in_target(path, query, |reference| self.check(&reference))
    }

    /// Checks what a whole body names.
    pub(crate) fn check_content(&mut self, content: Content, body: &[u8]) -> Result<(), Refused> {
        content.references(body, |reference| self.check(&reference))
    }

    /// Whether nobody is logged in.
    pub(crate) fn is_of_nobody(&self) -> bool {
        self.identity.is_none()
    }

    /// Whether a public portal was named in a place that opens a data call to everybody. A portal
    /// that is not public would have refused the request.
    pub(crate) fn is_open(&self) -> bool {
        self.opened
    }

    /// Whether a public portal named in the body can open this call at all.
    pub(crate) fn may_open(&self, path: &str) -> bool {
        opens_by_body(path)
            && self.portals.all().iter().any(|portal| portal.rules.access == Access::Public)
    }

    /// Whether anything is closed to this person, or not forwarded at all. If nothing is, no body has to be
    /// read.
    pub(crate) fn anything_closed(&self) -> bool {
        let closed = |portal: &Arc<Portal>| {
            let decision = access::decide_portal(portal, self.identity, self.now);
            portal.mode != Mode::Forward || !matches!(decision, Decision::Allowed(_))
        };
        self.portals.all().is_empty() || self.portals.all().iter().any(closed)
    }

    fn check(&mut self, reference: &Reference<'_>) -> Result<(), Refused> {
        resolve(reference, self.portals, |resolved| match resolved {
            Resolved::Nothing => Ok(()),
            Resolved::Unknown => self.unknown(),
            Resolved::Portal(portal) => self.check_portal(portal, reference.opens),
        })
    }

    fn check_portal(&mut self, portal: &'a Arc<Portal>, opens: bool) -> Result<(), Refused> {
        match self.decide(portal) {
            // Of a portal that the gate serves itself nothing is forwarded.
            Decision::Allowed(_) if portal.mode != Mode::Forward => {
                Err(Refused::Problem(Problem::PathNotOpen))
            }
            Decision::Allowed(rule) => {
                self.opened |= opens && rule == Rule::Public;
                Ok(())
            }
            Decision::LoginNeeded => Err(Refused::LoginNeeded),
            decision @ (Decision::Refused(_) | Decision::StepUpNeeded(_)) => {
                Err(Refused::Portal(Arc::clone(portal), decision))
            }
        }
    }

    /// A reference that cannot be resolved could belong to a portal that is closed to this person.
    fn unknown(&self) -> Result<(), Refused> {
        if self.portals.all().is_empty() {
            Err(Refused::Problem(Problem::DirectoryEmpty))
        } else if !self.anything_closed() {
            Ok(())
        } else if self.identity.is_none() {
            Err(Refused::LoginNeeded)
        } else {
            Err(Refused::Problem(Problem::PortalUnknown))
        }
    }
}

#[cfg(test)]
mod tests;
