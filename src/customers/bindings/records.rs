//! What the records of bindings say, as JSON.

use serde::{Deserialize, Serialize};

use super::Who;
use crate::domain::{AccountId, Email, ProviderId};
use crate::session::StoreError;

/// `login …`
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(in crate::customers) struct ByLogin {
    /// The account that the login opens.
    pub(in crate::customers) account: AccountId,
    /// The address at the latest login.
    pub(in crate::customers) email: Option<Email>,
    /// Unix seconds of the first login.
    pub(in crate::customers) since: u64,
}

/// `mail …`
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct ByMail {
    /// The account that the next login with this address opens.
    pub(super) account: AccountId,
    /// At this provider only.
    pub(super) provider: Option<ProviderId>,
    /// Whose binding it takes the place of.
    pub(super) from: Option<Who>,
}

pub(super) fn write(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(StoreError::new)
}

/// What cannot be read is no record that is not there.
pub(super) fn read<T: for<'de> Deserialize<'de>>(value: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(value)
        .map_err(|_| StoreError::new("a binding is not understood; is a newer gate in use?"))
}
