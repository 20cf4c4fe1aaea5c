//! An aligned table for a terminal.

use std::io::{self, Write};

use crate::domain::Visible;

/// Writes rows, the header first, each column as wide as its widest cell. Whatever strangers wrote into a
/// cell is made visible.
pub(super) fn print<const N: usize>(rows: &[[String; N]], out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<_> =
        rows.iter().map(|cells| cells.each_ref().map(|cell| Visible(cell).to_string())).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|cells| cells.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<_> = (0..N).map(|column| width(column).unwrap_or_default()).collect();
    for cells in &rows {
        let padded: Vec<_> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", padded.join("  ").trim_end())?;
    }
    Ok(())
}

/// Unix seconds as a date and time in UTC.
pub(super) fn time(seconds: u64) -> String {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    humantime::format_rfc3339_seconds(time).to_string()
}
