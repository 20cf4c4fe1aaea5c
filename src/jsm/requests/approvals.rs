//! The approvals that a request needs or needed.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::request::shown;
use super::shapes::{RawDate, RawUser, each, note_odd};
use super::{Person, Requests};
use crate::config::Deployment;
use crate::domain::{AccountId, RequestKey};
use crate::jsm::Error;
use crate::jsm::rest::{Entry, or_default};

/// An approval.
#[derive(Clone, Debug)]
pub struct Approval {
    /// What is approved, in JSM's words.
    pub name: String,
    /// What came of it.
    pub decision: Decision,
    /// Since when it is asked for.
    pub created: Option<Timestamp>,
    /// When it was decided.
    pub completed: Option<Timestamp>,
    /// Who is asked.
    pub approvers: Vec<Approver>,
}

/// Somebody whose approval is asked for.
#[derive(Clone, Debug)]
pub struct Approver {
    /// Who it is.
    pub person: Person,
    /// What they decided.
    pub decision: Decision,
}

/// What was decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Nothing so far.
    Pending,
    /// Yes.
    Approved,
    /// No.
    Declined,
}

impl Decision {
    /// The word that selects a text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Declined => "declined",
        }
    }

    fn of(word: Option<&str>) -> Self {
        match word {
            Some("approved") => Self::Approved,
            Some("declined") => Self::Declined,
            _ => Self::Pending,
        }
    }
}

impl Approval {
    /// Whether somebody is or was asked.
    #[must_use]
    pub fn names(&self, account: &AccountId) -> bool {
        self.approvers.iter().any(|approver| approver.person.is(account))
    }

    /// Whether somebody can still decide.
    #[must_use]
    pub fn waits_for(&self, account: &AccountId) -> bool {
        let pending = |it: &Approver| it.decision == Decision::Pending && it.person.is(account);
        self.decision == Decision::Pending && self.approvers.iter().any(pending)
    }
}

/// One of `GET …/request/{key}/approval`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawApproval {
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    final_decision: Option<String>,
    created_date: Option<RawDate>,
    completed_date: Option<RawDate>,
    #[serde(default, deserialize_with = "or_default")]
    approvers: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawApprover {
    approver: RawUser,
    approver_decision: Option<String>,
}

impl Entry for RawApproval {
    const CALLED: &'static str = "approval";

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl RawApproval {
    pub(super) fn approval(self, deployment: Deployment) -> Approval {
        let approvers = each::<RawApprover>(self.approvers).into_iter().map(|raw| Approver {
            person: raw.approver.person(deployment),
            decision: Decision::of(raw.approver_decision.as_deref()),
        });
        Approval {
            name: self.name,
            decision: Decision::of(self.final_decision.as_deref()),
            created: self.created_date.and_then(|date| date.time()),
            completed: self.completed_date.and_then(|date| date.time()),
            approvers: approvers.collect(),
        }
    }
}

impl Requests {
    /// All approvals of a request; none where JSM has none for its type.
    pub(super) async fn approvals(&self, key: &RequestKey) -> Result<Vec<Approval>, Error> {
        let path = format!("/rest/servicedeskapi/request/{key}/approval");
        let listed = shown(self.client.list::<RawApproval>(&path).await)?;
        let Some(listed) = listed else { return Ok(Vec::new()) };
        let deployment = self.client.deployment().await?;
        note_odd("approvals", listed.odd.len());
        Ok(listed.entries.into_iter().map(|raw| raw.approval(deployment)).collect())
    }
}
