//! The reply to a request: shown as it will look, sent, and with it a step that the workflow offers. Must
//! not know how the page around it looks.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use super::HostedState;
use super::act::{ActForm, Sent};
use super::reply_desk::{Ended, ReplyDesk};
use super::request::{self, Extra};
use super::visit::Visit;
use crate::domain::{JsmHtml, RequestKey, TransitionId};
use crate::jsm::writing::Writing;
use crate::portal::forms::{Creator, SubmissionKey, Submissions, Ticket, Verdict};
use crate::portal::gatekeeper::{Acting, SeenRequest, Visible};
use crate::problem::Problem;

/// The longest reply, in characters. JSM's own limit is 32,767, and wiki markup makes a text longer.
const LONGEST: usize = 20_000;

/// The inputs of the form.
const INPUTS: [&str; 2] = ["body", "act"];

/// The form as it is shown.
pub(super) struct ReplyForm {
    ticket: Ticket,
    typed: String,
    /// What is wrong with it, by the name of a text.
    mistake: Option<&'static str>,
    /// What became of it, by the name of a text.
    notice: Option<&'static str>,
    preview: bool,
}

/// Which button was pressed.
enum Button {
    Preview,
    Send,
    /// Send, and make a transition.
    And(TransitionId),
}

/// Where a form that was sent leads.
pub(super) enum Next {
    /// To an address.
    On(String),
    /// To the same page again.
    Again(Value, StatusCode),
}

/// `POST /p/{link}/{key}/comment`
pub(super) async fn send(
    State(state): State<HostedState>,
    Path((_, key)): Path<(String, String)>,
    visit: Visit,
    body: Sent,
) -> Response {
    let next = sent(&state, &visit, &key, body).await;
    answer(&state, &visit, next)
}

/// `POST /p/{link}/{key}/transition`: without words.
pub(super) async fn make_transition(
    State(state): State<HostedState>,
    Path((_, key)): Path<(String, String)>,
    visit: Visit,
    body: Sent,
) -> Response {
    let next = made(&state, &visit, &key, body).await;
    answer(&state, &visit, next)
}

/// The page that a form leads to.
pub(super) fn answer(state: &HostedState, visit: &Visit, next: Result<Next, Problem>) -> Response {
    match next {
        Ok(Next::On(address)) => state.pages.see_other(&address),
        Ok(Next::Again(values, status)) => {
            let mut response = visit.answer(state, "request.html", Ok(values));
            *response.status_mut() = status;
            response
        }
        Err(problem) => state.pages.tell(&problem, &visit.caller),
    }
}

async fn sent(state: &HostedState, visit: &Visit, key: &str, body: Sent) -> Result<Next, Problem> {
    let key = Visit::key(key)?;
    let form = ActForm::read(state, visit, &route(visit, &key), &INPUTS, body)?;
    let button = Button::read(form.text("act"))?;
    let typed = form.text("body").to_owned();
    let mut again = ReplyForm::again(form.ticket, typed);
    let acting = match button {
        Button::And(_) => visit.change(state, &key).await?,
        Button::Preview | Button::Send => visit.act(state, &key).await?,
    };
    let ended = again.press(state, visit, &acting, button).await?;
    if let Some(said) = ended.and_then(Ended::said) {
        return Ok(Next::On(format!("{}?said={said}", visit.page_of(&key))));
    }
    let request = acting.request().clone();
    drop(acting);
    let status = if again.preview { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let extra = Extra { reply: Some(again), ..Extra::default() };
    Ok(Next::Again(request::values(state, visit, &request, extra).await?, status))
}

async fn made(state: &HostedState, visit: &Visit, key: &str, body: Sent) -> Result<Next, Problem> {
    let key = Visit::key(key)?;
    let route = transition_route(visit, &key);
    let form = ActForm::read(state, visit, &route, &["transition"], body)?;
    let wrong = |_| Problem::bad_request("its form is not the portal's");
    let transition = TransitionId::parse(form.text("transition")).map_err(wrong)?;
    let acting = visit.change(state, &key).await?;
    let form = form.ticket.key();
    let desk = ReplyDesk::new(state, visit, &acting, form, None, Some(transition));
    let ended = carry_out(state, desk, form).await?;
    let said = match ended {
        Ended::Said | Ended::SaidOnly | Ended::Moved => "moved",
        Ended::NotOffered => "not-offered",
        Ended::Refused | Ended::NotSent => "not-changed",
        Ended::Unknown | Ended::Undecided => "not-known",
    };
    Ok(Next::On(format!("{}?said={said}", visit.page_of(&key))))
}

/// Once, whatever is clicked twice.
async fn carry_out(
    state: &HostedState,
    desk: ReplyDesk<'_>,
    form: &SubmissionKey,
) -> Result<Ended, Problem> {
    let submissions = Submissions::new(state.records.clone(), state.clock.clone());
    let sent = desk.sent();
    let creator = Creator { submissions, desk, clock: state.clock.clone() };
    let verdict = creator.submit(form, sent).await.map_err(|error| {
        tracing::error!(%error, "a reply was not sent: it cannot be noted");
        Problem::SessionsUnavailable
    })?;
    Ok(match verdict {
        Verdict::Created(_) => creator.desk.ended(),
        Verdict::Refused(_) => creator.desk.refused(),
        Verdict::NotSent => Ended::NotSent,
        Verdict::Unknown => Ended::Unknown,
        Verdict::Undecided => Ended::Undecided,
    })
}

/// Where the form is sent to.
fn route(visit: &Visit, key: &RequestKey) -> String {
    format!("{}/comment", visit.page_of(key))
}

/// Where the form of a transition without words is sent to.
fn transition_route(visit: &Visit, key: &RequestKey) -> String {
    format!("{}/transition", visit.page_of(key))
}

impl Button {
    /// A form that is sent without pressing a button is meant to be sent.
    fn read(text: &str) -> Result<Self, Problem> {
        let wrong = |_| Problem::bad_request("its form is not the portal's");
        match text {
            "preview" => Ok(Self::Preview),
            "" | "send" => Ok(Self::Send),
            id => TransitionId::parse(id).map(Self::And).map_err(wrong),
        }
    }
}

impl ReplyForm {
    /// An empty one.
    pub(super) fn first(state: &HostedState, visit: &Visit, key: &RequestKey) -> Self {
        let identity = &visit.entered.session().identity;
        Self::again(state.tickets.issue(identity, &route(visit, key)), String::new())
    }

    /// What the customer typed before, and could not send because their login had ended.
    pub(super) async fn kept(state: &HostedState, visit: &Visit, key: &RequestKey) -> Option<Self> {
        let identity = &visit.entered.session().identity;
        let kept = state.kept.take(identity, &route(visit, key)).await;
        let kept = kept.unwrap_or_else(|error| {
            tracing::warn!(%error, "what was typed before cannot be read");
            None
        })?;
        let (_, typed) = kept.texts.into_iter().find(|(name, _)| name == "body")?;
        Some(Self { notice: Some("kept-shown"), ..Self::again(kept.ticket, typed) })
    }

    fn again(ticket: Ticket, typed: String) -> Self {
        Self { ticket, typed, mistake: None, notice: None, preview: false }
    }

    /// Shows it again, or sends it.
    async fn press(
        &mut self,
        state: &HostedState,
        visit: &Visit,
        acting: &Acting<'_>,
        button: Button,
    ) -> Result<Option<Ended>, Problem> {
        let writing = Writing::read(&self.typed);
        let is_preview = matches!(button, Button::Preview);
        let (writing, transition) = match button {
            Button::And(transition) if writing.is_empty() => (None, Some(transition)),
            Button::And(transition) => (Some(writing), Some(transition)),
            Button::Preview | Button::Send => (Some(writing), None),
        };
        self.mistake = writing.as_ref().and_then(|writing| self.mistake_in(writing));
        self.preview = is_preview && self.mistake.is_none();
        if is_preview || self.mistake.is_some() {
            return Ok(None);
        }
        let desk = ReplyDesk::new(state, visit, acting, self.ticket.key(), writing, transition);
        let ended = carry_out(state, desk, self.ticket.key()).await?;
        self.notice = Some(ended.notice());
        if ended == Ended::Undecided {
            // Whether to send it once more is theirs to decide.
            let identity = &visit.entered.session().identity;
            self.ticket = state.tickets.issue(identity, self.ticket.route());
        }
        Ok(Some(ended))
    }

    fn mistake_in(&self, writing: &Writing) -> Option<&'static str> {
        if writing.is_empty() {
            Some("reply-empty")
        } else {
            (self.typed.chars().count() > LONGEST).then_some("reply-too-long")
        }
    }

    /// For the template. `html` makes JSM's HTML fit for the page.
    pub(super) fn value(
        &self,
        state: &HostedState,
        visit: &Visit,
        request: &Visible<SeenRequest>,
        html: impl Fn(&JsmHtml) -> Value,
    ) -> Value {
        let limit = context! { limit => LONGEST, count => self.typed.chars().count() };
        let mistake = self.mistake.map(|name| {
            context! {
                control => "body",
                mistake => context! { said => (), name => name, arguments => limit },
            }
        });
        let transition = transition_route(visit, &request.key);
        let identity = &visit.entered.session().identity;
        context! {
            route => self.ticket.route(),
            draft => self.ticket.draft_name(),
            ticket => state.tickets.seal(&self.ticket),
            typed => self.typed.as_str(),
            mistakes => mistake.into_iter().collect::<Vec<_>>(),
            notice => self.notice,
            look_again => self.notice == Some(Ended::Unknown.notice()),
            preview => self.preview.then(|| html(&Writing::read(&self.typed).html())),
            transition_route => transition.as_str(),
            transition_ticket => state.tickets.seal(&state.tickets.issue(identity, &transition)),
        }
    }
}
