//! A form with files: its texts are collected, each file is passed on to JSM while it arrives, and the ticket
//! of the form keeps JSM's ids. Must not know what the form is about.

use super::HostedState;
use super::file_upload::FileUpload;
use super::sent_form::{ACT, REMOVE, SentForm, TICKET, Unreceived};
use super::visit::Visit;
use crate::portal::forms::{FileLimits, FileMistake, KeptFile, Ticket};
use crate::portal::gatekeeper::Uploading;
use crate::problem::Problem;
use crate::web::{Entry, FormBody, FormError, SentFile};

/// What a form asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Act {
    /// What the form is for, by the value of its button; empty where none was pressed.
    Submit(String),
    /// Only to keep the files that came with it.
    Upload,
    /// To take a file out.
    Remove,
}

/// A form that arrived whole.
pub(super) struct Received {
    /// With the files that JSM holds.
    pub(super) ticket: Ticket,
    /// Without the inputs that every form has.
    pub(super) texts: Vec<(String, String)>,
    pub(super) act: Act,
    /// What is wrong with files that came.
    pub(super) mistakes: Vec<FileMistake>,
}

/// Receives a form that was sent to `route`.
pub(super) struct Receiver<'a> {
    pub(super) state: &'a HostedState,
    pub(super) visit: &'a Visit,
    pub(super) route: &'a str,
    /// What takes files, if anything does.
    pub(super) files: Option<FileInput<'a>>,
}

/// The input of a form that takes files.
pub(super) struct FileInput<'a> {
    pub(super) name: &'a str,
    /// The proof that they may be uploaded.
    pub(super) uploading: Uploading<'a>,
    pub(super) limits: FileLimits,
}

impl Receiver<'_> {
    /// Reads the form. Nothing goes to JSM before its ticket is known to be this person's: the ticket is its
    /// first input.
    ///
    /// # Errors
    /// When it is not a form that the gate made for this person and this address, or breaks off.
    pub(super) async fn receive(&self, mut body: FormBody) -> Result<Received, Box<Unreceived>> {
        let mut texts = Vec::new();
        match self.read(&mut body, &mut texts).await {
            Ok(files) => {
                let limit = self.files.as_ref().map_or(0, |input| input.limits.count);
                Ok(received(texts, files, limit))
            }
            Err(problem) => {
                let sent = SentForm::read_on(texts, body).await;
                Err(Box::new(Unreceived { problem, sent }))
            }
        }
    }

    async fn read(
        &self,
        body: &mut FormBody,
        texts: &mut Vec<(String, String)>,
    ) -> Result<Files, Problem> {
        let mut files: Option<Files> = None;
        while let Some(entry) = body.next().await.map_err(FormError::into_problem)? {
            match entry {
                Entry::Text { name, value } => texts.push((name, value)),
                Entry::File(file) => {
                    let taken = match files.take() {
                        Some(files) => files,
                        None => Files::of(self.ticket(texts)?),
                    };
                    files = Some(self.take(taken, file).await?);
                }
            }
        }
        match files {
            Some(files) => Ok(files),
            None => Ok(Files::of(self.ticket(texts)?)),
        }
    }

    fn ticket(&self, texts: &[(String, String)]) -> Result<Ticket, Problem> {
        let sealed = texts.iter().find(|(name, _)| name == TICKET).map_or("", |(_, value)| value);
        self.visit.ticket(self.state, sealed, self.route).map_err(|_| Problem::StaleForm)
    }

    async fn take(&self, mut files: Files, file: SentFile<'_>) -> Result<Files, Problem> {
        let input = self.files.as_ref().filter(|input| input.name == file.input);
        let foreign = || Problem::bad_request("its form is not the portal's");
        let FileInput { uploading, limits, .. } = input.ok_or_else(foreign)?;
        if files.ticket.files.len() >= limits.count {
            files.surplus += 1;
            return Ok(files);
        }
        let upload = FileUpload { uploading, limit: limits.bytes };
        let sent = upload.send(file, files.ticket.session()).await;
        match sent.map_err(FormError::into_problem)? {
            Ok((file, session)) => {
                files.forgotten.extend(files.ticket.hold(file, session.as_ref()));
            }
            Err(mistake) => files.mistakes.push(mistake),
        }
        Ok(files)
    }
}

/// The files of a form while it arrives.
struct Files {
    ticket: Ticket,
    mistakes: Vec<FileMistake>,
    /// Files that JSM held and has lost.
    forgotten: Vec<KeptFile>,
    /// How many came that the form has no room for.
    surplus: usize,
}

impl Files {
    fn of(ticket: Ticket) -> Self {
        Self { ticket, mistakes: Vec::new(), forgotten: Vec::new(), surplus: 0 }
    }
}

fn received(mut texts: Vec<(String, String)>, files: Files, limit: usize) -> Received {
    let Files { mut ticket, mut mistakes, forgotten, surplus } = files;
    mistakes.extend(forgotten_files(&forgotten));
    if surplus > 0 {
        let count = ticket.files.len() + surplus;
        mistakes.push(FileMistake::TooMany { limit, count });
    }
    let pressed = |button| texts.iter().find(|(name, _)| name == button).map(|(_, value)| value);
    let act = match (pressed(REMOVE), pressed(ACT).map(String::as_str)) {
        (Some(number), _) => {
            let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            if let Some(at) = at.filter(|at| *at < ticket.files.len()) {
                ticket.files.remove(at);
            }
            Act::Remove
        }
        (None, Some("upload")) => Act::Upload,
        (None, act) => Act::Submit(act.unwrap_or_default().to_owned()),
    };
    texts.retain(|(name, _)| ![TICKET, ACT, REMOVE].contains(&name.as_str()));
    Received { ticket, texts, act, mistakes }
}

/// The mistake of files that JSM no longer has.
pub(super) fn forgotten_files(files: &[KeptFile]) -> Option<FileMistake> {
    let first = files.first()?;
    Some(FileMistake::Forgotten { file: first.name.clone(), count: files.len() })
}
