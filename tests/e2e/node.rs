//! The scripts of this folder, which run on Node.js.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::process::Process;
use crate::world::Provider;

/// Secret of the one client that the certified provider knows.
pub(crate) const CLIENT_SECRET: &str = "a secret of the end-to-end tests";

/// npm's `oidc-provider`, which is certified by the `OpenID` Foundation.
pub(crate) struct CertifiedProvider {
    /// Its issuer, as its discovery document spells it.
    pub(crate) issuer: String,
    process: Process,
}

impl CertifiedProvider {
    /// Starts it on a free port, with the gate at this address as its client, and further options
    /// of the script.
    pub(crate) fn start(gate: &str, options: &[String]) -> Self {
        Self::start_as(gate, "op", options)
    }

    /// The same, under another id in the gate's configuration.
    pub(crate) fn start_as(gate: &str, id: &str, options: &[String]) -> Self {
        #[derive(Deserialize)]
        struct Listening {
            issuer: String,
        }
        let mut command = script("provider.mjs");
        command.arg(format!("--redirect-uri={gate}/_gate/callback/{id}"));
        command.arg(format!("--post-logout-redirect-uri={gate}/_gate/logged-out"));
        command.arg(format!("--client-secret={CLIENT_SECRET}"));
        command.args(options);
        let process = Process::start("the certified provider", &mut command);
        let Listening { issuer } = serde_json::from_str(&process.line("{")).unwrap();
        Self { issuer, process }
    }

    /// Waits until something has happened there that it tells of.
    pub(crate) fn until_it_tells(&self, event: &str) {
        self.process.line(&format!("told: {event}"));
    }
}

impl Provider for CertifiedProvider {
    fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// Runs a script in the browser to its end; answers with what it says it saw.
pub(crate) fn in_browser<Seen: DeserializeOwned>(name: &str, options: &[String]) -> Seen {
    serde_json::from_str(&browser(name, options).line("{")).unwrap()
}

/// A script in the browser, under way.
pub(crate) fn browser(name: &str, options: &[String]) -> Process {
    let mut command = script(name);
    command.arg(format!("--screenshots={}", screenshots().display()));
    command.args(options);
    Process::start("the browser", &mut command)
}

/// Where the pictures of the pages are put.
pub(crate) fn screenshots() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/screenshots"))
}

/// Node with a script of this folder.
///
/// # Panics
/// When the packages it imports are not there: a test that cannot run has not passed.
fn script(name: &str) -> Command {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e"));
    assert!(
        folder.join("node_modules").is_dir(),
        "the npm packages of tests/e2e are not installed: run `make test`, or scripts/packages test"
    );
    let mut command = Command::new("node");
    command.current_dir(&folder).arg(name);
    command
}
