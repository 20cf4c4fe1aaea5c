//! `jsm-gate demo`: a provider, a JSM and the gate on one machine, to try things out. The gate is
//! configured by the file an administrator would write, and knows nothing of being in a demo.

use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use super::run::runtime;
use crate::config;
use crate::domain::{Clock, Portals};
use crate::server;
use sandbox::jsm::{Jsm, JsmSettings};
use sandbox::provider::{Provider, ProviderSettings, User, demo_users};

/// The header the stand-in JSM believes, as a real one believes its authenticator app's.
const IDENTITY_HEADER: &str = "X-Forwarded-User";

/// Runs until stopped.
pub(super) fn demo(listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let folder = Folder::new()?;
    runtime()?.block_on(async {
        let public_url = format!("https://{}", public_authority(listen));
        let users = demo_users();
        let provider = Provider::start(ProviderSettings {
            redirect_uris: vec![format!("{public_url}/_gate/callback/demo")],
            post_logout_redirect_uris: vec![format!("{public_url}/_gate/logged-out")],
            users: users.clone(),
            ..ProviderSettings::default()
        });
        let provider = provider.await.context("cannot start the stand-in provider")?;
        let settings = JsmSettings {
            base_url: Some(public_url.clone()),
            identity_header: http::HeaderName::try_from(IDENTITY_HEADER)?,
            ..JsmSettings::data_center()
        };
        let token = settings.token.clone();
        let jsm = Jsm::start(settings).await.context("cannot start the stand-in JSM")?;
        folder.write_certificate(&public_url)?;
        folder.write("jsm-token", &token)?;
        folder.write("client-secret", "sandbox-secret")?;
        folder.write("session-secret", &config::new_secret())?;
        let file =
            folder.write("proxy.toml", &configuration(&public_url, listen, &provider, &jsm))?;
        let loaded = config::load(&file).context("the demo's own configuration")?;
        let running = server::start(loaded.config, Clock::system())?;
        running.assembly().directory().refresh().await?;
        introduce(&public_url, &file, &users, &running.assembly().directory().portals());
        server::run_until_signalled(running, &file).await?;
        anyhow::Ok(ExitCode::SUCCESS)
    })
}

/// `localhost` reads better than a number, and browsers trust both alike.
fn public_authority(listen: SocketAddr) -> String {
    if listen.ip().is_loopback() {
        format!("localhost:{}", listen.port())
    } else {
        listen.to_string()
    }
}

fn configuration(public_url: &str, listen: SocketAddr, provider: &Provider, jsm: &Jsm) -> String {
    let (issuer, jsm_url) = (provider.issuer(), jsm.url());
    format!(
        r#"[gate]
public_url = "{public_url}"
listen = ["{listen}"]
certificate = "certificate.pem"
private_key = "private-key.pem"
operations_listen = "127.0.0.1:0"
state_dir = "state"

[jsm]
url = "{jsm_url}"
deployment = "data-center"
api_token_file = "jsm-token"

[[provider]]
id = "demo"
name = "Example Organisation"
issuer = "{issuer}"
client_id = "jsm-gate"
client_secret_file = "client-secret"
scopes = ["openid", "profile", "email", "groups"]

[session]
secret_file = "session-secret"

[forward]
host = "public"

[forward.identity]
{IDENTITY_HEADER} = "{{email}}"

[[portal]]
project = "HR"
access = "private"
allow = {{ groups = ["customers"] }}
"#
    )
}

fn introduce(public_url: &str, file: &Path, users: &[User], portals: &Portals) {
    println!("The gate runs at {public_url}\n");
    println!("Open one of these links in a private window. The certificate was made just now, so");
    println!("the browser warns once; go on.\n");
    for portal in portals.all() {
        let access = portal.access.as_str();
        println!("  {public_url}/p/{:<6} {} ({access})", portal.link.as_str(), portal.name);
    }
    println!("\nLog in as one of these; the password is “demo”.\n");
    for user in users {
        println!("  {:<6} {}", user.username, user.about);
    }
    println!("\nIts configuration: {}", file.display());
    println!("Stop with Ctrl-C.");
}

/// A folder for one run, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("jsm-gate-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }

    /// Writes a file that nobody else can read.
    fn write(&self, name: &str, content: &str) -> anyhow::Result<PathBuf> {
        use std::io::Write as _;
        let path = self.0.join(name);
        let mut options = std::fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(content.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    fn write_certificate(&self, public_url: &str) -> anyhow::Result<()> {
        let host = url::Url::parse(public_url)?.host_str().unwrap_or("localhost").to_owned();
        let names = [host, "127.0.0.1".to_owned()];
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
