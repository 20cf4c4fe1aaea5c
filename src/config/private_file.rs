//! Reads files that nobody else may read or change: secrets and private keys. It must not know what is
//! in them.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::values::ValueError;

/// Reads a file that only its owner can use, and that at most a group can read.
pub(super) fn read(path: &Path) -> Result<String, ValueError> {
    let unreadable = |error: io::Error| {
        let denied = error.kind() == io::ErrorKind::PermissionDenied;
        let what = format!("cannot be read: {}: {error}", path.display());
        let invalid = ValueError::new(what, "expected a file that the gate may read");
        let remedy = "use the key that ends in _credential, which works with files of root's; or let \
                      the gate's group read the file and enter its folder";
        if denied { invalid.remedy(remedy) } else { invalid }
    };
    let file = fs::metadata(path).map_err(unreadable)?;
    if file.is_dir() {
        let what = format!("is a folder: {}", path.display());
        return Err(ValueError::new(what, "expected a file").remedy("name the file in it"));
    }
    let mode = file.permissions().mode();
    if mode & 0o027 != 0 {
        let what = format!("can be read or changed by others (mode {:03o})", mode & 0o777);
        let expected = "expected a file of mode 600 or 640";
        return Err(ValueError::new(what, expected).remedy(make_private(path)));
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// How to make a file private. The gate's user reads root's files by its group, so with mode 600
/// the service could not start.
fn make_private(path: &Path) -> String {
    let path = path.display();
    format!(
        "chmod 600 {path} where the gate's user owns it, else: chgrp jsm-gate {path} && chmod 640 {path}"
    )
}
