//! One file on its way from a browser to JSM. No more of it is here than what JSM takes next. Must not know
//! which form it belongs to.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use tokio::sync::mpsc;

use crate::jsm::{Error, JsmSession, Upload};
use crate::portal::forms::{FileMistake, KeptFile, file_name};
use crate::portal::gatekeeper::Uploading;
use crate::web::{FormError, SentFile};

/// Parts of a file that wait for JSM to take them.
const PARTS_AHEAD: usize = 1;

/// A file that JSM holds, and the session of JSM's that holds it.
pub(super) type Held = (KeptFile, Option<JsmSession>);

/// Why JSM is not sent the rest of a file.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the file does not arrive whole")]
struct NotWhole;

type Parts = mpsc::Sender<Result<Bytes, NotWhole>>;

/// Passes on a file.
pub(super) struct FileUpload<'a> {
    pub(super) uploading: &'a Uploading<'a>,
    /// How many bytes it may have.
    pub(super) limit: u64,
}

impl FileUpload<'_> {
    /// Reads a file to its end, whatever becomes of it, so that the form can be read on.
    ///
    /// # Errors
    /// When the form breaks off.
    pub(super) async fn send(
        &self,
        mut file: SentFile<'_>,
        session: Option<JsmSession>,
    ) -> Result<Result<Held, FileMistake>, FormError> {
        let name = file_name(&file.name);
        let Some(first) = file.chunk().await? else {
            return Ok(Err(FileMistake::Empty { file: name }));
        };
        // What of the file is not read is read away.
        let Some(place) = self.uploading.place().await else {
            return Ok(Err(FileMistake::Crowded { file: name }));
        };
        let (parts, body) = mpsc::channel(PARTS_AHEAD);
        let upload = Upload {
            name: name.clone(),
            claimed_type: file.claimed_type.clone(),
            // Browsers do not say.
            length: None,
            body: received(body).map(|part| part.map_err(Into::into)).boxed(),
        };
        let (kept, size) = tokio::join!(
            self.uploading.keep(&place, upload, session),
            self.pass_on(first, &mut file, parts)
        );
        let size = size?;
        if size > self.limit {
            return Ok(Err(FileMistake::TooLarge { file: name, size, limit: self.limit }));
        }
        Ok(match kept {
            Ok(kept) => Ok((KeptFile { id: kept.id, name, size }, kept.session)),
            Err(error) => Err(mistake(&error, name)),
        })
    }

    /// Hands on what arrives, at the pace at which JSM takes it. Returns how many bytes there were.
    async fn pass_on(
        &self,
        first: Bytes,
        file: &mut SentFile<'_>,
        parts: Parts,
    ) -> Result<u64, FormError> {
        let mut jsm = Some(parts);
        let mut size = 0_u64;
        let mut part = first;
        loop {
            size = size.saturating_add(part.len() as u64);
            if size > self.limit {
                give_up(jsm.take()).await;
            }
            // JSM may have answered already, and takes no more then.
            if let Some(parts) = &jsm
                && parts.send(Ok(part)).await.is_err()
            {
                jsm = None;
            }
            part = match file.chunk().await {
                Ok(Some(part)) => part,
                Ok(None) => return Ok(size),
                Err(error) => {
                    give_up(jsm).await;
                    return Err(error);
                }
            };
        }
    }
}

/// Has JSM see that the file is not whole: it keeps none of it then.
async fn give_up(jsm: Option<Parts>) {
    if let Some(parts) = jsm {
        // Nobody needs to be told who has gone away.
        let _ = parts.send(Err(NotWhole)).await;
    }
}

fn received(
    body: mpsc::Receiver<Result<Bytes, NotWhole>>,
) -> impl futures_util::Stream<Item = Result<Bytes, NotWhole>> {
    stream::unfold(body, async |mut body| body.recv().await.map(|part| (part, body)))
}

/// What a customer can do about it.
fn mistake(error: &Error, file: String) -> FileMistake {
    tracing::warn!(error = error.without_words(), "JSM did not take a file");
    match error.status() {
        Some(status) if is_of_file(status) => FileMistake::Refused { file },
        _ => FileMistake::Failed { file },
    }
}

/// Whether a refusal is about the file, so that another one may do.
fn is_of_file(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS
}
