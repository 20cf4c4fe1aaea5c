//! The form that makes a request: shown, sent, shown again with what is wrong. Must not know the kinds of
//! fields.

use std::collections::HashMap;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form as FormBody, Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use super::HostedState;
use super::raise::Desk;
use super::visit::Visit;
use crate::config::Deployment;
use crate::domain::RequestTypeId;
use crate::portal::forms::{
    self, Creator, FieldMistake, Form, Locale, Mistake, Posted, Reading, Sent, Setting,
    Submissions, Ticket, Verdict,
};
use crate::problem::Problem;

/// The page's own inputs: the sealed ticket of the form, and the button.
const TICKET: &str = "ticket";
const ACT: &str = "act";

/// What the address of a form fills in.
type Prefill = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// A form as one customer sees it.
struct Open<'a> {
    state: &'a HostedState,
    visit: &'a Visit,
    id: RequestTypeId,
    form: Form,
    name: String,
    help: String,
    locale: Locale,
}

/// What stands in the form when it is shown.
struct Shown<'a> {
    posted: &'a Posted,
    mistakes: &'a [FieldMistake],
    general: &'a [Mistake],
    ticket: Ticket,
    /// A text above the form, by its name.
    notice: Option<&'static str>,
}

/// `GET /p/{link}/create/{type}`
pub(super) async fn show(
    State(state): State<HostedState>,
    Path((_, id)): Path<(String, String)>,
    query: Prefill,
    visit: Visit,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let values = first(&state, &visit, &id, query).await;
    visit.answer(&state, "create.html", values)
}

/// `GET /p/{link}/group/{group}/create/{type}`: JSM's other address of the same form.
pub(super) async fn show_in_group(
    State(state): State<HostedState>,
    Path((link, _, id)): Path<(String, String, String)>,
    query: Prefill,
    visit: Visit,
) -> Response {
    show(State(state), Path((link, id)), query, visit).await
}

/// `POST /p/{link}/create/{type}`
pub(super) async fn send(
    State(state): State<HostedState>,
    Path((_, id)): Path<(String, String)>,
    visit: Visit,
    body: Result<FormBody<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let sent = match body {
        Ok(FormBody(pairs)) => sent(&state, &visit, &id, pairs).await,
        Err(_) => Err(Problem::bad_request("its form cannot be read")),
    };
    match sent {
        Ok(Next::Request(address)) => state.pages.see_other(&address),
        Ok(Next::Again(values)) => {
            let mut response = visit.answer(&state, "create.html", Ok(values));
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(problem) => state.pages.tell(&problem, &visit.caller),
    }
}

/// Where a form that was sent leads.
enum Next {
    Request(String),
    Again(Value),
}

async fn first(
    state: &HostedState,
    visit: &Visit,
    id: &str,
    query: Vec<(String, String)>,
) -> Result<Value, Problem> {
    let open = Open::of(state, visit, id).await?;
    let posted = open.form.prefilled(&Posted::new(query), &open.locale);
    let ticket = state.tickets.issue(&visit.entered.session().identity, &open.route());
    Ok(open.values(&Shown { posted: &posted, mistakes: &[], general: &[], ticket, notice: None }))
}

async fn sent(
    state: &HostedState,
    visit: &Visit,
    id: &str,
    pairs: Vec<(String, String)>,
) -> Result<Next, Problem> {
    let open = Open::of(state, visit, id).await?;
    let is_own = |name: &str| name == TICKET || name == ACT;
    let sealed = pairs.iter().find(|(name, _)| name == TICKET).map_or("", |(_, value)| value);
    let identity = &visit.entered.session().identity;
    let ticket = state.tickets.open(sealed, &open.route());
    let ticket = ticket.ok().filter(|ticket| ticket.is_of(identity)).ok_or(Problem::StaleForm)?;
    let posted = Posted::new(pairs.into_iter().filter(|(name, _)| !is_own(name)));
    let reading = Reading { locale: &open.locale, files: &[] };
    let foreign = |_| Problem::bad_request("its form is not the portal's");
    let answers = match open.form.read(&posted, &reading).map_err(foreign)? {
        Ok(answers) => answers,
        Err(mistakes) => return Ok(open.again(&posted, &mistakes, &[], ticket, None)),
    };
    // Other people are named by address, and nobody's account is looked up yet.
    let values = match answers.values(&HashMap::new()) {
        Ok(values) => values,
        Err(mistakes) => return Ok(open.again(&posted, &mistakes, &[], ticket, None)),
    };
    let account = &visit.customer.account;
    let since = state.clock.unix_seconds();
    let summary = answers.summary().unwrap_or_default().to_owned();
    let sent = Sent { since, reporter: account.clone(), request_type: open.id, summary };
    let raising = state.gatekeeper.raise(visit.asking(state), open.id).await?;
    let body = values.body(&visit.portal().service_desk_id, open.id, account);
    let desk = Desk { state, visit, raising, body, form: &open.form };
    let submissions = Submissions::new(state.records.clone(), state.clock.clone());
    let creator = Creator { submissions, desk, clock: state.clock.clone() };
    let verdict = creator.submit(ticket.key(), sent).await;
    let verdict = verdict.map_err(|error| {
        tracing::error!(%error, "a request was not sent: it cannot be noted");
        Problem::SessionsUnavailable
    })?;
    Ok(open.next(verdict, &posted, ticket))
}

impl<'a> Open<'a> {
    async fn of(state: &'a HostedState, visit: &'a Visit, id: &str) -> Result<Self, Problem> {
        let id = RequestTypeId::parse(id).map_err(|_| Problem::NotFound)?;
        let offer = state.gatekeeper.offer(visit.asking(state)).await?;
        let offered = offer.get(id).ok_or(Problem::NotFound)?;
        let fields = state.gatekeeper.fields(visit.asking(state), id).await?;
        let deployment = state.gatekeeper.deployment().await?;
        let form = form(&fields.fields, deployment, visit).map_err(|unavailable| {
            tracing::warn!(%unavailable, request_type = %id, "a request type cannot be offered");
            Problem::TypeUnavailable { name: offered.name.clone() }
        })?;
        let zone = state.config.time_zone.clone();
        let locale = Locale::of("en", state.pages.catalogue(), zone);
        let (name, help) = (offered.name.clone(), offered.help.clone());
        Ok(Self { state, visit, id, form, name, help, locale })
    }

    fn route(&self) -> String {
        format!("/p/{}/create/{}", self.visit.portal().link, self.id)
    }

    fn values(&self, shown: &Shown<'_>) -> Value {
        let reading = Reading { locale: &self.locale, files: &[] };
        let widgets = self.form.widgets(shown.posted, shown.mistakes, &reading);
        let form = forms::values(&widgets, shown.general, &self.locale);
        let page = context! {
            name => self.name.as_str(),
            help => self.help.as_str(),
            route => self.route(),
            ticket => self.state.tickets.seal(&shown.ticket),
            notice => shown.notice,
        };
        context! { ..page, ..form }
    }

    fn again(
        &self,
        posted: &Posted,
        mistakes: &[FieldMistake],
        general: &[Mistake],
        ticket: Ticket,
        notice: Option<&'static str>,
    ) -> Next {
        Next::Again(self.values(&Shown { posted, mistakes, general, ticket, notice }))
    }

    fn next(&self, verdict: Verdict, posted: &Posted, ticket: Ticket) -> Next {
        match verdict {
            Verdict::Created(key) => {
                let address = format!("/p/{}/{key}?said=created", self.visit.portal().link);
                Next::Request(address)
            }
            Verdict::Refused(refusal) => {
                self.again(posted, &refusal.mistakes, &refusal.general, ticket, None)
            }
            Verdict::NotSent => self.again(posted, &[], &[], ticket, Some("create-not-sent")),
            // The same form looks again and sends nothing.
            Verdict::Unknown => self.again(posted, &[], &[], ticket, Some("create-unknown")),
            Verdict::Undecided => {
                let identity = &self.visit.entered.session().identity;
                let new = self.state.tickets.issue(identity, &self.route());
                self.again(posted, &[], &[], new, Some("create-undecided"))
            }
        }
    }
}

/// Files cannot be added yet: a type that needs one cannot be offered, and any other is without.
fn form(
    fields: &[serde_json::Value],
    deployment: Deployment,
    visit: &Visit,
) -> Result<Form, forms::Unavailable> {
    let is_attachment = |field: &&serde_json::Value| {
        let schema = field.get("jiraSchema").and_then(|schema| schema.get("system"));
        schema.and_then(serde_json::Value::as_str) == Some("attachment")
            && field.get("required") != Some(&serde_json::Value::Bool(true))
    };
    let fields: Vec<_> = fields.iter().filter(|field| !is_attachment(field)).cloned().collect();
    let organizations = visit.organizations.iter().map(|it| (it.id, it.name.clone()));
    let setting = Setting {
        deployment,
        groups: &[],
        organizations: &organizations.collect::<Vec<_>>(),
        sharing: None,
        cascades: &HashMap::new(),
    };
    Form::new(&fields, &setting)
}
