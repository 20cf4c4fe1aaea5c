//! Writes the files in `state_dir` that outlive a restart. Must not know what is in them.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, lchown};
use std::path::{Path, PathBuf};

const ROOT: u32 = 0;

/// The greatest number of names that are tried. Somebody has to look long before.
const MOST_ASIDE: u32 = 1000;

/// Replaces a file as a whole or not at all. Only the gate's user can read it.
///
/// # Errors
/// When it cannot be written. The earlier file is untouched then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // `jsm-gate check` may write at the same time as the running gate.
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}", std::process::id()));
    let temporary = Path::new(&temporary);
    let written = write_synced(temporary, bytes).and_then(|()| fs::rename(temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(temporary);
    }
    written
}

/// Moves a file to the first free name beside it, `keys.json.aside-1`, and returns that name.
///
/// # Errors
/// When it cannot be moved. It stays where it was.
pub fn move_aside(path: &Path) -> io::Result<PathBuf> {
    for number in 1..MOST_ASIDE {
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".aside-{number}"));
        let aside = PathBuf::from(aside);
        if fs::symlink_metadata(&aside).is_err() {
            return fs::rename(path, &aside).map(|()| aside);
        }
    }
    Err(io::Error::other(format!("too many files are beside {}", path.display())))
}

/// Gives a file that root has just made to the owner of its folder: otherwise a gate that does not
/// run as root could not use it.
///
/// # Errors
/// When the owner cannot be changed.
pub fn give_to_owner_of_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    let (file, folder) = (fs::symlink_metadata(path)?, fs::metadata(folder)?);
    if file.uid() == ROOT && folder.uid() != ROOT {
        return lchown(path, Some(folder.uid()), Some(folder.gid()));
    }
    Ok(())
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A file that a killed gate left over may have any mode.
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    give_to_owner_of_folder(path)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_replaced_and_stays_private() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("keys.json");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something was left behind");
    }

    #[test]
    fn nothing_that_was_moved_aside_is_overwritten() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("keys.json");
        let aside = ["old", "older"].map(|text| {
            fs::write(&path, text).unwrap();
            (move_aside(&path).unwrap(), text)
        });
        for (path, text) in aside {
            assert_eq!(fs::read_to_string(path).unwrap(), text);
        }
        assert!(!path.exists());
    }

    #[test]
    fn what_root_writes_belongs_to_the_owner_of_the_folder() {
        let folder = tempfile::TempDir::new().unwrap();
        if fs::metadata(folder.path()).unwrap().uid() != ROOT {
            return;
        }
        lchown(folder.path(), Some(1234), Some(1235)).unwrap();
        let path = folder.path().join("keys.json");
        replace(&path, b"new").unwrap();
        let written = fs::metadata(&path).unwrap();
        assert_eq!((written.uid(), written.gid()), (1234, 1235));
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("keys.json");
        fs::create_dir(&path).unwrap();
        assert!(replace(&path, b"new").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
