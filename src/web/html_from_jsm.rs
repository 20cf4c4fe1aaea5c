//! HTML from JSM, made fit for a page: the one place where it becomes more than text. It must not know
//! where the HTML is shown.
//!
//! A parser as browsers have it reads the HTML, and only what is listed (`html_from_jsm/listed.rs`) is written again. Addresses
//! of JSM become addresses of the gate, or go: a customer cannot open JSM's, and some are not theirs to
//! know.

mod listed;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::Value;
use url::Url;

use self::listed::{SCHEMES, listed, settled};
use crate::domain::{AttachmentId, JsmHtml, PortalId, Portals, RequestKey};

/// HTML that a page may print as it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// For a template, which prints it as it is.
impl From<SafeHtml> for Value {
    fn from(html: SafeHtml) -> Self {
        Self::from_safe_string(html.0)
    }
}

/// What has become of HTML from JSM.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Cleaned {
    /// What the page prints.
    pub html: SafeHtml,
    /// Addresses of pictures from elsewhere. To load one would tell somebody who reads what and when, so
    /// it is left to the reader.
    pub pictures_elsewhere: Vec<String>,
}

/// Where HTML from JSM is shown, which tells what becomes of JSM's addresses in it.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// JSM's base address.
    pub site: Url,
    /// The address below which the files of the request are: `/p/it/IT-12/files`.
    pub files_at: String,
    /// The files that the reader may have.
    pub files: HashSet<AttachmentId>,
    /// All portals.
    pub portals: Arc<Portals>,
}

impl Surroundings {
    /// Makes HTML from JSM fit for a page.
    #[must_use]
    pub fn clean(self, html: &JsmHtml) -> Cleaned {
        let pictures = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&pictures);
        let cleaned = listed()
            .attribute_filter(move |element, attribute, value| match (element, attribute) {
                ("a", "href") => self.link(value).map(Cow::Owned),
                ("img", "src") => {
                    let picture = self.picture(value)?;
                    if let Picture::Elsewhere(address) = picture {
                        noted.lock().unwrap_or_else(PoisonError::into_inner).push(address);
                        return None;
                    }
                    picture.own().map(Cow::Owned)
                }
                _ => Some(Cow::Borrowed(value)),
            })
            .clean(&settled(html.untrusted()))
            .to_string();
        let mut pictures = pictures.lock().unwrap_or_else(PoisonError::into_inner);
        let pictures_elsewhere = std::mem::take(&mut *pictures);
        Cleaned { html: SafeHtml(with_alternatives(&cleaned)), pictures_elsewhere }
    }

    /// Where a link leads; `None` takes it away and leaves its words.
    fn link(&self, value: &str) -> Option<String> {
        let url = self.absolute(value)?;
        match self.path_at_jsm(&url) {
            Some(path) => self.file(path).or_else(|| self.page(path)),
            None => Some(url.into()),
        }
    }

    fn picture(&self, value: &str) -> Option<Picture> {
        let url = self.absolute(value)?;
        match self.path_at_jsm(&url) {
            Some(path) => self.file(path).map(Picture::Own),
            None if matches!(url.scheme(), "http" | "https") => {
                Some(Picture::Elsewhere(url.into()))
            }
            None => None,
        }
    }

    fn absolute(&self, value: &str) -> Option<Url> {
        let base = format!("{}/", self.site.as_str().trim_end_matches('/'));
        let url = Url::parse(&base).ok()?.join(value).ok()?;
        // A name before the host is there to be taken for the host.
        let plain = url.username().is_empty() && url.password().is_none();
        (plain && SCHEMES.contains(&url.scheme())).then_some(url)
    }

    /// The path below JSM's context path, if the address is one of JSM's.
    fn path_at_jsm<'a>(&self, url: &'a Url) -> Option<&'a str> {
        if url.host_str() != self.site.host_str() || url.scheme() == "mailto" {
            return None;
        }
        let context = self.site.path().trim_end_matches('/');
        Some(url.path().strip_prefix(context).unwrap_or_else(|| url.path()))
    }

    /// `/secure/attachment/10000/x.png`, `/secure/thumbnail/10000/…`,
    /// `/rest/api/3/attachment/content/10000`, each with or without what is before it.
    fn file(&self, path: &str) -> Option<String> {
        let mut segments = path.split('/');
        let kind = segments.find(|it| matches!(*it, "attachment" | "thumbnail"))?;
        let mut next = segments.next()?;
        let small = kind == "thumbnail" || next == "thumbnail";
        if matches!(next, "content" | "thumbnail") {
            next = segments.next()?;
        }
        let id = AttachmentId::parse(next).ok().filter(|id| self.files.contains(id))?;
        let files_at = &self.files_at;
        Some(if small { format!("{files_at}/{id}/thumbnail") } else { format!("{files_at}/{id}") })
    }

    /// `/browse/IT-12`, `/servicedesk/customer/portal/2` and what is below it.
    fn page(&self, path: &str) -> Option<String> {
        let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["browse", key] => {
                let key = RequestKey::parse(key).ok()?;
                let portal = self.portals.by_project(key.project()).filter(|it| !it.gone)?;
                Some(format!("/p/{}/{key}", portal.link))
            }
            ["servicedesk", "customer", "portal", id, below @ ..] => {
                let id = PortalId::parse(id).ok()?;
                let portal = self.portals.by_id(id).filter(|it| !it.gone)?;
                let below: String = below.iter().flat_map(|segment| ["/", segment]).collect();
                Some(format!("/p/{}{below}", portal.link))
            }
            _ => None,
        }
    }
}

/// What a picture's address turned out to be.
enum Picture {
    Own(String),
    Elsewhere(String),
}

impl Picture {
    fn own(self) -> Option<String> {
        match self {
            Self::Own(address) => Some(address),
            Self::Elsewhere(_) => None,
        }
    }
}

/// Gives each picture without a text alternative an empty one (WCAG 1.1.1).
///
/// Within the value of an attribute the same signs may stand. What is put in has no quotation mark, so it
/// stays part of that value.
fn with_alternatives(cleaned: &str) -> String {
    const START: &str = "<img";
    let mut parts = cleaned.split(START);
    let mut html = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        html.push_str(START);
        let element = part.split('>').next().unwrap_or_default();
        if !element.contains(" alt=") {
            html.push_str(" alt");
        }
        html.push_str(part);
    }
    html
}

#[cfg(test)]
mod tests;
