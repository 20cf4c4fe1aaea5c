//! What somebody reads of requests: lists, what is said in one, its files, and articles of the knowledge base.

use std::sync::Arc;

use futures_util::StreamExt as _;

use super::{Asking, Gatekeeper, SeenArticle, SeenRequest, Visible, Wanted};
use crate::domain::{AccountId, ArticleId, AttachmentId, KnowledgeBase, OrganizationRequests};
use crate::jsm::requests::{
    Article, Attachment, Conversation, FileKind, Organization, RequestList, Search, SearchText,
    Sla, Transition, Whose,
};
use crate::jsm::{ByteRange, Download, Error};
use crate::problem::Problem;

impl Gatekeeper {
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

    /// Opens a file for somebody, who has so many open at once.
    ///
    /// # Errors
    /// When JSM does not give it, or they have too many.
    pub async fn open(
        &self,
        account: &AccountId,
        file: &Visible<Attachment>,
        kind: FileKind,
        range: Option<&ByteRange>,
    ) -> Result<Download, Problem> {
        let place = self.file_places.take(account).await.ok_or(Problem::TooManyRequests)?;
        let opened = self.requests.open(file, kind, range).await;
        let opened = opened.map_err(|error| match error.status() {
            Some(http::StatusCode::NOT_FOUND) => Problem::NotFound,
            _ => error.into_problem(),
        })?;
        // Until all of it is passed on, or nobody takes any more.
        let held = move |part| {
            let _ = &place;
            part
        };
        Ok(Download { body: opened.body.map(held).boxed(), ..opened })
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

    pub(super) fn whose(
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
}
