//! Content codings: decompresses a body, hands it on piece by piece, and compresses what comes
//! back, all of it streaming. It must not know what happens to the pieces.

use std::io::{self, Write};

use brotli::{CompressorWriter, DecompressorWriter};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::{GzEncoder, MultiGzDecoder};
use http::header::{ACCEPT_ENCODING, HeaderMap};

use super::RewriteError;
use super::text::TextRewriter;

/// How much may come out of one chunk of a compressed body, which is 64 KiB at most. Pages compress
/// to a tenth; what compresses to a thousandth is meant to fill somebody's memory.
const MOST_FROM_A_CHUNK: usize = 16 * 1024 * 1024;

/// Buffers of the coders.
const BUFFER: usize = 16 * 1024;

/// A compromise between size and time: bodies pass once and are not kept.
const GZIP_LEVEL: u32 = 3;
const BROTLI_QUALITY: u32 = 3;
/// 256 KiB of window: more would cost memory for each answer under way.
const BROTLI_WINDOW_BITS: u32 = 18;

/// A coding that can be read and written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Coding {
    Gzip,
    Brotli,
}

impl Coding {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "br" => Some(Self::Brotli),
            _ => None,
        }
    }
}

/// The `Accept-Encoding` for the upstream: the codings that the customer accepts and that can be
/// read here. So an answer is compressed for the customer exactly if JSM compresses it.
pub(crate) fn acceptable(headers: &HeaderMap) -> &'static str {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let (mut gzip, mut brotli) = (false, false);
    for item in lines.flat_map(|line| line.split(',')) {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        match Coding::parse(name.trim()).filter(|_| !refused) {
            Some(Coding::Gzip) => gzip = true,
            Some(Coding::Brotli) => brotli = true,
            None => {}
        }
    }
    match (gzip, brotli) {
        (true, true) => "gzip, br",
        (true, false) => "gzip",
        (false, true) => "br",
        (false, false) => "identity",
    }
}

/// A compressed body while it passes.
pub(super) struct Coded {
    decoder: Decoder,
    began: bool,
}

enum Decoder {
    Gzip(Box<MultiGzDecoder<Recoder>>),
    Brotli(Box<DecompressorWriter<Recoder>>),
}

impl Coded {
    pub(super) fn new(coding: Coding, text: TextRewriter) -> Self {
        let recoder = Recoder { text, encoder: Some(Encoder::new(coding)), allowance: 0 };
        let decoder = match coding {
            Coding::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(recoder))),
            Coding::Brotli => Decoder::Brotli(Box::new(DecompressorWriter::new(recoder, BUFFER))),
        };
        Self { decoder, began: false }
    }

    /// Takes the next chunk of the compressed body and returns what is certain of the new one.
    pub(super) fn push(&mut self, chunk: &[u8], last: bool) -> Result<Bytes, RewriteError> {
        self.began |= !chunk.is_empty();
        // Some servers label a body gzip that is not compressed.
        if !self.began {
            return Ok(Bytes::new());
        }
        self.decoder.recoder().allowance = MOST_FROM_A_CHUNK;
        self.decoder.write_all(chunk)?;
        if last {
            self.decoder.finish()?;
            return self.decoder.recoder().finish();
        }
        self.decoder.flush()?;
        Ok(self.decoder.recoder().take()?)
    }
}

impl Decoder {
    fn write_all(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Self::Gzip(decoder) => decoder.write_all(chunk),
            Self::Brotli(decoder) => decoder.write_all(chunk),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(decoder) => decoder.flush(),
            Self::Brotli(decoder) => decoder.flush(),
        }
    }

    /// Checks that the body was whole.
    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::Brotli(decoder) => decoder.close(),
        }
    }

    fn recoder(&mut self) -> &mut Recoder {
        match self {
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
        }
    }
}

/// What a decoder writes to: through the rewriter into the encoder.
struct Recoder {
    text: TextRewriter,
    /// `None` at the end.
    encoder: Option<Encoder>,
    /// Bytes that may still come out of this chunk.
    allowance: usize,
}

impl Recoder {
    /// Returns what the encoder has ready, so that the customer does not wait for more.
    fn take(&mut self) -> io::Result<Bytes> {
        let Some(encoder) = &mut self.encoder else { return Ok(Bytes::new()) };
        encoder.flush()?;
        Ok(Bytes::from(std::mem::take(encoder.out())))
    }

    fn finish(&mut self) -> Result<Bytes, RewriteError> {
        let rest = self.text.push(Bytes::new(), true);
        let Some(mut encoder) = self.encoder.take() else { return Ok(Bytes::new()) };
        encoder.write_all(&rest)?;
        Ok(Bytes::from(encoder.finish()?))
    }
}

impl Write for Recoder {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.allowance = self.allowance.checked_sub(piece.len()).ok_or_else(|| {
            io::Error::other(format!("more than {MOST_FROM_A_CHUNK} bytes from one chunk"))
        })?;
        let text = self.text.push(Bytes::copy_from_slice(piece), false);
        if let Some(encoder) = &mut self.encoder {
            encoder.write_all(&text)?;
        }
        Ok(piece.len())
    }

    /// A flush of the decoder is not passed on: only the end of a chunk is worth a flush of the
    /// encoder.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Encoder {
    Gzip(Box<GzEncoder<Vec<u8>>>),
    Brotli(Box<CompressorWriter<Vec<u8>>>),
}

impl Encoder {
    fn new(coding: Coding) -> Self {
        let out = Vec::new();
        match coding {
            Coding::Gzip => Self::Gzip(Box::new(GzEncoder::new(out, Compression::new(GZIP_LEVEL)))),
            Coding::Brotli => Self::Brotli(Box::new(CompressorWriter::new(
                out,
                BUFFER,
                BROTLI_QUALITY,
                BROTLI_WINDOW_BITS,
            ))),
        }
    }

    fn write_all(&mut self, text: &[u8]) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.write_all(text),
            Self::Brotli(encoder) => encoder.write_all(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.flush(),
            Self::Brotli(encoder) => encoder.flush(),
        }
    }

    fn out(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Brotli(encoder) => encoder.get_mut(),
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip(encoder) => encoder.finish(),
            Self::Brotli(encoder) => Ok(encoder.into_inner()),
        }
    }
}
