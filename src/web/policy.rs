//! What a page of the gate may do and what may be sent to it, as an attribute of its route. The
//! request path reads it before and after it calls the page. Must not know the pages.

use std::time::Duration;

/// The largest form, in bytes. The gate's forms have few fields, and nothing larger is read
/// (docs/security.md G7).
const FORM_LIMIT: usize = 16 * 1024;

/// How long a whole body may take. Forms and tokens are small, and pingora would wait a minute for
/// each byte.
const FORM_TIMEOUT: Duration = Duration::from_secs(30);

/// What applies to one route.
#[derive(Clone, Copy, Debug)]
pub struct PagePolicy {
    /// What a browser may do with the page.
    pub content: ContentPolicy,
    /// Whether the page is the same for everybody, logged in or not. Then it is served while the
    /// session store is down.
    pub for_anybody: bool,
    /// Whether a page of another site may post here. What is posted must prove itself then.
    pub cross_site_post: bool,
    /// Whether the page is handed forms of people who are not let in, to keep what they typed until they
    /// are.
    pub keeps_text: bool,
    /// The largest request body, in bytes. A page may keep all of it in memory.
    pub body_limit: usize,
    /// How many bytes of files a request body may have besides. No page keeps them: they are passed on as
    /// they come.
    pub file_bytes: usize,
    /// How long a request body may take. One with files has a least rate instead, and takes as long as it
    /// is large.
    pub body_timeout: Duration,
}

/// What a browser may do with a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ContentPolicy {
    /// The gate's own style and scripts, forms to the gate, no frame around it.
    Strict,
    /// Nothing, except that the origins in [`FramedBy`] of the response may show it in a frame. A
    /// response without [`FramedBy`] is strict.
    Framed,
    /// A page that posts its form to another site by itself, where the response says that it is one
    /// ([`super::PostsItself`]); else as `Strict`.
    Posting,
    /// Nothing at all: a file that somebody sent, which could be anything (docs/security.md P9).
    Sandboxed,
}

/// The origins that may show a response in a frame, as an extension of the response. It only counts
/// on routes with [`ContentPolicy::Framed`].
#[derive(Clone, Debug)]
pub struct FramedBy(pub Vec<String>);

impl PagePolicy {
    /// The policy of a page with small forms of its own, and of every path without a page.
    pub const STRICT: Self = Self {
        content: ContentPolicy::Strict,
        for_anybody: false,
        cross_site_post: false,
        keeps_text: false,
        body_limit: FORM_LIMIT,
        file_bytes: 0,
        body_timeout: FORM_TIMEOUT,
    };

    /// The same for a page that others may show in a frame.
    #[must_use]
    pub const fn framed(self) -> Self {
        Self { content: ContentPolicy::Framed, ..self }
    }

    /// The same for a route whose answers may be pages that post their form to another site by themselves.
    #[must_use]
    pub const fn posting(self) -> Self {
        Self { content: ContentPolicy::Posting, ..self }
    }

    /// The same for a form with long texts: at most so many bytes.
    #[must_use]
    pub const fn with_body_limit(self, bytes: usize) -> Self {
        Self { body_limit: bytes, ..self }
    }

    /// The same for a form that takes so many bytes of files.
    #[must_use]
    pub const fn with_files(self, bytes: usize) -> Self {
        Self { file_bytes: bytes, ..self }
    }

    /// The longest body, in bytes.
    #[must_use]
    pub const fn whole_body(self) -> usize {
        self.body_limit.saturating_add(self.file_bytes)
    }

    /// The same for a file that somebody sent.
    #[must_use]
    pub const fn sandboxed(self) -> Self {
        Self { content: ContentPolicy::Sandboxed, ..self }
    }

    /// The same for a page that does not depend on who asks.
    #[must_use]
    pub const fn for_anybody(self) -> Self {
        Self { for_anybody: true, ..self }
    }

    /// The same for a form that keeps what was typed for whoever has to log in again.
    #[must_use]
    pub const fn keeping_text(self) -> Self {
        Self { keeps_text: true, ..self }
    }

    /// The same for a page that other sites may post to.
    #[must_use]
    pub const fn cross_site_post(self) -> Self {
        Self { cross_site_post: true, ..self }
    }
}
