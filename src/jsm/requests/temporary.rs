//! Files that JSM keeps for a while, until a request or a comment takes them.

use serde::Deserialize;

use super::Requests;
use super::types::desk_path;
use crate::config::Deployment;
use crate::domain::Portal;
use crate::jsm::{Error, JsmSession, Upload};

/// A file that JSM keeps for a while.
#[derive(Clone, Debug)]
pub struct TemporaryFile {
    /// JSM's id, by which a request or a comment takes it. Whoever knows it could take it: it is somebody's
    /// secret until then.
    pub id: String,
    /// The session in which it has to be taken, where there is one.
    pub session: Option<JsmSession>,
}

/// `POST …/attachTemporaryFile`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    temporary_attachments: [KeptFile; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptFile {
    temporary_attachment_id: String,
}

impl Requests {
    /// Has JSM keep a file for a desk's requests, in the session of those that are to be taken with it.
    ///
    /// # Errors
    /// When the file does not arrive whole, or JSM does not keep it.
    pub async fn keep(
        &self,
        portal: &Portal,
        file: Upload,
        session: Option<JsmSession>,
    ) -> Result<TemporaryFile, Error> {
        let path = format!("{}/attachTemporaryFile", desk_path(&portal.service_desk_id));
        let client = match &session {
            Some(session) => self.client.in_session(session.clone()),
            None => self.client.clone(),
        };
        let (kept, begun): (Kept, _) = client.upload(&path, file).await?;
        let [KeptFile { temporary_attachment_id: id }] = kept.temporary_attachments;
        let session = match self.client.deployment().await? {
            // Whatever its sessions are for, files are not bound to them.
            Deployment::Cloud => None,
            Deployment::DataCenter => begun.or(session),
        };
        Ok(TemporaryFile { id, session })
    }
}
