//! The fields of a project's issues, as Jira describes them. JSM Data Center leaves out what stands below
//! the choices of a cascading field; Jira does not. What the fields mean is read by the forms.

use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use serde_json::Value;

use super::{Known, Requests};
use crate::domain::{IssueTypeId, Portal};
use crate::jsm::Error;
use crate::jsm::rest::{Call, SEGMENT, or_default};

/// What is asked for at once; Jira may give fewer.
const PAGE_SIZE: usize = 200;

/// Pages of one list. Projects have some hundreds of fields.
const MOST_PAGES: usize = 20;

/// The fields of issues of one type in one project.
pub type IssueFields = Vec<Value>;

/// A page of `GET /rest/api/2/issue/createmeta/{project}/issuetypes/{id}`, Data Center's shape.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default, deserialize_with = "or_default")]
    values: Vec<Value>,
    is_last: Option<bool>,
    total: Option<usize>,
}

impl Requests {
    /// The fields of a portal's issues of one type.
    ///
    /// # Errors
    /// When JSM does not tell and did not tell before.
    pub async fn issue_fields(
        &self,
        portal: &Portal,
        issue_type: IssueTypeId,
    ) -> Result<Known<IssueFields>, Error> {
        let key = (portal.service_desk_id.as_str().into(), issue_type);
        self.caches.issue_fields.get(key, self.read_issue_fields(portal, issue_type)).await
    }

    async fn read_issue_fields(
        &self,
        portal: &Portal,
        issue_type: IssueTypeId,
    ) -> Result<IssueFields, Error> {
        let project = utf8_percent_encode(&portal.project_key, SEGMENT);
        let path = format!("issue/createmeta/{project}/issuetypes/{issue_type}");
        let path = self.client.platform(&path).await?;
        let mut fields = IssueFields::new();
        for _ in 0..MOST_PAGES {
            let query =
                [("startAt", fields.len().to_string()), ("maxResults", PAGE_SIZE.to_string())];
            let page: Page = self.client.read(Call::Read { path: &path, query: &query }).await?;
            let arrived = page.values.len();
            fields.extend(page.values);
            let is_all = page.total.is_some_and(|total| fields.len() >= total);
            if arrived == 0 || is_all || page.is_last == Some(true) {
                break;
            }
        }
        Ok(fields)
    }
}
