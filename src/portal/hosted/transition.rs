//! The page that asks before a step of the workflow is made, with a comment or without one. Must not know how
//! the page of the request looks.

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use minijinja::{Value, context};

use super::HostedState;
use super::act::{Next, answer, receive};
use super::keep::{NotTaken, Place, keep_anew, of_outsider};
use super::reply::form::{LONGEST, ReplyForm, characters, too_long};
use super::reply::{Ended, ReplyDesk, carry_out};
use super::request::{self, Extra};
use super::uploads::{Act, Received, Receiver};
use super::visit::{NoVisit, Visit};
use crate::domain::{RequestKey, TransitionId};
use crate::jsm::requests::Transition;
use crate::jsm::writing::Writing;
use crate::portal::forms::Ticket;
use crate::portal::gatekeeper::{SeenRequest, Visible};
use crate::problem::Problem;
use crate::web::{FormBody, navigation};

/// The input of the form.
const BODY: &str = "body";

/// The form as it is shown.
struct TransitionForm {
    ticket: Ticket,
    typed: String,
    is_too_long: bool,
    /// What became of it, by the name of a text.
    notice: Option<&'static str>,
}

/// A step that somebody asks about.
struct Step {
    key: RequestKey,
    id: TransitionId,
}

/// `GET /p/{link}/{key}/transition/{id}`
pub(super) async fn show(
    State(state): State<HostedState>,
    Path((_, key, id)): Path<(String, String, String)>,
    (method, headers): (Method, HeaderMap),
    visit: Visit,
) -> Response {
    // What is kept is shown once.
    let is_shown = navigation::may_be_looked_at(&method, &headers);
    let next = first(&state, &visit, (&key, &id), is_shown).await;
    answer(&state, &visit, next)
}

/// `POST /p/{link}/{key}/transition/{id}`
pub(super) async fn send(
    State(state): State<HostedState>,
    Path((link, key, id)): Path<(String, String, String)>,
    visit: Result<Visit, NoVisit>,
    body: FormBody,
) -> Response {
    let visit = match visit {
        Ok(visit) => visit,
        Err(refused) => {
            let page = format!("/p/{link}/{key}/transition/{id}");
            return of_outsider(&state, refused, body, Place::of(&page)).await;
        }
    };
    let step = match Step::parse((&key, &id)) {
        Ok(step) => step,
        Err(problem) => return state.pages.tell(&problem, &visit.caller),
    };
    match sent(&state, &visit, &step, body).await {
        Ok(next) => answer(&state, &visit, Ok(next)),
        Err(not_taken) => refuse(&state, &visit, &step, *not_taken).await,
    }
}

async fn first(
    state: &HostedState,
    visit: &Visit,
    address: (&str, &str),
    is_shown: bool,
) -> Result<Next, Problem> {
    let step = Step::parse(address)?;
    let (request, offered) = step.asked_about(state, visit).await?;
    let kept = if is_shown { TransitionForm::kept(state, visit, &step).await } else { None };
    let form = kept.unwrap_or_else(|| TransitionForm::first(state, visit, &step));
    let shown = form.shown(state, visit, (&request, &offered), &step, StatusCode::OK).await;
    if shown.is_err() {
        state.keep_again(&form.ticket, BODY, &form.typed).await;
    }
    shown
}

async fn sent(
    state: &HostedState,
    visit: &Visit,
    step: &Step,
    body: FormBody,
) -> Result<Next, Box<NotTaken>> {
    let route = step.route(visit);
    let receiver = Receiver { state, visit, route: &route, files: None };
    let Received { ticket, texts, act, .. } = receive(receiver, BODY, body).await?;
    let mut form = TransitionForm::again(ticket, typed(texts));
    let next = if matches!(&act, Act::Submit(button) if button.is_empty()) {
        form.make(state, visit, step).await
    } else {
        Err(Problem::bad_request("its form is not the portal's"))
    };
    next.map_err(|problem| {
        let texts = vec![(BODY.to_owned(), form.typed)];
        Box::new(NotTaken { problem, ticket: Ok(form.ticket), texts })
    })
}

/// What was typed is kept, or stands in a new form.
async fn refuse(state: &HostedState, visit: &Visit, step: &Step, not_taken: NotTaken) -> Response {
    let route = step.route(visit);
    let texts = match not_taken.keep(state, visit, Place::of(&route)).await {
        Ok(response) => return response,
        Err(texts) => texts,
    };
    let (typed, notice) = (typed(texts.clone()), Some("form-stale"));
    let form = TransitionForm { typed, notice, ..TransitionForm::first(state, visit, step) };
    let shown = match step.asked_about(state, visit).await {
        Ok((request, offered)) => {
            let of = (&request, offered.as_slice());
            form.shown(state, visit, of, step, StatusCode::FORBIDDEN).await
        }
        Err(problem) => Err(problem),
    };
    match shown {
        Ok(next) => answer(state, visit, Ok(next)),
        Err(problem) => keep_anew(state, visit, &problem, Place::of(&route), &texts).await,
    }
}

/// What was typed, of the texts of a form.
fn typed(texts: Vec<(String, String)>) -> String {
    let typed = texts.into_iter().next().map(|(_, typed)| typed);
    typed.filter(|typed| !typed.trim().is_empty()).unwrap_or_default()
}

impl Step {
    fn parse((key, id): (&str, &str)) -> Result<Self, Problem> {
        let id = TransitionId::parse(id).map_err(|_| Problem::NotFound)?;
        Ok(Self { key: Visit::key(key)?, id })
    }

    /// The request, and what is offered to whoever may change it.
    async fn asked_about(
        &self,
        state: &HostedState,
        visit: &Visit,
    ) -> Result<(Visible<SeenRequest>, Vec<Transition>), Problem> {
        let request = state.gatekeeper.request(visit.asking(), &self.key).await;
        let request = visit.noting_refusal(state, &self.key, request)?;
        if !request.may_change {
            return Err(Problem::NotFound);
        }
        let offered = state.gatekeeper.transitions(visit.asking(), &request).await?;
        Ok((request, offered))
    }

    /// The page that asks; also where its form is sent to.
    fn route(&self, visit: &Visit) -> String {
        visit.page_of_step(&self.key, self.id)
    }
}

impl TransitionForm {
    fn first(state: &HostedState, visit: &Visit, step: &Step) -> Self {
        Self::again(visit.new_ticket(state, &step.route(visit)), String::new())
    }

    /// What the customer typed before, and could not send.
    async fn kept(state: &HostedState, visit: &Visit, step: &Step) -> Option<Self> {
        let (ticket, typed) = state.take_kept_text(visit, &step.route(visit), BODY).await?;
        Some(Self { notice: Some("kept-shown"), ..Self::again(ticket, typed) })
    }

    fn again(ticket: Ticket, typed: String) -> Self {
        Self { ticket, typed, is_too_long: false, notice: None }
    }

    /// Makes the step, or says why not.
    async fn make(
        &mut self,
        state: &HostedState,
        visit: &Visit,
        step: &Step,
    ) -> Result<Next, Problem> {
        let acting = visit.change(state, &step.key).await?;
        self.is_too_long = characters(&self.typed) > LONGEST;
        if !self.is_too_long {
            let writing = Some(Writing::read(&self.typed)).filter(|it| !it.is_empty());
            let desk = ReplyDesk::new(state, visit, &acting, &self.ticket, writing, Some(step.id));
            let ended = carry_out(state, desk, &self.ticket).await?;
            if let Some(said) = ended.said() {
                state.forget_kept(&self.ticket).await;
                return Ok(Next::said(visit, &step.key, said));
            }
            self.not_made(state, ended);
        }
        let offered = acting.transitions(&visit.language).await.unwrap_or_default();
        let request = acting.request().clone();
        drop(acting);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        self.shown(state, visit, (&request, &offered), step, status).await
    }

    /// The form as it is shown again.
    fn not_made(&mut self, state: &HostedState, ended: Ended) {
        // Whether to send it once more is theirs to decide.
        if ended == Ended::Undecided {
            self.ticket = state.tickets.renew(self.ticket.clone());
        }
        self.notice = match ended {
            _ if !self.typed.is_empty() => ended.notice(),
            Ended::Unknown => Some("request-not-known"),
            _ => Some("request-not-changed"),
        };
    }

    /// The page that asks; the request's own where the step is not offered any more.
    async fn shown(
        &self,
        state: &HostedState,
        visit: &Visit,
        (request, offered): (&Visible<SeenRequest>, &[Transition]),
        step: &Step,
        status: StatusCode,
    ) -> Result<Next, Problem> {
        if let Some(transition) = offered.iter().find(|it| it.id == step.id) {
            let values = self.value(state, visit, request, transition);
            return Ok(Next::Again { template: "transition.html", values, status });
        }
        if self.typed.is_empty() {
            return Ok(Next::said(visit, &step.key, "not-offered"));
        }
        let reply = ReplyForm::not_offered(state, visit, &step.key, self.typed.clone());
        let extra = Extra { reply: Some(reply), ..Extra::default() };
        let values = request::values(state, visit, request, extra).await?;
        Ok(Next::Again { template: "request.html", values, status })
    }

    fn value(
        &self,
        state: &HostedState,
        visit: &Visit,
        request: &Visible<SeenRequest>,
        transition: &Transition,
    ) -> Value {
        let wrong = self.is_too_long.then(|| too_long(&self.typed));
        context! {
            request => context! {
                key => request.key.as_str(),
                summary => request.summary.as_str(),
                address => visit.page_of(&request.key),
            },
            transition => transition.name.as_str(),
            route => self.ticket.route(),
            ticket => state.tickets.seal(&self.ticket),
            draft => self.ticket.draft_name(),
            typed => self.typed.as_str(),
            limit => LONGEST,
            wrong => wrong.clone(),
            mistakes => wrong.into_iter().collect::<Vec<_>>(),
            notice => self.notice,
            look_again => self.notice == Some("request-not-known") || self.notice == Ended::Unknown.notice(),
        }
    }
}
