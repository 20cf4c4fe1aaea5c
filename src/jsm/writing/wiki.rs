//! Blocks in Jira's wiki markup (Data Center). Only what is written here acts; every sign of a text that
//! would act is escaped: macros run, mentions mail people, and pictures are fetched by whoever reads
//! (docs/security.md P19). Must not know how a text was read.

use std::fmt::Write as _;

use super::blocks::{Block, Inline, List, Text};

/// What holds a code block together, and so what it must not have in it.
const NO_FORMAT: &str = "{noformat";

pub(super) fn wiki(blocks: &[Block]) -> String {
    blocks.iter().map(block).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(line) => lines(line),
        Block::Code(code) if code.to_ascii_lowercase().contains(NO_FORMAT) => as_lines(code),
        Block::Code(code) => format!("{{noformat}}\n{code}\n{{noformat}}"),
        Block::List(list) => items(list, "").join("\n"),
        Block::Quote(blocks) => format!("{{quote}}\n{}\n{{quote}}", within(blocks, "\n\n")),
        Block::Rule => "----".to_owned(),
    }
}

/// Blocks in a quote or an item, where macros cannot hold each other's text together: code is lines
/// there, and a quote is what is in it.
fn within(blocks: &[Block], between: &str) -> String {
    let text = |block: &Block| match block {
        Block::Paragraph(line) => lines(line),
        Block::Code(code) => as_lines(code),
        Block::List(list) => items(list, "").join("\n"),
        Block::Quote(blocks) => within(blocks, between),
        Block::Rule => String::new(),
    };
    blocks.iter().map(text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
}

/// The lines of a list. Wiki markup always counts from one, so other numbers are written out.
fn items(list: &List, outer: &str) -> Vec<String> {
    let sign = if list.start.is_some() { '#' } else { '*' };
    let prefix = format!("{outer}{sign}");
    let first = list.start.filter(|start| *start != 1 && outer.is_empty());
    let mut all = Vec::new();
    for (number, blocks) in (0..).zip(&list.items) {
        let (lists, words): (Vec<_>, Vec<_>) =
            blocks.iter().partition(|block| matches!(block, Block::List(_)));
        let words: Vec<Block> = words.into_iter().cloned().collect();
        let words = within(&words, "\n");
        all.push(match first {
            Some(first) => format!("{}. {words}", first.saturating_add(number)),
            None => format!("{prefix} {words}"),
        });
        for block in lists {
            if let Block::List(inner) = block {
                all.extend(items(inner, if first.is_some() { "" } else { &prefix }));
            }
        }
    }
    all
}

fn as_lines(code: &str) -> String {
    code.lines().map(|line| escaped(line, true)).collect::<Vec<_>>().join("\n")
}

fn lines(line: &[Inline]) -> String {
    let mut text = String::new();
    for piece in line {
        match piece {
            Inline::Break => text.push('\n'),
            Inline::Text(piece) => {
                let begins = text.is_empty() || text.ends_with('\n');
                text.push_str(&marked(piece, begins));
            }
        }
    }
    text
}

/// Signs in braces count within a word, too.
fn marked(text: &Text, begins_line: bool) -> String {
    let mut wiki = match &text.link {
        Some(link) if *link == text.text => format!("[{}]", in_link(link)),
        Some(link) => format!("[{}|{}]", as_entities(&text.text), in_link(link)),
        None => escaped(&text.text, begins_line),
    };
    if text.code && text.link.is_none() {
        return format!("{{{{{wiki}}}}}");
    }
    for (is_so, sign) in [(text.strong, '*'), (text.emphasis, '_')] {
        if is_so {
            wiki = format!("{{{sign}}}{wiki}{{{sign}}}");
        }
    }
    wiki
}

/// An address that does not end its link.
fn in_link(address: &str) -> String {
    address.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '|' | '[' | ']' | '{' | '}' | '\\') {
            // Writing to a string does not fail.
            let _ = write!(out, "%{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
        out
    })
}

/// The words of a link, which know no escapes.
fn as_entities(words: &str) -> String {
    words.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | '/' | '-') {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
        out
    })
}

fn escaped(text: &str, begins_line: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = begins_line;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' => out.push_str("&#92;"),
            '&' if rest.starts_with(|c: char| c == '#' || c.is_ascii_alphabetic()) => {
                out.push_str("&amp;");
            }
            '.' if is_sign_of_block(text.get(..at).unwrap_or_default(), begins_line) => {
                out.push_str("&#46;");
            }
            c if acts(c, before, rest, begins) => out.extend(['\\', c]),
            c => out.push(c),
        }
        begins &= c.is_whitespace();
        before = Some(c);
    }
    out
}

/// Whether a sign means something, by what stands around it.
fn acts(sign: char, before: Option<char>, rest: &str, begins_line: bool) -> bool {
    let after = rest.chars().next();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    match sign {
        '{' | '}' | '[' | ']' | '|' | '^' | '~' | '*' | '_' => true,
        '!' => after.map_or_else(|| !is_word(before), |after| !after.is_whitespace()),
        '?' => after == Some('?') || before == Some('?'),
        '#' => begins_line,
        '+' | '-' => {
            let joins_words = is_word(before) && is_word(after);
            let alone = !begins_line && is_blank(before) && is_blank(after);
            !joins_words && !alone
        }
        // Small pictures: (x), (/), (i) and the like.
        '(' => rest.chars().nth(1) == Some(')') && !is_blank(after),
        _ => false,
    }
}

/// `h1.` to `h6.` and `bq.` at the beginning of a line.
fn is_sign_of_block(before: &str, begins_line: bool) -> bool {
    let signs = ["h1", "h2", "h3", "h4", "h5", "h6", "bq"];
    begins_line && signs.contains(&before.trim_start())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::reading::read;
    use super::*;

    #[rstest]
    #[case::words("Well-known, isn't it? 2 - 1!", "Well-known, isn't it? 2 - 1!")]
    #[case::bold("**now** please", "{*}now{*} please")]
    #[case::list("- one\n  1. two\n- three", "* one\n*# two\n* three")]
    #[case::from_three("3. three\n4. four", "3. three\n4. four")]
    #[case::code("`a_b` it", r"{{a\_b}} it")]
    #[case::code_block("```\n{x} *y*\n```", "{noformat}\n{x} *y*\n{noformat}")]
    #[case::quote("> said\n\nso", "{quote}\nsaid\n{quote}\n\nso")]
    #[case::link("[one](https://example.com/a)", "[one|https://example.com/a]")]
    #[case::address("https://example.com/a", "[https://example.com/a]")]
    fn a_text_becomes_wiki_markup(#[case] typed: &str, #[case] expected: &str) {
        assert_eq!(wiki(&read(typed)), expected);
    }

    #[rstest]
    #[case::a_macro("{html}x{html}", r"\{html\}x\{html\}")]
    #[case::a_mention("[~ann]", r"\[\~ann\]")]
    #[case::a_mention_of_cloud("[~accountid:5:6]", r"\[\~accountid:5:6\]")]
    #[case::a_picture("!https://evil.example/x.png!", r"\![https://evil.example/x.png]\!")]
    #[case::a_file("see !scan.png|thumbnail!", r"see \!scan.png\|thumbnail!")]
    #[case::a_file_link("[^scan.png]", r"\[\^scan.png\]")]
    #[case::a_table("||a||b||\n|c|d|", "\\|\\|a\\|\\|b\\|\\|\n\\|c\\|d\\|")]
    #[case::a_heading("h1. Big\nbq. said", "h1&#46; Big\nbq&#46; said")]
    #[case::an_escape(r"\{html}", r"\{html\}")]
    #[case::an_entity("&#123;html&#125;", r"\{html\}")]
    #[case::an_entity_of_an_entity("&amp;#123;html", "&amp;#123;html")]
    #[case::a_backslash(r"C:\temp\x", "C:&#92;temp&#92;x")]
    #[case::struck("-gone- +new+", r"\-gone\- \+new\+")]
    #[case::out_of_code("```\n{noformat}{html}\n```", r"\{noformat\}\{html\}")]
    #[case::out_of_quoted_code(
        "> ```\n> {quote}{html}\n> ```",
        "{quote}\n\\{quote\\}\\{html\\}\n{quote}"
    )]
    #[case::out_of_a_link("[a|b]({html})", r"\[a\|b\](\{html\})")]
    #[case::in_the_words_of_a_link(
        "[a{x}!b!](https://e.example)",
        "[a&#123;x&#125;&#33;b&#33;|https://e.example/]"
    )]
    fn p19_wiki_markup_of_a_comment_does_not_act(#[case] typed: &str, #[case] expected: &str) {
        assert_eq!(wiki(&read(typed)), expected);
    }
}
