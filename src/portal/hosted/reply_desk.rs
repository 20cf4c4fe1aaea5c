//! The calls of JSM that a reply and a step of the workflow take. Must not know forms or pages.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use super::HostedState;
use super::views;
use super::visit::Visit;
use crate::audit::Kind;
use crate::config::Deployment;
use crate::domain::{CommentId, RequestKey, TransitionId};
use crate::jsm::Error;
use crate::jsm::requests::Transition;
use crate::jsm::writing::Writing;
use crate::portal::authors::Author;
use crate::portal::forms::{
    Candidate, Outcome, Refusal, RequestDesk, Sent, SubmissionKey, Ticket, tells_of_forgotten,
};
use crate::portal::gatekeeper::Acting;

/// What became of a reply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ended {
    /// It is there.
    Said,
    /// It is there; the transition could not be made.
    SaidOnly,
    /// The transition was made, with words or without.
    Moved,
    /// JSM did not take it.
    Refused,
    /// JSM no longer has the files. Nothing was sent.
    FilesForgotten,
    /// The transition is not offered any more. Nothing was sent.
    NotOffered,
    /// JSM never got it.
    NotSent,
    /// Nobody knows yet.
    Unknown,
    /// It was not found in two minutes.
    Undecided,
}

impl Ended {
    /// The name of what the page says when it is over, if it is.
    pub(super) fn said(self) -> Option<&'static str> {
        match self {
            Self::Said => Some("replied"),
            Self::SaidOnly => Some("replied-only"),
            Self::Moved => Some("moved"),
            Self::FilesForgotten
            | Self::NotOffered
            | Self::NotSent
            | Self::Refused
            | Self::Undecided
            | Self::Unknown => None,
        }
    }

    /// The text that tells what became of it, where that is not said of its files.
    pub(super) fn notice(self) -> Option<&'static str> {
        Some(match self {
            Self::FilesForgotten => return None,
            Self::Said | Self::Moved | Self::SaidOnly | Self::Refused => "reply-refused",
            Self::NotOffered => "reply-not-offered",
            Self::NotSent => "reply-not-sent",
            Self::Unknown => "reply-unknown",
            Self::Undecided => "reply-undecided",
        })
    }
}

/// A reply that is about to be sent, or a transition that is about to be made, or both.
pub(super) struct ReplyDesk<'a> {
    state: &'a HostedState,
    visit: &'a Visit,
    acting: &'a Acting<'a>,
    /// Of the form, with the files that come with the reply.
    ticket: &'a Ticket,
    writing: Option<Writing>,
    transition: Option<TransitionId>,
    /// Whether this click is the first one.
    began: AtomicBool,
    moved: AtomicBool,
    not_offered: AtomicBool,
    forgotten: AtomicBool,
}

impl<'a> ReplyDesk<'a> {
    pub(super) fn new(
        state: &'a HostedState,
        visit: &'a Visit,
        acting: &'a Acting<'a>,
        ticket: &'a Ticket,
        writing: Option<Writing>,
        transition: Option<TransitionId>,
    ) -> Self {
        Self {
            state,
            visit,
            acting,
            ticket,
            writing,
            transition,
            began: AtomicBool::default(),
            moved: AtomicBool::default(),
            not_offered: AtomicBool::default(),
            forgotten: AtomicBool::default(),
        }
    }

    /// By what it is found again.
    pub(super) fn sent(&self) -> Sent {
        Sent {
            since: self.state.clock.unix_seconds(),
            reporter: self.visit.customer.account.clone(),
            request_type: self.acting.request().request_type,
            summary: String::new(),
        }
    }

    /// What became of it, now that it is there.
    pub(super) fn ended(&self) -> Ended {
        let (began, moved) =
            (self.began.load(Ordering::Relaxed), self.moved.load(Ordering::Relaxed));
        match self.transition {
            Some(_) if moved || self.writing.is_none() => Ended::Moved,
            Some(_) if began => Ended::SaidOnly,
            // Found again: its words are there, and the page shows the status that there is.
            Some(_) | None => Ended::Said,
        }
    }

    /// The same for what JSM did not take.
    pub(super) fn refused(&self) -> Ended {
        if self.not_offered.load(Ordering::Relaxed) {
            Ended::NotOffered
        } else if self.forgotten.load(Ordering::Relaxed) {
            Ended::FilesForgotten
        } else {
            Ended::Refused
        }
    }

    fn key(&self) -> &RequestKey {
        &self.acting.request().key
    }

    /// The transition, if JSM offers it at this moment.
    async fn offered(&self, id: TransitionId) -> Result<Option<Transition>, Error> {
        let offered = self.acting.transitions(&self.visit.language).await?;
        Ok(offered.into_iter().find(|transition| transition.id == id))
    }

    async fn say(&self, writing: &Writing) -> Result<(), Outcome> {
        let customer = &self.visit.customer;
        let name = views::author_name(&customer.name);
        let author = Author { account: &customer.account, name: &name };
        let words = writing.clone().below(&author.line());
        if !self.ticket.files.is_empty() {
            self.attach(&words, author).await?;
            self.state.audit.note(self.visit.did(Kind::Attached, self.key()));
            if !writing.is_empty() {
                self.state.audit.note(self.visit.did(Kind::Commented, self.key()));
            }
            return Ok(());
        }
        let deployment = self.acting.client().deployment().await;
        let deployment = deployment.map_err(|_| Outcome::NotSent)?;
        let body = words.body(deployment);
        let (request, form) = (self.acting.request(), self.ticket.key());
        let claim = self.state.authors.claim(author, request.id, form, &body.words());
        let claim = claim.ok_or(Outcome::NotSent)?;
        self.acting.comment(&body, &claim).await.map_err(|error| {
            tracing::warn!(%error, request = %self.key(), "a comment was not taken");
            Outcome::of_failure_without_form(&error)
        })?;
        self.state.audit.note(self.visit.did(Kind::Commented, self.key()));
        Ok(())
    }

    /// With files JSM makes the comment itself: it is signed as soon as it is there, in the words that JSM has
    /// then. Its files are named in them.
    async fn attach(&self, words: &Writing, author: Author<'_>) -> Result<(), Outcome> {
        let files: Vec<_> = self.ticket.files.iter().map(|file| file.id.as_str()).collect();
        // This call of JSM's takes wiki markup in both products.
        let text = words.body(Deployment::DataCenter);
        let attached = self.acting.attach(&files, self.ticket.session(), &text).await;
        let comment = attached.map_err(|error| self.not_attached(&error))?;
        if let Err(error) = self.sign(comment, author).await {
            tracing::warn!(%error, request = %self.key(), "a comment with files has no author");
        }
        Ok(())
    }

    fn not_attached(&self, error: &Error) -> Outcome {
        let (error_text, request) = (error.without_words(), self.key());
        tracing::warn!(error = error_text, %request, "files were not attached");
        let forgotten = matches!(error, Error::Refused { status, message, .. }
            if status.is_client_error() && tells_of_forgotten(message, &self.ticket.files));
        self.forgotten.store(forgotten, Ordering::Relaxed);
        Outcome::of_failure_without_form(error)
    }

    async fn sign(&self, comment: CommentId, author: Author<'_>) -> Result<(), Error> {
        let words = self.acting.words_of(comment).await?;
        let (request, form) = (self.acting.request(), self.ticket.key());
        match self.state.authors.claim(author, request.id, form, &words) {
            Some(claim) => self.acting.client().note_author(comment, &claim).await,
            None => Ok(()),
        }
    }

    /// With words, the words are there already: they are not lost when the transition fails.
    async fn make(&self, transition: &Transition) -> Result<(), Outcome> {
        if let Err(error) = self.acting.make_transition(transition.id).await {
            tracing::warn!(%error, request = %self.key(), "a transition was not made");
            let outcome = Outcome::of_failure_without_form(&error);
            return if self.writing.is_some() { Ok(()) } else { Err(outcome) };
        }
        self.moved.store(true, Ordering::Relaxed);
        let event = self.visit.did(Kind::TransitionMade, self.key());
        self.state.audit.note(event.because(transition.id));
        if self.writing.is_none() {
            // JSM's history names the service account alone.
            let line = format!("Status changed through the portal: {}", transition.name);
            if self.say(&Writing::of_line(&line)).await.is_err() {
                tracing::warn!(request = %self.key(), "nobody reads who made a transition");
            }
        }
        Ok(())
    }

    async fn carry_out(&self) -> Result<(), Outcome> {
        let transition = match self.transition {
            None => None,
            Some(id) => match self.offered(id).await {
                Ok(Some(transition)) => Some(transition),
                Ok(None) => {
                    self.not_offered.store(true, Ordering::Relaxed);
                    return Err(Outcome::Refused(Refusal::default()));
                }
                // Nothing was sent so far.
                Err(_) => return Err(Outcome::NotSent),
            },
        };
        if let Some(writing) = &self.writing {
            self.say(writing).await?;
        }
        match transition {
            Some(transition) => self.make(&transition).await,
            None => Ok(()),
        }
    }
}

#[async_trait]
impl RequestDesk for ReplyDesk<'_> {
    async fn create(&self) -> Outcome {
        self.began.store(true, Ordering::Relaxed);
        let done = self.carry_out().await;
        done.map_or_else(|outcome| outcome, |()| Outcome::Created(self.key().clone()))
    }

    /// They may act: that was proved.
    async fn admit(&self) -> bool {
        false
    }

    /// A comment says of which form it came. A transition without words is made if it is not offered any
    /// more.
    async fn find(&self, sent: &Sent) -> Vec<Candidate> {
        let is_there = match (&self.writing, self.transition) {
            (None, Some(id)) => matches!(self.offered(id).await, Ok(None)),
            _ => self.acting.has_comment_of(self.ticket.key().as_str()).await.unwrap_or_default(),
        };
        let candidate = || Candidate {
            key: self.key().clone(),
            request_type: sent.request_type,
            summary: String::new(),
            created: sent.since,
            submission: Some(self.ticket.key().as_str().to_owned()),
        };
        is_there.then(candidate).into_iter().collect()
    }

    /// The comment has its mark from the start.
    async fn mark(&self, _: &RequestKey, _: &SubmissionKey) {}
}
