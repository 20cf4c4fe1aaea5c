//! The calls by which the directory learns of service desks, and `check` of the token's rights. It must not
//! know how a call is sent.

use std::collections::HashMap;

use percent_encoding::utf8_percent_encode;

use super::call::Call;
use super::client::{Client, SEGMENT};
use super::error::{Error, known};
use super::listed::Listed;
use super::shapes::{Permissions, ServiceDesk};

impl Client {
    /// Which of Jira's permissions, such as `ADMINISTER`, the token has.
    ///
    /// # Errors
    /// When the token is refused, a key is unknown, or there is no usable answer.
    pub async fn my_permissions(&self, keys: &[&str]) -> Result<HashMap<String, bool>, Error> {
        let query = [("permissions", keys.join(","))];
        let path = self.platform("mypermissions").await?;
        let answer: Permissions = self.read(Call::Read { path: &path, query: &query }).await?;
        let all = answer.permissions.into_iter();
        Ok(all.map(|(key, permission)| (key, permission.have_permission)).collect())
    }

    /// Every service desk the token may see.
    ///
    /// # Errors
    /// When any page of the list cannot be read.
    pub async fn service_desks(&self) -> Result<Listed<ServiceDesk>, Error> {
        self.list("/rest/servicedeskapi/servicedesk").await
    }

    /// One service desk; `None` when there is none or it is not shown to the token.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn service_desk(&self, id: &str) -> Result<Option<ServiceDesk>, Error> {
        let id = utf8_percent_encode(id, SEGMENT);
        let path = format!("/rest/servicedeskapi/servicedesk/{id}");
        known(self.read(Call::read(&path)).await)
    }
}
