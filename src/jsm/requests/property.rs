//! What the gate notes of a request, as a property of Jira's issue.

use serde_json::{Value, json};

use super::request::OWN_PROPERTY;
use crate::domain::RequestKey;
use crate::jsm::rest::{Call, known};
use crate::jsm::{Change, Client, Error};

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

    /// Notes the key of the form that a request came of, and by which link.
    ///
    /// # Errors
    /// When JSM does not take it.
    pub async fn note_form(
        &self,
        request: &RequestKey,
        form: &str,
        link: &str,
    ) -> Result<(), Error> {
        let path = self.own_property(request).await?;
        let noted = json!({ "form": form, "link": link });
        self.change::<Value>(Change::Put, &path, &noted).await.map(drop)
    }

    async fn own_property(&self, request: &RequestKey) -> Result<String, Error> {
        self.platform(&format!("issue/{request}/properties/{OWN_PROPERTY}")).await
    }
}
