//! Takes the context path out of the root-relative links of a page, `/jira/…`, which only HTML's
//! own structure tells from text. It knows nothing of hosts: absolute addresses are found in any
//! text.

use std::sync::Arc;

use bytes::Bytes;
use lol_html::errors::RewritingError;
use lol_html::html_content::Element;
use lol_html::send::{HtmlRewriter, Settings};
use lol_html::{MemorySettings, OutputSink, element};
use parking_lot::Mutex;

use super::address::Addresses;
use super::cursor::Cursor;

/// What one page may take: a tag longer than that ends the rewriting of the page.
const MEMORY: usize = 256 * 1024;

/// Attributes that hold one address. Not `data-*`: scripts read those, and scripts know the
/// context path.
const ADDRESS: [&str; 7] = ["href", "src", "action", "formaction", "poster", "data", "xlink:href"];

/// Elements that have them. By name alone: a selector of attributes, as it would take to find
/// `style`, has `lol_html` read every tag of a page, at half the speed.
const SELECTOR: &str = "a, area, link, base, script, img, source, video, audio, track, embed, \
    iframe, frame, object, form, button, input, image, use, meta";

/// A page on its way through.
pub(super) struct HtmlStage {
    /// `None` once a tag has been too long for it.
    rewriter: Option<HtmlRewriter<'static, Out>>,
    out: Out,
}

/// Where the rewriter writes to.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<Vec<u8>>>);

impl OutputSink for Out {
    fn handle_chunk(&mut self, chunk: &[u8]) {
        self.0.lock().extend_from_slice(chunk);
    }
}

impl HtmlStage {
    pub(super) fn new(addresses: Arc<Addresses>) -> Self {
        let out = Out::default();
        let settings = Settings::new_send()
            .with_strict(false)
            .with_memory_settings(
                MemorySettings::new()
                    .with_max_allowed_memory_usage(MEMORY)
                    .with_graceful_bail_out_on_memory_limit_exceeded(true),
            )
            .append_element_content_handler(element!(SELECTOR, move |element| {
                shorten(&addresses, element);
                Ok(())
            }));
        Self { rewriter: Some(HtmlRewriter::new(settings, out.clone())), out }
    }

    /// Takes the next chunk and returns what is certain.
    ///
    /// # Errors
    /// When bytes were lost.
    pub(super) fn push(&mut self, chunk: Bytes, last: bool) -> Result<Bytes, RewritingError> {
        let Some(rewriter) = &mut self.rewriter else { return Ok(chunk) };
        match rewriter.write(&chunk) {
            Ok(()) => {}
            // What could not be looked at has been passed on: its links work as they are, because
            // the gate takes them with the context path too.
            Err(RewritingError::MemoryLimitExceeded(_)) => self.rewriter = None,
            Err(error) => return Err(error),
        }
        if last && let Some(rewriter) = self.rewriter.take() {
            rewriter.end()?;
        }
        Ok(Bytes::from(std::mem::take(&mut *self.out.0.lock())))
    }
}

fn shorten(addresses: &Addresses, element: &mut Element<'_, '_, lol_html::send::SendHandlerTypes>) {
    let changes: Vec<_> = element
        .attributes()
        .iter()
        .filter_map(|attribute| {
            let (name, value) = (attribute.name(), attribute.value());
            Some((name.clone(), shorter(addresses, &name, &value)?))
        })
        .collect();
    for (name, value) in changes {
        // A name that was just read can be written.
        let _ = element.set_attribute(&name, &value);
    }
}

/// The value of an attribute without the context path in it; `None` when nothing is to be changed.
fn shorter(addresses: &Addresses, name: &str, value: &str) -> Option<String> {
    match name {
        "srcset" | "imagesrcset" => {
            after_each(addresses, value, |before| before.is_empty() || before.ends_with(','))
        }
        "content" => after_each(addresses, value, |before| {
            before.trim_end_matches(['\'', '"']).to_ascii_lowercase().ends_with("url=")
        }),
        _ if ADDRESS.contains(&name) => after_each(addresses, value, str::is_empty),
        _ => None,
    }
}

/// Takes the context path out wherever it begins a path and `begins` holds of what is before it.
fn after_each(addresses: &Addresses, value: &str, begins: impl Fn(&str) -> bool) -> Option<String> {
    let mut shorter = String::new();
    let mut copied = 0;
    for (at, _) in value.match_indices(['/', '&']) {
        let Some(end) = addresses.root_relative(value.as_bytes(), at) else { continue };
        let (before, path, rest) = (value.get(..at)?, value.get(at..end)?, value.get(end..)?);
        let escaped = path.contains(['%', '\\']);
        if at < copied || escaped || !begins(before.trim_end()) || !goes_on_here(rest) {
            continue;
        }
        shorter.push_str(value.get(copied..at)?);
        if !slash(rest) {
            shorter.push('/');
        }
        copied = end;
    }
    shorter.push_str(value.get(copied..)?);
    (copied > 0).then_some(shorter)
}

/// Whether what is left is a path on this host: nothing, what ends one, or one slash. Two would
/// begin the name of another host; browsers read a backslash as a slash, and over tabs and line
/// breaks, which a character reference may stand for.
fn goes_on_here(rest: &str) -> bool {
    let ends = rest.starts_with(['?', '#', ',', '\'', '"', ' ']);
    let mut cursor = Cursor::new(rest.as_bytes(), 0, true);
    let begins = slash(rest) && cursor.slash() != Ok(None);
    let odd = |next: u8| b"\\\t\n\r&".contains(&next);
    let again = cursor.slash() != Ok(None) || cursor.peek().is_ok_and(|next| next.is_some_and(odd));
    rest.is_empty() || ends || (begins && !again)
}

/// Whether a slash comes next, as HTML writes it.
fn slash(rest: &str) -> bool {
    let spelled = Cursor::new(rest.as_bytes(), 0, true).slash() != Ok(None);
    spelled && rest.starts_with(['/', '&'])
}
