//! The customer's portals: only those they may use.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use minijinja::context;

use super::{Caller, PagesState};
use crate::access::{self, Decision};
use crate::auth::signals;
use crate::domain::{Identity, Portal};
use crate::problem::Problem;

/// `GET /`
pub(super) async fn show(
    State(state): State<PagesState>,
    Extension(caller): Extension<Caller>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let Some(session) = caller.found.session() else {
        return if signals::wants_redirect(&method, &headers) {
            state.pages.login_redirect("/")
        } else {
            state.problem(&Problem::LoginNeeded, &caller)
        };
    };
    let portals = state.portals.load();
    if portals.all().is_empty() {
        return state.problem(&Problem::DirectoryEmpty, &caller);
    }
    let now = state.sessions.now();
    let open = portals.all().iter().filter(|portal| is_open(portal, &session.identity, now));
    let mut open: Vec<_> = open
        .map(|portal| context! { name => portal.name.as_str(), link => portal.link.as_str() })
        .collect();
    open.sort_by_key(|portal| {
        portal.get_attr("name").map(|name| name.to_string().to_lowercase()).ok()
    });
    let values = context! {
        portals => open,
        who => session.identity.label(),
        form_token => session.form_token.text(),
    };
    state.pages.page(StatusCode::OK, "home.html", values)
}

/// A portal that wants another login first is theirs all the same.
fn is_open(portal: &Portal, identity: &Identity, now: u64) -> bool {
    let decision = access::decide(portal, Some(identity), now);
    let open = matches!(decision, Decision::Allowed(_) | Decision::StepUpNeeded(_));
    !portal.gone && portal.portal_id.is_some() && open
}
