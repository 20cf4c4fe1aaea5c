//! The form that makes a request: shown, and shown again with what is wrong. Must not know the kinds of
//! fields, or what becomes of the form once it is sent.

use std::collections::HashMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, Method};
use minijinja::{Value, context};

use super::visit::Visit;
use super::{HostedState, article};
use crate::config::Deployment;
use crate::domain::{OrganizationId, OrganizationRequests, RequestTypeId};
use crate::portal::forms::{
    self, Choice, FieldId, FieldMistake, FileLimits, Form, Locale, Mistake, Posted, Reading,
    Setting, Ticket, choices_of_createmeta,
};
use crate::portal::kept::KeptText;
use crate::problem::Problem;
use crate::web::navigation;

/// What the address of a form fills in.
type Prefill = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// A form as one customer sees it.
pub(super) struct Open<'a> {
    pub(super) state: &'a HostedState,
    pub(super) visit: &'a Visit,
    pub(super) id: RequestTypeId,
    pub(super) form: Form,
    name: String,
    help: String,
    /// Articles that may answer what somebody is about to ask.
    articles: Vec<Value>,
    locale: Locale,
    pub(super) limits: FileLimits,
    /// Whether JSM does not answer, and this is what it said before.
    is_old: bool,
}

/// What stands in the form when it is shown.
pub(super) struct Shown<'a> {
    pub(super) posted: &'a Posted,
    pub(super) mistakes: &'a [FieldMistake],
    pub(super) general: &'a [Mistake],
    pub(super) ticket: Ticket,
    /// A text above the form, by its name.
    pub(super) notice: Option<&'static str>,
    /// A text that says what was done, by its name.
    pub(super) done: Option<&'static str>,
}

/// `GET /p/{link}/create/{type}`
pub(super) async fn show(
    State(state): State<HostedState>,
    Path((_, id)): Path<(String, String)>,
    query: Prefill,
    (method, headers): (Method, HeaderMap),
    visit: Visit,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    // What is kept is shown once.
    let is_shown = navigation::may_be_looked_at(&method, &headers);
    let values = first(&state, &visit, &id, query, is_shown).await;
    visit.answer(&state, "create.html", values)
}

/// `GET /p/{link}/group/{group}/create/{type}`: JSM's other address of the same form.
pub(super) async fn show_in_group(
    State(state): State<HostedState>,
    Path((link, _, id)): Path<(String, String, String)>,
    query: Prefill,
    request: (Method, HeaderMap),
    visit: Visit,
) -> Response {
    Box::pin(show(State(state), Path((link, id)), query, request, visit)).await
}

async fn first(
    state: &HostedState,
    visit: &Visit,
    id: &str,
    query: Vec<(String, String)>,
    is_shown: bool,
) -> Result<Value, Problem> {
    let open = Open::of(state, visit, id).await?;
    let kept = if is_shown { open.kept().await } else { None };
    if let Some(KeptText { ticket, texts, .. }) = kept {
        return Ok(open.anew(&Posted::new(texts), ticket, Some("kept-shown")));
    }
    let posted = open.form.prefilled(&Posted::new(query), &open.locale);
    Ok(open.anew(&posted, open.new_ticket(), None))
}

impl<'a> Open<'a> {
    pub(super) async fn of(
        state: &'a HostedState,
        visit: &'a Visit,
        id: &str,
    ) -> Result<Self, Problem> {
        let id = RequestTypeId::parse(id).map_err(|_| Problem::NotFound)?;
        let offer = state.gatekeeper.offer(visit.asking()).await?;
        let offered = offer.get(id).ok_or(Problem::NotFound)?;
        let unavailable = || Problem::TypeUnavailable { name: offered.name.clone() };
        let (fields, has_attached_form, articles, limits) = tokio::join!(
            state.gatekeeper.fields(visit.asking(), id),
            state.gatekeeper.has_attached_form(visit.asking(), id),
            article::about(state, visit, &offered.name),
            state.file_limits()
        );
        let fields = fields?;
        if has_attached_form {
            tracing::warn!(request_type = %id, "a form is attached to a request type, which cannot be offered");
            return Err(unavailable());
        }
        let deployment = state.gatekeeper.deployment().await?;
        let cascades = match deployment {
            Deployment::DataCenter if Form::lacks_choices_below(&fields.fields) => {
                let told = state.gatekeeper.issue_fields(visit.asking(), id).await?;
                told.map(|fields| choices_of_createmeta(&fields)).unwrap_or_default()
            }
            Deployment::DataCenter | Deployment::Cloud => HashMap::new(),
        };
        let told = Told { fields: &fields.fields, deployment, cascades: &cascades };
        let form = form(&told, state, visit).map_err(|why| {
            tracing::warn!(%why, request_type = %id, "a request type cannot be offered");
            unavailable()
        })?;
        let (name, help) = (offered.name.clone(), offered.help.clone());
        let is_old = offer.is_old() || fields.is_old;
        let locale = state.locale(&visit.caller.preferences);
        Ok(Self { state, visit, id, form, name, help, articles, locale, limits, is_old })
    }

    /// The path that the form is sent to.
    pub(super) fn route(&self) -> String {
        route(self.visit, &self.id.to_string())
    }

    /// For a form that is begun anew.
    pub(super) fn new_ticket(&self) -> Ticket {
        self.visit.new_ticket(self.state, &self.route())
    }

    pub(super) fn reading<'r>(&'r self, ticket: &'r Ticket) -> Reading<'r> {
        Reading { locale: &self.locale, files: &ticket.files, limits: self.limits }
    }

    /// The form without a mistake.
    pub(super) fn anew(
        &self,
        posted: &Posted,
        ticket: Ticket,
        notice: Option<&'static str>,
    ) -> Value {
        let (mistakes, general, done) = (&[], &[], None);
        self.values(&Shown { posted, mistakes, general, ticket, notice, done })
    }

    /// What the page shows.
    pub(super) fn values(&self, shown: &Shown<'_>) -> Value {
        let reading = self.reading(&shown.ticket);
        let widgets = self.form.widgets(shown.posted, shown.mistakes, &reading);
        let form = forms::values(&widgets, shown.general, &self.locale);
        let page = context! {
            name => self.name.as_str(),
            help => self.help.as_str(),
            articles => self.articles.clone(),
            route => self.route(),
            ticket => self.state.tickets.seal(&shown.ticket),
            draft => shown.ticket.draft_name(),
            takes_files => self.form.file_field().is_some(),
            notice => shown.notice,
            done => shown.done,
            is_old => self.is_old && shown.notice.is_none(),
        };
        context! { ..page, ..form }
    }

    /// What the customer typed into this form before, and could not send.
    async fn kept(&self) -> Option<KeptText> {
        self.state.take_kept(self.visit, &self.route()).await
    }
}

/// The path that the form of a request type is sent to.
pub(super) fn route(visit: &Visit, id: &str) -> String {
    format!("/p/{}/create/{id}", visit.portal().link)
}

/// Whether the form of a request type can be shown to a customer who has an organisation.
pub(super) fn can_be_shown(
    fields: &[serde_json::Value],
    deployment: Deployment,
    state: &HostedState,
) -> bool {
    let everybodys = OrganizationId::parse("1").ok().map(|id| (id, String::new()));
    let setting = Setting {
        deployment,
        groups: &[],
        organizations: everybodys.as_slice(),
        asks_for_sharing: false,
        names_people: state.people.may_be_named(),
        cascades: &HashMap::new(),
    };
    Form::new(fields, &setting).is_ok()
}

/// What JSM and Jira tell of a form.
struct Told<'a> {
    fields: &'a [serde_json::Value],
    deployment: Deployment,
    cascades: &'a HashMap<FieldId, Vec<Choice>>,
}

fn form(told: &Told<'_>, state: &HostedState, visit: &Visit) -> Result<Form, forms::Unavailable> {
    let Told { fields, deployment, cascades } = *told;
    let organizations = visit.organizations.iter().map(|it| (it.id, it.name.clone()));
    let setting = Setting {
        deployment,
        groups: &state.config.groups,
        organizations: &organizations.collect::<Vec<_>>(),
        // Where colleagues do not see each other's requests, sharing one would promise too much.
        asks_for_sharing: state.config.organization_requests != OrganizationRequests::None,
        names_people: state.people.may_be_named(),
        cascades,
    };
    Form::new(fields, &setting)
}
