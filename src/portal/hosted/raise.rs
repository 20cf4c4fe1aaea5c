//! The calls of JSM that raise one request. Must not know forms or pages.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;

use super::HostedState;
use super::visit::Visit;
use crate::audit::Kind;
use crate::domain::{AttachmentId, IssueId, OrganizationId, RequestKey};
use crate::jsm::Change;
use crate::jsm::requests::{RequestRow, Search, Whose};
use crate::portal::forms::{Candidate, Form, Outcome, RequestDesk, Sent, SubmissionKey, Ticket};
use crate::portal::gatekeeper::{Raising, Wanted};

/// How many of the customer's newest requests are looked at after a lost answer.
const LOOKED_AT: usize = 10;

/// A request that is about to be raised for a customer.
pub(super) struct Desk<'a> {
    pub(super) state: &'a HostedState,
    pub(super) visit: &'a Visit,
    pub(super) raising: Raising<'a>,
    /// The body of `POST /rest/servicedeskapi/request`.
    pub(super) body: Value,
    pub(super) form: &'a Form,
    /// With the files that come with the request.
    pub(super) ticket: &'a Ticket,
    pub(super) sharing: Sharing,
}

/// With which organisation the request is shared once it is made, and whether that failed.
#[derive(Debug)]
pub(super) struct Sharing {
    with: Option<OrganizationId>,
    has_failed: AtomicBool,
}

impl Sharing {
    pub(super) fn with(organization: Option<OrganizationId>) -> Self {
        Self { with: organization, has_failed: AtomicBool::new(false) }
    }

    /// Then the request is made, and nobody but the customer sees it.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    issue_key: RequestKey,
    issue_id: Option<IssueId>,
}

#[async_trait]
impl RequestDesk for Desk<'_> {
    async fn create(&self) -> Outcome {
        let path = "/rest/servicedeskapi/request";
        let client = match self.ticket.session() {
            Some(session) => self.raising.client().in_session(session),
            None => self.raising.client().clone(),
        };
        match client.change::<Created>(Change::Post, path, &self.body).await {
            Ok(created) => {
                if let Some(id) = created.issue_id {
                    self.state.gatekeeper.noted(&self.visit.customer.account, id).await;
                }
                Outcome::Created(created.issue_key)
            }
            Err(error) => Outcome::of_failure(&error, self.form),
        }
    }

    /// Whoever may act at the desk was listed there when they came.
    async fn admit(&self) -> bool {
        false
    }

    async fn find(&self, sent: &Sent) -> Vec<Candidate> {
        let (portal, account) = (self.visit.portal(), &sent.reporter);
        let search = Search::new(vec![portal.clone()], Whose::Mine(account.clone()));
        let search = Search { rows: LOOKED_AT, ..search };
        let organizations = &self.visit.organizations;
        let list = self.state.gatekeeper.list(account, organizations, Wanted::Mine, search).await;
        let Ok(list) = list else { return Vec::new() };
        let rows = list.rows.iter().map(|row| self.candidate(row));
        futures_util::future::join_all(rows).await.into_iter().flatten().collect()
    }

    async fn mark(&self, request: &RequestKey, key: &SubmissionKey) {
        let (visit, account) = (self.visit, &self.visit.customer.account);
        let event = visit.event(Kind::RequestCreated).of_request(request).with_account(account);
        self.state.audit.note(event);
        let link = self.visit.portal().link.as_str();
        let client = self.raising.client();
        let files = self.files(request).await;
        let noted = client.note_form(request, key.as_str(), link, &files).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a request could not be marked with the form it came of");
        }
        if let Some(organization) = self.sharing.with
            && let Err(problem) = self.raising.share(request, organization).await
        {
            let code = problem.code();
            tracing::warn!(%code, %request, "a new request could not be shared");
            self.sharing.has_failed.store(true, Ordering::Relaxed);
        }
    }
}

impl Desk<'_> {
    /// The files that came with a request: customers see those that are noted of it.
    async fn files(&self, request: &RequestKey) -> Vec<AttachmentId> {
        if self.ticket.files.is_empty() {
            return Vec::new();
        }
        let sent = self.ticket.files.iter().map(|file| (file.name.as_str(), file.size));
        let sent: Vec<_> = sent.collect();
        let files = self.raising.client().files_by_name(request, &sent).await;
        files.unwrap_or_else(|error| {
            tracing::warn!(%error, %request, "it could not be noted which files came with a request");
            Vec::new()
        })
    }

    async fn candidate(&self, row: &RequestRow) -> Option<Candidate> {
        let form = self.raising.client().form_of(&row.key).await.ok()?;
        Some(Candidate {
            key: row.key.clone(),
            request_type: row.request_type?,
            summary: row.summary.clone(),
            created: u64::try_from(row.created.as_second()).unwrap_or_default(),
            submission: form,
        })
    }
}
