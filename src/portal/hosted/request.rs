//! The page of one request: what JSM's own portal shows of it, and nothing else. Must not decide who may
//! see it.

use std::cell::Cell;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use futures_util::future::join4;
use http::{HeaderMap, Method};
use minijinja::{Value, context};
use serde::Deserialize;

use super::activity::Activity;
use super::people_form::PeopleForm;
use super::reply::form::ReplyForm;
use super::request_view::View;
use super::visit::Visit;
use super::{HostedState, native, said, sharing, shown_fields};
use crate::domain::JsmHtml;
use crate::portal::gatekeeper::{SeenRequest, Visible};
use crate::problem::Problem;
use crate::web::navigation;

/// Entries of the activity that a page shows; the older ones are one link away.
const LATEST: usize = 20;

/// Bytes of comments that a page makes of JSM's HTML. What is said besides is shown as it was typed
/// (docs/security.md P26).
const MOST_HTML: usize = 1024 * 1024;

/// What a page shows besides the request.
#[derive(Default)]
pub(super) struct Extra {
    /// Whether all that ever happened is shown.
    pub(super) is_whole: bool,
    /// The reply, as it was typed; an empty one if there is none.
    pub(super) reply: Option<ReplyForm>,
    /// The form that names people, as it was filled in.
    pub(super) people: Option<PeopleForm>,
}

/// `GET /p/{link}/{key}`
pub(super) async fn show(
    State(state): State<HostedState>,
    Path((_, key)): Path<(String, String)>,
    query: Result<Query<Wish>, QueryRejection>,
    (method, headers): (Method, HeaderMap),
    visit: Visit,
) -> Response {
    let wish = query.map(|Query(wish)| wish).unwrap_or_default();
    let said = said::value(&wish.said);
    // What is kept is shown once.
    let is_shown = navigation::may_be_looked_at(&method, &headers);
    let extra = Extra { is_whole: wish.activity == "all", ..Extra::default() };
    let values = page(&state, &visit, &key, extra, is_shown).await;
    let values = values.map(|values| context! { ..values, ..context! { said => said } });
    visit.answer(&state, "request.html", values)
}

/// What the address of the page says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    /// What was just done.
    said: String,
    /// `all` for all that ever happened.
    activity: String,
}

async fn page(
    state: &HostedState,
    visit: &Visit,
    key: &str,
    mut extra: Extra,
    is_shown: bool,
) -> Result<Value, Problem> {
    let key = Visit::key(key)?;
    let request = state.gatekeeper.request(visit.asking(), &key).await;
    let request = visit.noting_refusal(state, &key, request)?;
    let kept = if is_shown && request.may_reply {
        ReplyForm::kept(state, visit, &key).await
    } else {
        None
    };
    extra.reply.clone_from(&kept);
    let values = values(state, visit, &request, extra).await;
    if let (Err(_), Some(kept)) = (&values, kept) {
        kept.keep_again(state).await;
    }
    values
}

/// The page of a request that somebody may see.
pub(super) async fn values(
    state: &HostedState,
    visit: &Visit,
    request: &Visible<SeenRequest>,
    extra: Extra,
) -> Result<Value, Problem> {
    let gatekeeper = &state.gatekeeper;
    let transitions = gatekeeper.transitions(visit.asking(), request);
    let conversation = gatekeeper.conversation(request);
    let slas = slas(state, visit, request);
    let (conversation, transitions, slas, limits) =
        join4(conversation, transitions, slas, state.file_limits()).await;
    let conversation = conversation?;
    // The page is of use without them.
    let transitions = transitions.unwrap_or_default();
    let authors = state.authors.of(request.id, &conversation);
    let conversation = &conversation;
    let room = Cell::new(MOST_HTML);
    let view = View { state, visit, request, conversation, authors, transitions, room };
    let reply = request.may_reply.then(|| {
        let reply = extra.reply.unwrap_or_else(|| ReplyForm::first(state, visit, &request.key));
        reply.value(state, visit, (limits, |html: &JsmHtml| view.html(html)))
    });
    let people = extra.people.unwrap_or_else(|| PeopleForm::first(state, visit, &request.key));
    let people = people.value(state, visit, request);
    let sharing = sharing::value(state, visit, request);
    let forms = context! { reply => reply, people => people, sharing => sharing };
    let (priority, assignee) = (request.priority.as_deref(), request.assignee.as_ref());
    let page = context! {
        request => shown(&view, extra.is_whole),
        shown_fields => shown_fields::fields(&state.config.show_fields, priority, assignee),
        slas => slas,
    };
    let native = native::asked(state, visit, request).await;
    Ok(context! { ..page, ..forms, ..native })
}

/// The request, with all that happened in it or the latest of it.
fn shown(view: &View<'_>, is_whole: bool) -> Value {
    let times = view.state.times(&view.visit.caller.preferences);
    let latest = (!is_whole).then_some(LATEST);
    let Activity { shown, earlier } = Activity::of(view, &times, latest);
    let earlier_at = format!("{}?activity=all#activity", view.visit.page_of(&view.request.key));
    let activity = context! { activity => shown, earlier => earlier, earlier_at => earlier_at };
    context! { ..view.value(), ..activity }
}

/// Agreed times are an extra: without them the page is shown all the same.
async fn slas(state: &HostedState, visit: &Visit, request: &Visible<SeenRequest>) -> Vec<Value> {
    if !shown_fields::has_slas(state) {
        return Vec::new();
    }
    let slas = state.gatekeeper.slas(visit.asking(), request).await.unwrap_or_default();
    let times = state.times(&visit.caller.preferences);
    slas.iter().filter_map(|sla| shown_fields::sla(sla, &times)).collect()
}
