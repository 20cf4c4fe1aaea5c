//! The page on which people choose the language and the time zone of all pages, logged in or not. Must not
//! know how a choice is kept.

mod zones;

use axum::Extension;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::response::Response;
use http::header::REFERER;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use minijinja::{Value, context};
use serde::Deserialize;

use super::{PortalState, home};
use crate::auth::ReturnTo;
use crate::domain::{Email, Language, Portal};
use crate::problem::Problem;
use crate::session::Session;
use crate::web::preferences::city;
use crate::web::renderer::frame;
use crate::web::response::with_cookies;
use crate::web::times::Times;
use crate::web::{Caller, Preferences};

/// Where a choice leads that was made on no other page.
const SAVED: &str = "/_gate/preferences?said=saved";

/// Those of the gate's own pages that may be returned to. The others are steps of a login or a logout.
const OWN_PAGES: [&str; 3] = ["/_gate/login", "/_gate/logged-out", "/_gate/requests"];

/// The longest address to return to.
const LONGEST: usize = 2048;

/// What the address of the page tells.
#[derive(Default, Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    said: String,
}

/// The form of the page.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    language: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    return_to: String,
}

/// `GET /_gate/preferences`
pub(super) async fn show(
    State(state): State<PortalState>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<Said>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let rules = state.pages.preference_rules();
    let (reader, session) = (&caller.preferences, caller.found.session());
    let session = session.map(AsRef::as_ref);
    let came_from = headers.get(REFERER).and_then(|address| address.to_str().ok());
    let came_from = came_from.and_then(|address| state.pages.path_of(address));
    let chosen_zone = rules.chosen(&headers).zone;
    let portals = state.portals.load();
    let hosted = session.map(|session| home::hosted(&portals, session, state.sessions.now()));
    let mut hosted = hosted.into_iter().flatten().peekable();
    let has_requests = hosted.peek().is_some();
    let portal = came_from.and_then(|from| hosted.find(|portal| is_of(from, portal)));
    let values = context! {
        here => "account",
        has_requests => has_requests,
        portal => portal.map(|portal| context! { name => portal.name.as_str(), link => portal.link.as_str() }),
        said => query.is_ok_and(|Query(query)| query.said == "saved"),
        return_to => came_from.and_then(returnable),
        languages => rules.languages().iter().map(|it| language(*it, reader)).collect::<Value>(),
        zones => zones::value(chosen_zone.as_ref()),
        default_zone => city(rules.zone()),
        now => now(&state, reader),
        me => session.map(person),
        ..frame(session, reader)
    };
    state.pages.page(reader, StatusCode::OK, "preferences.html", values)
}

/// `POST /_gate/preferences`
pub(super) async fn save(
    State(state): State<PortalState>,
    Extension(caller): Extension<Caller>,
    form: Result<Form<Choice>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return state.pages.tell(&Problem::bad_request("it is not a form"), &caller);
    };
    let rules = state.pages.preference_rules();
    let chosen = rules.choice(&form.language, &form.zone);
    let target = returnable(&form.return_to).unwrap_or(SAVED);
    let response = if caller.found.session().is_some() {
        state.pages.see_other(target)
    } else {
        // The page may lead on to the provider's, and browsers check the whole chain of redirects after a form
        // against `form-action`.
        let reader = Preferences {
            language: chosen.language.unwrap_or(caller.preferences.language),
            ..caller.preferences.clone()
        };
        let values = context! { target => target, take_fragment => false };
        state.pages.page(&reader, StatusCode::OK, "continue.html", values)
    };
    with_cookies(response, rules.keep(&chosen).as_slice())
}

/// The address of a page that one may have come from and that can be opened again.
fn returnable(address: &str) -> Option<&str> {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let is_whole = address.len() <= LONGEST && address.bytes().all(|b| b.is_ascii_graphic());
    let may_be = is_whole && OWN_PAGES.contains(&path) || ReturnTo::parse(address).is_some();
    may_be.then_some(address)
}

fn language(of: Language, reader: &Preferences) -> Value {
    context! { tag => of.tag(), name => of.own_name(), chosen => of == reader.language }
}

/// Whether the path of a page is below the link of a portal.
fn is_of(path: &str, portal: &Portal) -> bool {
    let link = path.strip_prefix("/p/").and_then(|rest| rest.split(['/', '?']).next());
    link == Some(portal.link.as_str())
}

/// What time it is for whoever reads the page.
fn now(state: &PortalState, reader: &Preferences) -> Value {
    let now = i64::try_from(state.sessions.now()).unwrap_or_default();
    let now = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
    Times::new(state.pages.catalogue(reader.language), reader.zone.clone(), now).time_of_day(now)
}

/// What the login told of whoever is logged in.
fn person(session: &Session) -> Value {
    let identity = &session.identity;
    context! { name => identity.name.as_deref(), email => identity.email.known().map(Email::as_str) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    #[rstest]
    #[case("/p/it/requests?q=x", true)]
    #[case("/", true)]
    #[case("/_gate/login?return_to=/p/it&choose=1", true)]
    #[case("/_gate/requests", true)]
    #[case("/_gate/callback/okta?code=x&state=y", false)]
    #[case("/_gate/emergency?key=x", false)]
    #[case("/_gate/login-x", false)]
    #[case("/_gate/preferences", false)]
    #[case("//evil.example.com", false)]
    #[case("https://evil.example.com/", false)]
    #[case("/_gate/login?x=\r\nSet-Cookie:a=b", false)]
    #[case("", false)]
    fn a_choice_leads_back_to_pages_only(#[case] address: &str, #[case] returnable: bool) {
        assert_eq!(super::returnable(address).is_some(), returnable);
    }
}
