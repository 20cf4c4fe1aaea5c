//! One request as one customer sees it: its fields, files, approvals and steps, as the template takes them. Must
//! not know what happened in it, or what else is on its page.

use std::cell::Cell;
use std::collections::HashMap;

use minijinja::{Value, context};

use super::file::PICTURES;
use super::visit::Visit;
use super::{HostedState, views};
use crate::domain::{CommentId, JsmHtml};
use crate::jsm::requests::{
    Approval, Attachment, AuthorClaim, Conversation, FieldContent, FieldValue, Person, Status,
    Transition,
};
use crate::portal::forms::file_name;
use crate::portal::gatekeeper::{SeenRequest, Visible};
use crate::web::Surroundings;
use crate::web::times::Times;

/// The field whose text stands above all others.
const DESCRIPTION: &str = "description";

/// A request as one customer sees it.
pub(super) struct View<'a> {
    pub(super) state: &'a HostedState,
    pub(super) visit: &'a Visit,
    pub(super) request: &'a Visible<SeenRequest>,
    pub(super) conversation: &'a Conversation,
    /// Who wrote comments that the service account sent.
    pub(super) authors: HashMap<CommentId, &'a AuthorClaim>,
    /// The steps that this customer is offered.
    pub(super) transitions: Vec<Transition>,
    /// Bytes of comments' HTML that there is still room for.
    pub(super) room: Cell<usize>,
}

impl View<'_> {
    /// For the template: all of it but what happened.
    pub(super) fn value(&self) -> Value {
        let (request, times) = (self.request, self.state.times(&self.visit.caller.preferences));
        let is_description = |field: &&FieldValue| field.id == DESCRIPTION;
        let description = request.fields.iter().find(is_description);
        let fields = request.fields.iter().filter(|field| !is_description(field));
        let files = self.conversation.files.iter().map(|file| self.file(file));
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
        let address = self.visit.page_of_step(&self.request.key, of.id);
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
