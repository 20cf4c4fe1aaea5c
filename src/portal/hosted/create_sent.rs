//! The form that makes a request, once it was sent: it is received, and what cannot be taken is kept. Must not
//! know what is asked for.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use minijinja::Value;

use super::HostedState;
use super::create::{Open, route};
use super::filled::{Filled, Next};
use super::keep::{NotTaken, Place, keep_anew, of_outsider};
use super::sent_form::Unreceived;
use super::uploads::{FileInput, Received, Receiver};
use super::visit::{NoVisit, Visit};
use crate::portal::forms::{FieldId, Posted};
use crate::problem::Problem;
use crate::web::FormBody;

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
            return of_outsider(&state, refused, body, Place::of(&form)).await;
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
    let unreceived = |it| NotTaken::of(it, state, visit, &route(visit, id));
    let open = match Open::of(state, visit, id).await {
        Ok(open) => open,
        Err(problem) => {
            if problem == Problem::NotFound {
                visit.note_refused_form(state, "type");
            }
            return Err(unreceived(Unreceived::of(problem, body).await));
        }
    };
    let received = receive(&open, body).await.map_err(|it| unreceived(*it))?;
    let Received { ticket, texts, act, mistakes } = received;
    let form = Filled { open: &open, posted: Posted::new(texts.clone()), ticket };
    let next = form.submit(&act, mistakes).await;
    next.map_err(|problem| Box::new(NotTaken { problem, ticket: Ok(form.ticket), texts }))
}

async fn receive(open: &Open<'_>, body: FormBody) -> Result<Received, Box<Unreceived>> {
    let (state, visit) = (open.state, open.visit);
    let uploading = match state.gatekeeper.upload_for_new(visit.asking(), open.id).await {
        Ok(uploading) => uploading,
        Err(problem) => return Err(Box::new(Unreceived::of(problem, body).await)),
    };
    let field = open.form.file_field();
    let input = |field| FileInput { name: FieldId::as_str(field), uploading, limits: open.limits };
    let (files, route) = (field.map(input), open.route());
    Receiver { state, visit, route: &route, files }.receive(body).await
}

/// What was typed is kept, or stands in a new form.
async fn refuse(state: &HostedState, visit: &Visit, id: &str, not_taken: NotTaken) -> Response {
    let form = route(visit, id);
    let place = Place::of(&form);
    let texts = match not_taken.keep(state, visit, place).await {
        Ok(response) => return response,
        Err(texts) => texts,
    };
    match Open::of(state, visit, id).await {
        Ok(open) => {
            let (posted, ticket) = (Posted::new(texts), open.new_ticket());
            let values = open.anew(&posted, ticket, Some("form-stale"));
            again(state, visit, StatusCode::FORBIDDEN, values)
        }
        Err(problem) => keep_anew(state, visit, &problem, place, &texts).await,
    }
}

fn again(state: &HostedState, visit: &Visit, status: StatusCode, values: Value) -> Response {
    let mut response = visit.answer(state, "create.html", Ok(values));
    *response.status_mut() = status;
    response
}
