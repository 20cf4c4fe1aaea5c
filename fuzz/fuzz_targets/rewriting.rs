//! However a body is cut into chunks, it is rewritten alike; one without the upstream's host stays as
//! it is; and what is no compressed body at all breaks nothing.

#![no_main]

use std::sync::LazyLock;

use jsm_gate::domain::PublicUrl;
use jsm_gate::gate::fuzzing::rewritten;
use libfuzzer_sys::fuzz_target;
use url::Url;

const KINDS: [&str; 3] = ["application/json", "text/html", "text/css"];

static PAIRS: LazyLock<[(Url, PublicUrl); 2]> = LazyLock::new(|| {
    [
        ("https://jira.example.com", "https://help.example.com"),
        ("http://10.0.0.5:8080/jira", "https://help.example.com:8443"),
    ]
    .map(|(upstream, public)| (Url::parse(upstream).unwrap(), PublicUrl::parse(public).unwrap()))
});

fuzz_target!(|input: (u8, [u8; 4], &[u8])| {
    let (choice, cuts, body) = input;
    let (upstream, public) = &PAIRS[usize::from(choice) % PAIRS.len()];
    let kind = KINDS[usize::from(choice / 2) % KINDS.len()];
    let pair = (upstream, public);
    let whole = rewritten(pair, kind, None, [body].into_iter());
    let cut = rewritten(pair, kind, None, chunks(body, cuts).into_iter());
    assert_eq!(text(cut.as_deref()), text(whole.as_deref()), "cut at {cuts:?}");

    let host = upstream.host_str().unwrap().as_bytes();
    let named = body.windows(host.len()).any(|part| part.eq_ignore_ascii_case(host));
    if !named {
        assert_eq!(whole.as_deref(), Some(body));
    }
    for coding in ["gzip", "br"] {
        let _ = rewritten(pair, kind, Some(coding), chunks(body, cuts).into_iter());
    }
});

/// Each number is how long a chunk is; the rest is the last one.
fn chunks(body: &[u8], lengths: [u8; 4]) -> Vec<&[u8]> {
    let mut rest = body;
    let mut chunks = Vec::new();
    for length in lengths {
        let (chunk, after) = rest.split_at(usize::from(length).min(rest.len()));
        chunks.push(chunk);
        rest = after;
    }
    chunks.push(rest);
    chunks
}

fn text(body: Option<&[u8]>) -> Option<std::borrow::Cow<'_, str>> {
    body.map(String::from_utf8_lossy)
}
