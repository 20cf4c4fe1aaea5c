//! Makes blocks of what a parser of `CommonMark` tells of a text, event by event. Must not know what is done
//! to the text before.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use super::super::blocks::{Block, Inline, List, Text};
use super::super::links::address;
use super::{lines, with_links};

/// What is open at a place of the text.
#[derive(Default)]
struct Open {
    start: Option<u64>,
    blocks: Vec<Block>,
    items: Vec<Vec<Block>>,
    line: Vec<Inline>,
}

impl Open {
    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        let last = line.iter().rposition(|it| *it != Inline::Break);
        line.truncate(last.map_or(0, |last| last + 1));
        if !line.is_empty() {
            self.blocks.push(Block::Paragraph(with_links(line)));
        }
    }
}

/// A link that is open: where it leads, and how much was said before it.
struct OpenLink {
    address: String,
    said: usize,
}

/// A code block that is open.
struct OpenCode {
    code: String,
    /// Whether only the blanks before its lines make it one.
    indented: bool,
}

pub(super) struct Reader<'t> {
    text: &'t str,
    open: Vec<Open>,
    /// What is the innermost.
    top: Open,
    strong: usize,
    emphasis: usize,
    links: Vec<OpenLink>,
    code: Option<OpenCode>,
    /// How many links are open of which the outermost may not be led to: they stay as they were typed.
    verbatim: usize,
    /// How many bytes were said.
    said: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (open, top, links, code) = (Vec::new(), Open::default(), Vec::new(), None);
        Self { text, open, top, strong: 0, emphasis: 0, links, code, verbatim: 0, said: 0 }
    }

    /// How many blocks are open in each other.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn finish(mut self) -> Vec<Block> {
        self.top.end_line();
        self.top.blocks
    }

    pub(super) fn take(&mut self, event: Event<'_>, range: &Range<usize>) {
        if self.verbatim > 0 {
            return self.skip(&event, range);
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => match &mut self.code {
                Some(open) => open.code.push_str(&text),
                None => self.say(&text, false),
            },
            Event::Code(text) => self.say(&text, true),
            Event::Html(text) | Event::InlineHtml(text) => self.say_lines(&text),
            Event::SoftBreak | Event::HardBreak => self.top.line.push(Inline::Break),
            Event::Rule => {
                self.top.end_line();
                self.top.blocks.push(Block::Rule);
            }
            // Of extensions that are not switched on.
            _ => {}
        }
    }

    fn skip(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => self.verbatim += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => self.verbatim -= 1,
            _ => {}
        }
        if self.verbatim == 0 {
            self.say_lines(self.text.get(range.clone()).unwrap_or_default());
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Emphasis => self.emphasis += 1,
            Tag::Strong => self.strong += 1,
            Tag::Heading { .. } => {
                self.top.end_line();
                self.strong += usize::from(self.has_sign(range));
            }
            Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. } => {
                let scheme = if link_type == LinkType::Email { "mailto:" } else { "" };
                match address(&format!("{scheme}{dest_url}")) {
                    Some(address) => self.links.push(OpenLink { address, said: self.said }),
                    None => self.verbatim = 1,
                }
            }
            Tag::CodeBlock(kind) => {
                self.top.end_line();
                let indented = kind == CodeBlockKind::Indented;
                self.code = Some(OpenCode { code: String::new(), indented });
            }
            Tag::BlockQuote(_) | Tag::Item => self.open(None),
            Tag::List(start) => self.open(start),
            _ => self.top.end_line(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Heading(_) => self.end_heading(self.has_sign(range)),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::BlockQuote(_) => {
                let quote = self.close();
                self.top.blocks.push(Block::Quote(quote.blocks));
            }
            TagEnd::Item => {
                let item = self.close();
                self.top.items.push(item.blocks);
            }
            TagEnd::List(_) => {
                let Open { start, items, .. } = self.close();
                self.top.blocks.push(Block::List(List { start, items }));
            }
            _ => self.top.end_line(),
        }
    }

    /// `start` is the first number of a list that has numbers.
    fn open(&mut self, start: Option<u64>) {
        self.top.end_line();
        let inner = Open { start, ..Open::default() };
        self.open.push(std::mem::replace(&mut self.top, inner));
    }

    fn close(&mut self) -> Open {
        self.top.end_line();
        let outer = self.open.pop().unwrap_or_default();
        std::mem::replace(&mut self.top, outer)
    }

    /// `# A heading`, and not one that is underlined.
    fn has_sign(&self, range: &Range<usize>) -> bool {
        self.text.get(range.clone()).is_some_and(|source| source.trim_start().starts_with('#'))
    }

    fn end_heading(&mut self, has_sign: bool) {
        self.top.end_line();
        if has_sign {
            self.strong = self.strong.saturating_sub(1);
        } else {
            // A line of hyphens below a line: somebody means a line across the page.
            self.top.blocks.push(Block::Rule);
        }
    }

    /// Blanks before a line do not mean code: people indent signatures and addresses.
    fn end_code(&mut self) {
        let Some(OpenCode { code, indented }) = self.code.take() else { return };
        let code = code.trim_end_matches('\n');
        self.top.blocks.push(if indented {
            Block::Paragraph(lines(code))
        } else {
            Block::Code(code.to_owned())
        });
    }

    fn say(&mut self, text: &str, code: bool) {
        let (strong, emphasis) = (self.strong > 0, self.emphasis > 0);
        let link = self.links.last().map(|link| link.address.clone());
        let said = Text { text: text.to_owned(), strong, emphasis, code, link };
        self.said += text.len();
        match self.top.line.last_mut() {
            Some(Inline::Text(last)) if last.is_like(&said) => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => self.top.line.push(Inline::Text(said)),
        }
    }

    fn say_lines(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.top.line.push(Inline::Break);
            }
            self.say(line, false);
        }
    }

    /// A picture or a link without words says its address.
    fn end_link(&mut self) {
        let Some(link) = self.links.last() else { return };
        if link.said == self.said {
            let address = link.address.clone();
            self.say(&address, false);
        }
        self.links.pop();
    }
}
