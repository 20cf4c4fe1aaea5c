//! Separates what is not TOML from what is, so that one forgotten quote does not hide the mistakes
//! in the rest of the file. It knows lines and statements, not keys.

use std::ops::Range;

use toml::de::DeTable;

use super::field::Span;

/// A file with more mistakes of this kind is no configuration at all.
const MOST_ERRORS: usize = 50;

/// One place that is not TOML.
#[derive(Debug)]
pub(super) struct NotToml {
    /// Where the parser gave up.
    pub(super) span: Span,
    /// The parser's words.
    pub(super) what: String,
    /// Line where the statement begins, if that is another one.
    pub(super) begins: Option<usize>,
}

/// The text with every statement that is not TOML blanked out, and what was wrong with those
/// statements. What is left parses, and every byte keeps its place.
pub(super) fn clean(text: &str) -> (String, Vec<NotToml>) {
    let lines = line_spans(text);
    let mut clean = text.to_owned();
    let mut errors: Vec<NotToml> = Vec::new();
    // This ends, because each round blanks a line.
    while let Err(error) = DeTable::parse(&clean) {
        let span = error.span().unwrap_or_default();
        let bad = lines.iter().rposition(|line| line.start <= span.start).unwrap_or_default();
        let nested = ["array", "inline table", "multi-line"];
        let nested = nested.iter().any(|word| error.message().contains(word));
        let statement = statement(&clean, &lines, bad, nested, span.start);
        let new = errors.iter().all(|error| error.span.start != span.start);
        let begins = (statement.start < bad).then_some(statement.start + 1);
        if new {
            errors.push(NotToml { span, what: error.message().to_owned(), begins });
        }
        let changed = blank(&mut clean, &lines, statement);
        if !changed || errors.len() >= MOST_ERRORS {
            blank(&mut clean, &lines, 0..lines.len());
        }
    }
    (clean, errors)
}

/// The lines of the statement that an error is in.
fn statement(
    text: &str,
    lines: &[Span],
    bad: usize,
    nested: bool,
    error_at: usize,
) -> Range<usize> {
    let line =
        |at: usize| lines.get(at).and_then(|span| text.get(span.clone())).unwrap_or_default();
    let next_after = |at: usize, begins: fn(&str) -> bool| {
        (at..lines.len()).find(|&next| begins(line(next))).unwrap_or(lines.len())
    };
    if !nested && !line(bad).trim().is_empty() {
        // Keys below a broken header belong to no section until the next header.
        let header = line(bad).trim_start().starts_with('[');
        return bad..if header { next_after(bad + 1, is_header) } else { bad + 1 };
    }
    // The parser reports the first thing that does not belong into an open list. Often that is the
    // next statement, which is right.
    let before_error = text.get(lines.get(bad).map_or(0, |line| line.start)..error_at);
    let at_start = before_error.is_none_or(|before| before.trim().is_empty());
    let own = if at_start { bad } else { bad + 1 };
    let start = (0..own).rev().find(|&at| begins_statement(line(at))).unwrap_or_default();
    start..next_after(own.max(start + 1), begins_statement)
}

fn begins_statement(line: &str) -> bool {
    let key = line.split_once('=').map(|(key, _)| key.trim());
    is_header(line) || key.is_some_and(is_key)
}

fn is_header(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default().trim();
    let name = line.strip_prefix("[[").and_then(|name| name.strip_suffix("]]"));
    let name = name.or_else(|| line.strip_prefix('[').and_then(|name| name.strip_suffix(']')));
    name.is_some_and(is_key)
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-. ".contains(&b))
}

/// Whether there was anything to blank.
fn blank(text: &mut String, lines: &[Span], statement: Range<usize>) -> bool {
    let ink = |text: &str| text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    let before = ink(text);
    for line in lines.get(statement).into_iter().flatten() {
        text.replace_range(line.clone(), &" ".repeat(line.len()));
    }
    ink(text) < before
}

/// Each line without its line break. A carriage return anywhere else is part of a line, because
/// TOML has no such line break.
fn line_spans(text: &str) -> Vec<Span> {
    let mut start = 0;
    let mut spans = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = ["\r\n", "\n"].iter().find_map(|end| line.strip_suffix(end)).unwrap_or(line);
        spans.push(start..start + end.len());
        start += line.len();
    }
    spans
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::open_quote("a = \"x\nb = 1\n", "      \nb = 1\n")]
    #[case::no_quotes("a = x y\nb = 1\n", "       \nb = 1\n")]
    #[case::no_equals_sign("a \"x\"\nb = 1\n", "     \nb = 1\n")]
    #[case::twice("a = 1\na = 2\nb = 1\n", "a = 1\n     \nb = 1\n")]
    #[case::open_list("a = [1, 2\nb = 1\n", "         \nb = 1\n")]
    #[case::no_comma("a = [\n  1\n  2,\n]\nb = 1\n", "     \n   \n    \n \nb = 1\n")]
    #[case::open_list_before_header("a = [1\n[t]\nb = 1\n", "      \n[t]\nb = 1\n")]
    #[case::broken_header("[a\nx = 1\n[b]\ny = 1\n", "  \n     \n[b]\ny = 1\n")]
    #[case::control("a = 1\n\u{7}\nb = 1\n", "a = 1\n \nb = 1\n")]
    #[case::stray_return("a = 1\r\r\nb = 1\r\n", "      \r\nb = 1\r\n")]
    #[case::return_at_the_end("b = 1\r\na = 1\r", "b = 1\r\n      ")]
    fn what_is_toml_stays(#[case] text: &str, #[case] expected: &str) {
        let (clean, errors) = clean(text);
        assert_eq!(clean, expected, "{errors:?}");
        assert_eq!(errors.len(), 1, "{errors:?}");
        DeTable::parse(&clean).unwrap();
    }

    #[test]
    fn a_sound_text_is_left_alone() {
        let text = "[a]\nb = [\n  1, # one\n]\nc = \"\"\"\nd = [\n\"\"\"\n";
        let (clean, errors) = clean(text);
        assert_eq!((clean.as_str(), errors.len()), (text, 0));
    }

    proptest::proptest! {
        /// Whatever stands in the file, what is left of it parses.
        #[test]
        fn the_rest_always_parses(text in "[\\[\\]{}=\"'#,.ab1\r\n ]{0,60}") {
            let (clean, _) = clean(&text);
            proptest::prop_assert_eq!(clean.len(), text.len());
            proptest::prop_assert!(DeTable::parse(&clean).is_ok(), "{}", clean);
        }
    }
}
