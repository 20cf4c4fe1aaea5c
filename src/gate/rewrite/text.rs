//! Rewrites a text that comes in chunks: every address of the upstream in it, wherever the chunks
//! cut it. It keeps back only what could be the beginning of an address, and must not know how
//! texts are compressed.

use std::sync::Arc;

use bytes::Bytes;

use super::address::{Addresses, Found};
use super::cursor::More;

/// A text on its way through.
pub(super) struct TextRewriter {
    addresses: Arc<Addresses>,
    /// The end of the text so far, if it could be the beginning of an address.
    kept: Bytes,
}

impl TextRewriter {
    pub(super) fn new(addresses: Arc<Addresses>) -> Self {
        Self { addresses, kept: Bytes::new() }
    }

    /// Takes the next chunk and returns what is certain. A chunk without an address of the
    /// upstream is passed on without a copy.
    pub(super) fn push(&mut self, chunk: Bytes, last: bool) -> Bytes {
        let text = if self.kept.is_empty() {
            chunk
        } else {
            Bytes::from([self.kept.as_ref(), chunk.as_ref()].concat())
        };
        let mut pass = Pass::new(&self.addresses, &text, last);
        let certain = pass.run();
        let out = pass.out;
        let copied = pass.copied;
        // A copy: a slice would keep the whole chunk in memory.
        self.kept = Bytes::copy_from_slice(text.get(certain..).unwrap_or_default());
        if out.is_empty() {
            return text.slice(copied..certain);
        }
        let mut out = out;
        out.extend_from_slice(text.get(copied..certain).unwrap_or_default());
        Bytes::from(out)
    }
}

/// One pass over everything that is there.
struct Pass<'a> {
    addresses: &'a Addresses,
    text: &'a [u8],
    last: bool,
    /// What has been rewritten so far; stands for the text up to `copied`.
    out: Vec<u8>,
    copied: usize,
    /// Where the next address may begin.
    from: usize,
}

impl<'a> Pass<'a> {
    fn new(addresses: &'a Addresses, text: &'a [u8], last: bool) -> Self {
        Self { addresses, text, last, out: Vec::new(), copied: 0, from: 0 }
    }

    /// Rewrites, and returns up to where the text is certain.
    fn run(&mut self) -> usize {
        let mut search = 0;
        while let Some(host) = self.addresses.next_host(self.text, search) {
            let earliest = host.saturating_sub(Addresses::reach_back()).max(self.from);
            match self.first(earliest..host) {
                Ok(true) => search = self.from.max(host + 1),
                Ok(false) => search = host + 1,
                Err(undecided) => return undecided,
            }
        }
        if self.last {
            return self.text.len();
        }
        let earliest = self.text.len().saturating_sub(self.addresses.longest()).max(self.from);
        let undecided = |at: &usize| self.addresses.parse(self.text, *at, false) == Err(More);
        (earliest..self.text.len()).find(undecided).unwrap_or(self.text.len())
    }

    /// Takes the first address that begins in `range`; the error is where it cannot be told yet.
    fn first(&mut self, range: std::ops::Range<usize>) -> Result<bool, usize> {
        for at in range {
            match self.addresses.parse(self.text, at, self.last) {
                Ok(None) => {}
                Err(More) => return Err(at),
                Ok(Some(Found::Other(end))) => {
                    self.from = end;
                    return Ok(true);
                }
                Ok(Some(Found::Ours(address))) => {
                    self.copy_up_to(at);
                    self.addresses.write(&address, self.text, &mut self.out);
                    (self.copied, self.from) = (address.end, address.end);
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn copy_up_to(&mut self, at: usize) {
        if self.out.is_empty() {
            self.out.reserve(self.text.len());
        }
        self.out.extend_from_slice(self.text.get(self.copied..at).unwrap_or_default());
    }
}
