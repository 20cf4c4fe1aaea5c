//! Reads text that may go on: every step says yes, no, or that it cannot tell before more bytes
//! have come. It knows how languages escape `:` and `/`; it must not know addresses.

/// The text ends where both answers are still possible.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct More;

/// `Some` when it is there, `None` when it is not, whatever follows.
pub(super) type Step<T> = Result<Option<T>, More>;

/// How a character was written. One beside it must be written the same way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Escape {
    /// As itself, or by an escape of a language in which `:` needs none.
    Plain,
    /// `%2F`
    Percent,
    /// `%252F`: an address in an address in an address.
    DoublePercent,
}

type Spelling = (&'static [u8], Escape);

/// The spellings of `/`: plain, in JSON, in JSON within JavaScript and within JSON, in addresses,
/// in JavaScript, in HTML. No spelling is the beginning of another.
const SLASH: [Spelling; 12] = [
    (b"/", Escape::Plain),
    (br"\/", Escape::Plain),
    (br"\\/", Escape::Plain),
    (br"\\\/", Escape::Plain),
    (b"%2F", Escape::Percent),
    (b"%252F", Escape::DoublePercent),
    (br"\u002F", Escape::Plain),
    (br"\\u002F", Escape::Plain),
    (br"\x2F", Escape::Plain),
    (b"&#x2F;", Escape::Plain),
    (b"&#47;", Escape::Plain),
    (b"&sol;", Escape::Plain),
];

const COLON: [Spelling; 8] = [
    (b":", Escape::Plain),
    (b"%3A", Escape::Percent),
    (b"%253A", Escape::DoublePercent),
    (br"\u003A", Escape::Plain),
    (br"\\u003A", Escape::Plain),
    (br"\x3A", Escape::Plain),
    (b"&#x3A;", Escape::Plain),
    (b"&#58;", Escape::Plain),
];

/// Bytes of the longest spelling.
pub(super) const LONGEST_SPELLING: usize = 7;

/// A place in a text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
    /// Whether the text is whole.
    last: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8], at: usize, last: bool) -> Self {
        Self { text, at, last }
    }

    /// Where it stands.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The byte it stands at; `None` at the end of the text.
    pub(super) fn peek(&self) -> Step<u8> {
        self.peek_at(0)
    }

    /// The byte so many further.
    pub(super) fn peek_at(&self, further: usize) -> Step<u8> {
        match self.text.get(self.at + further) {
            Some(byte) => Ok(Some(*byte)),
            None if self.last => Ok(None),
            None => Err(More),
        }
    }

    /// Steps over `word` in any case.
    pub(super) fn word(&mut self, word: &[u8]) -> Step<()> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let common = rest.len().min(word.len());
        let (Some(rest), Some(start)) = (rest.get(..common), word.get(..common)) else {
            return Ok(None);
        };
        if !rest.eq_ignore_ascii_case(start) {
            return Ok(None);
        }
        if common < word.len() {
            return if self.last { Ok(None) } else { Err(More) };
        }
        self.at += common;
        Ok(Some(()))
    }

    /// Steps over a `:` in any spelling.
    pub(super) fn colon(&mut self) -> Step<Escape> {
        self.spelled(&COLON)
    }

    /// Steps over a `/` in any spelling.
    pub(super) fn slash(&mut self) -> Step<Escape> {
        self.spelled(&SLASH)
    }

    fn spelled(&mut self, spellings: &[Spelling]) -> Step<Escape> {
        let Some(first) = self.peek()? else { return Ok(None) };
        let mut more = false;
        for (spelling, escape) in spellings {
            if spelling.first() != Some(&first) {
                continue;
            }
            match self.word(spelling) {
                Ok(Some(())) => return Ok(Some(*escape)),
                Ok(None) => {}
                Err(More) => more = true,
            }
        }
        if more { Err(More) } else { Ok(None) }
    }
}
