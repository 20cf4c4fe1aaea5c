//! The reply to a request: shown as it will look, sent, and with it a step that the workflow offers. Must
//! not know how the page around it looks.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use super::HostedState;
use super::act::{Next, answer, receive};
use super::reply_desk::{Ended, ReplyDesk};
use super::request::{self, Extra};
use super::transition;
use super::uploads::{Act, Received, Receiver, forgotten_files};
use super::visit::Visit;
use crate::domain::{JsmHtml, RequestKey, TransitionId};
use crate::jsm::writing::Writing;
use crate::portal::forms::{
    self, Creator, FieldId, FileMistake, Reading, Submissions, Ticket, Verdict, Widget,
};
use crate::portal::gatekeeper::Acting;
use crate::problem::Problem;
use crate::web::FormBody;

/// The longest reply, in characters. JSM's own limit is 32,767, and wiki markup makes a text longer.
pub(super) const LONGEST: usize = 20_000;

/// The inputs of the form.
const BODY: &str = "body";
const FILES: &str = "files";

const TOO_LONG: &str = "reply-too-long";

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

async fn sent(
    state: &HostedState,
    visit: &Visit,
    key: &str,
    body: FormBody,
) -> Result<Next, Problem> {
    let key = Visit::key(key)?;
    // Nobody's turn waits for the files.
    let uploading = state.gatekeeper.upload_for(visit.asking(), &key).await;
    let uploading = visit.noting_refusal(state, &key, uploading)?;
    let route = route(visit, &key);
    let receiver = Receiver { state, visit, route: &route, files: Some((FILES, uploading)) };
    let Received { ticket, texts, act, mistakes } = receive(receiver, BODY, body).await?;
    let button = Button::of(&act)?;
    let typed = texts.into_iter().next().map(|(_, typed)| typed).unwrap_or_default();
    if let Button::And(id) = button
        && typed.trim().is_empty()
        && ticket.files.is_empty()
        && mistakes.is_empty()
    {
        return Ok(Next::On(transition::address(&visit.page_of(&key), id)));
    }
    let mut again = ReplyForm { of_files: mistakes, ..ReplyForm::again(ticket, typed) };
    let acting = match button {
        Button::And(_) => visit.change(state, &key).await?,
        Button::Files(_) | Button::Preview | Button::Send => visit.act(state, &key).await?,
    };
    let ended = again.press(state, visit, &acting, button).await?;
    if let Some(said) = ended.and_then(Ended::said) {
        state.forget_kept(&again.ticket).await;
        return Ok(Next::said(visit, &key, said));
    }
    let request = acting.request().clone();
    drop(acting);
    let is_fine = again.preview || again.done.is_some();
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let extra = Extra { reply: Some(again), ..Extra::default() };
    let values = request::values(state, visit, &request, extra).await?;
    Ok(Next::Again { template: "request.html", values, status })
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

/// Characters of a text as JSM counts them: UTF-16 units, and one for the end of a line.
pub(super) fn characters(typed: &str) -> usize {
    typed.encode_utf16().count() - typed.matches("\r\n").count()
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
        let (ticket, typed) = state.take_kept_text(visit, &route(visit, key), BODY).await?;
        Some(Self { notice: Some("kept-shown"), ..Self::again(ticket, typed) })
    }

    /// With what was typed for a step that is not offered any more.
    pub(super) fn not_offered(
        state: &HostedState,
        visit: &Visit,
        key: &RequestKey,
        typed: String,
    ) -> Self {
        let notice = Ended::NotOffered.notice();
        Self { typed, notice, ..Self::first(state, visit, key) }
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
        if characters(&self.typed) > LONGEST {
            self.mistake = Some(TOO_LONG);
            return Ok(None);
        }
        let writing = Writing::read(&self.typed);
        let is_preview = matches!(button, Button::Preview);
        let transition = match button {
            Button::And(transition) => Some(transition),
            Button::Files(_) | Button::Preview | Button::Send => None,
        };
        self.mistake = self.mistake_in(&writing, is_preview);
        let is_wrong = self.mistake.is_some() || !self.of_files.is_empty();
        self.preview = is_preview && !is_wrong;
        if is_preview || is_wrong {
            return Ok(None);
        }
        let desk = ReplyDesk::new(state, visit, acting, &self.ticket, Some(writing), transition);
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
        html: impl Fn(&JsmHtml) -> Value,
    ) -> Value {
        let wrong = self.mistake.map(|name| mistake(name, &self.typed));
        let files = self.file_field(state, visit);
        let at_files = files.get_attr("mistakes").ok();
        let at_files = at_files.and_then(|all| all.try_iter().ok()).into_iter().flatten();
        context! {
            route => self.ticket.route(),
            draft => self.ticket.draft_name(),
            ticket => state.tickets.seal(&self.ticket),
            typed => self.typed.as_str(),
            limit => LONGEST,
            wrong => wrong.clone(),
            mistakes => wrong.into_iter().chain(at_files).collect::<Vec<_>>(),
            files => files.get_attr("fields").and_then(|all| all.get_item_by_index(0)).ok(),
            done => self.done,
            notice => self.notice,
            look_again => self.notice == Ended::Unknown.notice(),
            preview => self.preview.then(|| html(&Writing::read(&self.typed).html())),
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

/// What is wrong with a text, for the template.
fn mistake(name: &str, typed: &str) -> Value {
    let arguments = context! { limit => LONGEST, count => characters(typed) };
    context! {
        control => BODY,
        mistake => context! { said => (), name => name, arguments => arguments },
    }
}

/// The mistake of a text that is too long.
pub(super) fn too_long(typed: &str) -> Value {
    mistake(TOO_LONG, typed)
}
