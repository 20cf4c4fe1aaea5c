//! The fields of a request type's form, as JSM answers them. What they mean is read by the forms.

use serde::Deserialize;
use serde_json::Value;

use super::types::desk_path;
use super::{Known, Requests};
use crate::domain::{Portal, RequestTypeId};
use crate::jsm::rest::{Call, or_default};
use crate::jsm::{Error, RequestLanguage};

/// `GET …/requesttype/{id}/field`
#[derive(Debug, Deserialize)]
pub struct FieldsAnswer {
    /// The fields, in the form's order.
    #[serde(default, rename = "requestTypeFields", deserialize_with = "or_default")]
    pub fields: Vec<Value>,
}

impl Requests {
    /// The fields of a request type of a portal's desk.
    ///
    /// # Errors
    /// When JSM does not tell and did not tell before.
    pub async fn fields(
        &self,
        portal: &Portal,
        request_type: RequestTypeId,
        language: &RequestLanguage,
    ) -> Result<Known<FieldsAnswer>, Error> {
        let desk = portal.service_desk_id.as_str();
        let key = (desk.into(), request_type, language.clone());
        let read = async {
            let path = format!("{}/requesttype/{request_type}/field", desk_path(desk));
            self.client.read(Call::Read { path: &path, query: &[language.parameter()] }).await
        };
        self.caches.fields.get(key, read).await
    }
}
