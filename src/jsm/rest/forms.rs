//! Calls to the interface of Jira's form builder, which Cloud has beside JSM's. It must not know what is read.

use serde::de::DeserializeOwned;

use super::Error;
use super::call::Call;
use super::client::Client;

/// Where it is below Atlassian's API gateway.
const INTERFACE: &str = "jira/forms/cloud";

impl Client {
    /// Reads from it. Its path begins after the site's id.
    pub(in crate::jsm) async fn read_of_forms<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<T, Error> {
        let base = self.gateway(INTERFACE).await?;
        let call = Call::read(path);
        self.send(&base, call).await?.json(call)
    }
}
