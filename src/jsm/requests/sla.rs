//! The times by which a request should be answered or done. JSM's own portal does not show them, so they
//! are read only where a page wants them.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::shapes::{RawDate, each, note_odd};
use super::{Request, Requests};
use crate::jsm::rest::{Entry, or_default};
use crate::jsm::{Error, RequestLanguage};

/// An agreed time.
#[derive(Clone, Debug)]
pub struct Sla {
    /// What it is about, in JSM's words.
    pub name: String,
    /// The one that runs.
    pub ongoing: Option<Cycle>,
    /// Those that are over, in JSM's order.
    pub completed: Vec<Cycle>,
}

/// One run of an agreed time.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// By when it has to be met.
    pub due: Option<Timestamp>,
    /// Whether it was or is missed.
    pub breached: bool,
    /// Whether the time stands still.
    pub paused: bool,
    /// How much is left, in milliseconds; negative when it is missed.
    pub remaining_millis: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawSla {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    ongoing_cycle: Option<RawCycle>,
    #[serde(default, deserialize_with = "or_default")]
    completed_cycles: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCycle {
    breach_time: Option<RawDate>,
    #[serde(default)]
    breached: bool,
    #[serde(default)]
    paused: bool,
    remaining_time: Option<RawDuration>,
}

#[derive(Debug, Deserialize)]
struct RawDuration {
    millis: i64,
}

impl Entry for RawSla {
    const CALLED: &'static str = "SLA";

    fn id(&self) -> String {
        self.name.clone()
    }
}

impl RawCycle {
    fn cycle(self) -> Cycle {
        Cycle {
            due: self.breach_time.and_then(|date| date.time()),
            breached: self.breached,
            paused: self.paused,
            remaining_millis: self.remaining_time.map(|it| it.millis),
        }
    }
}

impl RawSla {
    pub(super) fn sla(self) -> Sla {
        Sla {
            name: self.name,
            ongoing: self.ongoing_cycle.map(RawCycle::cycle),
            completed: each(self.completed_cycles).into_iter().map(RawCycle::cycle).collect(),
        }
    }
}

impl Requests {
    /// The agreed times of a request.
    ///
    /// # Errors
    /// When JSM does not answer, or not as it should: it tells agents only.
    pub async fn slas(
        &self,
        request: &Request,
        language: &RequestLanguage,
    ) -> Result<Vec<Sla>, Error> {
        let path = format!("/rest/servicedeskapi/request/{}/sla", request.key);
        let listed = self.client.list_with::<RawSla>(&path, &[language.parameter()]).await?;
        note_odd("SLAs", listed.odd.len());
        Ok(listed.entries.into_iter().map(RawSla::sla).collect())
    }
}
