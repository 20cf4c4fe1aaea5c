//! What customers write: plain text in which lists, links and code are understood as people type them
//! (`CommonMark`), turned into what JSM takes. On Cloud that is a document (ADF), on Data Center wiki markup.
//! Both are made of the same few kinds of blocks, and whatever else somebody types stays text
//! (docs/security.md P19). Must not know who writes, or where it is sent.

mod blocks;
mod document;
mod html;
mod links;
mod reading;
mod wiki;
mod words;

use serde_json::Value;

use self::blocks::{Block, Inline, Text};
use crate::config::Deployment;
use crate::domain::JsmHtml;

pub(super) use self::words::words;

/// A text that somebody wrote.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Writing(Vec<Block>);

impl Writing {
    /// Reads what was typed.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        Self(reading::read(typed))
    }

    /// A line that means nothing but what it says.
    #[must_use]
    pub fn of_line(line: &str) -> Self {
        Self(vec![Block::Paragraph(vec![Inline::Text(Text::plain(line))])])
    }

    /// The same with a line above it that says who wrote it.
    #[must_use]
    pub fn below(self, line: &str) -> Self {
        let line = Text { strong: true, ..Text::plain(line) };
        let first = Block::Paragraph(vec![Inline::Text(line)]);
        Self(std::iter::once(first).chain(self.0).collect())
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        words(&document::document(&self.0)).is_empty()
    }

    /// As a comment's `body`: a document on Cloud, wiki markup on Data Center.
    #[must_use]
    pub fn body(&self, deployment: Deployment) -> Body {
        Body(match deployment {
            Deployment::Cloud => document::document(&self.0),
            Deployment::DataCenter => wiki::wiki(&self.0).into(),
        })
    }

    /// As JSM will render it, for a preview.
    #[must_use]
    pub fn html(&self) -> JsmHtml {
        JsmHtml::new(html::html(&self.0))
    }
}

/// A text in the form that JSM takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Body(Value);

impl Body {
    /// What it says, without its markup.
    #[must_use]
    pub fn words(&self) -> String {
        words(&self.0)
    }

    pub(super) fn json(&self) -> &Value {
        &self.0
    }
}
