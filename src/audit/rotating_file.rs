//! A file that rotates itself: it grows to a bounded size without any help from the system, so that
//! it can be kept by default. It must not know what the lines say.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::append::append_to;

/// A file of this size is rotated before the next line.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Rotated files that are kept: `audit.log.1` is the newest, `audit.log.8` the oldest.
const KEPT: u32 = 8;

/// A file, opened when it is first needed, and again after a failure.
#[derive(Debug)]
pub(super) struct RotatingFile {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
    max_bytes: u64,
}

impl RotatingFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, bytes: 0, max_bytes: MAX_BYTES }
    }

    /// Appends a line.
    pub(super) fn write(&mut self, line: &str) -> io::Result<()> {
        if self.bytes >= self.max_bytes {
            self.rotate()?;
        }
        self.open()?.write_all(line.as_bytes())?;
        self.bytes = self.bytes.saturating_add(line.len() as u64);
        Ok(())
    }

    /// Opens the file unless it is open.
    pub(super) fn open(&mut self) -> io::Result<&mut File> {
        match &mut self.file {
            Some(file) => Ok(file),
            none => {
                let file = append_to(&self.path)?;
                self.bytes = file.metadata()?.len();
                Ok(none.insert(file))
            }
        }
    }

    /// Removes the oldest file and gives each other the next number.
    fn rotate(&mut self) -> io::Result<()> {
        let rotated = |number: u32| self.path.with_extension(format!("log.{number}"));
        for number in (1..KEPT).rev() {
            rename_if_there(&rotated(number), &rotated(number + 1))?;
        }
        rename_if_there(&self.path, &rotated(1))?;
        self.file = None;
        self.bytes = 0;
        Ok(())
    }
}

/// Renames a file. If somebody has moved it away, the next line is written all the same.
fn rename_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        renamed => renamed,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn small(folder: &TempDir) -> RotatingFile {
        RotatingFile { max_bytes: 10, ..RotatingFile::new(folder.path().join("audit.log")) }
    }

    fn read(folder: &TempDir, name: &str) -> String {
        fs::read_to_string(folder.path().join(name)).unwrap()
    }

    #[test]
    fn it_rotates_itself_and_keeps_so_many() {
        let folder = TempDir::new().unwrap();
        let mut file = small(&folder);
        for line in 0..20 {
            file.write(&format!("line {line:03}\n")).unwrap();
        }
        assert_eq!(read(&folder, "audit.log"), "line 018\nline 019\n");
        assert_eq!(read(&folder, "audit.log.1"), "line 016\nline 017\n");
        assert_eq!(read(&folder, "audit.log.8"), "line 002\nline 003\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 9);
    }

    #[test]
    fn a_restart_goes_on_in_the_same_file() {
        let folder = TempDir::new().unwrap();
        small(&folder).write("line 000\n").unwrap();
        small(&folder).write("line 001\n").unwrap();
        let mut file = small(&folder);
        file.open().unwrap();
        file.write("line 002\n").unwrap();
        assert_eq!(read(&folder, "audit.log"), "line 002\n", "its size is known after a restart");
        assert_eq!(read(&folder, "audit.log.1"), "line 000\nline 001\n");
    }

    #[test]
    fn a_file_that_somebody_removes_is_made_anew_at_the_next_rotation() {
        let folder = TempDir::new().unwrap();
        let mut file = small(&folder);
        for line in 0..2 {
            file.write(&format!("line {line:03}\n")).unwrap();
        }
        fs::remove_file(folder.path().join("audit.log")).unwrap();
        file.write("line 002\n").unwrap();
        assert_eq!(read(&folder, "audit.log"), "line 002\n");
    }
}
