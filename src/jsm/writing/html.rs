//! Blocks as HTML, for a preview. Must not be taken for safe: it goes the way of all HTML from JSM.

use std::fmt::Write as _;

use super::blocks::{Block, Inline, List, Text};

pub(super) fn html(blocks: &[Block]) -> String {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(line) => format!("<p>{}</p>", inline(line)),
        Block::Code(code) => format!("<pre>{}</pre>", escaped(code)),
        Block::List(List { start: None, items }) => format!("<ul>{}</ul>", list(items)),
        Block::List(List { start: Some(start), items }) => {
            format!("<ol start=\"{start}\">{}</ol>", list(items))
        }
        Block::Quote(blocks) => format!("<blockquote>{}</blockquote>", html(blocks)),
        Block::Rule => "<hr>".to_owned(),
    }
}

fn list(items: &[Vec<Block>]) -> String {
    let items: Vec<_> = items.iter().map(|blocks| format!("<li>{}</li>", html(blocks))).collect();
    items.concat()
}

fn inline(line: &[Inline]) -> String {
    line.iter().fold(String::new(), |mut html, piece| {
        match piece {
            Inline::Break => html.push_str("<br>"),
            Inline::Text(text) => html.push_str(&marked(text)),
        }
        html
    })
}

fn marked(text: &Text) -> String {
    let mut html = escaped(&text.text);
    for (is_so, name) in [(text.code, "code"), (text.strong, "strong"), (text.emphasis, "em")] {
        if is_so {
            html = format!("<{name}>{html}</{name}>");
        }
    }
    if let Some(link) = &text.link {
        let words = std::mem::take(&mut html);
        // Writing to a string does not fail.
        let _ = write!(html, "<a href=\"{}\">{words}</a>", escaped(link));
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::reading::read;
    use super::*;

    #[test]
    fn a_preview_shows_what_was_typed() {
        let typed =
            "**Hello** <b>\n\n1. [one](https://example.com/?a=\"b)\n\n> x\n\n```\n<i>\n```\n---";
        assert_eq!(
            html(&read(typed)),
            "<p><strong>Hello</strong> &lt;b&gt;</p><ol start=\"1\"><li><p>\
             <a href=\"https://example.com/?a=%22b\">one</a></p></li></ol>\
             <blockquote><p>x</p></blockquote><pre>&lt;i&gt;</pre><hr>"
        );
    }
}
