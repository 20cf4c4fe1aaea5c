//! The form that makes a request, once it was sent: it is received, and what cannot be taken is kept. Must not
//! know what is asked for.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use minijinja::Value;

use super::HostedState;
use super::create::{Open, route};
use super::filled::{Filled, Next};
use super::keep::{Untaken, of_outsider};
use super::sent_form::{Unreceived, Whose};
use super::uploads::{Received, Receiver};
use super::visit::{NoVisit, Visit};
use crate::portal::forms::Posted;
use crate::problem::Problem;
use crate::web::FormBody;

/// A form that leads nowhere.
struct NotTaken {
    problem: Problem,
    whose: Whose,
    texts: Vec<(String, String)>,
}

/// `POST /p/{link}/create/{type}`
pub(super) async fn send(
    State(state): State<HostedState>,
    Path((link, id)): Path<(String, String)>,
    visit: Result<Visit, NoVisit>,
    body: FormBody,
) -> Response {
    let visit = match visit {
        Ok(visit) => visit,
        Err(refused) => {
            let form = format!("/p/{link}/create/{id}");
            return of_outsider(&state, refused, body, (&form, &form)).await;
        }
    };
    match taken(&state, &visit, &id, body).await {
        Ok(Next::Request(address)) => state.pages.see_other(&address),
        Ok(Next::Form(values)) => visit.answer(&state, "create.html", Ok(values)),
        Ok(Next::Again(values)) => again(&state, &visit, StatusCode::UNPROCESSABLE_ENTITY, values),
        Err(not_taken) => refuse(&state, &visit, &id, *not_taken).await,
    }
}

async fn taken(
    state: &HostedState,
    visit: &Visit,
    id: &str,
    body: FormBody,
) -> Result<Next, Box<NotTaken>> {
    let unreceived = |Unreceived { problem, sent }| {
        let whose = sent.whose(state, visit, &route(visit, id));
        Box::new(NotTaken { problem, whose, texts: sent.texts })
    };
    let open = match Open::of(state, visit, id).await {
        Ok(open) => open,
        Err(problem) => return Err(unreceived(Unreceived::of(problem, body).await)),
    };
    let received = receive(&open, body).await.map_err(|it| unreceived(*it))?;
    let Received { ticket, texts, act, mistakes } = received;
    let form = Filled { open: &open, posted: Posted::new(texts.clone()), ticket };
    let next = form.submit(&act, mistakes).await;
    next.map_err(|problem| Box::new(NotTaken { problem, whose: Whose::Theirs(form.ticket), texts }))
}

async fn receive(open: &Open<'_>, body: FormBody) -> Result<Received, Box<Unreceived>> {
    let (state, visit) = (open.state, open.visit);
    let uploading = match state.gatekeeper.upload_for_new(visit.asking(), open.id).await {
        Ok(uploading) => uploading,
        Err(problem) => return Err(Box::new(Unreceived::of(problem, body).await)),
    };
    let files = open.form.file_field().map(|field| (field.as_str(), uploading));
    let route = open.route();
    Receiver { state, visit, route: &route, files }.receive(body).await
}

/// What was typed is kept, or stands in a new form.
async fn refuse(state: &HostedState, visit: &Visit, id: &str, not_taken: NotTaken) -> Response {
    let NotTaken { problem, whose, texts } = not_taken;
    if problem == Problem::StaleForm {
        visit.note_refused_form(state, "ticket");
    }
    let (form, caller) = (route(visit, id), &visit.caller);
    let untaken = Untaken { state, caller, problem: &problem, form: &form };
    match whose {
        Whose::Theirs(ticket) | Whose::Anothers(ticket) => untaken.keep(&ticket, &texts).await,
        // Not one of ours, or older than a day.
        Whose::Unknown => match Open::of(state, visit, id).await {
            Ok(open) => {
                let (posted, ticket) = (Posted::new(texts), open.new_ticket());
                let values = open.anew(&posted, ticket, Some("create-stale"));
                again(state, visit, StatusCode::FORBIDDEN, values)
            }
            Err(problem) => {
                let ticket = state.tickets.issue(&visit.entered.session().identity, &form);
                Untaken { problem: &problem, ..untaken }.keep(&ticket, &texts).await
            }
        },
    }
}

fn again(state: &HostedState, visit: &Visit, status: StatusCode, values: Value) -> Response {
    let mut response = visit.answer(state, "create.html", Ok(values));
    *response.status_mut() = status;
    response
}
