//! What the gate notes of a request, as a property of Jira's issue.

use serde::Deserialize;
use serde_json::{Value, json};

use super::request::OWN_PROPERTY;
use super::shapes::each;
use crate::domain::{AttachmentId, RequestKey};
use crate::jsm::rest::{Call, known};
use crate::jsm::{Change, Client, Error};

/// `GET /rest/api/…/issue/{key}?fields=attachment`
#[derive(Deserialize)]
struct WithFiles {
    fields: FileFields,
}

#[derive(Deserialize)]
struct FileFields {
    #[serde(default)]
    attachment: Vec<Value>,
}

#[derive(Deserialize)]
struct FileOf {
    id: AttachmentId,
    filename: String,
    #[serde(default)]
    size: u64,
}

impl Client {
    /// The key of the form that a request came of, if the gate noted one.
    ///
    /// # Errors
    /// When JSM does not tell.
    pub async fn form_of(&self, request: &RequestKey) -> Result<Option<String>, Error> {
        let path = self.own_property(request).await?;
        let property: Option<Value> = known(self.read(Call::read(&path)).await)?;
        let form = property.as_ref().and_then(|it| it.pointer("/value/form"));
        Ok(form.and_then(Value::as_str).map(str::to_owned))
    }

    /// Notes the key of the form that a request came of, by which link, and the files that came with it.
    ///
    /// # Errors
    /// When JSM does not take it.
    pub async fn note_form(
        &self,
        request: &RequestKey,
        form: &str,
        link: &str,
        files: &[AttachmentId],
    ) -> Result<(), Error> {
        let path = self.own_property(request).await?;
        let noted = json!({ "form": form, "link": link, "attachments": files });
        self.change::<Value>(Change::Put, &path, &noted).await.map(drop)
    }

    /// Which of a new request's files are those that came with it, by name and size. There may be others:
    /// an automation of JSM's may have attached one for the team by now.
    ///
    /// # Errors
    /// When JSM does not tell.
    pub async fn files_by_name(
        &self,
        request: &RequestKey,
        sent: &[(&str, u64)],
    ) -> Result<Vec<AttachmentId>, Error> {
        let path = self.platform(&format!("issue/{request}")).await?;
        let query = [("fields", "attachment".to_owned())];
        let issue: WithFiles = self.read(Call::Read { path: &path, query: &query }).await?;
        let mut there: Vec<FileOf> = each(issue.fields.attachment);
        let taken = sent.iter().filter_map(|(name, size)| {
            let at = there.iter().position(|it| it.filename == *name && it.size == *size)?;
            Some(there.swap_remove(at).id)
        });
        Ok(taken.collect())
    }

    async fn own_property(&self, request: &RequestKey) -> Result<String, Error> {
        self.platform(&format!("issue/{request}/properties/{OWN_PROPERTY}")).await
    }
}
