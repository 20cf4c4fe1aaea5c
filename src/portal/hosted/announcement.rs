//! What the admin says on the home page of a portal, and that somebody has read it. Must not know what else
//! the page shows.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, header};
use minijinja::{Value, context};

use super::HostedState;
use super::act::{ActForm, Sent};
use super::visit::Visit;
use crate::domain::Portal;
use crate::session::cookie;
use crate::web::assets::fingerprint;

/// How long a browser keeps that an announcement was read, in seconds.
const REMEMBERED: u64 = 90 * 24 * 3600;

/// The input that says which one was read: another may have taken its place since.
const ANNOUNCEMENT: &str = "announcement";

/// What there is to announce now to whoever has not put it away, for the template.
pub(super) fn shown(state: &HostedState, visit: &Visit, headers: &HeaderMap) -> Option<Value> {
    let portal = visit.portal();
    let announcement = portal.greeting.announcement.as_ref()?;
    let now = state.now().to_zoned_datetime(state.config.time_zone.clone());
    let text = announcement.text.in_language(visit.language.as_str());
    let id = fingerprint(text.as_bytes());
    let is_read = cookie::value(headers, &cookie_name(state, portal)) == Some(id.as_str());
    if is_read || !announcement.is_due(now.datetime()) {
        return None;
    }
    let ticket = visit.new_ticket(state, &route(portal));
    Some(context! {
        id => id, text => text, route => route(portal), ticket => state.tickets.seal(&ticket),
    })
}

/// `POST /p/{link}/announcement`: puts it away in this browser.
pub(super) async fn put_away(
    State(state): State<HostedState>,
    visit: Visit,
    body: Sent,
) -> Response {
    let portal = visit.portal();
    let form = match ActForm::read(&state, &visit, &route(portal), &[ANNOUNCEMENT], body) {
        Ok(form) => form,
        Err(problem) => return state.pages.tell(&problem, &visit.caller),
    };
    let mut response = state.pages.see_other(&format!("/p/{}", portal.link));
    let (url, name) = (state.pages.public_url(), cookie_name(&state, portal));
    let id = form.text(ANNOUNCEMENT);
    let is_id = id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let value = is_id.then(|| cookie::set(url, &name, id, Some(REMEMBERED)));
    response.headers_mut().extend(value.flatten().map(|value| (header::SET_COOKIE, value)));
    response
}

fn route(portal: &Portal) -> String {
    format!("/p/{}/announcement", portal.link)
}

fn cookie_name(state: &HostedState, portal: &Portal) -> String {
    cookie::name(state.pages.public_url(), &format!("read-{}", portal.link))
}
