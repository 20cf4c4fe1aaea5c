//! Who began a logout, and is told its end. Must not know how it ends.

use saml::logout::LogoutRequest;
use serde::{Deserialize, Serialize};

use crate::domain::ServiceProviderId;

/// The service provider that began a logout.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Initiator {
    #[serde(rename = "s")]
    pub(super) id: ServiceProviderId,
    /// Its request.
    #[serde(rename = "r")]
    pub(super) request: String,
    #[serde(rename = "t")]
    pub(super) relay_state: Option<String>,
}

impl Initiator {
    pub(super) fn of(id: &ServiceProviderId, request: &LogoutRequest) -> Self {
        let relay_state = request.relay_state.clone();
        Self { id: id.clone(), request: request.id.as_str().to_owned(), relay_state }
    }
}
