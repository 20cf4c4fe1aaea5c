//! Raising a request and changing one. Whoever changes one does it alone, and what was known of the
//! request before is over then.

use tokio::sync::OwnedMutexGuard;

use super::{SeenRequest, Visible};
use crate::domain::{OrganizationId, RequestKey, RequestTypeId};
use crate::jsm::requests::{Organization, Requests};
use crate::jsm::{Client, Error};
use crate::problem::Problem;

/// Somebody's turn to change a request that they may change. When it ends, what was read of the request
/// before is shown to nobody any more.
#[derive(Debug)]
pub struct Acting<'a> {
    pub(super) requests: &'a Requests,
    pub(super) request: Visible<SeenRequest>,
    pub(super) _turn: OwnedMutexGuard<()>,
}

impl Acting<'_> {
    /// The request.
    #[must_use]
    pub fn request(&self) -> &Visible<SeenRequest> {
        &self.request
    }

    /// The way to JSM, for the change.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.requests.client()
    }
}

/// Even if whoever acts goes away in the middle.
impl Drop for Acting<'_> {
    fn drop(&mut self) {
        self.requests.changed(&self.request.key);
    }
}

/// Somebody may raise requests of a type.
#[derive(Debug)]
pub struct Raising<'a> {
    pub(super) requests: &'a Requests,
    pub(super) request_type: RequestTypeId,
    pub(super) organizations: &'a [Organization],
}

impl Raising<'_> {
    /// The type.
    #[must_use]
    pub fn request_type(&self) -> RequestTypeId {
        self.request_type
    }

    /// The way to JSM, to raise one.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.requests.client()
    }

    /// Shares the request that was just raised with an organisation that they are in (docs/security.md P16).
    ///
    /// # Errors
    /// When they are not in it, or JSM does not take it.
    pub async fn share(
        &self,
        request: &RequestKey,
        organization: OrganizationId,
    ) -> Result<(), Problem> {
        if !self.organizations.iter().any(|own| own.id == organization) {
            return Err(Problem::NotFound);
        }
        let shared = self.requests.share_with(request, &[organization]).await;
        self.requests.changed(request);
        shared.map_err(Error::into_problem)
    }
}
