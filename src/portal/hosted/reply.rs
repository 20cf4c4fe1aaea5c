//! The reply to a request: shown as it will look, sent, and with it a step that the workflow offers. Must
//! not know how the page around it looks.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use super::HostedState;
use super::act::{ActForm, Next, Sent, answer, only};
use super::reply_desk::{Ended, ReplyDesk};
use super::request::{self, Extra};
use super::uploads::{Act, Received, Receiver, forgotten_files};
use super::visit::Visit;
use crate::domain::{JsmHtml, RequestKey, TransitionId};
use crate::jsm::writing::Writing;
use crate::portal::forms::{
    self, Creator, FieldId, FileMistake, Reading, Submissions, Ticket, Verdict, Widget,
};
use crate::portal::gatekeeper::{Acting, SeenRequest, Visible};
use crate::problem::Problem;
use crate::web::FormBody;

/// The longest reply, in characters. JSM's own limit is 32,767, and wiki markup makes a text longer.
const LONGEST: usize = 20_000;

/// The inputs of the form.
const BODY: &str = "body";
const FILES: &str = "files";

/// The form as it is shown.
pub(super) struct ReplyForm {
    ticket: Ticket,
    typed: String,
    /// What is wrong with it, by the name of a text.
    mistake: Option<&'static str>,
    of_files: Vec<FileMistake>,
    /// What was done with its files, by the name of a text.
    done: Option<&'static str>,
    /// What became of it, by the name of a text.
    notice: Option<&'static str>,
    preview: bool,
}

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
    Path((_, key)): Path<(String, String)>,
    visit: Visit,
    body: FormBody,
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

async fn sent(
    state: &HostedState,
    visit: &Visit,
    key: &str,
    body: FormBody,
) -> Result<Next, Problem> {
    let key = Visit::key(key)?;
    let Received { ticket, texts, act, mistakes } = receive(state, visit, &key, body).await?;
    let button = Button::of(&act)?;
    let typed = texts.into_iter().next().map(|(_, typed)| typed).unwrap_or_default();
    let mut again = ReplyForm { of_files: mistakes, ..ReplyForm::again(ticket, typed) };
    let acting = match button {
        Button::And(_) => visit.change(state, &key).await?,
        Button::Files(_) | Button::Preview | Button::Send => visit.act(state, &key).await?,
    };
    let ended = again.press(state, visit, &acting, button).await?;
    if let Some(said) = ended.and_then(Ended::said) {
        state.forget_kept(&again.ticket).await;
        return Ok(Next::On(format!("{}?said={said}", visit.page_of(&key))));
    }
    let request = acting.request().clone();
    drop(acting);
    let is_fine = again.preview || again.done.is_some();
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let extra = Extra { reply: Some(again), ..Extra::default() };
    Ok(Next::Again(request::values(state, visit, &request, extra).await?, status))
}

/// The form, with its files at JSM already. Nobody's turn waits for them.
async fn receive(
    state: &HostedState,
    visit: &Visit,
    key: &RequestKey,
    body: FormBody,
) -> Result<Received, Problem> {
    let uploading = state.gatekeeper.upload_for(visit.asking(), key).await;
    let uploading = visit.noting_refusal(state, key, uploading)?;
    let route = route(visit, key);
    let receiver = Receiver { state, visit, route: &route, files: Some((FILES, uploading)) };
    let form = receiver.receive(body).await.map_err(|unreceived| {
        if matches!(unreceived.problem, Problem::StaleForm) {
            visit.note_refused_form(state, "ticket");
        }
        unreceived.problem
    })?;
    let checked = only(&form.texts, |name| name == BODY);
    checked.inspect_err(|_| visit.note_refused_form(state, "inputs"))?;
    Ok(form)
}

async fn made(state: &HostedState, visit: &Visit, key: &str, body: Sent) -> Result<Next, Problem> {
    let key = Visit::key(key)?;
    let route = transition_route(visit, &key);
    let form = ActForm::read(state, visit, &route, &["transition"], body)?;
    let wrong = |_| Problem::bad_request("its form is not the portal's");
    let transition = TransitionId::parse(form.text("transition")).map_err(wrong)?;
    let acting = visit.change(state, &key).await?;
    let desk = ReplyDesk::new(state, visit, &acting, &form.ticket, None, Some(transition));
    let ended = carry_out(state, desk, &form.ticket).await?;
    let said = match ended {
        Ended::Said | Ended::SaidOnly | Ended::Moved => "moved",
        Ended::NotOffered => "not-offered",
        Ended::FilesForgotten | Ended::Refused | Ended::NotSent => "not-changed",
        Ended::Unknown | Ended::Undecided => "not-known",
    };
    Ok(Next::On(format!("{}?said={said}", visit.page_of(&key))))
}

/// Once, whatever is clicked twice.
async fn carry_out(
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
        let (mistake, of_files, done, notice) = (None, Vec::new(), None, None);
        Self { ticket, typed, mistake, of_files, done, notice, preview: false }
    }

    /// Shows it again, or sends it.
    async fn press(
        &mut self,
        state: &HostedState,
        visit: &Visit,
        acting: &Acting<'_>,
        button: Button,
    ) -> Result<Option<Ended>, Problem> {
        if let Button::Files(done) = button {
            self.done = Some(done).filter(|_| self.of_files.is_empty());
            return Ok(None);
        }
        // Before anything is made of it.
        if self.typed.chars().count() > LONGEST {
            self.mistake = Some("reply-too-long");
            return Ok(None);
        }
        let writing = Writing::read(&self.typed);
        let says_nothing = writing.is_empty() && self.ticket.files.is_empty();
        let is_preview = matches!(button, Button::Preview);
        let (writing, transition) = match button {
            Button::And(transition) if says_nothing => (None, Some(transition)),
            Button::And(transition) => (Some(writing), Some(transition)),
            Button::Files(_) | Button::Preview | Button::Send => (Some(writing), None),
        };
        self.mistake = writing.as_ref().and_then(|writing| self.mistake_in(writing, is_preview));
        let is_wrong = self.mistake.is_some() || !self.of_files.is_empty();
        self.preview = is_preview && !is_wrong;
        if is_preview || is_wrong {
            return Ok(None);
        }
        let desk = ReplyDesk::new(state, visit, acting, &self.ticket, writing, transition);
        let ended = carry_out(state, desk, &self.ticket).await?;
        self.not_sent(state, ended);
        Ok(Some(ended))
    }

    /// The form as it is shown again, unless it is over.
    fn not_sent(&mut self, state: &HostedState, ended: Ended) {
        self.notice = ended.notice();
        match ended {
            Ended::FilesForgotten => {
                let forgotten = std::mem::take(&mut self.ticket.files);
                self.of_files.extend(forgotten_files(&forgotten));
            }
            // Whether to send it once more is theirs to decide.
            Ended::Undecided => self.ticket = state.tickets.renew(self.ticket.clone()),
            Ended::Moved
            | Ended::NotOffered
            | Ended::NotSent
            | Ended::Refused
            | Ended::Said
            | Ended::SaidOnly
            | Ended::Unknown => {}
        }
    }

    /// Files need no words, and there is nothing of them to preview.
    fn mistake_in(&self, writing: &Writing, is_preview: bool) -> Option<&'static str> {
        let needs_words = is_preview || self.ticket.files.is_empty();
        (writing.is_empty() && needs_words).then_some("reply-empty")
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
        let wrong = self.mistake.map(|name| {
            context! {
                control => "body",
                mistake => context! { said => (), name => name, arguments => limit },
            }
        });
        let files = self.file_field(state, visit);
        let at_files = files.get_attr("mistakes").ok();
        let at_files = at_files.and_then(|all| all.try_iter().ok()).into_iter().flatten();
        let transition = transition_route(visit, &request.key);
        let identity = &visit.entered.session().identity;
        context! {
            route => self.ticket.route(),
            draft => self.ticket.draft_name(),
            ticket => state.tickets.seal(&self.ticket),
            typed => self.typed.as_str(),
            wrong => wrong.clone(),
            mistakes => wrong.into_iter().chain(at_files).collect::<Vec<_>>(),
            files => files.get_attr("fields").and_then(|all| all.get_item_by_index(0)).ok(),
            done => self.done,
            notice => self.notice,
            look_again => self.notice == Ended::Unknown.notice(),
            preview => self.preview.then(|| html(&Writing::read(&self.typed).html())),
            transition_route => transition.as_str(),
            transition_ticket => state.tickets.seal(&state.tickets.issue(identity, &transition)),
        }
    }

    /// What the macros of `fields.html` take of the field for files.
    fn file_field(&self, state: &HostedState, visit: &Visit) -> Value {
        let locale = state.locale(&visit.caller.preferences);
        let (files, limits) = (&self.ticket.files, state.file_limits());
        let reading = Reading { locale: &locale, files, limits };
        let widget =
            FieldId::parse(FILES).map(|id| Widget::of_files(id, self.of_files.clone(), &reading));
        forms::values(widget.as_slice(), &[], &locale)
    }
}
