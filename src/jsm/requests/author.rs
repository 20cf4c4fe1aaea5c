//! Comments of customers, which the service account sends: JSM knows no other author. A property says who
//! wrote one, and comes with it in the same call. Must not know how a claim is signed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::{AccountId, RequestKey};
use crate::jsm::writing::Body;
use crate::jsm::{Change, Client, Error};

/// Says of a comment whether it is for the team alone.
pub(super) const PUBLIC_PROPERTY: &str = "sd.public.comment";

/// Says who wrote a comment that the service account sent.
pub(super) const AUTHOR_PROPERTY: &str = "jsm-gate.author";

/// Who is said to have written a comment that the service account sent.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorClaim {
    /// Which version of the claim it is.
    #[serde(rename = "v")]
    pub version: u32,
    /// Whose account.
    #[serde(rename = "accountId")]
    pub account: AccountId,
    /// The name to show.
    pub name: String,
    /// When, in Unix seconds.
    #[serde(default)]
    pub at: u64,
    /// The form that it came of. Of one form comes one comment.
    #[serde(default)]
    pub form: String,
    /// What proves it.
    pub mac: String,
}

impl Client {
    /// Writes a comment that customers see. The property that says so belongs there from the start: JSM's
    /// portal may not notice it later (JSDCLOUD-6050).
    ///
    /// # Errors
    /// When JSM does not take it, or does not answer: then it may be there.
    pub async fn comment(
        &self,
        request: &RequestKey,
        body: &Body,
        author: &AuthorClaim,
    ) -> Result<(), Error> {
        let path = self.platform(&format!("issue/{request}/comment")).await?;
        let properties = json!([
            { "key": PUBLIC_PROPERTY, "value": { "internal": false } },
            { "key": AUTHOR_PROPERTY, "value": author },
        ]);
        let comment = json!({ "body": body.json(), "properties": properties });
        self.change::<Value>(Change::Post, &path, &comment).await.map(drop)
    }
}
