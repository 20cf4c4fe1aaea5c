//! What a page says of what was just done, as its address tells. Must not know how that was done.

use minijinja::{Value, context};

/// What became of it.
#[derive(Clone, Copy)]
enum Became {
    Done,
    /// Done, and JSM has what was typed: the browser's draft can go.
    Sent,
    /// The same, with something that is not done.
    SentInPart,
    NotDone,
}

/// What was just done, as the address of the page tells it, and the text that the page says.
const SAID: [(&str, &str, Became); 14] = [
    ("created", "request-created", Became::Sent),
    ("created-not-shared", "request-created-not-shared", Became::SentInPart),
    ("created-perhaps-shared", "request-created-perhaps-shared", Became::SentInPart),
    ("replied", "reply-sent", Became::Sent),
    ("replied-only", "reply-sent-only", Became::SentInPart),
    ("replied-at-least", "reply-sent-at-least", Became::SentInPart),
    ("moved", "request-moved", Became::Sent),
    ("added", "people-added", Became::Done),
    ("removed", "people-removed", Became::Done),
    ("shared", "sharing-shared", Became::Done),
    ("unshared", "sharing-unshared", Became::Done),
    ("not-changed", "request-not-changed", Became::NotDone),
    ("not-offered", "request-not-offered", Became::NotDone),
    ("not-known", "request-not-known", Became::NotDone),
];

/// What the page says, for the template; `None` for what nobody did here.
pub(super) fn value(told: &str) -> Option<Value> {
    let (_, text, became) = SAID.into_iter().find(|(said, ..)| *said == told)?;
    let is_sent = matches!(became, Became::Sent | Became::SentInPart);
    let is_done = matches!(became, Became::Done | Became::Sent);
    Some(context! { text => text, is_done => is_done, is_sent => is_sent })
}
