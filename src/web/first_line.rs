//! Takes the first line off HTML from JSM, where it is known what that line says. What is left is as
//! untrusted as before. Must not know who wrote it.

use ammonia::Builder;

use crate::domain::JsmHtml;

/// What stands below the first paragraph, if that says exactly this. `None` where it does not.
#[must_use]
pub fn without_first_line(html: &JsmHtml, line: &str) -> Option<JsmHtml> {
    const END: &str = "</p>";
    let html = html.untrusted();
    let (first, rest) = html.split_at_checked(html.find(END)? + END.len())?;
    let line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    (words(first) == words(&line)).then(|| JsmHtml::new(rest.to_owned()))
}

/// The text without elements, in one spelling of its entities and with one blank between words.
fn words(html: &str) -> String {
    let text = Builder::empty().clean(html).to_string();
    text.replace("&nbsp;", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::bold("<p><b>Ann wrote:</b></p>\n<p>x</p>", "Ann wrote:", Some("\n<p>x</p>"))]
    #[case::plain("<p>Ann  wrote:</p>", "Ann wrote:", Some(""))]
    #[case::entities("<p>A &amp; &#66; &lt;c wrote:</p>x", "A & B <c wrote:", Some("x"))]
    #[case::another("<p>Bob wrote:</p><p>x</p>", "Ann wrote:", None)]
    #[case::longer("<p>Ann wrote: hello</p>", "Ann wrote:", None)]
    #[case::before("hello<p>Ann wrote:</p>", "Ann wrote:", None)]
    #[case::no_paragraph("Ann wrote:<br>x", "Ann wrote:", None)]
    fn p18_the_first_line_goes_if_it_is_the_one(
        #[case] html: &str,
        #[case] line: &str,
        #[case] rest: Option<&str>,
    ) {
        let left = without_first_line(&JsmHtml::new(html.to_owned()), line);
        assert_eq!(left.as_ref().map(JsmHtml::untrusted), rest);
    }
}
