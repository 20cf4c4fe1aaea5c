//! What customers may do with a request by the workflow: the transitions that JSM offers to them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::note_odd;
use super::{Request, Requests};
use crate::domain::{RequestKey, TransitionId};
use crate::jsm::rest::{Entry, or_default};
use crate::jsm::{Change, Client, Error, RequestLanguage};

/// A transition that is offered to customers.
#[derive(Clone, Debug, Deserialize)]
pub struct Transition {
    /// JSM's id.
    pub id: TransitionId,
    /// Its name, in JSM's words.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
}

impl Entry for Transition {
    const CALLED: &'static str = "transition";

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Requests {
    /// The transitions of a request that JSM offers to customers.
    ///
    /// # Errors
    /// When JSM does not answer, or not as it should.
    pub async fn transitions(
        &self,
        request: &Request,
        language: &RequestLanguage,
    ) -> Result<Vec<Transition>, Error> {
        let path = format!("/rest/servicedeskapi/request/{}/transition", request.key);
        let listed = self.client.list_with::<Transition>(&path, &[language.parameter()]).await?;
        note_odd("transitions", listed.odd.len());
        Ok(listed.entries)
    }
}

impl Client {
    /// Makes a transition of a request.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn make_transition(
        &self,
        request: &RequestKey,
        transition: TransitionId,
    ) -> Result<(), Error> {
        let path = format!("/rest/servicedeskapi/request/{request}/transition");
        self.change::<Value>(Change::Post, &path, &json!({ "id": transition })).await.map(drop)
    }
}
