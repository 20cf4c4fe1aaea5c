//! The calls of JSM that raise one request. Must not know forms or pages.

use std::sync::OnceLock;

use async_trait::async_trait;
use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;

use super::HostedState;
use super::visit::Visit;
use crate::audit::Kind;
use crate::domain::{AttachmentId, IssueId, OrganizationId, RequestKey};
use crate::jsm::requests::{RequestRow, Search, Whose};
use crate::jsm::{Change, Error};
use crate::portal::forms::{Candidate, Form, Outcome, RequestDesk, Sent, SubmissionKey, Ticket};
use crate::portal::gatekeeper::{NotShared, Raising, Wanted};
use crate::problem::Problem;

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

/// With which organisation the request is shared once it is made, and whether it is.
#[derive(Debug)]
pub(super) struct Sharing {
    with: Option<OrganizationId>,
    /// What JSM said, if this click asked for it.
    told: OnceLock<Told>,
}

/// What JSM said of the sharing.
#[derive(Clone, Copy, Debug)]
enum Told {
    Shared,
    NotShared,
    /// Its answer was lost.
    Nothing,
}

impl Sharing {
    pub(super) fn with(organization: Option<OrganizationId>) -> Self {
        Self { with: organization, told: OnceLock::new() }
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

    async fn find(&self, sent: &Sent) -> Result<Vec<Candidate>, Problem> {
        let (portal, account) = (self.visit.portal(), &sent.reporter);
        let search = Search::new(vec![portal.clone()], Whose::Mine(account.clone()));
        let search = Search { rows: LOOKED_AT, ..search };
        let organizations = &self.visit.organizations;
        let list = self.state.gatekeeper.list(account, organizations, Wanted::Mine, search).await?;
        let rows = list.rows.iter().map(|row| self.candidate(row));
        let candidates = try_join_all(rows).await.map_err(Error::into_problem)?;
        Ok(candidates.into_iter().flatten().collect())
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
        if let Some(organization) = self.sharing.with {
            self.share(request, organization).await;
        }
    }
}

impl Desk<'_> {
    /// What the page of the request says, now that it is there.
    pub(super) async fn said(&self, request: &RequestKey) -> &'static str {
        let Some(organization) = self.sharing.with else { return "created" };
        let told = self.sharing.told.get();
        match told {
            Some(Told::Shared) => return "created",
            Some(Told::NotShared) => return "created-not-shared",
            Some(Told::Nothing) | None => {}
        }
        // Or another click made the request: what JSM does not show now, it will not.
        match self.is_shared_with(request, organization).await {
            Ok(true) => {
                if told.is_some() {
                    self.note_shared(request, organization);
                }
                "created"
            }
            Ok(false) if told.is_none() => "created-not-shared",
            Ok(false) | Err(_) => "created-perhaps-shared",
        }
    }

    async fn is_shared_with(
        &self,
        request: &RequestKey,
        organization: OrganizationId,
    ) -> Result<bool, Problem> {
        let request = self.state.gatekeeper.request(self.visit.asking(), request).await?;
        Ok(request.organizations.iter().any(|there| there.id == organization))
    }

    async fn share(&self, request: &RequestKey, organization: OrganizationId) {
        let shared = self.raising.share(request, organization).await;
        if let Err(error) = &shared {
            tracing::warn!(%error, %request, "a new request could not be shared");
        }
        let told = match shared {
            Ok(()) => {
                self.note_shared(request, organization);
                Told::Shared
            }
            Err(NotShared::Error(error)) if Outcome::is_lost(&error) => Told::Nothing,
            Err(_) => Told::NotShared,
        };
        let _ = self.sharing.told.set(told);
    }

    fn note_shared(&self, request: &RequestKey, organization: OrganizationId) {
        self.state.audit.note(self.visit.did(Kind::Shared, request).because(organization));
    }

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

    /// `None` for what is of no request type any more.
    async fn candidate(&self, row: &RequestRow) -> Result<Option<Candidate>, Error> {
        let Some(request_type) = row.request_type else { return Ok(None) };
        Ok(Some(Candidate {
            key: row.key.clone(),
            request_type,
            summary: row.summary.clone(),
            created: u64::try_from(row.created.as_second()).unwrap_or_default(),
            submission: self.raising.client().form_of(&row.key).await?,
        }))
    }
}
