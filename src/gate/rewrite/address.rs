//! How texts spell the upstream's address: finds one at a place in a text and writes the public one
//! instead, in the same spelling. It must not know what kind of text it is in.

use std::ops::Range;

use aho_corasick::{AhoCorasick, Input};
use url::Url;

use super::cursor::{Cursor, Escape, LONGEST_SPELLING, Step};
use crate::domain::PublicUrl;

/// The longest way from the beginning of an address to its host: `https`, `:` and two `/`.
const LONGEST_PREFIX: usize = "https".len() + 3 * LONGEST_SPELLING;

/// The upstream's address and the public one, compiled for searching.
#[derive(Debug)]
pub(crate) struct Addresses {
    finder: AhoCorasick,
    host: Vec<u8>,
    tls: bool,
    /// The port, where it is not the scheme's own.
    port: Option<String>,
    /// The parts of `/jira`.
    context: Vec<Vec<u8>>,
    public_tls: bool,
    public_host: Vec<u8>,
    public_port: Option<Vec<u8>>,
}

/// What is at a place in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Found {
    /// The upstream's origin, alone or before its context path.
    Ours(Address),
    /// Another origin on that host: of another scheme, or before a path outside the context path.
    /// It ends there.
    Other(usize),
}

/// One origin, as it is spelled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Address {
    scheme: Option<Scheme>,
    /// `:` and `//`, or `//`.
    separators: Range<usize>,
    escape: Escape,
    /// Where it ends.
    pub(super) end: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scheme {
    Http,
    WebSocket,
}

impl Addresses {
    /// Between the address of an upstream and the public one; `None` when the upstream's has no
    /// host or the two are the same.
    pub(crate) fn new(upstream: &Url, public: &PublicUrl) -> Option<Self> {
        let host = upstream.host_str().filter(|host| !host.is_empty())?;
        let segments = upstream.path_segments().into_iter().flatten();
        let context: Vec<_> =
            segments.filter(|part| !part.is_empty()).map(|part| part.as_bytes().to_vec()).collect();
        if upstream.origin().ascii_serialization() == public.origin() {
            return None;
        }
        let (public_host, public_port) = split_port(public.authority());
        let has_letters = host.bytes().any(|byte| byte.is_ascii_alphabetic());
        Some(Self {
            finder: AhoCorasick::builder()
                .ascii_case_insensitive(has_letters)
                .build([host])
                .ok()?,
            host: host.as_bytes().to_vec(),
            tls: upstream.scheme() == "https",
            port: upstream.port().map(|port| port.to_string()),
            context,
            public_tls: public.is_https(),
            public_host: public_host.as_bytes().to_vec(),
            public_port: public_port.map(|port| port.as_bytes().to_vec()),
        })
    }

    /// Where the host's name is next.
    pub(super) fn next_host(&self, text: &[u8], from: usize) -> Option<usize> {
        self.finder.find(Input::new(text).range(from..)).map(|found| found.start())
    }

    /// How far before a host its address may begin.
    pub(super) fn reach_back() -> usize {
        LONGEST_PREFIX
    }

    /// How long an address may be at most, with the bytes after it that show where it ends.
    pub(super) fn longest(&self) -> usize {
        let port = LONGEST_SPELLING + "65535".len();
        let context: usize = self.context.iter().map(|part| LONGEST_SPELLING + part.len()).sum();
        LONGEST_PREFIX + self.host.len() + port + context + LONGEST_SPELLING
    }

    /// What begins at `at`. What comes before `at` does not matter, and an answer other than
    /// "cannot tell" stays the same whatever follows the text.
    pub(super) fn parse(&self, text: &[u8], at: usize, last: bool) -> Step<Found> {
        if !text.get(at).is_some_and(|first| b"hHwW:/\\%&".contains(first)) {
            return Ok(None);
        }
        let mut cursor = Cursor::new(text, at, last);
        let scheme = match self.scheme(&mut cursor)? {
            Begins::Ours(scheme) => Some(scheme),
            Begins::Without => None,
            Begins::Other => return Ok(None),
        };
        let separators = cursor.at();
        let colon = cursor.colon()?.is_some();
        if scheme.is_some() && !colon {
            return Ok(None);
        }
        if cursor.slash()?.is_none() {
            return Ok(None);
        }
        let Some(escape) = cursor.slash()? else { return Ok(None) };
        let separators = separators..cursor.at();
        if cursor.word(&self.host)?.is_none() || !self.port(&mut cursor)? {
            return Ok(None);
        }
        let end = cursor.at();
        let inside = self.goes_on_inside(cursor)?;
        // Without a scheme before it, the colon belongs to a scheme that is not the upstream's.
        let other_scheme = scheme.is_none() && colon;
        Ok(Some(if inside && !other_scheme {
            Found::Ours(Address { scheme, separators, escape, end })
        } else {
            Found::Other(end)
        }))
    }

    /// Writes the public origin the way `address` is spelled in `text`.
    pub(super) fn write(&self, address: &Address, text: &[u8], out: &mut Vec<u8>) {
        match address.scheme {
            Some(Scheme::Http) => out.extend_from_slice(b"http"),
            Some(Scheme::WebSocket) => out.extend_from_slice(b"ws"),
            None => {}
        }
        if address.scheme.is_some() && self.public_tls {
            out.push(b's');
        }
        out.extend_from_slice(text.get(address.separators.clone()).unwrap_or_default());
        out.extend_from_slice(&self.public_host);
        if let Some(port) = &self.public_port {
            out.extend_from_slice(match address.escape {
                Escape::Plain => b":",
                Escape::Percent => b"%3A",
                Escape::DoublePercent => b"%253A",
            });
            out.extend_from_slice(port);
        }
    }

    fn scheme(&self, cursor: &mut Cursor<'_>) -> Result<Begins, super::cursor::More> {
        let scheme = match cursor.peek()? {
            Some(b'h' | b'H') if cursor.word(b"http")?.is_some() => Scheme::Http,
            Some(b'w' | b'W') if cursor.word(b"ws")?.is_some() => Scheme::WebSocket,
            Some(b'h' | b'H' | b'w' | b'W') => return Ok(Begins::Other),
            _ => return Ok(Begins::Without),
        };
        let tls = cursor.word(b"s")?.is_some();
        Ok(if tls == self.tls { Begins::Ours(scheme) } else { Begins::Other })
    }

    /// Whether the host that was just read ends here, or with the upstream's port.
    fn port(&self, cursor: &mut Cursor<'_>) -> Result<bool, super::cursor::More> {
        let mut after = *cursor;
        let digit = after.colon()?.is_some() && after.peek()?.is_some_and(|b| b.is_ascii_digit());
        if digit || self.port.is_some() {
            let default = if self.tls { "443" } else { "80" };
            let port = self.port.as_deref().unwrap_or(default);
            if !digit || after.word(port.as_bytes())?.is_none() {
                return Ok(false);
            }
            *cursor = after;
        }
        ends_name(cursor)
    }

    /// Whether what follows the origin is the upstream's: its context path, or no path at all.
    fn goes_on_inside(&self, mut cursor: Cursor<'_>) -> Result<bool, super::cursor::More> {
        for (depth, part) in self.context.iter().enumerate() {
            if cursor.slash()?.is_none() {
                return Ok(depth == 0);
            }
            if cursor.word(part)?.is_none() {
                return Ok(false);
            }
        }
        Ok(self.context.is_empty() || ends_name(&cursor)?)
    }
}

enum Begins {
    Ours(Scheme),
    Without,
    Other,
}

/// Whether the name ends here: `jira.example.com.evil.org` is another name.
fn ends_name(cursor: &Cursor<'_>) -> Result<bool, super::cursor::More> {
    let continues = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~@".contains(&byte);
    Ok(match cursor.peek()? {
        Some(b'.') => !cursor.peek_at(1)?.is_some_and(continues),
        Some(byte) => !continues(byte),
        None => true,
    })
}

/// `help.example.com:8443` as host and port; an IPv6 host has colons of its own.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}
