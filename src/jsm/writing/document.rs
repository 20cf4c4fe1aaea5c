//! Blocks as a document in Atlassian's format (ADF), version 1
//! (developer.atlassian.com/cloud/jira/platform/apis/document/structure). It has only what is written
//! here, each node where the format allows it. Must not know how a text was read.

use serde_json::{Value, json};

use super::blocks::{Block, Inline, List, Text};

/// What a block stands in, which decides what it may be.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Within {
    Document,
    Item,
    Quote,
}

pub(super) fn document(blocks: &[Block]) -> Value {
    json!({ "type": "doc", "version": 1, "content": content(blocks, Within::Document) })
}

fn content(blocks: &[Block], within: Within) -> Vec<Value> {
    blocks.iter().flat_map(|block| nodes(block, within)).collect()
}

/// A quote in a quote or in a list is not allowed: what is in it stands there without it.
fn nodes(block: &Block, within: Within) -> Vec<Value> {
    match block {
        Block::Paragraph(line) => vec![paragraph(line)],
        Block::Code(code) if code.is_empty() => Vec::new(),
        Block::Code(code) => {
            let text = json!({ "type": "text", "text": code });
            vec![json!({ "type": "codeBlock", "content": [text] })]
        }
        Block::List(list) => list_node(list).into_iter().collect(),
        Block::Quote(blocks) if within == Within::Document => {
            let content = content(blocks, Within::Quote);
            let quote = json!({ "type": "blockquote", "content": content });
            if content.is_empty() { Vec::new() } else { vec![quote] }
        }
        Block::Quote(blocks) => content(blocks, within),
        Block::Rule if within == Within::Document => vec![json!({ "type": "rule" })],
        Block::Rule => Vec::new(),
    }
}

fn list_node(list: &List) -> Option<Value> {
    let items: Vec<_> = list.items.iter().map(|blocks| item(blocks)).collect();
    if items.is_empty() {
        return None;
    }
    Some(match list.start {
        Some(start) => {
            json!({ "type": "orderedList", "attrs": { "order": start }, "content": items })
        }
        None => json!({ "type": "bulletList", "content": items }),
    })
}

/// An item begins with a paragraph or with code.
fn item(blocks: &[Block]) -> Value {
    let mut content = content(blocks, Within::Item);
    let first = content.first().and_then(|node| node.get("type")).and_then(Value::as_str);
    if !matches!(first, Some("paragraph" | "codeBlock")) {
        content.insert(0, paragraph(&[]));
    }
    json!({ "type": "listItem", "content": content })
}

fn paragraph(line: &[Inline]) -> Value {
    json!({ "type": "paragraph", "content": line.iter().map(inline).collect::<Vec<_>>() })
}

fn inline(piece: &Inline) -> Value {
    match piece {
        Inline::Break => json!({ "type": "hardBreak" }),
        Inline::Text(text) => {
            let marks = marks(text);
            let node = json!({ "type": "text", "text": text.text });
            if marks.is_empty() {
                node
            } else {
                json!({ "marks": marks, "type": "text", "text": text.text })
            }
        }
    }
}

/// Code goes together with a link only.
fn marks(text: &Text) -> Vec<Value> {
    let mut marks = Vec::new();
    let mut add = |is_so: bool, kind: &str| {
        if is_so {
            marks.push(json!({ "type": kind }));
        }
    };
    add(text.code, "code");
    add(text.strong && !text.code, "strong");
    add(text.emphasis && !text.code, "em");
    if let Some(link) = &text.link {
        marks.push(json!({ "type": "link", "attrs": { "href": link } }));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::super::reading::read;
    use super::*;

    #[test]
    fn a_text_becomes_a_document() {
        let typed = "Hello **Ann**, `x` https://example.com/a\n\n1. one\n   - two\n";
        let written = document(&read(typed));
        let text = |text: &str| json!({ "type": "text", "text": text });
        let marked = |of: &str, mark: Value| json!({ "marks": [mark], "type": "text", "text": of });
        let link = json!({ "type": "link", "attrs": { "href": "https://example.com/a" } });
        let paragraph = |content: Value| json!({ "type": "paragraph", "content": content });
        let expected = json!([
            paragraph(json!([
                text("Hello "),
                marked("Ann", json!({ "type": "strong" })),
                text(", "),
                marked("x", json!({ "type": "code" })),
                text(" "),
                marked("https://example.com/a", link),
            ])),
            { "type": "orderedList", "attrs": { "order": 1 }, "content": [
                { "type": "listItem", "content": [
                    paragraph(json!([text("one")])),
                    { "type": "bulletList", "content": [
                        { "type": "listItem", "content": [paragraph(json!([text("two")]))] },
                    ] },
                ] },
            ] },
        ]);
        assert_eq!(written["content"], expected);
    }

    /// Every node that a document may have here, with what it may have in it. Jira refuses a document with
    /// anything else in any place.
    fn is_allowed(node: &Value, within: &str) -> bool {
        let kind = node["type"].as_str().unwrap();
        let allowed: &[&str] = match within {
            "doc" => &["paragraph", "codeBlock", "bulletList", "orderedList", "blockquote", "rule"],
            "blockquote" | "listItem" => &["paragraph", "codeBlock", "bulletList", "orderedList"],
            "bulletList" | "orderedList" => &["listItem"],
            "paragraph" => &["text", "hardBreak"],
            "codeBlock" => &["text"],
            _ => &[],
        };
        let inner = node["content"].as_array().map(Vec::as_slice).unwrap_or_default();
        allowed.contains(&kind)
            && node["text"].as_str() != Some("")
            && inner.iter().all(|inner| is_allowed(inner, kind))
    }

    #[test]
    fn p19_a_document_has_nothing_that_jira_would_refuse() {
        let typed = [
            "- > quote in a list\n-\n- ---\n- ```\n  code\n  ```\n",
            "> > two\n> - one\n> ---\n> ```\n> x\n> ```\n",
            "```\n```\n\n***\n\n# Heading\n\nUnderlined\n---\n",
            "- - - one\n\n<table>\n<tr>\n</table>\n\n![](https://x.example)\n\n[]() []( )\n",
            "{html}<b>{html} [~ann] !http://x! @ann {panel}\n\n1) a\n99. b\n",
            "\u{1b}[31m\u{0} \u{202e}abc",
        ];
        for typed in typed {
            let document = document(&read(typed));
            let all = document["content"].as_array().unwrap();
            assert!(all.iter().all(|node| is_allowed(node, "doc")), "{typed}: {document:#}");
        }
    }
}
