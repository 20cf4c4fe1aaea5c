//! How answers travel: compressed, and in small pieces. It must not know what they say.

use std::io::Write as _;

use bytes::Bytes;

/// What is done to the bodies of text answers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sending {
    /// `gzip` or `br`, for whoever accepts it.
    pub(super) coding: Option<&'static str>,
    /// Bytes a piece.
    pub(super) piece: Option<usize>,
}

/// Compressed; nothing when that fails, which writing to memory never does.
pub(super) fn compress(coding: &str, whole: &[u8]) -> Bytes {
    if coding == "br" {
        let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
        let _ = encoder.write_all(whole);
        return Bytes::from(encoder.into_inner());
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let _ = encoder.write_all(whole);
    Bytes::from(encoder.finish().unwrap_or_default())
}
