//! The HTML that Jira makes of texts.

use serde_json::Value;

/// Of a text in wiki marks: paragraphs, bold in braces, escaped signs, and nothing else that stands in it
/// as markup.
pub(super) fn of_text(text: &str) -> String {
    let paragraph = |text: &str| format!("<p>{}</p>", marks(text).replace('\n', "<br/>\n"));
    text.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n\n")
}

fn marks(text: &str) -> String {
    let mut html = String::new();
    let (mut rest, mut bold) = (text, false);
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let escaped = after.chars().next().filter(|c| first == '\\' && c.is_ascii_punctuation());
        if let Some(sign) = escaped {
            html.push_str(&escape(&sign.to_string()));
            rest = &after[1..];
        } else if let Some(after) = rest.strip_prefix("{*}") {
            html.push_str(if bold { "</b>" } else { "<b>" });
            (rest, bold) = (after, !bold);
        } else if rest.starts_with("&#") || rest.starts_with("&amp;") {
            html.push('&');
            rest = after;
        } else {
            html.push_str(&escape(&first.to_string()));
            rest = after;
        }
    }
    html
}

/// Of a document (ADF).
pub(super) fn of_document(node: &Value) -> String {
    let content = node["content"].as_array().map(Vec::as_slice).unwrap_or_default();
    let inner: String = content.iter().map(of_document).collect();
    match node["type"].as_str().unwrap_or_default() {
        "text" => marked(node),
        "hardBreak" => "<br/>".to_owned(),
        "paragraph" => format!("<p>{inner}</p>"),
        "bulletList" => format!("<ul>{inner}</ul>"),
        "orderedList" => format!("<ol>{inner}</ol>"),
        "listItem" => format!("<li>{inner}</li>"),
        "codeBlock" => format!("<pre>{inner}</pre>"),
        "blockquote" => format!("<blockquote>{inner}</blockquote>"),
        _ => inner,
    }
}

/// What a document says, without marks.
pub(super) fn text_of(node: &Value) -> String {
    let content = node["content"].as_array().map(Vec::as_slice).unwrap_or_default();
    let inner: Vec<_> = content.iter().map(text_of).collect();
    match node["type"].as_str().unwrap_or_default() {
        "text" => node["text"].as_str().unwrap_or_default().to_owned(),
        "hardBreak" => "\n".to_owned(),
        "doc" | "bulletList" | "orderedList" => inner.join("\n"),
        _ => inner.concat(),
    }
}

fn marked(node: &Value) -> String {
    let text = escape(node["text"].as_str().unwrap_or_default());
    let marks = node["marks"].as_array().map(Vec::as_slice).unwrap_or_default();
    marks.iter().fold(text, |text, mark| match mark["type"].as_str().unwrap_or_default() {
        "strong" => format!("<b>{text}</b>"),
        "em" => format!("<em>{text}</em>"),
        "code" => format!("<tt>{text}</tt>"),
        "link" => {
            let href = mark.pointer("/attrs/href").and_then(Value::as_str);
            let href = escape(href.unwrap_or_default());
            format!(
                "<a href=\"{href}\" class=\"external-link\" rel=\"nofollow noreferrer\">{text}</a>"
            )
        }
        _ => text,
    })
}

/// Whether the value is a document of Atlassian's format.
pub(super) fn is_document(value: &Value) -> bool {
    value["type"] == "doc" && value["version"] == 1 && value["content"].is_array()
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
