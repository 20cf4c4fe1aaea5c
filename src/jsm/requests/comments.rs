//! What is said in a request, and the files that customers see. Two of JSM's lists tell of each comment
//! whether it is for customers, and both have to say so: the service account reads the team's own
//! comments as well.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::try_join;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::author::{AUTHOR_PROPERTY, AuthorClaim, PUBLIC_PROPERTY};
use super::files::{Named, for_customers, ids_in};
use super::shapes::{RawDate, RawList, RawUser, note_odd};
use super::site::SiteFacts;
use super::{Attachment, Person, Request, Requests};
use crate::domain::{AccountId, AttachmentId, CommentId, JsmHtml, RequestKey};
use crate::jsm::Error;
use crate::jsm::rest::{Call, Entry, or_default};
use crate::jsm::writing::words;

/// How many calls at once read what is said.
const CALLS: u32 = 2;
/// What Jira gives at once.
const PAGE_SIZE: usize = 100;
/// Nobody reads more on a page.
const MOST_PAGES: usize = 50;

/// What customers see of what was said in a request.
#[derive(Debug, Default)]
pub struct Conversation {
    /// The comments, the first one first.
    pub comments: Vec<Comment>,
    /// The files, in JSM's order.
    pub files: Vec<Attachment>,
}

impl Conversation {
    /// A file that customers see.
    #[must_use]
    pub fn file(&self, id: AttachmentId) -> Option<&Attachment> {
        self.files.iter().find(|file| file.id == id)
    }
}

/// A comment that customers see.
#[derive(Clone, Debug)]
pub struct Comment {
    /// JSM's id.
    pub id: CommentId,
    /// Who sent it to JSM.
    pub author: Person,
    /// Whether that was the service account.
    pub is_sent_by_gate: bool,
    /// Who wrote it, as the comment says itself. Anybody who may write into JSM could say so: it counts
    /// with a valid signature only.
    pub claim: Option<AuthorClaim>,
    /// When.
    pub created: Timestamp,
    /// What it says, as it was typed.
    pub text: String,
    /// What it says without its markup, which a signature is about.
    pub words: String,
    /// What it says, as JSM renders it.
    pub html: Option<JsmHtml>,
    /// The files that came with it.
    pub files: Vec<AttachmentId>,
    /// Whether its author may not see the request, as with an answer by mail from somebody else.
    pub is_from_outside: bool,
}

/// One of JSM's list, which is for customers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawComment {
    id: CommentId,
    #[serde(default, deserialize_with = "or_default")]
    body: String,
    public: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    author: RawUser,
    created: RawDate,
    #[serde(default)]
    rendered_body: Value,
    #[serde(default, deserialize_with = "or_default")]
    attachments: RawList,
}

impl Entry for RawComment {
    const CALLED: &'static str = "comment";

    fn id(&self) -> String {
        self.id.to_string()
    }
}

/// A page of Jira's list, which has every comment.
#[derive(Debug, Deserialize)]
struct RawPage {
    comments: Vec<Value>,
    #[serde(default)]
    total: usize,
}

/// One of Jira's list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawInJira {
    id: CommentId,
    #[serde(default)]
    body: Value,
    rendered_body: Option<String>,
    jsd_public: Option<bool>,
    jsd_author_can_see_request: Option<bool>,
    #[serde(default)]
    visibility: Value,
    #[serde(default, deserialize_with = "or_default")]
    properties: Vec<RawProperty>,
}

#[derive(Debug, Deserialize)]
struct RawProperty {
    key: String,
    #[serde(default)]
    value: Value,
}

impl RawInJira {
    fn property(&self, key: &str) -> Option<&Value> {
        self.properties.iter().find(|it| it.key == key).map(|it| &it.value)
    }

    /// An importer writes the text "false" where a truth value belongs (JSDCLOUD-9766).
    fn is_public(&self) -> bool {
        let internal = self.property(PUBLIC_PROPERTY).and_then(|it| it.get("internal"));
        let is_internal = match internal {
            None | Some(Value::Bool(false)) => false,
            Some(Value::String(text)) => text != "false",
            Some(_) => true,
        };
        self.jsd_public != Some(false) && self.visibility.is_null() && !is_internal
    }
}

impl Requests {
    /// What customers see of what is said in a request, as it was at most seconds ago.
    ///
    /// # Errors
    /// When JSM does not answer, or not as it should.
    pub async fn conversation(&self, request: &Request) -> Result<Arc<Conversation>, Error> {
        let _part = self.part_for(&request.key, CALLS).await?;
        self.caches.conversation(&request.key, self.read_conversation(request)).await
    }

    async fn read_conversation(&self, request: &Request) -> Result<Conversation, Error> {
        let site = self.site().await?;
        let (told, in_jira) =
            try_join(self.told_comments(&request.key), self.comments_in_jira(&request.key)).await?;
        Ok(conversation(request, told, in_jira, &site))
    }

    async fn told_comments(&self, key: &RequestKey) -> Result<Vec<RawComment>, Error> {
        let path = format!("/rest/servicedeskapi/request/{key}/comment");
        let query = [
            ("public", "true".to_owned()),
            ("internal", "false".to_owned()),
            ("expand", "attachment,renderedBody".to_owned()),
        ];
        let listed = self.client.list_with::<RawComment>(&path, &query).await?;
        note_odd("comments", listed.odd.len());
        Ok(listed.entries)
    }

    async fn comments_in_jira(&self, key: &RequestKey) -> Result<Vec<Value>, Error> {
        let path = self.client.platform(&format!("issue/{key}/comment")).await?;
        let mut comments = Vec::new();
        for _ in 0..MOST_PAGES {
            let query = [
                ("expand", "renderedBody,properties".to_owned()),
                ("startAt", comments.len().to_string()),
                ("maxResults", PAGE_SIZE.to_string()),
            ];
            let page: RawPage = self.client.read(Call::Read { path: &path, query: &query }).await?;
            let ends = page.comments.is_empty();
            comments.extend(page.comments);
            if ends || comments.len() >= page.total {
                return Ok(comments);
            }
        }
        Ok(comments)
    }
}

fn conversation(
    request: &Request,
    told: Vec<RawComment>,
    in_jira: Vec<Value>,
    site: &SiteFacts,
) -> Conversation {
    let (mut public, mut named) = public_ones(in_jira);
    let told = told.into_iter().filter(|raw| raw.public == Some(true));
    let mut comments = Vec::new();
    for raw in told {
        let in_jira = public.remove(&raw.id);
        comments.extend(in_jira.and_then(|it| comment(request, raw, &it.raw, site)));
    }
    // What JSM's own list does not call public is the team's, and so are its files.
    named.internally.extend(public.into_values().flat_map(|it| it.files));
    comments.sort_by_key(|comment: &Comment| (comment.created, comment.id));
    named.publicly.extend(comments.iter().flat_map(|comment| &comment.files));
    Conversation { files: for_customers(request, &named), comments }
}

/// A comment that Jira's list says is for customers.
struct PublicInJira {
    raw: RawInJira,
    /// The files that it names.
    files: Vec<AttachmentId>,
}

/// The comments that Jira's list says are for customers, and the files that each of the others names.
fn public_ones(in_jira: Vec<Value>) -> (HashMap<CommentId, PublicInJira>, Named) {
    let mut named = Named::default();
    let mut public = HashMap::new();
    for value in in_jira {
        // Read before it is known whether the rest can be.
        let rendered = value.get("renderedBody").and_then(Value::as_str);
        let files: Vec<_> = rendered
            .map_or_else(|| ids_in(&value.to_string()).collect(), |it| ids_in(it).collect());
        match serde_json::from_value::<RawInJira>(value) {
            Ok(raw) if raw.is_public() => {
                drop(public.insert(raw.id, PublicInJira { raw, files }));
            }
            _ => named.internally.extend(files),
        }
    }
    (public, named)
}

/// `None` for a comment without a time.
fn comment(
    request: &Request,
    raw: RawComment,
    in_jira: &RawInJira,
    site: &SiteFacts,
) -> Option<Comment> {
    let author = raw.author.person(site.deployment);
    let sender = author.account.as_ref();
    let is_sent_by_gate = sender.is_some() && sender == site.service_account.as_ref();
    let claim = in_jira.property(AUTHOR_PROPERTY).filter(|_| is_sent_by_gate).cloned();
    let told_html = || raw.rendered_body.get("html").and_then(Value::as_str).map(str::to_owned);
    let html = in_jira.rendered_body.clone().or_else(told_html).filter(|it| !it.trim().is_empty());
    let created = raw.created.time()?;
    let named = html.iter().flat_map(|html| ids_in(html));
    let named = named.filter(|id| is_by(request, *id, sender));
    // The gate sends the words of many customers, who could name a file of the team's.
    let mut files: Vec<_> =
        named.filter(|id| !is_sent_by_gate || came_with(request, *id, created)).collect();
    files.extend(raw.attachments.values.iter().filter_map(told_file));
    files.sort_unstable();
    files.dedup();
    Some(Comment {
        id: raw.id,
        author,
        is_sent_by_gate,
        claim: claim.and_then(|claim| serde_json::from_value(claim).ok()),
        created,
        text: raw.body,
        words: words(&in_jira.body),
        html: html.map(JsmHtml::new),
        files,
        is_from_outside: in_jira.jsd_author_can_see_request == Some(false),
    })
}

/// Whether a file is of whoever sent a comment. Anybody can write the address of any file: to name one
/// shows it to customers only if it is one's own.
fn is_by(request: &Request, id: AttachmentId, sender: Option<&AccountId>) -> bool {
    let file = request.attachments.iter().find(|file| file.id == id);
    file.zip(sender).is_some_and(|(file, sender)| file.author.is(sender))
}

/// Whether a file was attached when a comment was written, within a minute.
fn came_with(request: &Request, id: AttachmentId, comment: Timestamp) -> bool {
    let file = request.attachments.iter().find(|file| file.id == id);
    let attached = file.and_then(|file| file.created);
    attached.is_some_and(|attached| comment.duration_since(attached).abs().as_secs() <= 60)
}

/// A file of a comment has no id of its own in JSM's list: its addresses have.
fn told_file(file: &Value) -> Option<AttachmentId> {
    let links = file.get("_links")?;
    let addresses =
        ["jiraRest", "self", "content"].into_iter().filter_map(|it| links.get(it)?.as_str());
    addresses.flat_map(ids_in).next()
}

#[cfg(test)]
mod tests;
