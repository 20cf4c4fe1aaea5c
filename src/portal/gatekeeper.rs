//! The one place that decides what a customer sees of JSM. The service account may read everything, so
//! whatever a page shows was proved here, from what JSM tells, to be that customer's to see.
//!
//! What was proved is a [`Visible`], which is made nowhere else; everything that belongs to a request is
//! reached through one. What there is not and what somebody may not see is one and the same problem.

mod acting;
mod file_places;
mod just_changed;
mod offer;
mod offering;
mod reading;
mod seen;
mod uploading;

use std::ops::Deref;
use std::sync::Arc;

pub use acting::{Acting, NotShared, Raising};
pub use file_places::FilePlace;
use file_places::FilePlaces;
pub use just_changed::JustChanged;
pub use offer::Offer;
pub use seen::{SeenArticle, SeenRequest, Wanted};
pub use uploading::Uploading;

use crate::config::Deployment;
use crate::domain::{AccountId, IssueId, KnowledgeBase, OrganizationRequests, Portal, RequestKey};
use crate::jsm::requests::{Organization, Request, Requests};
use crate::jsm::{Error, RequestLanguage};
use crate::problem::Problem;

/// What somebody may see, because it was proved for them.
#[derive(Clone, Debug)]
pub struct Visible<T>(T);

impl<T> Deref for Visible<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Somebody who asks at a portal that is open to them.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Whose account in JSM acts.
    pub account: &'a AccountId,
    /// The organisations they are in, as JSM tells.
    pub organizations: &'a [Organization],
    /// The portal.
    pub portal: &'a Portal,
    /// In which language.
    pub language: &'a RequestLanguage,
}

/// Decides what customers see.
#[derive(Debug)]
pub struct Gatekeeper {
    requests: Requests,
    organization_requests: OrganizationRequests,
    just_changed: Option<JustChanged>,
    knowledge_base: KnowledgeBase,
    file_places: FilePlaces,
}

impl Gatekeeper {
    /// Asks JSM by `requests`.
    #[must_use]
    pub fn new(requests: Requests, organization_requests: OrganizationRequests) -> Self {
        let (just_changed, knowledge_base) = (None, KnowledgeBase::Off);
        let file_places = FilePlaces::of(requests.client());
        Self { requests, organization_requests, just_changed, knowledge_base, file_places }
    }

    /// The same, and what a customer has just changed is in their lists at once, though JSM's search lags.
    #[must_use]
    pub fn with_just_changed(self, just_changed: JustChanged) -> Self {
        Self { just_changed: Some(just_changed), ..self }
    }

    /// The same, with articles of the knowledge base.
    #[must_use]
    pub fn with_knowledge_base(self, knowledge_base: KnowledgeBase) -> Self {
        Self { knowledge_base, ..self }
    }

    /// A request that somebody may see, as it was at most seconds ago.
    ///
    /// # Errors
    /// When there is none by that key for them, or JSM does not answer.
    pub async fn request(
        &self,
        asking: Asking<'_>,
        key: &RequestKey,
    ) -> Result<Visible<SeenRequest>, Problem> {
        // Another portal's, whatever it is: JSM is not asked.
        if key.project() != asking.portal.project_key {
            return Err(Problem::NotFound);
        }
        let request = self.requests.request(key, asking.language).await;
        let request = request.map_err(Error::into_problem)?.ok_or(Problem::NotFound)?;
        self.prove(asking, request).ok_or(Problem::NotFound)
    }

    /// Lets somebody change a request: it is proved again, from what JSM tells now, that they may.
    ///
    /// # Errors
    /// When there is none by that key for them, they may only read it, or JSM does not answer.
    pub async fn act(&self, asking: Asking<'_>, key: &RequestKey) -> Result<Acting<'_>, Problem> {
        if key.project() != asking.portal.project_key {
            return Err(Problem::NotFound);
        }
        let turn = self.requests.turn(key).await;
        self.requests.changed(key);
        let request = self.request(asking, key).await?;
        if !request.may_reply {
            return Err(Problem::NotFound);
        }
        self.noted(asking.account, request.id).await;
        Ok(Acting { requests: &self.requests, request, _turn: turn })
    }

    /// The same for somebody who changes who sees a request, or where it stands.
    ///
    /// # Errors
    /// When there is none by that key for them, they may not change it, or JSM does not answer.
    pub async fn change(
        &self,
        asking: Asking<'_>,
        key: &RequestKey,
    ) -> Result<Acting<'_>, Problem> {
        let acting = self.act(asking, key).await?;
        if acting.request().may_change { Ok(acting) } else { Err(Problem::NotFound) }
    }

    /// Lets somebody upload files for a request that they may reply to. Nobody's turn to change it waits
    /// for them.
    ///
    /// # Errors
    /// When there is none by that key for them, they may only read it, or JSM does not answer.
    pub async fn upload_for<'a>(
        &'a self,
        asking: Asking<'a>,
        key: &RequestKey,
    ) -> Result<Uploading<'a>, Problem> {
        let request = self.request(asking, key).await?;
        request.may_reply.then(|| self.uploading(asking)).ok_or(Problem::NotFound)
    }

    fn uploading<'a>(&'a self, asking: Asking<'a>) -> Uploading<'a> {
        let Asking { account, portal, .. } = asking;
        Uploading { requests: &self.requests, places: &self.file_places, account, portal }
    }

    /// Somebody has a request from now on, or changes one.
    pub async fn noted(&self, account: &AccountId, request: IssueId) {
        if let Some(noted) = self.noting().await {
            noted.note(account, request).await;
        }
    }

    /// Only Cloud's search can be told to look again; Data Center's does not lag behind a change of its own.
    async fn noting(&self) -> Option<&JustChanged> {
        let is_cloud = matches!(self.requests.client().deployment().await, Ok(Deployment::Cloud));
        self.just_changed.as_ref().filter(|_| is_cloud)
    }

    /// The rule of JSM's own portal (confluence.atlassian.com/jirakb 1157182061): it is a request, it is
    /// of a portal that is open to them, and they have to do with it.
    fn prove(&self, asking: Asking<'_>, request: Arc<Request>) -> Option<Visible<SeenRequest>> {
        let Asking { account, organizations, portal, .. } = asking;
        let is_of_portal = request.key.project() == portal.project_key
            && request.service_desk_id == portal.service_desk_id;
        let organizations: Vec<_> = organizations.iter().map(|it| it.id).collect();
        let of = |at_least| {
            if self.organization_requests >= at_least { organizations.as_slice() } else { &[] }
        };
        let sees = request.involves(account, of(OrganizationRequests::Read));
        let may_reply = request.involves(account, of(OrganizationRequests::Comment));
        let may_change = request.is_by_or_with(account);
        (is_of_portal && sees).then(|| Visible(SeenRequest { request, may_reply, may_change }))
    }
}

#[cfg(test)]
mod tests;
