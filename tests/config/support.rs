//! A folder with a configuration file and everything it may point to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jsm_gate::config::{self, ConfigErrors, Loaded};
use tempfile::TempDir;

use super::rsa_pair::RsaPair;

/// The smallest file that is accepted.
pub(crate) const MINIMAL: &str = include_str!("../data/config/minimal.toml");

/// Loads a text as `proxy.toml` from a folder with secrets and certificates in it.
pub(crate) fn load(text: &str) -> Result<Loaded, Refusal> {
    let folder = folder();
    let file = folder.path().join("proxy.toml");
    fs::write(&file, text).unwrap();
    config::load(&file).map_err(|errors| {
        let report = errors.to_string().replace(&format!("{}/", folder.path().display()), "");
        Refusal { report, errors }
    })
}

/// What is wrong with a file.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The report, with the paths of the test left out.
    pub(crate) report: String,
    /// The mistakes one by one.
    pub(crate) errors: ConfigErrors,
}

impl Refusal {
    /// The paths of the wrong keys with their lines.
    pub(crate) fn places(&self) -> Vec<(usize, &str)> {
        self.errors.mistakes().iter().map(|one| (one.line, one.path.as_str())).collect()
    }
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let secret = |name, text: &str, mode| write(&folder.path().join("secrets"), name, text, mode);
    secret("jsm-token", "ATATT-token\n", 0o600);
    secret("okta", "client-secret\n", 0o640);
    secret("session", "7Gq0pA3vXc1LrT9wZyB5nKdE2hUoMiJs8fQbWxVtRyA\n", 0o600);
    secret("short", "do-not-show-this\n", 0o600);
    secret("weak", "do-not-show-this\n\n0123456789abcdef0123456789abcdef\n", 0o600);
    secret("empty", "\n", 0o600);
    secret("lines", "do-not-show-this\nnor-this\n", 0o600);
    secret("world-readable", "do-not-show-this\n", 0o644);
    certificates(&folder.path().join("certs"));
    saml(&folder.path().join("certs"));
    branding(folder.path());
    folder
}

/// Templates and texts that do not fit.
fn branding(folder: &Path) {
    let template = |name, text: &str| write(&folder.join("bad-templates"), name, text, 0o644);
    template("home.html", "<h1>{{ t('home-title' }}</h1>");
    template("hoem.html", "<h1></h1>");
    template("logout.html", "{% extends 'pages.html' %}");
    template("tested.html", "<h1>{{ t('tested-headline') }}</h1>");
    let texts = |name, text: &str| write(&folder.join("bad-texts"), name, text, 0o644);
    texts("de.ftl", "continue = Weiter\n\nnot a text\n");
    texts("es.ftl", "you-are = Usted es { $whom }\n");
    texts("fr.ftl", "continu = Continuer\n");
    texts("en-US.ftl", "continue = Go on\n");
}

fn certificates(folder: &Path) {
    let [gate, other] = [(), ()]
        .map(|()| rcgen::generate_simple_self_signed(["help.example.com".to_owned()]).unwrap());
    write(folder, "cert.pem", &gate.cert.pem(), 0o644);
    write(folder, "key.pem", &gate.signing_key.serialize_pem(), 0o600);
    write(folder, "other-key.pem", &other.signing_key.serialize_pem(), 0o600);
    write(folder, "fullchain.pem", &gate.cert.pem(), 0o644);
    write(folder, "privkey.pem", &gate.signing_key.serialize_pem(), 0o600);
}

/// The gate's own pair, and what service providers sign with.
fn saml(folder: &Path) {
    let [own, app] = [0, 1].map(RsaPair::shared);
    write(folder, "saml-key.pem", &own.key, 0o600);
    write(folder, "saml.pem", &own.certificate, 0o644);
    write(folder, "app.pem", &app.certificate, 0o644);
    write(folder, "small-rsa.pem", include_str!("../data/config/small-rsa.pem"), 0o644);
}

fn write(folder: &Path, name: &str, text: &str, mode: u32) {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
