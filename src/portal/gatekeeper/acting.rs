//! Raising a request and changing one. Whoever changes one does it alone, and what was known of the
//! request before is over then.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;

use super::{SeenRequest, Visible};
use crate::domain::{AccountId, CommentId, OrganizationId, RequestKey, TransitionId};
use crate::jsm::requests::{
    AuthorClaim, Conversation, Organization, Request, Requests, Transition,
};
use crate::jsm::writing::Body;
use crate::jsm::{Client, Error, JsmSession, RequestLanguage};

/// Somebody's turn to change a request that they may change. When it ends, what was read of the request
/// before is shown to nobody any more.
#[derive(Debug)]
pub struct Acting<'a> {
    pub(super) requests: &'a Requests,
    pub(super) request: Visible<SeenRequest>,
    pub(super) _turn: OwnedMutexGuard<()>,
}

impl Acting<'_> {
    /// The request, as JSM told it when the turn began.
    #[must_use]
    pub fn request(&self) -> &Visible<SeenRequest> {
        &self.request
    }

    /// The way to JSM, for the change.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.requests.client()
    }

    /// Writes a comment that customers see.
    ///
    /// # Errors
    /// When JSM does not take it, or does not answer: then it may be there.
    pub async fn comment(&self, body: &Body, author: &AuthorClaim) -> Result<(), Error> {
        self.client().comment(&self.request.key, body, author).await
    }

    /// Attaches files that JSM holds, in its session, with a text in wiki markup. Returns the comment that
    /// has both.
    ///
    /// # Errors
    /// When JSM does not take them, or does not answer: then they may be there.
    pub async fn attach(
        &self,
        files: &[&str],
        session: Option<JsmSession>,
        text: &Body,
    ) -> Result<CommentId, Error> {
        let client = match session {
            Some(session) => self.client().in_session(session),
            None => self.client().clone(),
        };
        client.attach(&self.request.key, files, text).await
    }

    /// What a comment of the request says without its markup.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn words_of(&self, comment: CommentId) -> Result<String, Error> {
        self.client().words_of(&self.request.key, comment).await
    }

    /// What is said in the request now, and its files.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn conversation(
        &self,
        language: &RequestLanguage,
    ) -> Result<Arc<Conversation>, Error> {
        // Which files there are, the request tells.
        let request = self.request_now(language).await?;
        self.requests.conversation(&request).await
    }

    /// The request as JSM tells it now. It decides nothing about who sees it.
    ///
    /// # Errors
    /// When JSM does not answer, or has it no more.
    pub async fn request_now(&self, language: &RequestLanguage) -> Result<Arc<Request>, Error> {
        let key = &self.request.key;
        self.requests.changed(key);
        let gone = || Error::NotUnderstood {
            call: format!("GET {key}"),
            problem: "the request is gone".to_owned(),
        };
        self.requests.request(key, language).await?.ok_or_else(gone)
    }

    /// What JSM offers to customers now.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn transitions(&self, language: &RequestLanguage) -> Result<Vec<Transition>, Error> {
        self.requests.transitions(&self.request, language).await
    }

    /// Makes a transition.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn make_transition(&self, transition: TransitionId) -> Result<(), Error> {
        self.client().make_transition(&self.request.key, transition).await
    }

    /// Has somebody take part.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn add_participant(&self, account: &AccountId) -> Result<(), Error> {
        self.client().add_participant(&self.request.key, account).await
    }

    /// Takes somebody off the request.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn remove_participant(&self, account: &AccountId) -> Result<(), Error> {
        self.client().remove_participant(&self.request.key, account).await
    }

    /// Shares the request with an organisation.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn share(&self, organization: OrganizationId) -> Result<(), Error> {
        self.requests.share(&self.request.key, organization).await
    }

    /// Takes the request away from an organisation.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn unshare(&self, organization: OrganizationId) -> Result<(), Error> {
        self.requests.unshare(&self.request.key, organization).await
    }
}

/// Even if whoever acts goes away in the middle.
impl Drop for Acting<'_> {
    fn drop(&mut self) {
        self.requests.changed(&self.request.key);
    }
}

/// Somebody may raise requests of a type.
#[derive(Debug)]
pub struct Raising<'a> {
    pub(super) requests: &'a Requests,
    pub(super) organizations: &'a [Organization],
}

impl Raising<'_> {
    /// The way to JSM, to raise one.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.requests.client()
    }

    /// Shares the request that was just raised with an organisation that they are in (docs/security.md P16).
    ///
    /// # Errors
    /// When they are not in it, or JSM does not take it.
    pub async fn share(
        &self,
        request: &RequestKey,
        organization: OrganizationId,
    ) -> Result<(), NotShared> {
        if !self.organizations.iter().any(|own| own.id == organization) {
            return Err(NotShared::Foreign);
        }
        let shared = self.requests.share(request, organization).await;
        self.requests.changed(request);
        Ok(shared?)
    }
}

/// Why a new request is not shared, as far as that is known.
#[derive(Debug, thiserror::Error)]
pub enum NotShared {
    /// Whoever raised it is not in the organisation.
    #[error("its reporter is not in that organisation")]
    Foreign,
    /// JSM does not take it, or does not answer: then it may be shared.
    #[error(transparent)]
    Error(#[from] Error),
}
