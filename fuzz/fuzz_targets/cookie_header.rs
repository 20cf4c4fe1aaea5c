//! Whatever a browser sends as cookies, JSM sees none of the gate's, nothing that begins with `$`, and all of the
//! others, and the session's value is one that was sent. Lines of the input are lines of the header.

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
    assert!(names(&forwarded).iter().all(|name| !is_left_out(name)), "{forwarded:?}");
    let mut foreign = names(&headers);
    foreign.retain(|name| !is_left_out(name));
    assert_eq!(names(&forwarded), foreign);

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

/// The names of all cookies, read anew.
fn names(headers: &HeaderMap) -> Vec<Vec<u8>> {
    let lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let pairs = lines.flat_map(|line| line.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii);
    let pairs = pairs.filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split(|byte| *byte == b'=').next().unwrap().trim_ascii().to_vec())
        .collect()
}
