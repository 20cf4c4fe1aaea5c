//! What a comment says, without its markup: the same before JSM got it and after, however JSM keeps it.
//! A signature is about these words and the addresses that they lead to. Must not know signatures.

use serde_json::Value;

use super::links::address;

/// The words of a comment's `body`, which is a document on Cloud and a text on Data Center, with one
/// blank between them.
pub(in crate::jsm) fn words(body: &Value) -> String {
    let mut said = String::new();
    match body {
        Value::String(text) => said.push_str(text),
        node => add(node, &mut said, 0),
    }
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// No document of the gate's is so deep; one that is, says something else than what was signed.
const DEEPEST: usize = 100;

fn add(node: &Value, said: &mut String, depth: usize) {
    if depth > DEEPEST {
        return said.push_str(" too deep ");
    }
    let kind = node.get("type").and_then(Value::as_str).unwrap_or_default();
    if kind != "text" {
        said.push(' ');
    }
    if let Some(text) = node.get("text").and_then(Value::as_str) {
        said.push_str(text);
    }
    let marks = node.get("marks").and_then(Value::as_array).into_iter().flatten();
    for href in marks.filter_map(|mark| mark.pointer("/attrs/href").and_then(Value::as_str)) {
        said.push(' ');
        said.push_str(&address(href).unwrap_or_else(|| href.to_owned()));
        said.push(' ');
    }
    for attribute in ["url", "text"] {
        let value = node.get("attrs").and_then(|attrs| attrs.get(attribute));
        said.push_str(value.and_then(Value::as_str).unwrap_or_default());
    }
    for inner in node.get("content").and_then(Value::as_array).into_iter().flatten() {
        add(inner, said, depth + 1);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_the_same_whatever_jira_adds() {
        let sent = json!({ "type": "doc", "version": 1, "content": [
            { "type": "paragraph", "content": [
                { "type": "text", "text": "one" }, { "type": "hardBreak" },
                { "type": "text", "text": "two" },
            ] },
            { "type": "paragraph", "content": [{ "type": "text", "text": "three" }] },
        ] });
        let kept = json!({ "version": 1, "type": "doc", "content": [
            { "type": "paragraph", "attrs": { "localId": "x" }, "content": [
                { "type": "text", "text": "one" }, { "type": "hardBreak" },
                { "type": "text", "text": "t" }, { "type": "text", "text": "wo " },
            ] },
            { "type": "paragraph", "content": [{ "type": "text", "text": "three", "marks": [] }] },
        ] });
        assert_eq!(words(&sent), "one two three");
        assert_eq!(words(&sent), words(&kept));
        assert_eq!(words(&json!("one\r\ntwo\n\nthree ")), "one two three");
    }

    #[test]
    fn p18_another_address_below_the_same_words_is_another_text() {
        let linked = |href: &str| {
            let mark = json!({ "type": "link", "attrs": { "href": href } });
            let text = json!({ "type": "text", "text": "here", "marks": [mark] });
            words(&json!({ "type": "doc", "content": [text] }))
        };
        assert_ne!(linked("https://example.com"), linked("https://evil.example"));
        assert_eq!(linked("https://example.com"), linked("https://example.com/"));
    }
}
