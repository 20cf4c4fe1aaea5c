//! HTML that JSM wrote. Whoever can write into a request had a part in it.

/// HTML as JSM answered it, with whatever is in it. It has no way to be printed: a page shows what
/// `web::html_from_jsm` makes of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JsmHtml(String);

impl JsmHtml {
    /// Keeps HTML apart from texts.
    #[must_use]
    pub fn new(html: String) -> Self {
        Self(html)
    }

    /// The HTML as it came, for whoever reads or cleans it.
    #[must_use]
    pub fn untrusted(&self) -> &str {
        &self.0
    }
}
