//! The calls of JSM that a reply and a step of the workflow take. Must not know forms or pages.

use std::sync::OnceLock;

use async_trait::async_trait;

use super::super::visit::Visit;
use super::super::{HostedState, views};
use super::ended::Ended;
use super::found::Found;
use crate::audit::Kind;
use crate::config::Deployment;
use crate::domain::{CommentId, RequestKey, TransitionId};
use crate::jsm::Error;
use crate::jsm::requests::Transition;
use crate::jsm::writing::Writing;
use crate::portal::authors::Author;
use crate::portal::forms::{
    Candidate, NameAndSize, Outcome, Refusal, RequestDesk, Sent, SubmissionKey, Ticket,
    tells_of_forgotten,
};
use crate::portal::gatekeeper::Acting;
use crate::problem::Problem;

/// A reply that is about to be sent, or a transition that is about to be made, or both.
pub(in crate::portal::hosted) struct ReplyDesk<'a> {
    state: &'a HostedState,
    visit: &'a Visit,
    acting: &'a Acting<'a>,
    /// Of the form, with the files that come with the reply.
    ticket: &'a Ticket,
    writing: Option<Writing>,
    transition: Option<TransitionId>,
    /// What became of it, as far as this click knows more than that it is there or was refused.
    known: OnceLock<Ended>,
    /// The comment, if it was looked for and found.
    found: OnceLock<Found>,
}

impl<'a> ReplyDesk<'a> {
    pub(in crate::portal::hosted) fn new(
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
            known: OnceLock::new(),
            found: OnceLock::new(),
        }
    }

    /// By what it is found again.
    pub(in crate::portal::hosted) fn sent(&self) -> Sent {
        Sent {
            since: self.state.clock.unix_seconds(),
            reporter: self.visit.customer.account.clone(),
            request_type: self.acting.request().request_type,
            summary: String::new(),
            files: NameAndSize::sorted(
                self.ticket
                    .files
                    .iter()
                    .map(|file| NameAndSize { name: file.name.clone(), size: file.size }),
            ),
        }
    }

    /// What became of it, now that it is there.
    pub(in crate::portal::hosted) async fn ended(&self) -> Ended {
        match (self.known.get(), self.transition) {
            (Some(known), _) => *known,
            (None, None) => Ended::Said,
            (None, Some(_)) if self.writing.is_none() => Ended::Moved,
            // Another click said it, and how far that one came, JSM shows: what is not offered any more was done.
            (None, Some(id)) => match self.offered(id).await {
                Ok(None) => Ended::Moved,
                Ok(Some(_)) | Err(_) => Ended::SaidAtLeast,
            },
        }
    }

    /// The same for what JSM did not take.
    pub(in crate::portal::hosted) fn refused(&self) -> Ended {
        self.known.get().copied().unwrap_or(Ended::Refused)
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
        let name = self.author_name();
        let author = self.author(&name);
        let words = writing.clone().below(&author.line());
        if !self.ticket.files.is_empty() {
            return self.attach(&words, author).await;
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
        })
    }

    fn author_name(&self) -> String {
        views::author_name(&self.visit.customer.name)
    }

    fn author<'n>(&'n self, name: &'n str) -> Author<'n> {
        Author { account: &self.visit.customer.account, name }
    }

    /// With files JSM makes the comment itself: it is signed as soon as it is there, in the words that JSM has
    /// then. Its files are named in them.
    async fn attach(&self, words: &Writing, author: Author<'_>) -> Result<(), Outcome> {
        let files: Vec<_> = self.ticket.files.iter().map(|file| file.id.as_str()).collect();
        // This call of JSM's takes wiki markup in both products.
        let text = words.body(Deployment::DataCenter);
        let attached = self.acting.attach(&files, self.ticket.session(), &text).await;
        let comment = attached.map_err(|error| self.not_attached(&error))?;
        self.sign(comment, author).await;
        Ok(())
    }

    fn not_attached(&self, error: &Error) -> Outcome {
        let (error_text, request) = (error.without_words(), self.key());
        tracing::warn!(error = error_text, %request, "files were not attached");
        let forgotten = matches!(error, Error::Refused { status, message, .. }
            if status.is_client_error() && tells_of_forgotten(message, &self.ticket.files));
        if forgotten {
            let _ = self.known.set(Ended::FilesForgotten);
        }
        Outcome::of_failure_without_form(error)
    }

    async fn sign(&self, comment: CommentId, author: Author<'_>) {
        if let Err(error) = self.try_to_sign(comment, author).await {
            tracing::warn!(%error, request = %self.key(), "a comment with files has no author");
        }
    }

    async fn try_to_sign(&self, comment: CommentId, author: Author<'_>) -> Result<(), Error> {
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
            tracing::warn!(%error, request = %self.key(), "a transition failed");
            let outcome = Outcome::of_failure_without_form(&error);
            if self.writing.is_none() {
                return Err(outcome);
            }
            // As where there are no words: what is not offered any more was done.
            match outcome {
                Outcome::Lost => match self.offered(transition.id).await {
                    Ok(None) => self.moved(transition.id),
                    Ok(Some(_)) | Err(_) => drop(self.known.set(Ended::SaidAtLeast)),
                },
                _ => drop(self.known.set(Ended::SaidOnly)),
            }
            return Ok(());
        }
        self.moved(transition.id);
        if self.writing.is_none() {
            // JSM's history names the service account alone.
            let line = format!("Status changed through the portal: {}", transition.name);
            if self.say(&Writing::of_line(&line)).await.is_err() {
                tracing::warn!(request = %self.key(), "nobody reads who made a transition");
            }
        }
        Ok(())
    }

    /// Notes that a transition was made.
    fn moved(&self, transition: TransitionId) {
        let _ = self.known.set(Ended::Moved);
        let event = self.visit.did(Kind::TransitionMade, self.key());
        self.state.audit.note(event.because(transition));
    }

    async fn carry_out(&self) -> Result<(), Outcome> {
        let transition = match self.transition {
            None => None,
            Some(id) => match self.offered(id).await {
                Ok(Some(transition)) => Some(transition),
                Ok(None) => {
                    let _ = self.known.set(Ended::NotOffered);
                    return Err(Outcome::Refused(Refusal::default()));
                }
                // Nothing was sent so far.
                Err(_) => return Err(Outcome::NotSent),
            },
        };
        if let Some(writing) = &self.writing {
            let said = self.say(writing).await;
            let is_lost = transition.is_some() && said == Err(Outcome::Lost);
            // What is there was said, though the answer was lost, and the step is still to be made.
            if !(is_lost && self.is_said(&self.sent()).await == Ok(true)) {
                said?;
            }
        }
        match transition {
            Some(transition) => self.make(&transition).await,
            None => Ok(()),
        }
    }

    /// Whether the comment is there, as JSM tells now.
    async fn is_said(&self, sent: &Sent) -> Result<bool, Problem> {
        let told = self.acting.conversation(&self.visit.language).await;
        let told = told.map_err(Error::into_problem)?;
        let name = self.author_name();
        let found = Found::of(self.ticket.key(), sent, self.author(&name), &told);
        if let Some(found) = found {
            let _ = self.found.set(found);
        }
        Ok(found.is_some())
    }
}

#[async_trait]
impl RequestDesk for ReplyDesk<'_> {
    async fn create(&self) -> Outcome {
        let done = self.carry_out().await;
        done.map_or_else(|outcome| outcome, |()| Outcome::Created(self.key().clone()))
    }

    /// A transition without words is made if it is not offered any more.
    async fn find(&self, sent: &Sent) -> Result<Vec<Candidate>, Problem> {
        let is_there = match (&self.writing, self.transition) {
            (None, Some(id)) => {
                let offered = self.offered(id).await.map_err(Error::into_problem)?;
                offered.is_none()
            }
            _ => self.is_said(sent).await?,
        };
        let candidate = || Candidate {
            key: self.key().clone(),
            request_type: sent.request_type,
            summary: String::new(),
            created: sent.since,
            submission: Some(self.ticket.key().as_str().to_owned()),
        };
        Ok(is_there.then(candidate).into_iter().collect())
    }

    /// The comment says itself of which form it came, or has yet to be signed.
    async fn mark(&self, _: &RequestKey, _: &SubmissionKey) {
        let did = |kind| self.state.audit.note(self.visit.did(kind, self.key()));
        match (&self.writing, self.transition) {
            (Some(writing), _) => {
                if !self.ticket.files.is_empty() {
                    did(Kind::Attached);
                }
                if !writing.is_empty() {
                    did(Kind::Commented);
                }
            }
            // Its answer was lost, and it was found.
            (None, Some(id)) if self.known.get().is_none() => self.moved(id),
            (None, _) => {}
        }
        if let Some(Found::Unsigned(comment)) = self.found.get() {
            let name = self.author_name();
            self.sign(*comment, self.author(&name)).await;
        }
    }
}
