//! The one place that decides what a customer sees of JSM. The service account may read everything, so
//! whatever a page shows was proved here, from what JSM tells, to be that customer's to see.
//!
//! What was proved is a [`Visible`], which is made nowhere else; everything that belongs to a request is
//! reached through one. What there is not and what somebody may not see is one and the same problem.

mod acting;
mod just_changed;
mod offer;
mod seen;
mod uploading;

use std::ops::Deref;
use std::sync::Arc;

pub use acting::{Acting, Raising};
pub use just_changed::JustChanged;
pub use offer::Offer;
pub use seen::{SeenArticle, SeenRequest, Wanted};
pub use uploading::Uploading;

use crate::config::Deployment;
use crate::domain::{
    AccountId, ArticleId, AttachmentId, IssueId, KnowledgeBase, OrganizationRequests, Portal,
    RequestKey, RequestTypeId,
};
use crate::jsm::requests::{
    Article, Attachment, Conversation, FieldsAnswer, FileKind, IssueFields, Known, Organization,
    Request, RequestList, Requests, Search, SearchText, Sla, Transition, Whose,
};
use crate::jsm::{ByteRange, Download, Error, RequestLanguage};
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
}

impl Gatekeeper {
    /// Asks JSM by `requests`.
    #[must_use]
    pub fn new(requests: Requests, organization_requests: OrganizationRequests) -> Self {
        let (just_changed, knowledge_base) = (None, KnowledgeBase::Off);
        Self { requests, organization_requests, just_changed, knowledge_base }
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

    /// What the portal offers to somebody.
    ///
    /// # Errors
    /// When JSM does not tell and did not tell before.
    pub async fn offer(&self, asking: Asking<'_>) -> Result<Visible<Offer>, Problem> {
        let types = self.requests.request_types(asking.portal, asking.language).await;
        let types = types.map_err(Error::into_problem)?;
        let organizations: Vec<_> = asking.organizations.iter().map(|it| it.id).collect();
        let usable =
            self.requests.usable_types(asking.portal, &types, asking.account, &organizations);
        let usable = usable.await.map_err(Error::into_problem)?;
        Ok(Visible(Offer { types, usable }))
    }

    /// The fields of a request type that somebody may use.
    ///
    /// # Errors
    /// When they may not, or JSM does not tell and did not tell before.
    pub async fn fields(
        &self,
        asking: Asking<'_>,
        id: RequestTypeId,
    ) -> Result<Visible<Known<FieldsAnswer>>, Problem> {
        let offer = self.offer(asking).await?;
        if offer.get(id).is_none() {
            return Err(Problem::NotFound);
        }
        let fields = self.requests.fields(asking.portal, id, asking.language).await;
        fields.map(Visible).map_err(Error::into_problem)
    }

    /// Whether a request type asks for more than its fields: a form of Jira's form builder is attached to it.
    pub async fn has_attached_form(&self, asking: Asking<'_>, id: RequestTypeId) -> bool {
        self.requests.attached_form(asking.portal, id).await == Some(true)
    }

    /// What Jira tells of the fields of a request type that somebody may use: on Data Center it tells more
    /// than JSM. Nothing where it does not tell.
    ///
    /// # Errors
    /// When they may not use it.
    pub async fn issue_fields(
        &self,
        asking: Asking<'_>,
        id: RequestTypeId,
    ) -> Result<Option<Visible<Known<IssueFields>>>, Problem> {
        let offer = self.offer(asking).await?;
        let offered = offer.get(id).ok_or(Problem::NotFound)?;
        let Some(issue_type) = offered.issue_type else { return Ok(None) };
        let fields = self.requests.issue_fields(asking.portal, issue_type).await;
        Ok(fields.map(Visible).map_err(|error| note_unknown_choices(&error)).ok())
    }

    /// Cloud or Data Center.
    ///
    /// # Errors
    /// When JSM has to be asked and does not answer.
    pub async fn deployment(&self) -> Result<Deployment, Problem> {
        self.requests.client().deployment().await.map_err(Error::into_problem)
    }

    /// Lets somebody raise a request of a type that they may use.
    ///
    /// # Errors
    /// When they may not, or JSM does not tell and did not tell before.
    pub async fn raise<'a>(
        &'a self,
        asking: Asking<'a>,
        id: RequestTypeId,
    ) -> Result<Raising<'a>, Problem> {
        let offer = self.offer(asking).await?;
        offer.get(id).ok_or(Problem::NotFound)?;
        let organizations = asking.organizations;
        Ok(Raising { requests: &self.requests, request_type: id, organizations })
    }

    /// Lets somebody upload files for a request that they are about to make.
    ///
    /// # Errors
    /// When they may not make one of that type, or JSM does not tell and did not tell before.
    pub async fn upload_for_new<'a>(
        &'a self,
        asking: Asking<'a>,
        id: RequestTypeId,
    ) -> Result<Uploading<'a>, Problem> {
        self.offer(asking).await?.get(id).ok_or(Problem::NotFound)?;
        Ok(Uploading { requests: &self.requests, portal: asking.portal })
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
        let uploading = Uploading { requests: &self.requests, portal: asking.portal };
        request.may_reply.then_some(uploading).ok_or(Problem::NotFound)
    }

    /// A page of somebody's requests at these portals, each of which is open to them. Whose requests
    /// `search` looks for is overwritten.
    ///
    /// # Errors
    /// When they are not in the organisation, or JSM does not answer.
    pub async fn list(
        &self,
        account: &AccountId,
        organizations: &[Organization],
        wanted: Wanted,
        search: Search,
    ) -> Result<Visible<RequestList>, Problem> {
        let whose = self.whose(account, organizations, wanted).ok_or(Problem::NotFound)?;
        let mut search = Search { whose, ..search };
        if let Some(noted) = self.noting().await {
            search.just_changed.extend(noted.of(account).await);
        }
        let list = self.requests.search(&search).await;
        list.map(Visible).map_err(Error::into_problem)
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

    /// What is said in a request, and its files.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn conversation(
        &self,
        request: &Visible<SeenRequest>,
    ) -> Result<Visible<Arc<Conversation>>, Problem> {
        let conversation = self.requests.conversation(&request.request).await;
        conversation.map(Visible).map_err(Error::into_problem)
    }

    /// What JSM offers to customers to do with a request; nothing to whoever may not change it.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn transitions(
        &self,
        asking: Asking<'_>,
        request: &Visible<SeenRequest>,
    ) -> Result<Vec<Transition>, Problem> {
        if !request.may_change {
            return Ok(Vec::new());
        }
        let transitions = self.requests.transitions(&request.request, asking.language).await;
        transitions.map_err(Error::into_problem)
    }

    /// The agreed times of a request.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn slas(
        &self,
        asking: Asking<'_>,
        request: &Visible<SeenRequest>,
    ) -> Result<Vec<Sla>, Problem> {
        let slas = self.requests.slas(&request.request, asking.language).await;
        slas.map_err(Error::into_problem)
    }

    /// A file of a request that customers see.
    ///
    /// # Errors
    /// When there is none of that id among them, or JSM does not answer.
    pub async fn file(
        &self,
        request: &Visible<SeenRequest>,
        id: AttachmentId,
    ) -> Result<Visible<Attachment>, Problem> {
        let conversation = self.conversation(request).await?;
        conversation.file(id).cloned().map(Visible).ok_or(Problem::NotFound)
    }

    /// Opens a file.
    ///
    /// # Errors
    /// When JSM does not give it.
    pub async fn open(
        &self,
        file: &Visible<Attachment>,
        kind: FileKind,
        range: Option<&ByteRange>,
    ) -> Result<Download, Problem> {
        let opened = self.requests.open(file, kind, range).await;
        opened.map_err(|error| match error.status() {
            Some(http::StatusCode::NOT_FOUND) => Problem::NotFound,
            _ => error.into_problem(),
        })
    }

    /// The articles about something that a portal shows to everybody who may enter.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn articles(
        &self,
        asking: Asking<'_>,
        text: &SearchText,
    ) -> Result<Visible<Arc<Vec<Article>>>, Problem> {
        let articles = match self.knowledge_base {
            KnowledgeBase::Off => Ok(Arc::default()),
            KnowledgeBase::Public => self.requests.articles(asking.portal, text).await,
        };
        articles.map(Visible).map_err(Error::into_problem)
    }

    /// An article that a search of the portal finds by these words. JSM would give any article to the
    /// service account.
    ///
    /// # Errors
    /// When it does not find that one, or JSM does not answer.
    pub async fn article(
        &self,
        asking: Asking<'_>,
        id: ArticleId,
        text: &SearchText,
    ) -> Result<Visible<SeenArticle>, Problem> {
        let found = self.articles(asking, text).await?;
        let article = found.iter().find(|article| article.id == id).ok_or(Problem::NotFound)?;
        let html = self.requests.article(id).await.map_err(Error::into_problem)?;
        let html = html.ok_or(Problem::NotFound)?;
        Ok(Visible(SeenArticle { title: article.title.clone(), html }))
    }

    /// Somebody raised a request, or joined or left: what they may do is asked for again.
    pub async fn rights_changed(&self, asking: Asking<'_>) {
        self.requests.forget_rights(asking.portal, asking.account).await;
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

    fn whose(
        &self,
        account: &AccountId,
        organizations: &[Organization],
        wanted: Wanted,
    ) -> Option<Whose> {
        Some(match wanted {
            Wanted::Mine => Whose::Mine(account.clone()),
            Wanted::SharedWithMe => Whose::SharedWithMe(account.clone()),
            Wanted::Approvals => Whose::Approvals(account.clone()),
            Wanted::Organization(id) => {
                let shown = self.organization_requests != OrganizationRequests::None;
                let theirs = organizations.iter().filter(|_| shown).find(|it| it.id == id)?;
                Whose::Organization(theirs.clone())
            }
        })
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

fn note_unknown_choices(error: &Error) {
    let remedy = error.remedy();
    tracing::warn!(%error, remedy, "Jira does not tell the choices below those of a cascading field");
}

#[cfg(test)]
mod tests;
