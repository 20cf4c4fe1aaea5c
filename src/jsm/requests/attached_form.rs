//! Whether a request type has a form of Jira's form builder ("Forms", formerly `ProForma`). A request that is made
//! without its answers has no form at all, and JSM does not say so.

use std::time::Duration;

use http::StatusCode;
use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use super::Requests;
use crate::config::Deployment;
use crate::domain::{Portal, RequestTypeId};
use crate::jsm::rest::SEGMENT;

/// The interface is not at JSM's own address, and a firewall may be in the way: nobody waits long for it.
const PATIENCE: Duration = Duration::from_secs(2);

impl Requests {
    /// Whether a form is attached to a request type. `None` where that is not told: on Data Center, and
    /// where the form builder does not answer.
    pub async fn attached_form(&self, portal: &Portal, id: RequestTypeId) -> Option<bool> {
        let key = (portal.service_desk_id.as_str().into(), id);
        let read = async { Ok(self.read_attached_form(portal, id).await) };
        *self.caches.attached_forms.get(key, read).await.ok()?
    }

    /// `GET …/servicedesk/{id}/requesttype/{id}/form`, which is a 404 where there is none.
    async fn read_attached_form(&self, portal: &Portal, id: RequestTypeId) -> Option<bool> {
        if self.client.deployment().await.ok()? == Deployment::DataCenter {
            return None;
        }
        let desk = utf8_percent_encode(&portal.service_desk_id, SEGMENT);
        let path = format!("/servicedesk/{desk}/requesttype/{id}/form");
        let read = tokio::time::timeout(PATIENCE, self.client.read_of_forms::<Value>(&path));
        match read.await.ok()? {
            Ok(form) => Some(form.get("id").is_some()),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Some(false),
            Err(error) => {
                tracing::debug!(%error, "it is not known whether a request type has a form attached");
                None
            }
        }
    }
}
