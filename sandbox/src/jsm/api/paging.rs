//! Lists a part at a time, as JSM's calls give them.

use serde_json::{Map, Value, json};

use super::super::state::Shared;

/// The part of a list that is asked for.
#[derive(Clone, Copy)]
pub(in crate::jsm) struct Window {
    pub(in crate::jsm) start: usize,
    pub(in crate::jsm) limit: usize,
}

/// The window's part of all values. `call` is the call's path below `servicedeskapi/`.
pub(in crate::jsm) fn page(app: &Shared, call: &str, window: Window, all: Vec<Value>) -> Value {
    let (cap, stalled) = app.change(|state| (state.faults.page_cap, state.faults.stall_pages));
    let Window { start, limit } = window;
    let total = all.len();
    let most = if stalled { 0 } else { limit.min(cap) };
    let values: Vec<_> = all.into_iter().skip(start).take(most).collect();
    let end = start + values.len();
    let last = !stalled && end >= total;
    let rest = format!("{}/rest/servicedeskapi", app.base_url());
    let at = |start: usize| format!("{rest}/{call}?start={start}&limit={limit}");
    let mut links = Map::new();
    if !last {
        links.insert("next".to_owned(), at(end).into());
    }
    if start > 0 {
        links.insert("prev".to_owned(), at(start.saturating_sub(limit)).into());
    }
    links.insert("base".to_owned(), rest.into());
    links.insert("context".to_owned(), app.context_path().into());
    json!({
        "_expands": [],
        "size": values.len(),
        "start": start,
        "limit": limit,
        "isLastPage": last,
        "_links": links,
        "values": values,
    })
}
