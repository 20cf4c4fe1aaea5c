//! Marks in a text the words that somebody looked for. Must not know where the text is from: all of it is
//! escaped.

use std::cmp::Reverse;

use minijinja::{HtmlEscape, Value};

/// The words of a search.
pub(super) struct Marks(Vec<String>);

impl Marks {
    /// The words of what somebody typed.
    pub(super) fn of(wanted: &str) -> Self {
        Self(wanted.to_lowercase().split_whitespace().map(str::to_owned).collect())
    }

    /// A text as HTML, with `<mark>` around each of the words.
    pub(super) fn mark(&self, text: &str) -> Value {
        let mut html = String::with_capacity(text.len() + 16);
        let mut done = 0;
        for (start, end) in self.found(text) {
            if start < done {
                continue;
            }
            html.push_str(&escaped(text, done, start));
            html.push_str("<mark>");
            html.push_str(&escaped(text, start, end));
            html.push_str("</mark>");
            done = end;
        }
        html.push_str(&escaped(text, done, text.len()));
        Value::from_safe_string(html)
    }

    /// Where a word begins and ends, in the order of the text. The longest comes first where several begin.
    fn found(&self, text: &str) -> Vec<(usize, usize)> {
        let (lower, places) = lowered(text);
        let of_word = |word: &String| {
            let place = |at: usize| places.get(at).copied();
            let found = lower.match_indices(word.as_str()).map(|(at, _)| at);
            let found = found.filter_map(|at| Some((place(at)?.0, place(at + word.len() - 1)?.1)));
            found.collect::<Vec<_>>()
        };
        let mut found: Vec<_> = self.0.iter().flat_map(of_word).collect();
        found.sort_by_key(|(start, end)| (*start, Reverse(*end)));
        found
    }
}

/// The text in small letters, and for each of its bytes where the letter begins and ends in the text: a small
/// letter can be longer than a capital one.
fn lowered(text: &str) -> (String, Vec<(usize, usize)>) {
    let mut lower = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        lower.extend(letter.to_lowercase());
        places.resize(lower.len(), (at, at + letter.len_utf8()));
    }
    (lower, places)
}

fn escaped(text: &str, start: usize, end: usize) -> String {
    HtmlEscape(text.get(start..end).unwrap_or_default()).to_string()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("screen", "My Screen is dark", "My <mark>Screen</mark> is dark")]
    #[case("dark SCREEN", "Screen, dark", "<mark>Screen</mark>, <mark>dark</mark>")]
    #[case("a aa", "baab", "b<mark>aa</mark>b")]
    #[case("ß straße", "Straße", "<mark>Straße</mark>")]
    #[case("i", "İI", "<mark>İ</mark><mark>I</mark>")]
    #[case("画面", "画面が暗い", "<mark>画面</mark>が暗い")]
    #[case("b", "<b> & b", "&lt;<mark>b</mark>&gt; &amp; <mark>b</mark>")]
    #[case("lt", "<lt>", "&lt;<mark>lt</mark>&gt;")]
    #[case("", "All of it", "All of it")]
    #[case("x", "", "")]
    fn p10_what_was_looked_for_is_marked_and_all_else_is_escaped(
        #[case] wanted: &str,
        #[case] text: &str,
        #[case] html: &str,
    ) {
        assert_eq!(Marks::of(wanted).mark(text).to_string(), html);
    }
}
