//! Addresses in a text: which may be led to, and where one stands among other words. Must not know
//! markup.

use url::Url;

/// Where a link may lead (docs/security.md P11).
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The longest address that becomes a link.
const LONGEST: usize = 2000;

/// An address that may be led to, in its one spelling.
pub(super) fn address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    // A name before the host is there to be taken for the host.
    let plain = url.username().is_empty() && url.password().is_none();
    let fits = plain && SCHEMES.contains(&url.scheme()) && url.as_str().len() <= LONGEST;
    fits.then(|| url.into())
}

/// A text in pieces, each with where it leads: addresses are often typed as they are.
pub(super) fn pieces(text: &str) -> Vec<(&str, Option<String>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut looked_at = 0;
    while let Some(at) = next_address(rest, looked_at) {
        let (before, from) = rest.split_at(at);
        let (typed, after) = from.split_at(length(from));
        let Some(link) = address(typed) else {
            looked_at = at + 1;
            continue;
        };
        pieces.push((before, None));
        pieces.push((typed, Some(link)));
        (rest, looked_at) = (after, 0);
    }
    pieces.push((rest, None));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

/// Where an address begins that is not the end of a longer word.
fn next_address(text: &str, from: usize) -> Option<usize> {
    let places = text.match_indices("http").map(|(at, _)| at).filter(|at| *at >= from);
    let begins = |at: &usize| {
        let (before, after) = text.split_at(*at);
        let stands_alone = !before.ends_with(char::is_alphanumeric);
        stands_alone && (after.starts_with("http://") || after.starts_with("https://"))
    };
    let mut places = places.filter(begins);
    places.next()
}

/// How much belongs to an address that a text begins with: the punctuation of the sentence does not.
fn length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
    let whole = text.get(..text.find(ends).unwrap_or(text.len())).unwrap_or(text);
    let mut typed = whole;
    loop {
        let unbalanced = typed.ends_with(')') && !typed.contains('(');
        let shorter = typed.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let shorter = if unbalanced { shorter.trim_end_matches(')') } else { shorter };
        if shorter == typed {
            return typed.len();
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
