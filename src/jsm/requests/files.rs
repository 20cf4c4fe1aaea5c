//! The files of a request. JSM tells the service account of all of them, those for the team too; which
//! of them customers see is decided here, by their ids, because names repeat (JRACLOUD-96384).

use std::collections::HashSet;

use jiff::Timestamp;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;

use super::shapes::{RawUser, time};
use super::{Person, Request, Requests};
use crate::config::Deployment;
use crate::domain::AttachmentId;
use crate::jsm::rest::{SEGMENT, or_default};
use crate::jsm::{ByteRange, Download, Error};

/// A file of a request.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// JSM's id.
    pub id: AttachmentId,
    /// Its name, as whoever attached it wrote it.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// What whoever attached it said it is; nobody checked.
    pub claimed_type: String,
    /// When it was attached.
    pub created: Option<Timestamp>,
    /// Who attached it.
    pub author: Person,
    /// Whether JSM has a small picture of it.
    pub has_thumbnail: bool,
}

/// What of a file is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileKind {
    /// The file.
    Content,
    /// A small picture of it.
    Thumbnail,
}

/// One of `fields.attachment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawAttachment {
    id: AttachmentId,
    filename: String,
    #[serde(default)]
    size: u64,
    #[serde(default, deserialize_with = "or_default")]
    mime_type: String,
    created: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    author: RawUser,
    thumbnail: Option<String>,
}

impl RawAttachment {
    pub(super) fn attachment(self, deployment: Deployment) -> Attachment {
        Attachment {
            id: self.id,
            name: self.filename,
            size: self.size,
            claimed_type: self.mime_type,
            created: self.created.as_deref().and_then(time),
            author: self.author.person(deployment),
            has_thumbnail: self.thumbnail.is_some(),
        }
    }
}

/// Files that comments name.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Those that customers read.
    pub(super) publicly: HashSet<AttachmentId>,
    /// Those of the team.
    pub(super) internally: HashSet<AttachmentId>,
}

/// The files that customers see: those that a public comment names, those that came with the request,
/// and those that the reporter or a participant attached, unless only the team's comments name them.
pub(super) fn for_customers(request: &Request, named: &Named) -> Vec<Attachment> {
    let is_theirs = |file: &Attachment| {
        file.author.account.as_ref().is_some_and(|author| request.is_by_or_with(author))
    };
    let is_shown = |file: &&Attachment| {
        named.publicly.contains(&file.id)
            || request.own_files.contains(&file.id)
            || (is_theirs(file) && !named.internally.contains(&file.id))
    };
    request.attachments.iter().filter(is_shown).cloned().collect()
}

/// The ids in addresses of files: `/secure/attachment/10000/x.png`, `/secure/thumbnail/10000/…`,
/// `/rest/api/3/attachment/content/10000`, `/rest/api/2/attachment/10000`.
pub(super) fn ids_in(text: &str) -> impl Iterator<Item = AttachmentId> {
    let after = ["attachment/", "thumbnail/", "content/"];
    let places = after.into_iter().flat_map(move |word| {
        text.match_indices(word).filter_map(move |(at, _)| text.get(at + word.len()..))
    });
    places.filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        AttachmentId::parse(rest.get(..end)?).ok()
    })
}

impl Requests {
    /// Opens a file of a request. Whether somebody may have it was decided before.
    ///
    /// # Errors
    /// When JSM does not have it, does not answer, or points to where no file of its own is.
    pub async fn open(
        &self,
        file: &Attachment,
        kind: FileKind,
        range: Option<&ByteRange>,
    ) -> Result<Download, Error> {
        let id = file.id;
        let path = match (self.client.deployment().await?, kind) {
            (Deployment::Cloud, FileKind::Content) => {
                format!("/rest/api/3/attachment/content/{id}")
            }
            (Deployment::Cloud, FileKind::Thumbnail) => {
                format!("/rest/api/3/attachment/thumbnail/{id}")
            }
            (Deployment::DataCenter, FileKind::Content) => {
                let name = utf8_percent_encode(&file.name, SEGMENT);
                format!("/secure/attachment/{id}/{name}")
            }
            (Deployment::DataCenter, FileKind::Thumbnail) => {
                format!("/secure/thumbnail/{id}/_thumb_{id}.png")
            }
        };
        self.client.open_file(&path, range).await
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(r#"<a href="/secure/attachment/10000/10000_x.png">"#, &[10000])]
    #[case(r#"<img src="https://x.example/jira/secure/thumbnail/10001/_thumb_10001.png">"#, &[10001])]
    #[case("/rest/api/3/attachment/content/10002?x", &[10002])]
    #[case("/rest/api/3/attachment/thumbnail/10003", &[10003])]
    #[case("https://x.example/rest/api/2/attachment/10004", &[10004])]
    #[case("attachment/0 attachment/x attachment/", &[])]
    fn files_are_named_by_their_addresses(#[case] text: &str, #[case] ids: &[u64]) {
        let found: Vec<_> = ids_in(text).map(AttachmentId::get).collect();
        assert_eq!(found, ids);
    }
}
