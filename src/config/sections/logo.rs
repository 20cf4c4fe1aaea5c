//! The picture of a provider or of the whole site: a small file that browsers can show.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::config::field::Field;
use crate::config::parsed::Logo;
use crate::config::reader::Reader;
use crate::config::values::ValueError;

/// A picture of the size of a button; it is sent with every page that shows it.
const LARGEST: usize = 64 * 1024;

pub(super) fn read(field: &Field<String>, reader: &mut Reader<'_>) -> Option<Arc<Logo>> {
    let folder = reader.folder;
    reader.parse(field, |path| logo(&folder.join(path))).map(Arc::new)
}

fn logo(path: &Path) -> Result<Logo, ValueError> {
    let expected = "expected a PNG, JPEG, WebP or SVG file of 64 KiB at most";
    let bytes = fs::read(path).map_err(|error| {
        ValueError::new(format!("cannot be read: {}: {error}", path.display()), expected)
    })?;
    if bytes.len() > LARGEST {
        return Err(ValueError::new(format!("has {} bytes", bytes.len()), expected));
    }
    let kind = kind(&bytes).ok_or_else(|| ValueError::new("is no picture", expected))?;
    Ok(Logo { kind, bytes })
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => {
            str::from_utf8(bytes).ok().filter(|text| text.contains("<svg")).map(|_| "image/svg+xml")
        }
    }
}
