//! One request of a form, whatever happens: a double click, a reload, another gate, a lost answer. The one
//! comment of a form is made in the same way; what comes of it is the request in which it is then.
//! The decisions are pure; [`Creator`] carries them out. Must not know how JSM is called.

use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;

use super::form::Form;
use super::refusal::Refusal;
use super::submissions::{Progress, Sent, Submissions};
use super::ticket::SubmissionKey;
use crate::domain::{Clock, RequestKey, RequestTypeId};
use crate::jsm::Error;
use crate::problem::Problem;
use crate::session::StoreError;

/// For how long a request whose answer was lost is looked for before the customer decides, in seconds.
/// JSM's search lags by seconds to minutes.
const LOOKED_FOR: u64 = 120;

/// How far JSM's clock may be behind the gate's, in seconds.
const CLOCK_TOLERANCE: u64 = 300;

/// For how long the second of two clicks waits for the first one's answer.
const WAIT: Duration = Duration::from_secs(10);

/// How often it looks.
const WAIT_STEP: Duration = Duration::from_millis(250);

/// A request of the same reporter, as JSM's search tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// Its key.
    pub key: RequestKey,
    /// Its type.
    pub request_type: RequestTypeId,
    /// Its summary.
    pub summary: String,
    /// When it was made, in Unix seconds.
    pub created: u64,
    /// The form that it came of, by the issue property `jsm-gate.request`.
    pub submission: Option<String>,
}

/// What became of the call that makes a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// JSM made it.
    Created(RequestKey),
    /// No answer, or one that does not tell whether JSM made it. It must not be sent again.
    Lost,
    /// JSM never got it.
    NotSent,
    /// JSM did not take it.
    Refused(Refusal),
}

impl Outcome {
    /// What a failed call leaves open. Only what JSM cannot have acted on is taken for not done.
    #[must_use]
    pub fn of_failure(error: &Error, form: &Form) -> Self {
        match error {
            Error::Refused { status, message, details, .. } if status.is_client_error() => {
                let told = details.as_deref().map(|answer| Refusal::read(answer, form));
                let told = told.filter(|refusal| !refusal.is_empty());
                Self::Refused(told.unwrap_or_else(|| Refusal::of_words(message)))
            }
            _ => Self::of_failure_without_form(error),
        }
    }

    /// The same for what has no fields of JSM's, such as a comment.
    #[must_use]
    pub fn of_failure_without_form(error: &Error) -> Self {
        match error {
            Error::Refused { status, .. } if status.is_client_error() => {
                Self::Refused(Refusal::default())
            }
            Error::Busy { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS => Self::NotSent,
            Error::Unreachable { source, .. } if source.is_connect() => Self::NotSent,
            Error::CaFile { .. }
            | Error::EmailMissing
            | Error::Setup(_)
            | Error::TokenRefused { .. }
            | Error::TooManyCalls { .. } => Self::NotSent,
            _ => Self::Lost,
        }
    }

    /// Whether JSM may have done what a failed call asked for.
    #[must_use]
    pub fn is_lost(error: &Error) -> bool {
        Self::of_failure_without_form(error) == Self::Lost
    }
}

/// What the customer is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Here it is.
    Created(RequestKey),
    /// It did not arrive, and can be sent again.
    NotSent,
    /// What is wrong with it.
    Refused(Refusal),
    /// It was not found in two minutes: whether to send it once more, is theirs to decide.
    Undecided,
    /// It is being looked for.
    Unknown,
}

/// What to do with a form that was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Step {
    Create,
    LookUp(Sent),
    Show(RequestKey),
}

/// The first to come with a form's key makes the request; everybody after looks for it.
fn decide(progress: Option<Progress>) -> Step {
    match progress {
        None => Step::Create,
        Some(Progress::Created(key)) => Step::Show(key),
        Some(Progress::Sent(sent)) => Step::LookUp(sent),
    }
}

/// What is told of a request that was looked for.
fn looked_up(found: Option<&RequestKey>, sent: &Sent, now: u64) -> Verdict {
    match found {
        Some(key) => Verdict::Created(key.clone()),
        None if now.saturating_sub(sent.since) < LOOKED_FOR => Verdict::Unknown,
        None => Verdict::Undecided,
    }
}

/// The request that came of a form. One that says so is; else the oldest that nothing else claims,
/// with the same type and text, made since.
fn matching<'a>(
    candidates: &'a [Candidate],
    sent: &Sent,
    key: &SubmissionKey,
) -> Option<&'a RequestKey> {
    let says_so = candidates.iter().find(|one| one.submission.as_deref() == Some(key.as_str()));
    let alike = |one: &&Candidate| {
        one.submission.is_none()
            && one.request_type == sent.request_type
            && one.summary == sent.summary
            && is_since(one.created, sent)
    };
    let oldest = || candidates.iter().filter(alike).min_by_key(|one| one.created);
    says_so.or_else(oldest).map(|one| &one.key)
}

/// Whether something that JSM made at this time, in Unix seconds, may have come of a form that was sent.
#[must_use]
pub fn is_since(made: u64, sent: &Sent) -> bool {
    made.saturating_add(CLOCK_TOLERANCE) >= sent.since
}

/// The calls of JSM that making one request takes.
#[async_trait]
pub trait RequestDesk: Send + Sync {
    /// Makes the request. Sent once.
    async fn create(&self) -> Outcome;

    /// Requests of the reporter that may be it.
    ///
    /// # Errors
    /// When JSM cannot say at the moment: it may be there all the same.
    async fn find(&self, sent: &Sent) -> Result<Vec<Candidate>, Problem>;

    /// Writes down in the issue which form it came of. Called once, when it is known that it is there.
    async fn mark(&self, request: &RequestKey, key: &SubmissionKey);
}

/// Makes the one request of a form.
#[derive(Debug)]
pub struct Creator<D> {
    /// Where progress is kept.
    pub submissions: Submissions,
    /// JSM.
    pub desk: D,
    /// Tells how long ago a request was sent.
    pub clock: Clock,
}

impl<D: RequestDesk> Creator<D> {
    /// Makes the request of a form, or says what became of it when it was sent before.
    ///
    /// # Errors
    /// When progress cannot be kept: then nothing was sent.
    pub async fn submit(&self, key: &SubmissionKey, sent: Sent) -> Result<Verdict, StoreError> {
        let mut waited = Duration::ZERO;
        loop {
            let before = self.submissions.begin(key, &Progress::Sent(sent.clone())).await?;
            match decide(before) {
                Step::Create => return Ok(self.create(key, &sent).await),
                Step::Show(request) => return Ok(Verdict::Created(request)),
                // The other click may be answered in a moment.
                Step::LookUp(before) if waited >= WAIT || self.is_over(&before) => {
                    return Ok(self.look_up(key, &before).await);
                }
                Step::LookUp(_) => tokio::time::sleep(WAIT_STEP).await,
            }
            waited = waited.saturating_add(WAIT_STEP);
        }
    }

    async fn create(&self, key: &SubmissionKey, sent: &Sent) -> Verdict {
        match self.desk.create().await {
            Outcome::Created(request) => {
                self.keep(key, &request).await;
                self.desk.mark(&request, key).await;
                Verdict::Created(request)
            }
            Outcome::Lost => self.look_up(key, sent).await,
            Outcome::NotSent => {
                self.forget(key).await;
                Verdict::NotSent
            }
            Outcome::Refused(refusal) => {
                if !refusal.elsewhere.is_empty() {
                    let (fields, request_type) = (refusal.elsewhere.join(", "), sent.request_type);
                    tracing::warn!(fields, %request_type, "JSM asks for fields that its form lacks");
                }
                self.forget(key).await;
                Verdict::Refused(refusal)
            }
        }
    }

    async fn look_up(&self, key: &SubmissionKey, sent: &Sent) -> Verdict {
        let Ok(candidates) = self.desk.find(sent).await else { return Verdict::Unknown };
        let found = matching(&candidates, sent, key);
        if let Some(request) = found {
            self.keep(key, request).await;
            self.desk.mark(request, key).await;
        }
        looked_up(found, sent, self.clock.unix_seconds())
    }

    fn is_over(&self, sent: &Sent) -> bool {
        self.clock.unix_seconds().saturating_sub(sent.since) >= WAIT.as_secs()
    }

    /// The request is there whether this works or not: who comes again finds it by its text.
    async fn keep(&self, key: &SubmissionKey, request: &RequestKey) {
        if let Err(error) = self.submissions.set(key, &Progress::Created(request.clone())).await {
            tracing::warn!(%error, %request, "it could not be kept which form a request came of");
        }
    }

    /// Where this fails the form cannot be sent again before it is made anew, and nothing is sent twice.
    async fn forget(&self, key: &SubmissionKey) {
        if let Err(error) = self.submissions.forget(key).await {
            tracing::warn!(%error, "a form that JSM did not take could not be freed");
        }
    }
}
