//! The page of one request: what JSM's own portal shows of it, and nothing else. Must not decide who may
//! see it.

use std::cell::Cell;
use std::collections::HashMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use futures_util::future::join4;
use http::{HeaderMap, Method};
use minijinja::{Value, context};
use serde::Deserialize;

use super::activity::Activity;
use super::file::PICTURES;
use super::participants::PeopleForm;
use super::reply::ReplyForm;
use super::visit::Visit;
use super::{HostedState, native, said, sharing, shown_fields, transition, views};
use crate::domain::{CommentId, JsmHtml};
use crate::jsm::requests::{
    Approval, Attachment, AuthorClaim, Conversation, FieldContent, FieldValue, Person, Status,
    Transition,
};
use crate::portal::forms::file_name;
use crate::portal::gatekeeper::{SeenRequest, Visible};
use crate::problem::Problem;
use crate::web::times::Times;
use crate::web::{Surroundings, navigation};

/// The field whose text stands above all others.
const DESCRIPTION: &str = "description";

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
    let is_whole = extra.is_whole;
    let room = Cell::new(MOST_HTML);
    let view = View { state, visit, request, conversation, authors, transitions, is_whole, room };
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
        request => view.value(),
        shown_fields => shown_fields::fields(&state.config.show_fields, priority, assignee),
        slas => slas,
    };
    let native = native::asked(state, visit, request).await;
    Ok(context! { ..page, ..forms, ..native })
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

/// A request as one customer sees it.
pub(super) struct View<'a> {
    pub(super) state: &'a HostedState,
    pub(super) visit: &'a Visit,
    pub(super) request: &'a Visible<SeenRequest>,
    pub(super) conversation: &'a Conversation,
    /// Who wrote comments that the service account sent.
    pub(super) authors: HashMap<CommentId, &'a AuthorClaim>,
    transitions: Vec<Transition>,
    is_whole: bool,
    /// Bytes of comments' HTML that there is still room for.
    room: Cell<usize>,
}

impl View<'_> {
    fn value(&self) -> Value {
        let (request, times) = (self.request, self.state.times(&self.visit.caller.preferences));
        let is_description = |field: &&FieldValue| field.id == DESCRIPTION;
        let description = request.fields.iter().find(is_description);
        let fields = request.fields.iter().filter(|field| !is_description(field));
        let files = self.conversation.files.iter().map(|file| self.file(file));
        let latest = (!self.is_whole).then_some(LATEST);
        let Activity { shown, earlier } = Activity::of(self, &times, latest);
        context! {
            key => request.key.as_str(),
            summary => request.summary.as_str(),
            type_name => request.type_name.as_str(),
            status => views::status(&request.status),
            created => times.full(request.created),
            reporter => views::name(&request.reporter.name),
            mine => self.is_me(&request.reporter).to_string(),
            description => description.map(|field| self.content(&field.content)),
            fields => fields.map(|field| self.field(field)).collect::<Vec<_>>(),
            activity => shown,
            earlier => earlier,
            earlier_at => format!("{}?activity=all#activity", self.visit.page_of(&request.key)),
            history => self.history(&times),
            approvals => request.approvals.iter().map(approval).collect::<Vec<_>>(),
            files => files.collect::<Vec<_>>(),
            transitions => self.transitions.iter().map(|it| self.transition(it)).collect::<Vec<_>>(),
        }
    }

    /// Whether the page has room for one more comment; it takes it.
    pub(super) fn has_room_for(&self, html: &JsmHtml) -> bool {
        let left = self.room.get().checked_sub(html.untrusted().len());
        self.room.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Whether somebody is the customer who looks.
    pub(super) fn is_me(&self, person: &Person) -> bool {
        person.is(&self.visit.customer.account)
    }

    /// HTML of JSM's as the page may print it.
    pub(super) fn html(&self, html: &JsmHtml) -> Value {
        let surroundings = Surroundings {
            site: self.state.jsm.clone(),
            files_at: self.files_at(),
            files: self.conversation.files.iter().map(|file| file.id).collect(),
            portals: self.state.portals.load_full(),
        };
        surroundings.clean(html).html.into()
    }

    /// A file that leads to its content.
    pub(super) fn file(&self, file: &Attachment) -> Value {
        let address = format!("{}/{}", self.files_at(), file.id);
        // What it really is, is looked at when it is sent.
        let may_be_picture = file.has_thumbnail && PICTURES.contains(&&*file.claimed_type);
        context! {
            // The name that it is saved by: one with turned letters would look like another kind of file.
            name => file_name(&file.name),
            size => self.state.pages.catalogue(self.visit.caller.preferences.language).size(file.size),
            thumbnail => may_be_picture.then(|| format!("{address}/thumbnail")),
            address,
        }
    }

    fn files_at(&self) -> String {
        format!("/p/{}/{}/files", self.visit.portal().link, self.request.key)
    }

    fn field(&self, field: &FieldValue) -> Value {
        context! { label => field.label.as_str(), value => self.content(&field.content) }
    }

    fn content(&self, content: &FieldContent) -> Value {
        match content {
            FieldContent::Html(html) => self.html(html),
            FieldContent::Text(text) => Value::from(text.as_str()),
            FieldContent::Day(day) => {
                Value::from(self.state.times(&self.visit.caller.preferences).day(*day))
            }
            FieldContent::Moment(at) => self
                .state
                .times(&self.visit.caller.preferences)
                .full(*at)
                .get_attr("words")
                .unwrap_or_default(),
            FieldContent::List(texts) => Value::from(texts.join(", ")),
        }
    }

    /// A step, with the page that asks about it.
    fn transition(&self, of: &Transition) -> Value {
        let address = transition::address(&self.visit.page_of(&self.request.key), of.id);
        context! { id => of.id.to_string(), name => of.name.as_str(), address => address }
    }

    fn history(&self, times: &Times<'_>) -> Vec<Value> {
        let step = |status: &Status| {
            let at = status.since.map(|since| times.short(since));
            context! { status => views::status(status), at => at }
        };
        self.request.history.iter().map(step).collect()
    }
}

fn approval(approval: &Approval) -> Value {
    let approvers = approval.approvers.iter().map(|one| {
        context! { name => views::name(&one.person.name), decision => one.decision.as_str() }
    });
    context! { name => approval.name.as_str(), approvers => approvers.collect::<Vec<_>>() }
}
