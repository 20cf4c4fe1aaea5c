//! What a portal offers to somebody: request types and their forms, and the way to raise a request.

use super::{Asking, Gatekeeper, Offer, Raising, Uploading, Visible};
use crate::config::Deployment;
use crate::domain::RequestTypeId;
use crate::jsm::Error;
use crate::jsm::requests::{FieldsAnswer, IssueFields, Known};
use crate::problem::Problem;

const CHOICES_BELOW: &str = "the choices below those of a cascading field";

impl Gatekeeper {
    /// What the portal offers to somebody.
    ///
    /// # Errors
    /// When JSM does not tell and did not tell before.
    pub async fn offer(&self, asking: Asking<'_>) -> Result<Visible<Offer>, Problem> {
        let types = self.requests.request_types(asking.portal, asking.language).await;
        let types = types.map_err(Error::into_problem)?;
        let organizations: Vec<_> = asking.organizations.iter().map(|it| it.id).collect();
        let usable =
            self.requests.usable_types(asking.portal, &types, asking.account, &organizations);
        let usable = usable.await.map_err(Error::into_problem)?;
        Ok(Visible(Offer { types, usable }))
    }

    /// The fields of a request type that somebody may use.
    ///
    /// # Errors
    /// When they may not, or JSM does not tell and did not tell before.
    pub async fn fields(
        &self,
        asking: Asking<'_>,
        id: RequestTypeId,
    ) -> Result<Visible<Known<FieldsAnswer>>, Problem> {
        let offer = self.offer(asking).await?;
        if offer.get(id).is_none() {
            return Err(Problem::NotFound);
        }
        let fields = self.requests.fields(asking.portal, id, asking.language).await;
        fields.map(Visible).map_err(Error::into_problem)
    }

    /// Whether a request type asks for more than its fields: a form of Jira's form builder is attached to it.
    pub async fn has_attached_form(&self, asking: Asking<'_>, id: RequestTypeId) -> bool {
        self.requests.attached_form(asking.portal, id).await == Some(true)
    }

    /// What Jira tells of the fields of a request type that somebody may use: on Data Center it tells more
    /// than JSM. Nothing where it does not tell.
    ///
    /// # Errors
    /// When they may not use it.
    pub async fn issue_fields(
        &self,
        asking: Asking<'_>,
        id: RequestTypeId,
    ) -> Result<Option<Visible<Known<IssueFields>>>, Problem> {
        let offer = self.offer(asking).await?;
        let offered = offer.get(id).ok_or(Problem::NotFound)?;
        let Some(issue_type) = offered.issue_type else { return Ok(None) };
        let fields = self.requests.issue_fields(asking.portal, issue_type).await;
        Ok(fields.map(Visible).inspect_err(|error| note_unknown(error, CHOICES_BELOW)).ok())
    }

    /// Bytes of the largest file that Jira takes, for whoever may upload one. `None` where it does not tell:
    /// what it does not take, it says then.
    pub async fn attachment_limit(&self) -> Option<u64> {
        let limit = self.requests.attachment_limit().await;
        limit.inspect_err(|error| note_unknown(error, "how large a file may be")).ok()
    }

    /// Cloud or Data Center.
    ///
    /// # Errors
    /// When JSM has to be asked and does not answer.
    pub async fn deployment(&self) -> Result<Deployment, Problem> {
        self.requests.client().deployment().await.map_err(Error::into_problem)
    }

    /// Lets somebody raise a request of a type that they may use.
    ///
    /// # Errors
    /// When they may not, or JSM does not tell and did not tell before.
    pub async fn raise<'a>(
        &'a self,
        asking: Asking<'a>,
        id: RequestTypeId,
    ) -> Result<Raising<'a>, Problem> {
        let offer = self.offer(asking).await?;
        offer.get(id).ok_or(Problem::NotFound)?;
        let organizations = asking.organizations;
        Ok(Raising { requests: &self.requests, organizations })
    }

    /// Lets somebody upload files for a request that they are about to make.
    ///
    /// # Errors
    /// When they may not make one of that type, or JSM does not tell and did not tell before.
    pub async fn upload_for_new<'a>(
        &'a self,
        asking: Asking<'a>,
        id: RequestTypeId,
    ) -> Result<Uploading<'a>, Problem> {
        self.offer(asking).await?.get(id).ok_or(Problem::NotFound)?;
        Ok(self.uploading(asking))
    }
}

/// Pages are shown without it.
fn note_unknown(error: &Error, what: &str) {
    let remedy = error.remedy();
    tracing::warn!(%error, remedy, "Jira does not tell {what}");
}
