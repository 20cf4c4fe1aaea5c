//! A form as it arrives, entry by entry: texts whole, files in parts that nobody collects. Must not know what
//! the entries mean.

mod error;
mod one_by_one;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::vec;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, header};
use multer::Multipart;
use url::form_urlencoded;

pub use self::error::FormError;
use self::error::{broken, of_parts};
use self::one_by_one::OneByOne;
use super::body::BrokenBody;
use super::policy::PagePolicy;

/// Entries of one form. JSM's longest ones have some hundred fields, and each ticked box is an entry.
const MOST_ENTRIES: usize = 1000;

/// Bytes in which the head of an entry has to end: a name, a file's name, a type.
const LONGEST_HEAD: usize = 16 * 1024;

/// A form that arrives. Its texts together have the body limit of the route, its files what the route adds
/// for them.
pub struct FormBody {
    source: Source,
    policy: PagePolicy,
    entries: usize,
    text_bytes: usize,
}

enum Source {
    /// `application/x-www-form-urlencoded`, which has texts only.
    Plain(Body),
    Pairs(vec::IntoIter<(String, String)>),
    /// `multipart/form-data`
    Parts(Box<Parts>),
    NoForm,
}

struct Parts {
    form: Multipart<'static>,
    /// What is left of the head of an entry; `usize::MAX` while no head is read.
    head_left: Arc<AtomicUsize>,
    /// The entry that is being read.
    entry: Option<multer::Field<'static>>,
}

/// What comes next in a form.
pub enum Entry<'a> {
    /// A text.
    Text {
        /// The name of the input.
        name: String,
        /// What was typed.
        value: String,
    },
    /// A file.
    File(SentFile<'a>),
}

/// A file that arrives. What of it is not read is read away.
pub struct SentFile<'a> {
    /// The name of the input.
    pub input: String,
    /// The name that the browser gives it: anything at all.
    pub name: String,
    /// What the browser says it is; nobody checked.
    pub claimed_type: Option<String>,
    form: &'a mut FormBody,
}

struct Head {
    input: String,
    file: Option<String>,
    claimed_type: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = Infallible;

    /// Reads nothing yet: whoever asks for the first entry learns whether it is a form.
    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let policy = request.extensions().get().copied().unwrap_or(PagePolicy::STRICT);
        let (parts, body) = request.into_parts();
        let source = Source::of(&parts.headers, body);
        Ok(Self { source, policy, entries: 0, text_bytes: 0 })
    }
}

impl FormBody {
    /// The next entry, in the order of the form; `None` at its end.
    ///
    /// # Errors
    /// When the form cannot be read any further.
    pub async fn next(&mut self) -> Result<Option<Entry<'_>>, FormError> {
        if let Source::Plain(body) = &mut self.source {
            let limit = self.policy.body_limit;
            let pairs = plain(std::mem::take(body), limit).await;
            self.source = Source::Pairs(pairs.map_err(|error| self.named(error))?.into_iter());
        }
        match &mut self.source {
            Source::Pairs(pairs) => {
                let Some((name, value)) = pairs.next() else { return Ok(None) };
                self.count(0)?;
                Ok(Some(Entry::Text { name, value }))
            }
            Source::Parts(_) => self.next_part().await,
            Source::Plain(_) | Source::NoForm => Err(FormError::Malformed),
        }
    }

    async fn next_part(&mut self) -> Result<Option<Entry<'_>>, FormError> {
        while let Some(Head { input, file, claimed_type }) = self.head().await? {
            self.count(input.len())?;
            match file {
                None => {
                    let value = self.text().await?;
                    return Ok(Some(Entry::Text { name: input, value }));
                }
                // An input for files in which nothing was chosen.
                Some(name) if name.is_empty() => {}
                Some(name) => {
                    return Ok(Some(Entry::File(SentFile {
                        input,
                        name,
                        claimed_type,
                        form: self,
                    })));
                }
            }
        }
        Ok(None)
    }

    async fn head(&mut self) -> Result<Option<Head>, FormError> {
        while self.chunk().await?.is_some() {}
        let Source::Parts(parts) = &mut self.source else { return Ok(None) };
        parts.head_left.store(LONGEST_HEAD, Ordering::Relaxed);
        let next = parts.form.next_field().await;
        parts.head_left.store(usize::MAX, Ordering::Relaxed);
        let Some(entry) = next.map_err(|error| self.named(of_parts(&error)))? else {
            return Ok(None);
        };
        let head = Head {
            input: entry.name().ok_or(FormError::Malformed)?.to_owned(),
            file: entry.file_name().map(unescaped),
            claimed_type: entry.content_type().map(|it| it.essence_str().to_owned()),
        };
        if let Source::Parts(parts) = &mut self.source {
            parts.entry = Some(entry);
        }
        Ok(Some(head))
    }

    async fn text(&mut self) -> Result<String, FormError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            self.count_text(chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        String::from_utf8(bytes).map_err(|_| FormError::Malformed)
    }

    /// The next part of the entry that is being read.
    async fn chunk(&mut self) -> Result<Option<Bytes>, FormError> {
        let Source::Parts(parts) = &mut self.source else { return Ok(None) };
        let entry = &mut parts.entry;
        let Some(reading) = entry else { return Ok(None) };
        match reading.chunk().await {
            Ok(Some(chunk)) => Ok(Some(chunk)),
            Ok(None) => {
                *entry = None;
                Ok(None)
            }
            Err(error) => Err(self.named(of_parts(&error))),
        }
    }

    fn count(&mut self, name: usize) -> Result<(), FormError> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(FormError::TooManyEntries);
        }
        self.count_text(name)
    }

    fn count_text(&mut self, bytes: usize) -> Result<(), FormError> {
        let limit = self.policy.body_limit;
        self.text_bytes = self.text_bytes.saturating_add(bytes);
        if self.text_bytes > limit { Err(FormError::TooMuchText { limit }) } else { Ok(()) }
    }

    fn named(&self, error: FormError) -> FormError {
        match error {
            FormError::Broken(BrokenBody::TooLong) => {
                FormError::TooLarge { limit: self.policy.whole_body() }
            }
            error => error,
        }
    }
}

impl SentFile<'_> {
    /// The next part of the file; `None` at its end.
    ///
    /// # Errors
    /// When the form breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, FormError> {
        loop {
            match self.form.chunk().await? {
                Some(chunk) if chunk.is_empty() => {}
                chunk => return Ok(chunk),
            }
        }
    }
}

impl Source {
    fn of(headers: &HeaderMap, body: Body) -> Self {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let Some(kind) = kind else { return Self::NoForm };
        if let Ok(boundary) = multer::parse_boundary(kind) {
            let head_left = Arc::new(AtomicUsize::new(usize::MAX));
            let body = OneByOne::new(body, Arc::clone(&head_left));
            let parts = Multipart::new(body, boundary);
            return Self::Parts(Box::new(Parts { form: parts, head_left, entry: None }));
        }
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            Self::Plain(body)
        } else {
            Self::NoForm
        }
    }
}

async fn plain(body: Body, limit: usize) -> Result<Vec<(String, String)>, FormError> {
    let mut body = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| broken(&error))?);
        if bytes.len() > limit {
            return Err(FormError::TooMuchText { limit });
        }
    }
    Ok(form_urlencoded::parse(&bytes).into_owned().take(MOST_ENTRIES + 1).collect())
}

/// Browsers escape what would end the name's line or its quotes, and nothing else
/// (html.spec.whatwg.org, "multipart/form-data encoding algorithm").
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

#[cfg(test)]
mod tests;
