//! The form of a reply as the page shows it. Must not know what becomes of it once it is sent.

use minijinja::{Value, context};

use super::super::HostedState;
use super::super::keep::NotTaken;
use super::super::uploads::forgotten_files;
use super::super::visit::Visit;
use super::ended::Ended;
use crate::domain::{JsmHtml, RequestKey};
use crate::jsm::writing::Writing;
use crate::portal::forms::{self, FieldId, FileLimits, FileMistake, Reading, Ticket, Widget};
use crate::problem::Problem;

/// The inputs of the form.
pub(super) const BODY: &str = "body";
pub(super) const FILES: &str = "files";

/// The longest reply, in characters. JSM's own limit is 32,767, and wiki markup makes a text longer.
pub(in crate::portal::hosted) const LONGEST: usize = 20_000;

pub(super) const TOO_LONG: &str = "reply-too-long";

/// The form as it is shown.
#[derive(Clone)]
pub(in crate::portal::hosted) struct ReplyForm {
    pub(super) ticket: Ticket,
    pub(super) typed: String,
    /// What is wrong with it, by the name of a text.
    pub(super) mistake: Option<&'static str>,
    pub(super) of_files: Vec<FileMistake>,
    /// What was done with its files, by the name of a text.
    pub(super) done: Option<&'static str>,
    /// What became of it, by the name of a text.
    pub(super) notice: Option<&'static str>,
    pub(super) preview: bool,
}

impl ReplyForm {
    /// An empty one.
    pub(in crate::portal::hosted) fn first(
        state: &HostedState,
        visit: &Visit,
        key: &RequestKey,
    ) -> Self {
        Self::again(visit.new_ticket(state, &route(visit, key)), String::new())
    }

    /// What the customer typed before, and could not send.
    pub(in crate::portal::hosted) async fn kept(
        state: &HostedState,
        visit: &Visit,
        key: &RequestKey,
    ) -> Option<Self> {
        let (ticket, typed) = state.take_kept_text(visit, &route(visit, key), BODY).await?;
        Some(Self { notice: Some("kept-shown"), ..Self::again(ticket, typed) })
    }

    /// It could not be shown.
    pub(in crate::portal::hosted) async fn keep_again(&self, state: &HostedState) {
        state.keep_again(&self.ticket, BODY, &self.typed).await;
    }

    /// With what was typed for a step that is not offered any more.
    pub(in crate::portal::hosted) fn not_offered(
        state: &HostedState,
        visit: &Visit,
        key: &RequestKey,
        typed: String,
    ) -> Self {
        let notice = Ended::NotOffered.notice();
        Self { typed, notice, ..Self::first(state, visit, key) }
    }

    /// A new one with what was typed into one that is not taken any more.
    pub(super) fn stale(
        state: &HostedState,
        visit: &Visit,
        key: &RequestKey,
        typed: String,
    ) -> Self {
        Self { typed, notice: Some("form-stale"), ..Self::first(state, visit, key) }
    }

    /// One that was sent.
    pub(super) fn again(ticket: Ticket, typed: String) -> Self {
        let (mistake, of_files, done, notice) = (None, Vec::new(), None, None);
        Self { ticket, typed, mistake, of_files, done, notice, preview: false }
    }

    /// It led nowhere.
    pub(super) fn not_taken(&self, problem: Problem) -> Box<NotTaken> {
        let texts = vec![(BODY.to_owned(), self.typed.clone())];
        Box::new(NotTaken { problem, ticket: Ok(self.ticket.clone()), texts })
    }

    /// The form as it is shown again, unless it is over.
    pub(super) fn not_sent(&mut self, state: &HostedState, ended: Ended) {
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
            | Ended::SaidAtLeast
            | Ended::SaidOnly
            | Ended::Unknown => {}
        }
    }

    /// Whether it has more characters than a reply may have.
    pub(super) fn is_too_long(&self) -> bool {
        characters(&self.typed) > LONGEST
    }

    /// Whether nothing was typed, and no file came.
    pub(super) fn is_empty(&self) -> bool {
        self.typed.trim().is_empty() && self.ticket.files.is_empty() && self.of_files.is_empty()
    }

    /// Files need no words, and there is nothing of them to preview.
    pub(super) fn mistake_in(&self, writing: &Writing, is_preview: bool) -> Option<&'static str> {
        let needs_words = is_preview || self.ticket.files.is_empty();
        (writing.is_empty() && needs_words).then_some("reply-empty")
    }

    /// For the template. `html` makes JSM's HTML fit for the page.
    pub(in crate::portal::hosted) fn value(
        &self,
        state: &HostedState,
        visit: &Visit,
        (limits, html): (FileLimits, impl Fn(&JsmHtml) -> Value),
    ) -> Value {
        let wrong = self.mistake.map(|name| mistake(name, &self.typed));
        let files = self.file_field(state, visit, limits);
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
    fn file_field(&self, state: &HostedState, visit: &Visit, limits: FileLimits) -> Value {
        let locale = state.locale(&visit.caller.preferences);
        let reading = Reading { locale: &locale, files: &self.ticket.files, limits };
        // Where Jira takes no files there is nothing to choose.
        let id = FieldId::parse(FILES).filter(|_| limits.bytes > 0);
        let widget = id.map(|id| Widget::of_files(id, self.of_files.clone(), &reading));
        forms::values(widget.as_slice(), &[], &locale)
    }
}

/// Where the form is sent to.
pub(super) fn route(visit: &Visit, key: &RequestKey) -> String {
    format!("{}/comment", visit.page_of(key))
}

/// Characters of a text as JSM counts them: UTF-16 units, and one for the end of a line.
pub(in crate::portal::hosted) fn characters(typed: &str) -> usize {
    typed.encode_utf16().count() - typed.matches("\r\n").count()
}

/// The mistake of a text that is too long, for the template.
pub(in crate::portal::hosted) fn too_long(typed: &str) -> Value {
    mistake(TOO_LONG, typed)
}

fn mistake(name: &str, typed: &str) -> Value {
    let arguments = context! { limit => LONGEST, count => characters(typed) };
    context! {
        control => BODY,
        mistake => context! { said => (), name => name, arguments => arguments },
    }
}
