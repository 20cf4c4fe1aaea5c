//! What a page says of what was just done, as its address tells. Must not know how that was done.

use minijinja::{Value, context};

/// What was just done, as the address of the page tells it, and the text that the page says.
const SAID: [(&str, &str); 14] = [
    ("created", "request-created"),
    ("created-not-shared", "request-created-not-shared"),
    ("created-perhaps-shared", "request-created-perhaps-shared"),
    ("replied", "reply-sent"),
    ("replied-only", "reply-sent-only"),
    ("replied-at-least", "reply-sent-at-least"),
    ("moved", "request-moved"),
    ("added", "people-added"),
    ("removed", "people-removed"),
    ("shared", "sharing-shared"),
    ("unshared", "sharing-unshared"),
    ("not-changed", "request-not-changed"),
    ("not-offered", "request-not-offered"),
    ("not-known", "request-not-known"),
];

/// Those of them after which JSM has what was typed, so that the browser's draft can go.
const DRAFTED: [&str; 7] = [
    "created",
    "created-not-shared",
    "created-perhaps-shared",
    "replied",
    "replied-only",
    "replied-at-least",
    "moved",
];

/// Those of them with something that is not done.
const IN_PART: [&str; 4] =
    ["created-not-shared", "created-perhaps-shared", "replied-only", "replied-at-least"];

/// What the page says, for the template; `None` for what nobody did here.
pub(super) fn value(told: &str) -> Option<Value> {
    let (said, text) = SAID.into_iter().find(|(said, _)| *said == told)?;
    let is_sent = DRAFTED.contains(&said);
    let is_done = !said.starts_with("not-") && !IN_PART.contains(&said);
    Some(context! { text => text, is_done => is_done, is_sent => is_sent })
}
