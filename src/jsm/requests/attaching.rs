//! Files that become part of a request, by a comment that customers see. JSM makes that comment itself, so
//! that who wrote it can only be noted when it is there. Must not know how a claim is signed.

use serde::Deserialize;
use serde_json::{Value, json};

use super::author::{AUTHOR_PROPERTY, AuthorClaim};
use crate::domain::{CommentId, RequestKey};
use crate::jsm::rest::Call;
use crate::jsm::writing::{Body, words};
use crate::jsm::{Change, Client, Error};

/// `POST …/request/{key}/attachment`
#[derive(Deserialize)]
struct Attached {
    comment: AttachedBy,
}

#[derive(Deserialize)]
struct AttachedBy {
    id: CommentId,
}

/// `GET /rest/api/…/issue/{key}/comment/{id}`
#[derive(Deserialize)]
struct InJira {
    body: Value,
}

impl Client {
    /// Attaches files that JSM holds, with a text in JSM's wiki markup. Returns the comment that has both. A file
    /// that is attached by Jira's own call is one of the team's (andygrunwald/go-jira, issue 616).
    ///
    /// # Errors
    /// When JSM does not take them, or does not answer: then they may be there.
    pub async fn attach(
        &self,
        request: &RequestKey,
        files: &[&str],
        text: &Body,
    ) -> Result<CommentId, Error> {
        let path = format!("/rest/servicedeskapi/request/{request}/attachment");
        let sent = json!({
            "temporaryAttachmentIds": files,
            "public": true,
            "additionalComment": { "body": text.json() },
        });
        let attached: Attached = self.change(Change::Post, &path, &sent).await?;
        Ok(attached.comment.id)
    }

    /// What a comment says without its markup, as JSM has it now.
    ///
    /// # Errors
    /// When JSM does not answer, or not as it should.
    pub async fn words_of(
        &self,
        request: &RequestKey,
        comment: CommentId,
    ) -> Result<String, Error> {
        let path = self.platform(&format!("issue/{request}/comment/{comment}")).await?;
        let comment: InJira = self.read(Call::read(&path)).await?;
        Ok(words(&comment.body))
    }

    /// Notes who wrote a comment.
    ///
    /// # Errors
    /// When JSM does not take it.
    pub async fn note_author(&self, comment: CommentId, author: &AuthorClaim) -> Result<(), Error> {
        let path =
            self.platform(&format!("comment/{comment}/properties/{AUTHOR_PROPERTY}")).await?;
        self.change::<Value>(Change::Put, &path, &json!(author)).await.map(drop)
    }
}
