//! The few kinds of blocks that a text is made of. Must not know how any of them is written.

/// A block.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Block {
    /// Lines.
    Paragraph(Vec<Inline>),
    /// A text that keeps its blanks and means nothing else.
    Code(String),
    /// A list.
    List(List),
    /// What somebody else said.
    Quote(Vec<Self>),
    /// A line across the page.
    Rule,
}

/// A list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct List {
    /// The first number, if it is a list with numbers.
    pub(super) start: Option<u64>,
    /// What each item is made of.
    pub(super) items: Vec<Vec<Block>>,
}

/// What a line is made of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Inline {
    /// A text.
    Text(Text),
    /// The end of a line.
    Break,
}

/// A text, and what is special about it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[expect(clippy::struct_field_names, reason = "a text has a text")]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) strong: bool,
    pub(super) emphasis: bool,
    pub(super) code: bool,
    /// Where it leads: always an address that [`super::links::address`] gave.
    pub(super) link: Option<String>,
}

impl Text {
    pub(super) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// Whether two texts are special in the same way.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.strong, self.emphasis, self.code, &self.link)
            == (other.strong, other.emphasis, other.code, &other.link)
    }
}
