//! Reads what was typed as `CommonMark`, as far as it is blocks that comments have. Nothing of the text is
//! lost: HTML, and what is nested too deeply, stays the text that it is. Must not know how blocks are
//! written.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::blocks::{Block, Inline, List, Text};
use super::links::{address, pieces};

/// How deep lists and quotes may be in each other: whoever reads them would not find their way either.
const DEEPEST: usize = 8;

/// How many pieces a text may have. A person's has some hundreds.
const MOST: usize = 10_000;

pub(super) fn read(typed: &str) -> Vec<Block> {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    let typed: String = typed.chars().filter(|c| !hidden(*c)).collect();
    let text = with_definitions(&typed);
    let mut reader = Reader::new(&text);
    for (count, (event, range)) in Parser::new(&text).into_offset_iter().enumerate() {
        if count > MOST || reader.open.len() > DEEPEST {
            return plain(&typed);
        }
        reader.take(event, &range);
    }
    reader.finish()
}

/// Paragraphs of lines.
fn plain(text: &str) -> Vec<Block> {
    let paragraphs = text.split("\n\n").map(|lines| lines.trim_matches('\n'));
    let paragraphs = paragraphs.filter(|lines| !lines.trim().is_empty());
    paragraphs.map(|text| Block::Paragraph(lines(text))).collect()
}

fn lines(text: &str) -> Vec<Inline> {
    let mut inline = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            inline.push(Inline::Break);
        }
        if !line.is_empty() {
            inline.push(Inline::Text(Text::plain(line)));
        }
    }
    with_links(inline)
}

/// A line such as `[1]: https://example.com` defines a link and is not shown: it becomes text.
fn with_definitions(text: &str) -> String {
    let parser = Parser::new_ext(text, Options::empty());
    let all = parser.reference_definitions().iter();
    let mut starts: Vec<usize> = all.map(|(_, definition)| definition.span.start).collect();
    starts.sort_unstable();
    let mut escaped = text.to_owned();
    for start in starts.into_iter().rev().filter(|at| text.is_char_boundary(*at)) {
        escaped.insert(start, '\\');
    }
    escaped
}

/// Addresses that stand in a text as they are become links.
fn with_links(inline: Vec<Inline>) -> Vec<Inline> {
    let linked = |piece: Inline| match piece {
        Inline::Text(text) if text.link.is_none() && !text.code => {
            let piece = |(words, link): (&str, Option<String>)| {
                Inline::Text(Text { text: words.to_owned(), link, ..text.clone() })
            };
            pieces(&text.text).into_iter().map(piece).collect()
        }
        other => vec![other],
    };
    inline.into_iter().flat_map(linked).collect()
}

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

struct Reader<'t> {
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
    fn new(text: &'t str) -> Self {
        let (open, top, links, code) = (Vec::new(), Open::default(), Vec::new(), None);
        Self { text, open, top, strong: 0, emphasis: 0, links, code, verbatim: 0, said: 0 }
    }

    fn finish(mut self) -> Vec<Block> {
        self.top.end_line();
        self.top.blocks
    }

    fn take(&mut self, event: Event<'_>, range: &Range<usize>) {
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::document::document;
    use super::super::words::words;
    use super::*;

    fn said(typed: &str) -> String {
        words(&document(&read(typed)))
    }

    #[rstest]
    #[case::html("<b>bold</b> <script>x()</script>", "<b>bold</b> <script>x()</script>")]
    #[case::html_block("<div>\na\n</div>", "<div> a </div>")]
    #[case::definition(
        "[1]: https://example.com/",
        "[1]: https://example.com/ https://example.com/"
    )]
    #[case::program("f[i](x) and a[b]", "f[i](x) and a[b]")]
    #[case::script("[click](javascript:alert)", "[click](javascript:alert)")]
    #[case::blank_lines("a\n\n\n\nb", "a b")]
    #[case::indented("Regards\n\n    Ann", "Regards Ann")]
    #[case::picture(
        "![](https://x.example/a.png)",
        "https://x.example/a.png https://x.example/a.png"
    )]
    fn p19_what_is_no_markup_stays_text(#[case] typed: &str, #[case] expected: &str) {
        assert_eq!(said(typed), expected);
    }

    #[test]
    fn lines_stay_lines() {
        let text = |text: &str| Inline::Text(Text::plain(text));
        let lines = vec![text("Hello,"), Inline::Break, text("it works.")];
        assert_eq!(read("Hello,\r\nit works.\r\n"), [Block::Paragraph(lines)]);
    }

    #[test]
    fn lists_links_and_code_are_understood() {
        let blocks = read("- one\n- two\n\n3. three\n\n```\nx = 1\n```\n\n> said\n\n`y`");
        let kinds: Vec<_> = blocks.iter().map(std::mem::discriminant).collect();
        let expected = [
            Block::List(List { start: None, items: Vec::new() }),
            Block::List(List { start: Some(3), items: Vec::new() }),
            Block::Code(String::new()),
            Block::Quote(Vec::new()),
            Block::Paragraph(Vec::new()),
        ];
        assert_eq!(kinds, expected.iter().map(std::mem::discriminant).collect::<Vec<_>>());
        assert_eq!(blocks[2], Block::Code("x = 1".to_owned()));
    }

    #[rstest]
    #[case::lists(&"- ".repeat(1000))]
    #[case::quotes(&"> ".repeat(1000))]
    #[case::pieces(&"*a* ".repeat(20_000))]
    fn p19_what_is_nested_too_deeply_or_too_long_stays_lines(#[case] typed: &str) {
        let blocks = read(&format!("{typed}x"));
        assert!(matches!(blocks.as_slice(), [Block::Paragraph(line)] if line.len() == 1));
    }
}
