//! What customers write into JSM's wiki markup. Emphasis, lists and links are theirs to use; what acts
//! beyond the text is not (docs/security.md P19).

/// The text with everything made plain that calls a macro (`{html}`), mentions somebody and so mails
/// them (`[~ann]`), or has the reader's browser fetch a picture or a file (`!https://…!`).
pub(super) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        if !escaped && acts(c, rest) {
            out.push('\\');
        }
        out.push(c);
        // Two backslashes are a line break and escape nothing.
        escaped = c == '\\' && !escaped;
    }
    out
}

/// Whether a sign begins something, by what follows it.
fn acts(sign: char, rest: &str) -> bool {
    let touches = !rest.starts_with(char::is_whitespace) && !rest.is_empty();
    match sign {
        '{' => touches,
        '[' => rest.starts_with('~'),
        '!' => touches && rest.lines().next().is_some_and(|line| line.contains('!')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::emphasis("*bold* _soft_ -gone-", "*bold* _soft_ -gone-")]
    #[case::a_list("* one\n* two\n# three", "* one\n* two\n# three")]
    #[case::a_link("[intranet|https://example.com]", "[intranet|https://example.com]")]
    #[case::an_exclamation("Help! Now! Really!", "Help! Now! Really!")]
    #[case::a_negation("if (!ready) wait", "if (!ready) wait")]
    #[case::a_macro("{html}<b>{html}", r"\{html}<b>\{html}")]
    #[case::a_mention("[~ann]", r"\[~ann]")]
    #[case::a_mention_of_cloud("[~accountid:5:6]", r"\[~accountid:5:6]")]
    #[case::a_picture("!https://evil.example/x.png!", r"\!https://evil.example/x.png!")]
    #[case::a_file("see !scan.png|thumbnail!", r"see \!scan.png|thumbnail!")]
    #[case::already_plain(r"\{x} \!y", r"\{x} \!y")]
    #[case::behind_a_line_break(r"\\{html}", r"\\\{html}")]
    fn p19_wiki_markup_does_not_act(#[case] typed: &str, #[case] sent: &str) {
        assert_eq!(harmless(typed), sent);
    }
}
