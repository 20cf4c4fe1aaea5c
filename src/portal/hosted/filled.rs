//! The form that makes a request, filled in: the request is raised, or the form is shown again with what is
//! wrong. Must not know the kinds of fields, or how the form arrived.

use std::sync::Arc;

use minijinja::Value;

use super::create::{Open, Shown};
use super::raise::{Desk, Sharing};
use super::uploads::{Act, forgotten_files};
use crate::portal::forms::{
    Answers, Creator, FieldMistake, FileMistake, Mistake, Posted, Refusal, RequestValues, Sent,
    Submissions, Ticket, Verdict,
};
use crate::portal::gatekeeper::Asking;
use crate::portal::people::NotLookedFor;
use crate::problem::Problem;

/// A form with what was typed into it.
pub(super) struct Filled<'a> {
    pub(super) open: &'a Open<'a>,
    pub(super) posted: Posted,
    pub(super) ticket: Ticket,
}

/// Where a form that was sent leads.
pub(super) enum Next {
    Request(String),
    /// As it is, with other files.
    Form(Value),
    /// With what is wrong.
    Again(Value),
}

impl Filled<'_> {
    /// Does what the form was sent for. `of_files` is wrong with files that came with it.
    ///
    /// # Errors
    /// When nothing became of it.
    pub(super) async fn submit(
        &self,
        act: &Act,
        of_files: Vec<FileMistake>,
    ) -> Result<Next, Problem> {
        let open = self.open;
        let of_files = self.at_files(of_files);
        let foreign = |_| {
            open.visit.note_refused_form(open.state, "inputs");
            Problem::bad_request("its form is not the portal's")
        };
        let read = open.form.read(&self.posted, &open.reading(&self.ticket)).map_err(foreign)?;
        if matches!(act, Act::Upload | Act::Remove) {
            return Ok(self.with_files(&of_files, act));
        }
        let answers = match read {
            Ok(answers) if of_files.is_empty() => answers,
            read => {
                let mistakes = together(of_files, read.err().unwrap_or_default());
                self.note_foreign_organization(&mistakes);
                return Ok(self.again(&mistakes, &[], None));
            }
        };
        match self.values(&answers).await? {
            Ok(values) => self.raise(&answers, &values).await,
            Err(mistakes) => Ok(self.again(&mistakes, &[], None)),
        }
    }

    /// Browsers offer one's own organisations alone.
    fn note_foreign_organization(&self, mistakes: &[FieldMistake]) {
        let is_foreign = |wrong: &FieldMistake| {
            let mut fields = self.open.form.fields().iter();
            let field = fields.find(|field| field.id == wrong.field);
            let asks = field.is_some_and(|field| field.kind.is_of_organizations());
            asks && !self.posted.text(wrong.field.as_str()).is_empty()
        };
        if mistakes.iter().any(is_foreign) {
            self.open.visit.note_refused_form(self.open.state, "organization");
        }
    }

    /// What JSM is told; or mistakes, where people are named who may not be.
    async fn values(
        &self,
        answers: &Answers,
    ) -> Result<Result<RequestValues, Vec<FieldMistake>>, Problem> {
        let (state, visit) = (self.open.state, self.open.visit);
        let accounts = match state.people.find(visit.asking(), &answers.people()).await {
            Ok(accounts) => accounts,
            Err(NotLookedFor::Problem(problem)) => return Err(problem),
            Err(NotLookedFor::TooMany) => {
                return Ok(Err(answers.at_people(&Mistake::TooManyPeople)));
            }
        };
        let values = answers.values(&accounts);
        // Whoever raises a request takes part already, and JSM refuses to add them.
        Ok(values.map(|values| values.without_participant(&visit.customer.account)))
    }

    async fn raise(&self, answers: &Answers, values: &RequestValues) -> Result<Next, Problem> {
        let (open, ticket) = (self.open, &self.ticket);
        let (state, visit) = (open.state, open.visit);
        let account = &visit.customer.account;
        let since = state.clock.unix_seconds();
        let summary = answers.summary().unwrap_or_default().to_owned();
        let (reporter, files) = (account.clone(), Vec::new());
        let sent = Sent { since, reporter, request_type: open.id, summary, files };
        // Whoever left an organisation seconds ago shares nothing with it.
        let organizations = match values.organization {
            Some(_) => visit.organizations_now(state).await?,
            None => Arc::clone(&visit.organizations),
        };
        let asking = Asking { organizations: &organizations, ..visit.asking() };
        let raising = state.gatekeeper.raise(asking, open.id).await?;
        let body = values.body(&visit.portal().service_desk_id, open.id, account);
        let sharing = Sharing::with(values.organization);
        let desk = Desk { state, visit, raising, body, form: &open.form, ticket, sharing };
        let submissions = Submissions::new(state.records.clone(), state.clock.clone());
        let creator = Creator { submissions, desk, clock: state.clock.clone() };
        let verdict = creator.submit(ticket.key(), sent).await.map_err(|error| {
            tracing::error!(%error, "a request was not sent: it cannot be noted");
            Problem::SessionsUnavailable
        })?;
        Ok(self.next(verdict, &creator.desk).await)
    }

    async fn next(&self, verdict: Verdict, desk: &Desk<'_>) -> Next {
        match verdict {
            Verdict::Created(key) => {
                self.open.state.forget_kept(&self.ticket).await;
                let (page, said) = (self.open.visit.page_of(&key), desk.said(&key).await);
                Next::Request(format!("{page}?said={said}"))
            }
            Verdict::Refused(refusal) => self.refused(refusal),
            Verdict::NotSent => self.again(&[], &[], Some("create-not-sent")),
            // The same form looks again and sends nothing.
            Verdict::Unknown => self.again(&[], &[], Some("create-unknown")),
            Verdict::Undecided => {
                let ticket = self.open.state.tickets.renew(self.ticket.clone());
                Next::Again(self.open.anew(&self.posted, ticket, Some("create-undecided")))
            }
        }
    }

    fn again(
        &self,
        mistakes: &[FieldMistake],
        general: &[Mistake],
        notice: Option<&'static str>,
    ) -> Next {
        let (posted, ticket, done) = (&self.posted, self.ticket.clone(), None);
        Next::Again(self.open.values(&Shown { posted, mistakes, general, ticket, notice, done }))
    }

    /// The form after its files changed: nothing else of it is looked at yet.
    fn with_files(&self, mistakes: &[FieldMistake], act: &Act) -> Next {
        let done = match act {
            Act::Remove => "form-file-removed",
            Act::Submit(_) | Act::Upload if self.ticket.files.is_empty() => {
                let missing = self.at_files(vec![FileMistake::Missing]);
                let mistakes = if mistakes.is_empty() { missing.as_slice() } else { mistakes };
                return self.again(mistakes, &[], None);
            }
            Act::Submit(_) | Act::Upload => "form-files-uploaded",
        };
        if !mistakes.is_empty() {
            return self.again(mistakes, &[], None);
        }
        let (posted, ticket) = (&self.posted, self.ticket.clone());
        let (general, notice, done) = (&[], None, Some(done));
        Next::Form(self.open.values(&Shown { posted, mistakes, general, ticket, notice, done }))
    }

    /// What JSM did not take, with files that it forgot asked for again.
    fn refused(&self, mut refusal: Refusal) -> Next {
        let mut ticket = self.ticket.clone();
        let mut forgotten = Vec::new();
        if refusal.take_forgotten(&ticket.files) {
            forgotten.extend(forgotten_files(&std::mem::take(&mut ticket.files)));
        }
        let mistakes = together(self.at_files(forgotten), refusal.mistakes);
        let form = Self { open: self.open, posted: self.posted.clone(), ticket };
        form.again(&mistakes, &refusal.general, None)
    }

    /// Mistakes of files, at their field.
    fn at_files(&self, mistakes: Vec<FileMistake>) -> Vec<FieldMistake> {
        let Some(field) = self.open.form.file_field() else { return Vec::new() };
        let at_field = |mistake| FieldMistake {
            field: field.clone(),
            control: field.to_string(),
            mistake: Mistake::File(mistake),
        };
        mistakes.into_iter().map(at_field).collect()
    }
}

/// All mistakes of a form. Whoever was told what is wrong with a file is not told that there is none.
fn together(of_files: Vec<FieldMistake>, others: Vec<FieldMistake>) -> Vec<FieldMistake> {
    let is_of_files = |wrong: &FieldMistake| of_files.iter().any(|it| it.field == wrong.field);
    let others: Vec<_> = others.into_iter().filter(|wrong| !is_of_files(wrong)).collect();
    of_files.into_iter().chain(others).collect()
}
