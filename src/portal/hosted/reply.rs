//! The reply to a request: shown as it will look, sent, and with it a step that the workflow offers. Must not
//! know how the page around it looks.

mod desk;
mod ended;
pub(super) mod form;
mod found;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

pub(super) use self::desk::ReplyDesk;
pub(super) use self::ended::Ended;
use self::form::{BODY, FILES, ReplyForm, TOO_LONG, route};
use super::HostedState;
use super::act::{Next, answer, receive};
use super::keep::{NotTaken, Place, keep_anew, of_outsider};
use super::request::{self, Extra};
use super::sent_form::Unreceived;
use super::uploads::{Act, FileInput, Received, Receiver};
use super::visit::{NoVisit, Visit};
use crate::domain::{RequestKey, TransitionId};
use crate::jsm::writing::Writing;
use crate::portal::forms::{Creator, Submissions, Ticket, Verdict};
use crate::portal::gatekeeper::Acting;
use crate::problem::Problem;
use crate::web::FormBody;

/// Which button was pressed.
enum Button {
    /// Only to have other files, as this text says.
    Files(&'static str),
    Preview,
    Send,
    /// Send, and make a transition.
    And(TransitionId),
}

/// `POST /p/{link}/{key}/comment`
pub(super) async fn send(
    State(state): State<HostedState>,
    Path((link, key)): Path<(String, String)>,
    visit: Result<Visit, NoVisit>,
    body: FormBody,
) -> Response {
    let visit = match visit {
        Ok(visit) => visit,
        Err(refused) => {
            let page = format!("/p/{link}/{key}");
            let place = Place { route: &format!("{page}/comment"), page: &page };
            return of_outsider(&state, refused, body, place).await;
        }
    };
    let key = match Visit::key(&key) {
        Ok(key) => key,
        Err(problem) => return state.pages.tell(&problem, &visit.caller),
    };
    match sent(&state, &visit, &key, body).await {
        Ok(next) => answer(&state, &visit, Ok(next)),
        Err(not_taken) => refuse(&state, &visit, &key, *not_taken).await,
    }
}

async fn sent(
    state: &HostedState,
    visit: &Visit,
    key: &RequestKey,
    body: FormBody,
) -> Result<Next, Box<NotTaken>> {
    let route = route(visit, key);
    // Nobody's turn waits for the files.
    let uploading = state.gatekeeper.upload_for(visit.asking(), key).await;
    let uploading = match visit.noting_refusal(state, key, uploading) {
        Ok(uploading) => uploading,
        Err(problem) => {
            let unreceived = Unreceived::of(problem, body).await;
            return Err(NotTaken::of(unreceived, state, visit, &route));
        }
    };
    let files = FileInput { name: FILES, uploading, limits: state.file_limits().await };
    let receiver = Receiver { state, visit, route: &route, files: Some(files) };
    let Received { ticket, texts, act, mistakes } = receive(receiver, BODY, body).await?;
    let mut form = ReplyForm { of_files: mistakes, ..ReplyForm::again(ticket, typed(texts)) };
    let next = acted(state, visit, key, &mut form, &act).await;
    next.map_err(|problem| form.not_taken(problem))
}

/// Does what the form was sent for.
async fn acted(
    state: &HostedState,
    visit: &Visit,
    key: &RequestKey,
    form: &mut ReplyForm,
    act: &Act,
) -> Result<Next, Problem> {
    let button = Button::of(act)?;
    if let Button::And(id) = button
        && form.is_empty()
    {
        return Ok(Next::On(visit.page_of_step(key, id)));
    }
    let acting = match button {
        Button::And(_) => visit.change(state, key).await?,
        Button::Files(_) | Button::Preview | Button::Send => visit.act(state, key).await?,
    };
    let ended = press(state, visit, &acting, form, button).await?;
    if let Some(said) = ended.and_then(Ended::said) {
        state.forget_kept(&form.ticket).await;
        return Ok(Next::said(visit, key, said));
    }
    let request = acting.request().clone();
    drop(acting);
    let is_fine = form.preview || form.done.is_some();
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let extra = Extra { reply: Some(form.clone()), ..Extra::default() };
    let values = request::values(state, visit, &request, extra).await?;
    Ok(Next::Again { template: "request.html", values, status })
}

/// Prepares the form to be shown again, or sends it.
async fn press(
    state: &HostedState,
    visit: &Visit,
    acting: &Acting<'_>,
    form: &mut ReplyForm,
    button: Button,
) -> Result<Option<Ended>, Problem> {
    if let Button::Files(done) = button {
        form.done = Some(done).filter(|_| form.of_files.is_empty());
        return Ok(None);
    }
    // Before anything is made of it.
    if form.is_too_long() {
        form.mistake = Some(TOO_LONG);
        return Ok(None);
    }
    let writing = Writing::read(&form.typed);
    let is_preview = matches!(button, Button::Preview);
    let transition = match button {
        Button::And(transition) => Some(transition),
        Button::Files(_) | Button::Preview | Button::Send => None,
    };
    form.mistake = form.mistake_in(&writing, is_preview);
    let is_wrong = form.mistake.is_some() || !form.of_files.is_empty();
    form.preview = is_preview && !is_wrong;
    if is_preview || is_wrong {
        return Ok(None);
    }
    let desk = ReplyDesk::new(state, visit, acting, &form.ticket, Some(writing), transition);
    let ended = carry_out(state, desk, &form.ticket).await?;
    form.not_sent(state, ended);
    Ok(Some(ended))
}

/// What was typed is kept, or stands in a new form.
async fn refuse(
    state: &HostedState,
    visit: &Visit,
    key: &RequestKey,
    not_taken: NotTaken,
) -> Response {
    let (route, page) = (route(visit, key), visit.page_of(key));
    let place = Place { route: &route, page: &page };
    let texts = match not_taken.keep(state, visit, place).await {
        Ok(response) => return response,
        Err(texts) => texts,
    };
    let form = ReplyForm::stale(state, visit, key, typed(texts.clone()));
    match shown_again(state, visit, key, form).await {
        Ok(next) => answer(state, visit, Ok(next)),
        Err(problem) => keep_anew(state, visit, &problem, place, &texts).await,
    }
}

async fn shown_again(
    state: &HostedState,
    visit: &Visit,
    key: &RequestKey,
    form: ReplyForm,
) -> Result<Next, Problem> {
    let request = state.gatekeeper.request(visit.asking(), key).await?;
    let extra = Extra { reply: Some(form), ..Extra::default() };
    let values = request::values(state, visit, &request, extra).await?;
    Ok(Next::Again { template: "request.html", values, status: StatusCode::FORBIDDEN })
}

/// Once, whatever is clicked twice.
pub(super) async fn carry_out(
    state: &HostedState,
    desk: ReplyDesk<'_>,
    ticket: &Ticket,
) -> Result<Ended, Problem> {
    let submissions = Submissions::new(state.records.clone(), state.clock.clone());
    let sent = desk.sent();
    let creator = Creator { submissions, desk, clock: state.clock.clone() };
    let verdict = creator.submit(ticket.key(), sent).await.map_err(|error| {
        tracing::error!(%error, "a reply was not sent: it cannot be noted");
        Problem::SessionsUnavailable
    })?;
    Ok(match verdict {
        Verdict::Created(_) => creator.desk.ended().await,
        Verdict::Refused(_) => creator.desk.refused(),
        Verdict::NotSent => Ended::NotSent,
        Verdict::Unknown => Ended::Unknown,
        Verdict::Undecided => Ended::Undecided,
    })
}

/// What was typed, of the texts of a form.
fn typed(texts: Vec<(String, String)>) -> String {
    texts.into_iter().find(|(name, _)| name == BODY).map(|(_, typed)| typed).unwrap_or_default()
}

impl Button {
    /// A form that is sent without pressing a button is meant to be sent.
    fn of(act: &Act) -> Result<Self, Problem> {
        let wrong = |_| Problem::bad_request("its form is not the portal's");
        let text = match act {
            Act::Upload => return Ok(Self::Files("form-files-uploaded")),
            Act::Remove => return Ok(Self::Files("form-file-removed")),
            Act::Submit(text) => text.as_str(),
        };
        match text {
            "preview" => Ok(Self::Preview),
            "" | "send" => Ok(Self::Send),
            id => TransitionId::parse(id).map(Self::And).map_err(wrong),
        }
    }
}
