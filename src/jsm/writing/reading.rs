//! Reads what was typed as `CommonMark`, as far as it is blocks that comments have. Nothing of the text is
//! lost: HTML, and what is nested too deeply, stays the text that it is. Must not know how blocks are
//! written.

mod reader;

use pulldown_cmark::{Options, Parser};

use self::reader::Reader;
use super::blocks::{Block, Inline, Text};
use super::links::pieces;

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
        if count > MOST || reader.depth() > DEEPEST {
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

#[cfg(test)]
mod tests;
