//! Why the file could not be read or changed: whether it is damaged, or only not available. Must not know
//! the tables.

/// Why a change or a look failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file holds something that cannot be read.
    Broken(String),
    /// The file could not be read or written.
    Failed(String),
}

impl<E: Into<redb::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        let error = error.into();
        let reason = error.to_string();
        match error {
            redb::Error::Corrupted(_)
            | redb::Error::UpgradeRequired(_)
            | redb::Error::TableTypeMismatch { .. }
            | redb::Error::TypeDefinitionChanged { .. }
            | redb::Error::TableIsMultimap(_)
            | redb::Error::TableDoesNotExist(_) => Self::Broken(reason),
            redb::Error::Io(io)
                if matches!(
                    io.kind(),
                    std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof
                ) =>
            {
                Self::Broken(reason)
            }
            _ => Self::Failed(reason),
        }
    }
}
