//! The page of one request: what JSM's own portal shows of it, and nothing else. Must not decide who may
//! see it.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use futures_util::future::join;
use minijinja::{Value, context};
use serde::Deserialize;

use super::activity::activity;
use super::file::PICTURES;
use super::visit::Visit;
use super::{HostedState, native, shown_fields, views};
use crate::domain::{JsmHtml, RequestKey};
use crate::jsm::requests::{
    Approval, Attachment, Conversation, FieldContent, FieldValue, Person, Status,
};
use crate::portal::gatekeeper::{SeenRequest, Visible};
use crate::problem::Problem;
use crate::web::Surroundings;
use crate::web::times::Times;

/// The field whose text stands above all others.
const DESCRIPTION: &str = "description";

/// `GET /p/{link}/{key}`
pub(super) async fn show(
    State(state): State<HostedState>,
    Path((_, key)): Path<(String, String)>,
    query: Result<Query<Said>, QueryRejection>,
    visit: Visit,
) -> Response {
    let said = query.map(|Query(said)| said.said).unwrap_or_default();
    let said = match said.as_str() {
        "created" => Some("request-created"),
        "created-not-shared" => Some("request-created-not-shared"),
        _ => None,
    };
    let said = said.map(|said| state.pages.catalogue().plain(said));
    let values = page(&state, &visit, &key).await;
    let values = values.map(|values| context! { ..values, ..context! { said => said } });
    visit.answer(&state, "request.html", values)
}

/// What was just done, as the address of the page tells it.
#[derive(Default, Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    said: String,
}

async fn page(state: &HostedState, visit: &Visit, key: &str) -> Result<Value, Problem> {
    let key = RequestKey::parse(key).map_err(|_| Problem::NotFound)?;
    let request = state.gatekeeper.request(visit.asking(state), &key).await?;
    let conversation = state.gatekeeper.conversation(&request);
    let (conversation, slas) = join(conversation, slas(state, visit, &request)).await;
    let conversation = conversation?;
    let view = View { state, visit, request: &request, conversation: &conversation };
    let (priority, assignee) = (request.priority.as_deref(), request.assignee.as_ref());
    Ok(context! {
        request => view.value(),
        shown_fields => shown_fields::fields(&state.config.show_fields, priority, assignee),
        slas => slas,
        ..native::asked(state, visit, &request).await
    })
}

/// Agreed times are an extra: without them the page is shown all the same.
async fn slas(state: &HostedState, visit: &Visit, request: &Visible<SeenRequest>) -> Vec<Value> {
    if !shown_fields::has_slas(state) {
        return Vec::new();
    }
    let slas = state.gatekeeper.slas(visit.asking(state), request).await.unwrap_or_default();
    let times = state.times();
    slas.iter().filter_map(|sla| shown_fields::sla(sla, &times)).collect()
}

/// A request as one customer sees it.
pub(super) struct View<'a> {
    pub(super) state: &'a HostedState,
    pub(super) visit: &'a Visit,
    pub(super) request: &'a Visible<SeenRequest>,
    pub(super) conversation: &'a Conversation,
}

impl View<'_> {
    fn value(&self) -> Value {
        let (request, times) = (self.request, self.state.times());
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
            reporter => request.reporter.name.as_str(),
            mine => self.is_me(&request.reporter).to_string(),
            description => description.map(|field| self.content(&field.content)),
            fields => fields.map(|field| self.field(field)).collect::<Vec<_>>(),
            activity => activity(self, &times),
            history => self.history(&times),
            approvals => request.approvals.iter().map(approval).collect::<Vec<_>>(),
            people => self.people(),
            organizations => self.organizations(),
            files => files.collect::<Vec<_>>(),
        }
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
            name => file.name.as_str(),
            size => bytesize::ByteSize(file.size).display().si().to_string(),
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
            FieldContent::Day(day) => Value::from(self.state.times().day(*day)),
            FieldContent::Moment(at) => {
                self.state.times().full(*at).get_attr("words").unwrap_or_default()
            }
            FieldContent::List(texts) => Value::from(texts.join(", ")),
        }
    }

    fn history(&self, times: &Times<'_>) -> Vec<Value> {
        let step = |status: &Status| {
            let at = status.since.map(|since| times.short(since));
            context! { status => views::status(status), at => at }
        };
        self.request.history.iter().map(step).collect()
    }

    fn people(&self) -> Vec<Value> {
        let people = std::iter::once(&self.request.reporter).chain(&self.request.participants);
        let person =
            |person: &Person| context! { name => person.name.as_str(), me => self.is_me(person) };
        people.map(person).collect()
    }

    fn organizations(&self) -> Vec<String> {
        self.request.organizations.iter().map(|shared| shared.name.clone()).collect()
    }
}

fn approval(approval: &Approval) -> Value {
    let approvers = approval.approvers.iter().map(|one| {
        context! { name => one.person.name.as_str(), decision => one.decision.as_str() }
    });
    context! { name => approval.name.as_str(), approvers => approvers.collect::<Vec<_>>() }
}
