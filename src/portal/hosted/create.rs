//! The form that makes a request: shown, sent, shown again with what is wrong. Must not know the kinds of
//! fields.

use std::collections::HashMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use super::HostedState;
use super::raise::{Desk, Sharing};
use super::uploads::{Act, Received, Receiver, forgotten_files};
use super::visit::Visit;
use crate::config::Deployment;
use crate::domain::{OrganizationRequests, RequestTypeId};
use crate::portal::forms::{
    self, Answers, Choice, Creator, FieldId, FieldMistake, FileMistake, Form, Locale, Mistake,
    Posted, Reading, Refusal, RequestValues, Sent, Setting, Submissions, Ticket, Verdict,
    choices_of_createmeta,
};
use crate::portal::people::NotLookedFor;
use crate::problem::Problem;
use crate::web::FormBody;

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
    /// Whether JSM does not answer, and this is what it said before.
    is_old: bool,
}

/// What stands in the form when it is shown.
struct Shown<'a> {
    posted: &'a Posted,
    mistakes: &'a [FieldMistake],
    general: &'a [Mistake],
    ticket: Ticket,
    /// A text above the form, by its name.
    notice: Option<&'static str>,
    /// A text that says what was done, by its name.
    done: Option<&'static str>,
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
    body: FormBody,
) -> Response {
    match sent(&state, &visit, &id, body).await {
        Ok(Next::Request(address)) => state.pages.see_other(&address),
        Ok(Next::Form(values)) => visit.answer(&state, "create.html", Ok(values)),
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
    /// As it is, with other files.
    Form(Value),
    /// With what is wrong.
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
    let (notice, done) = (None, None);
    Ok(open.values(&Shown { posted: &posted, mistakes: &[], general: &[], ticket, notice, done }))
}

async fn sent(
    state: &HostedState,
    visit: &Visit,
    id: &str,
    body: FormBody,
) -> Result<Next, Problem> {
    let open = Open::of(state, visit, id).await?;
    let Received { ticket, texts, act, mistakes } = open.receive(body).await?;
    let posted = Posted::new(texts);
    let of_files = open.at_files(mistakes);
    let foreign = |_| {
        let problem = Problem::bad_request("its form is not the portal's");
        visit.refuse_form(state, "inputs", problem)
    };
    let read = open.form.read(&posted, &open.reading(&ticket)).map_err(foreign)?;
    if matches!(act, Act::Upload | Act::Remove) {
        return Ok(open.with_files(&posted, &of_files, ticket, &act));
    }
    let answers = match read {
        Ok(answers) if of_files.is_empty() => answers,
        read => {
            let mistakes = together(of_files, read.err().unwrap_or_default());
            return Ok(open.again(&posted, &mistakes, &[], ticket, None));
        }
    };
    let accounts = match state.people.find(visit.asking(state), &answers.people()).await {
        Ok(accounts) => accounts,
        Err(NotLookedFor::Problem(problem)) => return Err(problem),
        Err(NotLookedFor::TooMany) => {
            let mistakes = answers.at_people(&Mistake::TooManyPeople);
            return Ok(open.again(&posted, &mistakes, &[], ticket, None));
        }
    };
    match answers.values(&accounts) {
        Ok(values) => {
            // Whoever raises a request takes part already, and JSM refuses to add them.
            let values = values.without_participant(&visit.customer.account);
            let (verdict, shared) = raise(&open, &answers, &values, &ticket).await?;
            Ok(open.next(verdict, &posted, ticket, shared))
        }
        Err(mistakes) => Ok(open.again(&posted, &mistakes, &[], ticket, None)),
    }
}

async fn raise(
    open: &Open<'_>,
    answers: &Answers,
    values: &RequestValues,
    ticket: &Ticket,
) -> Result<(Verdict, bool), Problem> {
    let (state, visit) = (open.state, open.visit);
    let account = &visit.customer.account;
    let since = state.clock.unix_seconds();
    let summary = answers.summary().unwrap_or_default().to_owned();
    let sent = Sent { since, reporter: account.clone(), request_type: open.id, summary };
    let raising = state.gatekeeper.raise(visit.asking(state), open.id).await?;
    let body = values.body(&visit.portal().service_desk_id, open.id, account);
    let sharing = Sharing::with(values.organization);
    let desk = Desk { state, visit, raising, body, form: &open.form, ticket, sharing };
    let submissions = Submissions::new(state.records.clone(), state.clock.clone());
    let creator = Creator { submissions, desk, clock: state.clock.clone() };
    let verdict = creator.submit(ticket.key(), sent).await;
    let verdict = verdict.map_err(|error| {
        tracing::error!(%error, "a request was not sent: it cannot be noted");
        Problem::SessionsUnavailable
    })?;
    let shared = !creator.desk.sharing.has_failed();
    Ok((verdict, shared))
}

impl<'a> Open<'a> {
    async fn of(state: &'a HostedState, visit: &'a Visit, id: &str) -> Result<Self, Problem> {
        let id = RequestTypeId::parse(id).map_err(|_| Problem::NotFound)?;
        let offer = state.gatekeeper.offer(visit.asking(state)).await?;
        let offered = offer.get(id).ok_or(Problem::NotFound)?;
        let unavailable = || Problem::TypeUnavailable { name: offered.name.clone() };
        let (fields, has_attached_form) = tokio::join!(
            state.gatekeeper.fields(visit.asking(state), id),
            state.gatekeeper.has_attached_form(visit.asking(state), id)
        );
        let fields = fields?;
        if has_attached_form {
            tracing::warn!(request_type = %id, "a form is attached to a request type, which cannot be offered");
            return Err(unavailable());
        }
        let deployment = state.gatekeeper.deployment().await?;
        let cascades = match deployment {
            Deployment::DataCenter if Form::lacks_choices_below(&fields.fields) => {
                let told = state.gatekeeper.issue_fields(visit.asking(state), id).await?;
                told.map(|fields| choices_of_createmeta(&fields)).unwrap_or_default()
            }
            Deployment::DataCenter | Deployment::Cloud => HashMap::new(),
        };
        let told = Told { fields: &fields.fields, deployment, cascades: &cascades };
        let form = form(&told, state, visit).map_err(|why| {
            tracing::warn!(%why, request_type = %id, "a request type cannot be offered");
            unavailable()
        })?;
        let zone = state.config.time_zone.clone();
        let locale = Locale::of("en", state.pages.catalogue(), zone);
        let (name, help) = (offered.name.clone(), offered.help.clone());
        let is_old = offer.is_old() || fields.is_old;
        Ok(Self { state, visit, id, form, name, help, locale, is_old })
    }

    fn route(&self) -> String {
        format!("/p/{}/create/{}", self.visit.portal().link, self.id)
    }

    async fn receive(&self, body: FormBody) -> Result<Received, Problem> {
        let asking = self.visit.asking(self.state);
        let uploading = self.state.gatekeeper.upload_for_new(asking, self.id).await?;
        let files = self.form.file_field().map(|field| (field.as_str(), uploading));
        let route = self.route();
        let receiver = Receiver { state: self.state, visit: self.visit, route: &route, files };
        receiver.receive(body).await.map_err(|problem| match problem {
            Problem::StaleForm => self.visit.refuse_form(self.state, "ticket", problem),
            problem => problem,
        })
    }

    fn reading<'r>(&'r self, ticket: &'r Ticket) -> Reading<'r> {
        Reading { locale: &self.locale, files: &ticket.files, limits: self.state.file_limits() }
    }

    /// Mistakes of files, at their field.
    fn at_files(&self, mistakes: Vec<FileMistake>) -> Vec<FieldMistake> {
        let Some(field) = self.form.file_field() else { return Vec::new() };
        let at_field = |mistake| FieldMistake {
            field: field.clone(),
            control: field.to_string(),
            mistake: Mistake::File(mistake),
        };
        mistakes.into_iter().map(at_field).collect()
    }

    fn values(&self, shown: &Shown<'_>) -> Value {
        let reading = self.reading(&shown.ticket);
        let widgets = self.form.widgets(shown.posted, shown.mistakes, &reading);
        let form = forms::values(&widgets, shown.general, &self.locale);
        let page = context! {
            name => self.name.as_str(),
            help => self.help.as_str(),
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

    fn again(
        &self,
        posted: &Posted,
        mistakes: &[FieldMistake],
        general: &[Mistake],
        ticket: Ticket,
        notice: Option<&'static str>,
    ) -> Next {
        let done = None;
        Next::Again(self.values(&Shown { posted, mistakes, general, ticket, notice, done }))
    }

    /// The form after its files changed: nothing else of it is looked at yet.
    fn with_files(
        &self,
        posted: &Posted,
        mistakes: &[FieldMistake],
        ticket: Ticket,
        act: &Act,
    ) -> Next {
        let done = match act {
            Act::Remove => "form-file-removed",
            Act::Submit(_) | Act::Upload if ticket.files.is_empty() => {
                let missing = self.at_files(vec![FileMistake::Missing]);
                let mistakes = if mistakes.is_empty() { missing.as_slice() } else { mistakes };
                return self.again(posted, mistakes, &[], ticket, None);
            }
            Act::Submit(_) | Act::Upload => "form-files-uploaded",
        };
        if !mistakes.is_empty() {
            return self.again(posted, mistakes, &[], ticket, None);
        }
        let (general, notice, done) = (&[], None, Some(done));
        Next::Form(self.values(&Shown { posted, mistakes, general, ticket, notice, done }))
    }

    /// What JSM did not take, with files that it forgot asked for again.
    fn refused(&self, mut refusal: Refusal, posted: &Posted, mut ticket: Ticket) -> Next {
        let mut forgotten = Vec::new();
        if refusal.take_forgotten(&ticket.files) {
            forgotten.extend(forgotten_files(&std::mem::take(&mut ticket.files)));
        }
        let mistakes = together(self.at_files(forgotten), refusal.mistakes);
        self.again(posted, &mistakes, &refusal.general, ticket, None)
    }

    fn next(&self, verdict: Verdict, posted: &Posted, ticket: Ticket, shared: bool) -> Next {
        match verdict {
            Verdict::Created(key) => {
                let said = if shared { "created" } else { "created-not-shared" };
                let address = format!("/p/{}/{key}?said={said}", self.visit.portal().link);
                Next::Request(address)
            }
            Verdict::Refused(refusal) => self.refused(refusal, posted, ticket),
            Verdict::NotSent => self.again(posted, &[], &[], ticket, Some("create-not-sent")),
            // The same form looks again and sends nothing.
            Verdict::Unknown => self.again(posted, &[], &[], ticket, Some("create-unknown")),
            Verdict::Undecided => {
                let new = self.state.tickets.renew(ticket);
                self.again(posted, &[], &[], new, Some("create-undecided"))
            }
        }
    }
}

/// All mistakes of a form. Whoever was told what is wrong with a file is not told that there is none.
fn together(of_files: Vec<FieldMistake>, others: Vec<FieldMistake>) -> Vec<FieldMistake> {
    let is_of_files = |wrong: &FieldMistake| of_files.iter().any(|it| it.field == wrong.field);
    let others: Vec<_> = others.into_iter().filter(|wrong| !is_of_files(wrong)).collect();
    of_files.into_iter().chain(others).collect()
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
        groups: &[],
        organizations: &organizations.collect::<Vec<_>>(),
        // Where colleagues do not see each other's requests, sharing one would promise too much.
        asks_for_sharing: state.config.organization_requests != OrganizationRequests::None,
        names_people: state.people.may_be_named(),
        cascades,
    };
    Form::new(fields, &setting)
}
