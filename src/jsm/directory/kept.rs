//! What the portals are made from: the desks that JSM listed, and the rules of the configuration. It
//! must not know how JSM is asked.

use super::desk::Desk;
use super::rules::PortalRules;
use super::store::Store;
use crate::domain::{Finding, Level, Portals};

/// What the portals are made from.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) desks: Vec<Desk>,
    pub(super) rules: PortalRules,
    /// What is wrong with the present rules and desks together.
    pub(super) problems: Vec<Finding>,
    /// What JSM listed that could not be read.
    pub(super) odd: Vec<String>,
    /// Where the desks are stored, and of which JSM they are.
    pub(super) store: Store,
}

impl Kept {
    /// Makes the portals, and logs each new problem once.
    pub(super) fn portals(&mut self) -> Portals {
        let (portals, problems) = self.rules.portals(&self.desks);
        for problem in problems.iter().filter(|problem| !self.problems.contains(problem)) {
            let (text, remedy) = (&problem.text, &problem.remedy);
            let message = "a portal is not as its rule wants it";
            if problem.level == Level::Failure {
                tracing::error!(text, remedy, "{message}");
            } else {
                tracing::warn!(text, remedy, "{message}");
            }
        }
        self.problems = problems;
        portals
    }

    /// Remembers what could not be read, and logs it once.
    pub(super) fn note_odd(&mut self, odd: Vec<String>) {
        for entry in odd.iter().filter(|entry| !self.odd.contains(entry)) {
            tracing::warn!(entry, "an entry of JSM's list could not be read");
        }
        self.odd = odd;
    }
}
