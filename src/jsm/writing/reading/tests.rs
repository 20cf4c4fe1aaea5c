use rstest::rstest;

use super::super::blocks::List;
use super::super::document::document;
use super::super::words::words;
use super::*;

fn said(typed: &str) -> String {
    words(&document(&read(typed)))
}

#[rstest]
#[case::html("<b>bold</b> <script>x()</script>", "<b>bold</b> <script>x()</script>")]
#[case::html_block("<div>\na\n</div>", "<div> a </div>")]
#[case::definition("[1]: https://example.com/", "[1]: https://example.com/ https://example.com/")]
#[case::program("f[i](x) and a[b]", "f[i](x) and a[b]")]
#[case::script("[click](javascript:alert)", "[click](javascript:alert)")]
#[case::blank_lines("a\n\n\n\nb", "a b")]
#[case::indented("Regards\n\n    Ann", "Regards Ann")]
#[case::picture("![](https://x.example/a.png)", "https://x.example/a.png https://x.example/a.png")]
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
