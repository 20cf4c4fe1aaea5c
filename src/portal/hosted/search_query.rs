//! What somebody typed into the search box of a portal, as an address says it.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;

/// What `/search` takes.
#[derive(Default, Deserialize)]
pub(super) struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// What somebody typed; nothing where the address says it in no way that can be read.
pub(super) fn typed(query: Result<Query<SearchQuery>, QueryRejection>) -> String {
    query.map(|Query(query)| query.q).unwrap_or_default()
}
