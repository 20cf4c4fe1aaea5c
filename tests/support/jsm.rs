//! What every test around the stand-in JSM starts with.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::time::Duration;

use jsm_gate::config::{DefaultMode, Deployment, JsmConfig, PortalDefaults, PortalRule};
use jsm_gate::domain::{Clock, Email, LinkName, Mode, Portal, Portals};
use jsm_gate::jsm::{Client, Directory, PortalRules};
use sandbox::jsm::{Jsm, JsmSettings};
use tempfile::TempDir;

/// A stand-in JSM and a place to keep its directory.
pub(crate) struct Site {
    pub(crate) jsm: Jsm,
    pub(crate) state_dir: TempDir,
    pub(crate) settings: JsmSettings,
}

impl Site {
    pub(crate) async fn start(settings: JsmSettings) -> Self {
        // Several tests share one process; only the first installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let jsm = Jsm::start(settings.clone()).await.unwrap();
        Self { jsm, state_dir: TempDir::new().unwrap(), settings }
    }

    /// The configuration that fits, deployment left to be found out.
    pub(crate) fn config(&self) -> JsmConfig {
        JsmConfig {
            url: self.jsm.url().parse().unwrap(),
            deployment: None,
            email: Some(Email::parse(&self.settings.email).unwrap()),
            api_token: self.settings.token.clone().into(),
            refresh: Duration::from_secs(300),
            timeout: Duration::from_secs(10),
            concurrency: 16,
            ca_file: None,
            cloud_api_url: self.jsm.origin().parse().unwrap(),
        }
    }

    pub(crate) fn known_as(&self, deployment: Deployment) -> JsmConfig {
        JsmConfig { deployment: Some(deployment), ..self.config() }
    }

    /// A client that takes no time to wait.
    pub(crate) fn client(&self) -> Client {
        Client::with_sleeper(&self.config(), |_| Box::pin(async {})).unwrap()
    }

    /// The directory as a starting gate opens it.
    pub(crate) fn directory(&self, rules: PortalRules) -> Directory {
        Directory::open(self.state_dir.path(), self.client(), rules, Clock::system())
    }

    pub(crate) async fn fresh_directory(&self, rules: PortalRules) -> Directory {
        let directory = self.directory(rules);
        directory.refresh().await.unwrap();
        directory
    }
}

/// Only defaults.
pub(crate) fn no_rules() -> PortalRules {
    rules([])
}

pub(crate) fn rules(rules: impl IntoIterator<Item = PortalRule>) -> PortalRules {
    let mode = DefaultMode::Said(Mode::Forward);
    let defaults = PortalDefaults { mode, service_provider: None, rules: <_>::default() };
    PortalRules { defaults, rules: rules.into_iter().collect() }
}

/// A `[[portal]]` that says nothing but its project.
pub(crate) fn rule(project: &str) -> PortalRule {
    PortalRule {
        project: project.to_owned(),
        link: None,
        portal_id: None,
        mode: Mode::Forward,
        service_provider: None,
        rules: <_>::default(),
        open_desk: false,
        greeting: <_>::default(),
    }
}

pub(crate) fn link(name: &str) -> LinkName {
    LinkName::parse(name).unwrap()
}

/// `key link`, in the directory's order; a gone one in brackets.
pub(crate) fn listed(portals: &Portals) -> Vec<String> {
    let line = |portal: &Portal| {
        let line = format!("{} {}", portal.project_key, portal.link);
        if portal.gone { format!("[{line}]") } else { line }
    };
    portals.all().iter().map(|portal| line(portal)).collect()
}
