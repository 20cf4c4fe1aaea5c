//! Opens a file of the trail to append to it. It must not know what is written.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::state_file;

/// Appends, so that several writers and `copytruncate` of logrotate do no harm. Nobody else may
/// read a new file; an admin may give others the right to the file.
pub(super) fn append_to(path: &Path) -> io::Result<File> {
    let mut appending = OpenOptions::new();
    appending.append(true).mode(0o600);
    match appending.clone().create_new(true).open(path) {
        Ok(file) => {
            state_file::give_to_owner_of_folder(path)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => appending.open(path),
        Err(error) => Err(error),
    }
}
