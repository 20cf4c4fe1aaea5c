//! Opens what the login keeps to itself to the fuzz targets in `fuzz/`. Must not be used by
//! anything else.

use super::callback::{Callback, Outcome};

/// A callback's query that was understood.
#[derive(Debug)]
pub struct Understood {
    /// `state`
    pub state: String,
    /// `code`, if the provider gave one.
    pub code: Option<String>,
    /// The provider's words that a page shows.
    pub words: Vec<String>,
}

/// Reads a callback's query as the gate does; `None` when it refuses.
#[must_use]
pub fn callback(query: &str) -> Option<Understood> {
    let Callback { state, outcome, .. } = Callback::parse(Some(query)).ok()?;
    let (code, words) = match outcome {
        Outcome::Code(code) => (Some(code), Vec::new()),
        Outcome::Refused(refusal) => {
            (None, [refusal.error].into_iter().chain(refusal.description).collect())
        }
    };
    Some(Understood { state, code, words })
}
