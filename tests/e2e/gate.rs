//! The gate as a process of its own: the demo, which brings its own stand-ins, or one in front of
//! whatever a test names.

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::node::CLIENT_SECRET;
pub(crate) use crate::ports::free_address;
use crate::process::{Process, STEP_TIMEOUT};

/// What JSM trusts, unless a test says otherwise.
const HEADERS: &str = r#"
        [forward.identity]
        X-Forwarded-User = "{email}"
        X-Forwarded-Name = "{name}"
        X-Forwarded-Groups = "{groups}""#;

/// What a gate of a test stands between.
#[derive(Default)]
pub(crate) struct Neighbours<'a> {
    /// Base address of JSM.
    pub(crate) jsm: &'a str,
    /// A token that it takes.
    pub(crate) jsm_token: &'a str,
    /// The provider `op`.
    pub(crate) issuer: &'a str,
    /// The gate's own key there (PEM), instead of a secret.
    pub(crate) client_key: Option<&'a str>,
    /// More keys of its section.
    pub(crate) provider: &'a str,
    /// What of `[forward]` is not as usual, with its subsections: by default JSM trusts headers.
    pub(crate) forward: Option<&'a str>,
    /// More sections.
    pub(crate) more: &'a str,
}

/// A running gate, with a certificate and a configuration of its own.
pub(crate) struct Gate {
    /// Its certificate (PEM), which nobody else trusts.
    pub(crate) certificate: String,
    address: SocketAddr,
    operations: SocketAddr,
    process: Process,
    folder: TempDir,
}

impl Gate {
    /// Starts it at this address, and waits until it has read the portals.
    pub(crate) async fn start(address: SocketAddr, neighbours: &Neighbours<'_>) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = TempDir::new().unwrap();
        let operations = free_address();
        let (certificate, config) = prepare(folder.path(), address, operations, neighbours);
        let mut command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
        command.args(["run", "--config"]).arg(&config);
        let process = Process::start("the gate", &mut command);
        let mut gate = Self { certificate, address, operations, process, folder };
        gate.until(|state| state["portals"] != 0).await;
        gate
    }

    /// Waits until somebody can log in.
    pub(crate) async fn until_provider_answers(&mut self) {
        self.until(|state| {
            let providers = state["providers"].as_array();
            providers.is_some_and(|all| all.iter().all(|one| one["ready"] == true))
        })
        .await;
    }

    /// The absolute address of one of its pages.
    pub(crate) fn at(&self, target: &str) -> String {
        format!("https://{}{target}", self.address)
    }

    /// Runs a command of the gate's beside it, which makes a link. Returns the link, which may be good for as
    /// long as the command runs.
    pub(crate) fn link_of(&self, arguments: &[&str]) -> (String, Process) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
        command.args(arguments).arg("--config").arg(self.folder.path().join("proxy.toml"));
        let process = Process::start("a command of the gate's", &mut command);
        (process.line("  https").trim().to_owned(), process)
    }

    /// Waits until it says so of itself.
    async fn until(&mut self, holds: impl Fn(&Value) -> bool) {
        let http = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        let readyz = format!("http://{}/readyz", self.operations);
        let waited = timeout(STEP_TIMEOUT, async {
            loop {
                assert!(!self.process.has_ended(), "the gate ended by itself");
                if let Ok(answer) = http.get(&readyz).send().await
                    && holds(&answer.json().await.unwrap())
                {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        });
        assert!(waited.await.is_ok(), "the gate does not get there");
    }
}

/// Writes what a gate reads: its certificate (PEM), and where the configuration is.
pub(crate) fn prepare(
    folder: &Path,
    address: SocketAddr,
    operations: SocketAddr,
    neighbours: &Neighbours<'_>,
) -> (String, PathBuf) {
    let certificate = write_certificate(folder);
    write_secret(folder, "jsm-token", neighbours.jsm_token);
    write_secret(folder, "client-secret", CLIENT_SECRET);
    write_secret(folder, "client-key", neighbours.client_key.unwrap_or_default());
    write_secret(folder, "session-secret", "seals cookies of the end-to-end tests");
    let config = folder.join("proxy.toml");
    fs::write(&config, configuration(address, operations, neighbours)).unwrap();
    (certificate, config)
}

fn configuration(address: SocketAddr, operations: SocketAddr, beside: &Neighbours<'_>) -> String {
    let Neighbours { jsm, issuer, provider, more, .. } = beside;
    let proof = if beside.client_key.is_some() { "client_key_file" } else { "client_secret_file" };
    let proof = format!("{proof} = \"{}\"", proof.trim_end_matches("_file").replace('_', "-"));
    let forward = beside.forward.unwrap_or(HEADERS);
    format!(
        r#"
        [gate]
        public_url = "https://{address}"
        listen = ["{address}"]
        certificate = "certificate.pem"
        private_key = "private-key.pem"
        operations_listen = "{operations}"
        state_dir = "state"

        [jsm]
        url = "{jsm}"
        email = "gate@example.com"
        cloud_api_url = "{jsm}"
        api_token_file = "jsm-token"
        refresh = "1s"

        [[provider]]
        id = "op"
        issuer = "{issuer}"
        client_id = "jsm-gate"
        {proof}
        {provider}
        scopes = ["openid", "profile", "email", "groups"]

        [session]
        secret_file = "session-secret"

        [forward]
        host = "public"
        {forward}

        [[portal]]
        project = "HR"
        access = "private"
        allow = {{ groups = ["customers"] }}

        {more}
        "#
    )
}

fn write_certificate(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    write_secret(folder, "private-key.pem", &made.signing_key.serialize_pem());
    made.cert.pem()
}

/// Writes a file that only its owner may read.
pub(crate) fn write_secret(folder: &Path, name: &str, secret: &str) {
    let file = folder.join(name);
    fs::write(&file, secret).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
}
