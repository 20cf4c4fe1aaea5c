//! Which elements and attributes of HTML stay, and how HTML is read until nothing else is left of it. It must
//! not know what becomes of addresses.

use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};

/// Elements that stay. Nothing that loads, runs, styles, or belongs to another language than HTML.
const ELEMENTS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// Elements that go with all that is in them.
const DROPPED: &[&str] = &[
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("img", &["alt", "src"]),
    ("ol", &["start"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan"]),
];

/// What a link may lead to besides the gate itself.
pub(super) const SCHEMES: &[&str] = &["http", "https", "mailto"];

/// Tells the other site neither that the page opened it nor where it came from.
pub(super) const REL: &str = "noopener noreferrer nofollow";

/// How often HTML is read again until it stays the same.
const ROUNDS: usize = 4;

/// Lets pass what is listed, with any address of the listed kinds.
pub(super) fn listed<'a>() -> Builder<'a> {
    let attributes = ATTRIBUTES.iter().map(|(name, list)| (*name, list.iter().copied().collect()));
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .clean_content_tags(DROPPED.iter().copied().collect())
        .tag_attributes(attributes.collect())
        .tag_attribute_values(HashMap::new())
        .generic_attributes(HashSet::from(["dir", "lang"]))
        .url_schemes(SCHEMES.iter().copied().collect())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some(REL));
    builder
}

/// HTML that means the same when it is read again. Some does not at first, such as links in links, and what
/// was looked at would not be what a browser shows. What never settles is shown as text.
pub(super) fn settled(html: &str) -> String {
    let mut html = listed().clean(html).to_string();
    for _ in 0..ROUNDS {
        let again = listed().clean(&html).to_string();
        if again == html {
            return html;
        }
        html = again;
    }
    ammonia::clean_text(&html)
}
