//! The result of reading a whole list. It must not know what is listed.

/// A whole list.
#[derive(Debug)]
pub struct Listed<T> {
    /// Each entry once.
    pub entries: Vec<T>,
    /// Entries that cannot be read, one sentence each.
    pub odd: Vec<String>,
}
