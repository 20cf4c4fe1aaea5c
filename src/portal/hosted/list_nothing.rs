//! What a list says that has no request in it: what was looked for, how many closed requests have it, and one
//! step on. Must not know how a list looks.

use fluent_bundle::FluentArgs;
use minijinja::{Value, context};

use super::HostedState;
use super::list::List;
use super::list_filter::{ListFilter, Pages};
use crate::jsm::requests::Search;
use crate::portal::gatekeeper::Wanted;

/// Closed requests that have what no open one has.
#[derive(Clone, Copy)]
struct Closed {
    count: u64,
    /// Whether JSM only estimates how many there are.
    is_about: bool,
}

/// For the template.
pub(super) async fn value(state: &HostedState, list: &List) -> Value {
    let filter = &list.filter;
    // No closed request waits for an approval, and to look would be a third and a fourth round trip.
    let has_closed_ones = filter.state() == "open" && filter.wanted() != Wanted::Approvals;
    let closed = if has_closed_ones { closed(state, list).await } else { None };
    let has_closed = closed.is_some_and(|closed| closed.count > 0);
    let is_first = list.is_whole() && is_first_visit(filter, closed);
    let with = |state: &str| {
        let state = state.to_owned();
        list.address_with(&ListFilter { state, pages: Pages::default(), ..filter.clone() })
    };
    let (whose, columns) = (filter.whose.clone(), filter.columns.clone());
    let plain = ListFilter { whose, columns, ..ListFilter::default() };
    let make = match &list.portal {
        Some(portal) => format!("/p/{}", portal.link),
        None => "/".to_owned(),
    };
    context! {
        heading => heading(state, list, is_first),
        closed => closed.filter(|_| has_closed).map(|closed| said(state, list, closed)),
        show_closed => has_closed.then(|| with("all")),
        make => is_first.then_some(make),
        clear => filter.narrows().then(|| list.address_with(&plain)),
    }
}

/// It is nice to know and no more: where JSM does not tell, nothing is said.
async fn closed(state: &HostedState, list: &List) -> Option<Closed> {
    let search = Search { open: Some(false), page: None, ..list.search() };
    let found = list.read(state, search).await.ok()?;
    let shown = u64::try_from(found.rows.len()).unwrap_or_default();
    if found.next.is_none() {
        return Some(Closed { count: shown, is_about: false });
    }
    Some(Closed { count: found.about?, is_about: true })
}

/// Whether there is nothing at all of theirs.
fn is_first_visit(filter: &ListFilter, closed: Option<Closed>) -> bool {
    let has_none = match filter.state() {
        "open" => closed.is_some_and(|closed| closed.count == 0),
        state => state == "all",
    };
    filter.wanted() == Wanted::Mine && !filter.narrows_besides_state() && has_none
}

fn heading(state: &HostedState, list: &List, is_first: bool) -> String {
    let filter = &list.filter;
    let mut arguments = FluentArgs::new();
    arguments.set("state", filter.state());
    arguments.set("words", filter.q.as_str());
    let name = match filter.wanted() {
        _ if is_first => "requests-none-yet",
        _ if !filter.q.trim().is_empty() => "requests-none-words",
        _ if filter.narrows_besides_state() => "requests-none-fits",
        Wanted::Mine => "requests-none-mine",
        Wanted::SharedWithMe => "requests-none-shared",
        Wanted::Approvals => "requests-none-approvals",
        Wanted::Organization(_) => "requests-none-organization",
    };
    state.pages.catalogue(list.visit.caller.preferences.language).say_or_name(name, &arguments)
}

fn said(state: &HostedState, list: &List, closed: Closed) -> String {
    let mut arguments = FluentArgs::new();
    arguments.set("count", closed.count);
    let name = if closed.is_about { "requests-closed-about" } else { "requests-closed" };
    state.pages.catalogue(list.visit.caller.preferences.language).say_or_name(name, &arguments)
}
