//! What is the same for all requests of a site and differs from site to site: the numbers of JSM's own
//! fields, and whom the token belongs to.

use std::fmt;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::shapes::each;
use super::{Known, Requests};
use crate::config::Deployment;
use crate::domain::AccountId;
use crate::jsm::Error;
use crate::jsm::rest::Call;

/// The type of the field that makes an issue a request; it holds the request type and the status that
/// customers see. Names of fields are translated and their numbers differ, so none is known by these.
const REQUEST_TYPE: &str = "com.atlassian.servicedesk:vp-origin";
const PARTICIPANTS: &str = "com.atlassian.servicedesk:sd-request-participants";
const ORGANIZATIONS: &str = "com.atlassian.servicedesk:sd-customer-organizations";
const APPROVALS: &str = "com.atlassian.servicedesk.approvals-plugin:sd-approvals";
/// There is one for each agreed time. Its value has the shape of `…/request/{key}/sla`.
const SLA: &str = "com.atlassian.servicedesk:sd-sla-field";

/// The number of a custom field. Its `Display` is the name it has in JSON: `customfield_10002`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CustomFieldId(u64);

impl CustomFieldId {
    pub(super) fn of(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for CustomFieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "customfield_{}", self.0)
    }
}

/// What was found out once.
#[derive(Debug)]
pub(super) struct SiteFacts {
    pub(super) deployment: Deployment,
    pub(super) request_type: CustomFieldId,
    pub(super) participants: Option<CustomFieldId>,
    pub(super) organizations: Option<CustomFieldId>,
    pub(super) approvals: Option<CustomFieldId>,
    pub(super) slas: Vec<CustomFieldId>,
    /// Whom the token belongs to.
    pub(super) service_account: Option<AccountId>,
    /// By which JSM reads the times in the service account's searches.
    pub(super) time_zone: TimeZone,
}

/// One of `GET /rest/api/…/field`.
#[derive(Debug, Deserialize)]
struct RawField {
    schema: RawSchema,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSchema {
    custom: String,
    custom_id: u64,
}

impl Requests {
    pub(super) async fn site(&self) -> Result<Known<SiteFacts>, Error> {
        self.caches.site.get((), self.read_site()).await
    }

    async fn read_site(&self) -> Result<SiteFacts, Error> {
        let path = self.client.platform("field").await?;
        let deployment = self.client.deployment().await?;
        // This call also finds out which address takes the token.
        let account = self.client.myself().await?;
        let fields: Vec<Value> = self.client.read(Call::read(&path)).await?;
        // The fields of Jira itself have no such schema.
        let fields: Vec<RawField> = each(fields);
        let all_named = |custom| {
            let found = fields.iter().filter(move |field| field.schema.custom == custom);
            found.map(|field| CustomFieldId::of(field.schema.custom_id))
        };
        let named = |custom| all_named(custom).next();
        let request_type = named(REQUEST_TYPE).ok_or_else(|| Error::NotUnderstood {
            call: Call::read(&path).to_string(),
            problem: "there is no field for request types: is it Jira Service Management?"
                .to_owned(),
        })?;
        let id = match deployment {
            Deployment::Cloud => account.account_id,
            Deployment::DataCenter => account.name,
        };
        let time_zone = account.time_zone.and_then(|name| TimeZone::get(&name).ok());
        Ok(SiteFacts {
            deployment,
            request_type,
            participants: named(PARTICIPANTS),
            organizations: named(ORGANIZATIONS),
            approvals: named(APPROVALS),
            slas: all_named(SLA).collect(),
            service_account: id.and_then(|id| AccountId::parse(&id).ok()),
            time_zone: time_zone.unwrap_or(TimeZone::UTC),
        })
    }
}
