//! Rewriting against its definition: the same text looked at as a whole, place by place.

use std::io::{Read as _, Write as _};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rstest::rstest;
use url::Url;

use super::address::Found;
use super::*;
use crate::domain::PublicUrl;

/// Upstream and public addresses that differ in everything they can differ in.
const PAIRS: [(&str, &str); 4] = [
    ("https://jira.example.com", "https://help.example.com"),
    ("http://10.0.0.5:8080/jira", "https://help.example.com:8443"),
    ("https://JIRA.example.com/a/jira", "http://localhost:8080"),
    ("http://jira.example.com:8080", "https://help.example.com"),
];

fn addresses((upstream, public): (&str, &str)) -> Arc<Addresses> {
    let upstream = Url::parse(upstream).unwrap();
    Arc::new(Addresses::new(&upstream, &PublicUrl::parse(public).unwrap()).unwrap())
}

/// The definition: from left to right, whatever is the upstream's address at a place.
fn as_a_whole(addresses: &Addresses, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match addresses.parse(text, at, true).unwrap() {
            Some(Found::Ours(address)) => {
                addresses.write(&address, text, &mut out);
                at = address.end;
            }
            Some(Found::Other(end)) => {
                out.extend_from_slice(&text[at..end]);
                at = end;
            }
            None => {
                out.push(text[at]);
                at += 1;
            }
        }
    }
    out
}

/// A body cut at the given places.
fn chunks(body: &[u8], cuts: &[Index]) -> Vec<Bytes> {
    let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    places.extend([0, body.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| Bytes::copy_from_slice(&body[pair[0]..pair[1]])).collect()
}

fn begin(pair: (&str, &str), headers: &[(&'static str, &str)]) -> BodyRewriter {
    let mut response = ResponseHeader::build(200, None).unwrap();
    for (name, value) in headers {
        response.append_header(*name, *value).unwrap();
    }
    BodyRewriter::begin(&addresses(pair), &Method::GET, &mut response).unwrap().unwrap()
}

fn run(mut rewriter: BodyRewriter, chunks: Vec<Bytes>) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in chunks {
        out.extend(rewriter.push(chunk, false).unwrap());
    }
    out.extend(rewriter.push(Bytes::new(), true).unwrap());
    out
}

fn rewritten(pair: (&str, &str), content_type: &str, body: &str) -> String {
    let rewriter = begin(pair, &[("content-type", content_type)]);
    String::from_utf8(run(rewriter, vec![Bytes::copy_from_slice(body.as_bytes())])).unwrap()
}

/// Pieces that addresses are made of, so that whole, broken and nested ones come about.
#[rustfmt::skip]
const PIECES: [&str; 54] = [
    "https", "http", "HTTPS", "wss", "ws", "ftp", ":", "%3A", "%3a", "%253A", "\\u003a",
    "&#x3A;", "&#58;", "\\x3a", "/", "//", "\\/", "\\/\\/", "\\\\/", "\\\\\\/", "%2F", "%2f%2F", "%252F",
    "\\u002f", "\\u002F\\u002f", "\\\\u002f", "\\x2f", "&#x2F;", "&#47;", "&sol;",
    "jira.example.com", "JIRA.Example.COM", "10.0.0.5", "8080", ":8080", "443", "80", ":443",
    "a", "jira", "/jira", "/a/jira", "\\/a\\/jira", "x", ".", "-", "@", "\"", "'", " ", "<",
    "\\u0022", "?", "é",
];

const WHOLE: [&str; 5] = [
    "https://jira.example.com",
    "http://10.0.0.5:8080/jira/a",
    "//10.0.0.5:8080/jira",
    "https:\\/\\/jira.example.com\\/a\\/jira\\/x",
    "http%3A%2F%2F10.0.0.5%3A8080%2Fjira%2F",
];

fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        2 => select(&WHOLE[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_cuts_make_no_difference(
        pair in select(&PAIRS[..]),
        body in body(),
        cuts in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let expected = as_a_whole(&addresses(pair), &body);
        let rewriter = begin(pair, &[("content-type", "application/json")]);
        let out = run(rewriter, chunks(&body, &cuts));
        prop_assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(&expected));
    }

    #[test]
    fn a_body_without_the_host_stays_as_it_is(
        pair in select(&PAIRS[..]),
        body in "[ -~]{0,200}",
        cuts in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let rewriter = begin(pair, &[("content-type", "text/css")]);
        prop_assert_eq!(run(rewriter, chunks(body.as_bytes(), &cuts)), body.as_bytes());
    }

    #[test]
    fn compressed_bodies_say_the_same(
        body in body(),
        coding in select(&["gzip", "br"][..]),
        cuts in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let expected = as_a_whole(&addresses(PAIRS[1]), &body);
        let headers = [("content-type", "text/css"), ("content-encoding", coding)];
        let out = run(begin(PAIRS[1], &headers), chunks(&compress(coding, &body), &cuts));
        prop_assert_eq!(decompress(coding, &out), expected);
    }
}

fn compress(coding: &str, body: &[u8]) -> Vec<u8> {
    if coding == "br" {
        let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 18);
        encoder.write_all(body).unwrap();
        return encoder.into_inner();
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn decompress(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if coding == "br" {
        brotli::Decompressor::new(body, 4096).read_to_end(&mut out).unwrap();
    } else {
        flate2::read::GzDecoder::new(body).read_to_end(&mut out).unwrap();
    }
    out
}

/// Without a context path: `https://jira.example.com` is `https://help.example.com`.
#[rstest]
#[case("https://jira.example.com/a", "https://help.example.com/a")]
#[case("HTTPS://Jira.Example.com", "https://help.example.com")]
#[case("https://jira.example.com:443/a", "https://help.example.com/a")]
#[case("wss://jira.example.com/a", "wss://help.example.com/a")]
#[case("//jira.example.com/a", "//help.example.com/a")]
#[case(r"https:\/\/jira.example.com\/a", r"https:\/\/help.example.com\/a")]
#[case(r"https:\\/\\/jira.example.com\\/a", r"https:\\/\\/help.example.com\\/a")]
#[case(r"https:\\\/\\\/jira.example.com\\\/a", r"https:\\\/\\\/help.example.com\\\/a")]
#[case(r"\u0022https://jira.example.com\u0022", r"\u0022https://help.example.com\u0022")]
#[case(r"https:\u002F\u002fjira.example.com", r"https:\u002F\u002fhelp.example.com")]
#[case(r"https\x3a\x2f\x2fjira.example.com", r"https\x3a\x2f\x2fhelp.example.com")]
#[case("?to=https%3A%2F%2Fjira.example.com%2Fa", "?to=https%3A%2F%2Fhelp.example.com%2Fa")]
#[case("https%3a%2f%2fjira.example.com", "https%3a%2f%2fhelp.example.com")]
#[case("https%253A%252F%252Fjira.example.com", "https%253A%252F%252Fhelp.example.com")]
#[case("https:&#x2F;&#47;jira.example.com", "https:&#x2F;&#47;help.example.com")]
#[case("<https://jira.example.com.>", "<https://help.example.com.>")]
#[case::another_host("https://jira.example.com.evil.org", "https://jira.example.com.evil.org")]
#[case::another_host("//jira.example.community", "//jira.example.community")]
#[case::another_host("//jira.example.com-x.org", "//jira.example.com-x.org")]
#[case::another_host("https://my-jira.example.com", "https://my-jira.example.com")]
#[case::a_user_name("https://jira.example.com@evil.org", "https://jira.example.com@evil.org")]
#[case::another_port("https://jira.example.com:8443/a", "https://jira.example.com:8443/a")]
#[case::another_scheme("http://jira.example.com/a", "http://jira.example.com/a")]
#[case::another_scheme("ftp://jira.example.com/a", "ftp://jira.example.com/a")]
#[case::a_mail_address("ann@jira.example.com", "ann@jira.example.com")]
#[case::a_path("a/jira.example.com/b", "a/jira.example.com/b")]
fn addresses_are_found_in_every_spelling(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(rewritten(PAIRS[0], "application/json", text), expected);
}

/// With one: `http://10.0.0.5:8080` is `https://help.example.com:8443`, if `/jira` follows.
#[rstest]
#[case("http://10.0.0.5:8080/jira/a", "https://help.example.com:8443/jira/a")]
#[case("\"http://10.0.0.5:8080/jira\"", "\"https://help.example.com:8443/jira\"")]
#[case("\"http://10.0.0.5:8080\"", "\"https://help.example.com:8443\"")]
#[case("ws://10.0.0.5:8080/jira/a", "wss://help.example.com:8443/jira/a")]
#[case(r"http:\/\/10.0.0.5:8080\/jira\/a", r"https:\/\/help.example.com:8443\/jira\/a")]
#[case("http%3A%2F%2F10.0.0.5%3A8080%2Fjira", "https%3A%2F%2Fhelp.example.com%3A8443%2Fjira")]
#[case("//10.0.0.5:8080/jira?x", "//help.example.com:8443/jira?x")]
#[case(
    "<a href=\"http://10.0.0.5:8080/jira/\">",
    "<a href=\"https://help.example.com:8443/jira/\">"
)]
#[case::e3("http://10.0.0.5:8080/jira//evil.org", "https://help.example.com:8443/jira//evil.org")]
#[case::another_application("http://10.0.0.5:8080/wiki/a", "http://10.0.0.5:8080/wiki/a")]
#[case::another_application("http://10.0.0.5:8080/jiraffe", "http://10.0.0.5:8080/jiraffe")]
#[case::another_port("http://10.0.0.5/jira/a", "http://10.0.0.5/jira/a")]
#[case::another_port("http://10.0.0.5:80801/jira/a", "http://10.0.0.5:80801/jira/a")]
#[case::a_path("fetch('/jira/a')", "fetch('/jira/a')")]
#[case::a_link("<a href=\"/jira/a\">", "<a href=\"/jira/a\">")]
#[case::e3_another_host("<a href=\"/jira//evil.org\">", "<a href=\"/jira//evil.org\">")]
fn the_context_path_stays_where_it_is(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(rewritten(PAIRS[1], "text/html", text), expected);
}

#[test]
fn beside_a_jsm_that_says_the_public_address_there_is_nothing_to_rewrite() {
    let public = PublicUrl::parse("https://help.example.com").unwrap();
    for same in ["https://help.example.com", "https://help.example.com/jira"] {
        assert!(Addresses::new(&Url::parse(same).unwrap(), &public).is_none());
    }
}

#[test]
fn a_chunk_without_the_address_is_not_copied() {
    let mut rewriter = begin(PAIRS[0], &[("content-type", "text/css")]);
    let chunk = Bytes::from(vec![b'.'; 64 * 1024]);
    let out = rewriter.push(chunk.clone(), false).unwrap();
    assert_eq!((out.as_ptr(), out.len()), (chunk.as_ptr(), chunk.len()));
}

#[rstest]
#[case::gzip("gzip")]
#[case::brotli("br")]
fn g_a_bomb_is_not_unpacked(#[case] coding: &str) {
    let bomb = compress(coding, &vec![b' '; 64 * 1024 * 1024]);
    let headers = [("content-type", "text/html"), ("content-encoding", coding)];
    let error = begin(PAIRS[0], &headers).push(Bytes::from(bomb), false).unwrap_err();
    assert!(error.to_string().contains("from one chunk"), "{error}");
}

#[rstest]
#[case::gzip("gzip")]
#[case::brotli("br")]
fn a_compressed_body_that_breaks_off_is_an_error(#[case] coding: &str) {
    let mut body = compress(coding, b"https://jira.example.com/ and more of the same");
    body.truncate(body.len() - 3);
    let headers = [("content-type", "text/html"), ("content-encoding", coding)];
    begin(PAIRS[0], &headers).push(Bytes::from(body), true).unwrap_err();
    begin(PAIRS[0], &headers).push(Bytes::from_static(b"no such coding"), true).unwrap_err();
}

#[test]
fn no_body_at_all_stays_so() {
    let headers = [("content-type", "text/html"), ("content-encoding", "gzip")];
    assert_eq!(run(begin(PAIRS[0], &headers), Vec::new()), b"");
}
