//! The customer's portals: only those they may use. Must not know what a portal has inside.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use minijinja::context;
use serde::Deserialize;

use super::PortalState;
use crate::access::{self, Decision};
use crate::domain::{Identity, Mode, Portal, Portals, natural_order};
use crate::jsm::requests::SearchText;
use crate::problem::Problem;
use crate::session::Session;
use crate::web::addresses::another_account_path;
use crate::web::renderer::frame;
use crate::web::{Caller, navigation};

/// From so many portals on there is a search.
const MANY: usize = 8;

/// What `/` takes.
#[derive(Default, Deserialize)]
pub(super) struct HomeQuery {
    /// Words that the name of a portal has.
    #[serde(default)]
    q: String,
}

/// `GET /`
pub(super) async fn show(
    State(state): State<PortalState>,
    Extension(caller): Extension<Caller>,
    method: Method,
    query: Result<Query<HomeQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Some(session) = caller.found.session() else {
        return if navigation::wants_redirect(&method, &headers) {
            state.pages.login_redirect("/")
        } else {
            state.pages.tell(&Problem::LoginNeeded, &caller)
        };
    };
    let portals = state.portals.load();
    if portals.all().is_empty() {
        return state.pages.tell(&Problem::DirectoryEmpty, &caller);
    }
    let now = state.sessions.now();
    let open = portals.all().iter().filter(|portal| is_open(portal, &session.identity, now));
    let mut open: Vec<_> = open.collect();
    let search = open.len() >= MANY;
    let wanted = query.map(|Query(query)| query.q).unwrap_or_default();
    let wanted = if search { SearchText::beginning(&wanted) } else { "" };
    let has_requests = open.iter().any(|portal| portal.mode == Mode::Hosted);
    open.retain(|portal| has_words(&portal.name, wanted));
    open.sort_by_cached_key(|portal| natural_order(&portal.name));
    let row = |portal: &Arc<Portal>| {
        context! { name => portal.name.as_str(), link => portal.link.as_str() }
    };
    let values = context! {
        portals => open.into_iter().map(row).collect::<Vec<_>>(),
        search => search,
        wanted => wanted,
        here => "portals",
        has_requests => has_requests,
        another => another_account_path("/"),
        ..frame(Some(session), &caller.preferences)
    };
    state.pages.page(&caller.preferences, StatusCode::OK, "home.html", values)
}

/// Whether each word of a search is in a name, as in `static/fields.js`.
fn has_words(name: &str, wanted: &str) -> bool {
    let name = name.to_lowercase();
    wanted.to_lowercase().split_whitespace().all(|word| name.contains(word))
}

/// The hosted portals of somebody.
pub(super) fn hosted<'p>(
    portals: &'p Portals,
    session: &Session,
    now: u64,
) -> impl Iterator<Item = &'p Arc<Portal>> {
    let is_theirs = move |portal: &&Arc<Portal>| {
        portal.mode == Mode::Hosted && is_open(portal, &session.identity, now)
    };
    portals.all().iter().filter(is_theirs)
}

/// A portal that wants another login first is theirs all the same.
fn is_open(portal: &Portal, identity: &Identity, now: u64) -> bool {
    let decision = access::decide_portal(portal, Some(identity), now);
    let open = matches!(decision, Decision::Allowed(_) | Decision::StepUpNeeded(_));
    // JSM's pages have the portal's number in their address; the gate's own do not.
    let has_address = portal.mode == Mode::Hosted || portal.portal_id.is_some();
    !portal.gone && has_address && open
}
