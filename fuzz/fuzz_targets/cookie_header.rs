//! Whatever a browser sends as cookies, JSM sees none of the gate's, nothing that begins with `$`, and all others
//! that cannot hide one of those. The session's value is one that was sent. Lines of the input are lines of the header.

#![no_main]

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use jsm_gate::session::cookie;
use libfuzzer_sys::fuzz_target;

const SESSION: &str = "__Host-gate";

fuzz_target!(|input: &[u8]| {
    let lines = input.split(|byte| *byte == b'\n');
    let lines = lines.filter_map(|line| HeaderValue::from_bytes(line).ok());
    let headers: HeaderMap = lines.map(|line| (COOKIE, line)).collect();

    let left = cookie::without(&headers, is_hidden);
    let forwarded: HeaderMap = left.iter().map(|line| (COOKIE, line.clone())).collect();
    assert_eq!(cookie::without(&forwarded, is_hidden), left, "done twice is done once");
    assert!(pairs(&forwarded).all(|pair| !is_left_out(name(pair))), "{forwarded:?}");
    let foreign = pairs(&headers).filter(|pair| !is_left_out(name(pair)) && is_plain(pair));
    assert!(foreign.eq(pairs(&forwarded).filter(is_plain)), "{forwarded:?}");

    if let Some(value) = cookie::value(&headers, SESSION) {
        let sent: Vec<_> = cookie::pairs(&headers).filter(|(name, _)| *name == SESSION).collect();
        assert!(!sent.is_empty() && sent.iter().all(|(_, sent)| *sent == value), "{sent:?}");
    }
});

fn is_hidden(name: &str, _value: &str) -> bool {
    cookie::is_ours(name)
}

fn is_left_out(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| name.starts_with('$') || cookie::is_ours(name))
}

/// Whether every server finds one cookie in it, and no other behind a comma or separators.
fn is_plain(pair: &&[u8]) -> bool {
    !pair.contains(&b',') && pair.first().is_some_and(u8::is_ascii_alphanumeric)
}

/// All cookies, read anew.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let pairs = lines.flat_map(|line| line.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii);
    pairs.filter(|pair| !pair.is_empty())
}

fn name(pair: &[u8]) -> &[u8] {
    pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii()
}
