//! A running service provider of somebody else, with a key of its own: what the gate's configuration says
//! of it, and what it says of whoever is logged in there. Must not know what a login is made of.

use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use regex::Regex;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::software::{Requests, Software};
use crate::gate::{Gate, free_address, write_secret};
use crate::process::{Process, STEP_TIMEOUT};
use crate::rsa_pair::RsaPair;
use crate::visitor::{Page, Visitor};

/// An attribute as Atlassian and others name it, by a URI.
pub(super) const SURNAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname";

/// One of them, before or after its start.
pub(super) struct ServiceProvider {
    /// Who wrote it.
    pub(super) software: Software,
    requests: Requests,
    address: SocketAddr,
    folder: TempDir,
    has_made_key: bool,
    process: Option<Process>,
}

/// Who is logged in there, in the words of its library.
#[derive(Debug, Deserialize)]
pub(super) struct Person {
    pub(super) name_id: String,
    /// Not all of them tell it.
    pub(super) format: Option<String>,
    pub(super) attributes: BTreeMap<String, Vec<String>>,
    /// The RelayState, or what of it is the application's.
    pub(super) state: String,
}

impl Person {
    /// Whom a page names, if it is the page of somebody who is logged in.
    pub(super) fn on(page: &Page) -> Option<Self> {
        serde_json::from_str(&page.body).ok()
    }
}

impl ServiceProvider {
    /// Chooses its address and its key.
    pub(super) fn new(software: Software, requests: Requests) -> Self {
        let folder = TempDir::new().unwrap();
        let address = free_address();
        let new = Self { software, requests, address, folder, has_made_key: false, process: None };
        for (name, pair) in [("", RsaPair::shared(0)), ("gate-", RsaPair::shared(1))] {
            write_secret(new.folder.path(), &format!("{name}key.pem"), &pair.key);
            fs::write(new.file(&format!("{name}certificate.pem")), &pair.certificate).unwrap();
        }
        new
    }

    /// Has the gate sign with a key that it makes itself, which takes it a while.
    pub(super) fn with_key_made_by_gate(self) -> Self {
        Self { has_made_key: true, ..self }
    }

    /// What the gate calls it.
    pub(super) fn id(&self) -> String {
        format!("{}-{}", self.software.name(), self.requests.name())
    }

    /// The absolute address of one of its pages.
    pub(super) fn at(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    /// Where it takes answers.
    pub(super) fn acs_url(&self) -> String {
        self.at(self.software.acs_path())
    }

    /// Its section of the gate's configuration.
    pub(super) fn section(&self) -> String {
        let mut section = format!("[[service_provider]]\nid = \"{}\"\n", self.id());
        let mut say = |key: &str, value: &str| section.extend([key, " = \"", value, "\"\n"]);
        say("entity_id", &self.entity_id());
        say("acs_url", &self.acs_url());
        if !self.has_made_key {
            say("signing_key_file", &self.file("gate-key.pem").to_string_lossy());
            say("signing_certificate_file", &self.file("gate-certificate.pem").to_string_lossy());
        }
        if self.requests != Requests::Plain {
            say("certificate_file", &self.file("certificate.pem").to_string_lossy());
        }
        if let Some(path) = self.software.slo_path() {
            say("slo_url", &self.at(path));
        }
        section += "[service_provider.attributes]\n";
        let attributes = [("displayName", "name"), ("groups", "groups"), (SURNAME, "last_name")];
        for (attribute, told) in attributes {
            section.extend(["\"", attribute, "\" = \"{", told, "}\"\n"]);
        }
        section
    }

    /// Starts it with what the gate tells its admins, and waits until it answers.
    pub(super) async fn start(&mut self, gate: &Gate) {
        let of_gate = |page: &str| gate.at(&format!("/_gate/saml/{}/{page}", self.id()));
        let mut admin = Visitor::new(&gate.certificate);
        let certificate = admin.open(&of_gate("certificate.pem")).await.body;
        let mut metadata = admin.open(&of_gate("metadata")).await.body;
        if self.requests == Requests::SignedPost {
            metadata = without_redirects(&metadata);
        }
        fs::write(self.file("gate.pem"), certificate).unwrap();
        fs::write(self.file("gate.xml"), metadata).unwrap();
        let mut command = self.software.command(self.folder.path(), self.address.port());
        command
            .env("SP_PORT", self.address.port().to_string())
            .env("SP_FOLDER", self.folder.path())
            .env("SP_ENTITY_ID", self.entity_id())
            .env("SP_KEY", self.file("key.pem"))
            .env("SP_CERTIFICATE", self.file("certificate.pem"))
            .env("SP_REQUESTS", self.requests.name())
            .env("GATE_ENTITY_ID", of_gate("metadata"))
            .env("GATE_SSO_URL", of_gate("sso"))
            .env("GATE_LOGOUT_URL", of_gate("logout"))
            .env("GATE_CERTIFICATE", self.file("gate.pem"))
            .env("GATE_METADATA", self.file("gate.xml"));
        let mut process = Process::start(self.software.name(), &mut command);
        let answers = timeout(STEP_TIMEOUT, async {
            while TcpStream::connect(self.address).is_err() {
                assert!(!process.has_ended(), "{} ended by itself", self.software.name());
                sleep(Duration::from_millis(20)).await;
            }
        });
        assert!(answers.await.is_ok(), "{} does not answer", self.software.name());
        self.process = Some(process);
    }

    /// The file with the certificate of its own key.
    pub(super) fn certificate(&self) -> PathBuf {
        self.file("certificate.pem")
    }

    /// The file with the certificate that the gate told of.
    pub(super) fn certificate_of_gate(&self) -> PathBuf {
        self.file("gate.pem")
    }

    fn entity_id(&self) -> String {
        self.at("/metadata")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The gate's metadata as if it took requests by a form only. Those who read it then send one.
fn without_redirects(metadata: &str) -> String {
    let element =
        r#"<[a-z:]*SingleSignOnService [^>]*HTTP-Redirect"[^>]*>(</[a-z:]*SingleSignOnService>)?"#;
    let kept = Regex::new(element).unwrap().replace_all(metadata, "").into_owned();
    assert_ne!(kept, metadata, "no redirects in {metadata}");
    kept
}
