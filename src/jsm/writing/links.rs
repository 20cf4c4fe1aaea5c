//! Addresses in a text: which may be led to, and where one stands among other words. Must not know
//! markup.

use url::Url;

/// Where a link may lead (docs/security.md P11).
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The longest address that becomes a link.
const LONGEST: usize = 2000;

/// An address that may be led to, in its one spelling.
pub(super) fn address(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let url = Url::parse(text).ok()?;
    // A name before the host is there to be taken for the host.
    let plain = url.username().is_empty() && url.password().is_none();
    let fits = plain && SCHEMES.contains(&url.scheme()) && url.as_str().len() <= LONGEST;
    fits.then(|| url.into())
}

/// A text in pieces, each with where it leads: addresses are often typed as they are. Each character is
/// looked at once, however many of them look like an address.
pub(super) fn pieces(text: &str) -> Vec<(&str, Option<String>)> {
    let mut pieces = Vec::new();
    let (mut told, mut looked_at) = (0, 0);
    while let Some(at) = next_address(text, looked_at) {
        let whole = whole(text.get(at..).unwrap_or_default());
        let typed = without_punctuation(whole);
        looked_at = at + whole.len();
        if let Some(link) = address(typed) {
            pieces.push((text.get(told..at).unwrap_or_default(), None));
            pieces.push((typed, Some(link)));
            told = at + typed.len();
        }
    }
    pieces.push((text.get(told..).unwrap_or_default(), None));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

/// Where an address begins that is not the end of a longer word.
fn next_address(text: &str, from: usize) -> Option<usize> {
    let mut places = text.get(from..)?.match_indices("http").map(|(at, _)| from + at);
    places.find(|at| {
        let (before, after) = text.split_at(*at);
        let stands_alone = !before.ends_with(char::is_alphanumeric);
        stands_alone && (after.starts_with("http://") || after.starts_with("https://"))
    })
}

/// What an address could be of that a text begins with.
fn whole(text: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
    text.get(..text.find(ends).unwrap_or(text.len())).unwrap_or(text)
}

/// The punctuation of the sentence does not belong to the address.
fn without_punctuation(whole: &str) -> &str {
    let has_opening = whole.contains('(');
    let mut typed = whole;
    loop {
        let shorter = typed.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let shorter = if has_opening { shorter } else { shorter.trim_end_matches(')') };
        if shorter == typed {
            return typed;
        }
        typed = shorter;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://example.com/a b", &["https://example.com/a"])]
    #[case("see https://example.com/a.", &["https://example.com/a"])]
    #[case("(https://example.com/a), and", &["https://example.com/a"])]
    #[case("https://example.com/a_(b) it is", &["https://example.com/a_(b)"])]
    #[case("two: http://a.example http://b.example", &["http://a.example", "http://b.example"])]
    #[case("<https://example.com>", &["https://example.com"])]
    #[case("xhttps://example.com", &[])]
    #[case("https:// http https://", &[])]
    #[case("https://ann@evil.example https://b.example", &["https://b.example"])]
    fn addresses_are_found_among_words(#[case] text: &str, #[case] found: &[&str]) {
        let links = pieces(text).into_iter().filter(|(_, link)| link.is_some());
        assert_eq!(links.map(|(text, _)| text).collect::<Vec<_>>(), found);
        assert_eq!(pieces(text).into_iter().map(|(text, _)| text).collect::<String>(), text);
    }

    #[rstest]
    #[case("http://".repeat(36_000))]
    #[case(format!("{}{}", "http://a.example/".repeat(9_000), ").".repeat(50_000)))]
    #[case("http://@ ".repeat(28_000))]
    fn p19_a_text_full_of_what_looks_like_addresses_is_looked_at_once(#[case] text: String) {
        assert_eq!(pieces(&text), [(text.as_str(), None)]);
    }

    #[rstest]
    #[case("javascript:alert(1)")]
    #[case("java\tscript:alert(1)")]
    #[case(" JaVaScRiPt:alert(1)")]
    #[case("data:text/html,x")]
    #[case("vbscript:x")]
    #[case("file:///etc/passwd")]
    #[case("/browse/IT-1")]
    #[case("https://bank.example@evil.example/")]
    fn p11_a_comment_leads_to_web_addresses_only(#[case] text: &str) {
        assert_eq!(address(text), None);
    }
}
