//! The folder of one run of the demo: its configuration, secrets and state, gone afterwards.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;

/// Made with [`Folder::new`], removed when dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("jsm-gate-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }

    /// Writes a file that nobody else can read.
    pub(super) fn write(&self, name: &str, content: &str) -> anyhow::Result<PathBuf> {
        use std::io::Write as _;
        let path = self.0.join(name);
        let mut options = std::fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(content.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    pub(super) fn write_certificate(&self, public_url: &str) -> anyhow::Result<()> {
        let host = url::Url::parse(public_url)?.host_str().unwrap_or("localhost").to_owned();
        let names = [host, "localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names)?;
        self.write("certificate.pem", &made.cert.pem())?;
        self.write("private-key.pem", &made.signing_key.serialize_pem())?;
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
