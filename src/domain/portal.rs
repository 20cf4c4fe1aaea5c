//! Portals as the gate sees them, and the table that finds one by link or by JSM's number.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AccessRules, Greeting, LinkName, PortalId, ServiceProviderId};

/// How a portal is served.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Requests are forwarded to JSM's own portal.
    Forward,
    /// The gate serves the portal itself over the JSM REST API.
    Hosted,
    /// The gate logs the customer into Atlassian's own portal.
    Sso,
}

impl Mode {
    /// The word used in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Hosted => "hosted",
            Self::Sso => "sso",
        }
    }
}

/// One JSM service desk as customers see it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Portal {
    /// JSM's id of the service desk.
    pub service_desk_id: String,
    /// The number in JSM's portal addresses; unknown for a desk that JSM does not tell it of.
    pub portal_id: Option<PortalId>,
    /// Jira's id of the project; never changes.
    pub project_id: String,
    /// The project key, as it is now.
    pub project_key: String,
    /// Keys the project had before; JSM still takes requests by them.
    pub former_keys: Vec<String>,
    /// The project's name, as it is now.
    pub name: String,
    /// The name in the substitute link.
    pub link: LinkName,
    /// How the portal is served.
    pub mode: Mode,
    /// Sso: the service provider by which customers are logged in.
    pub service_provider: Option<ServiceProviderId>,
    /// Who may use it.
    pub rules: Arc<AccessRules>,
    /// Hosted: whoever may use it may raise requests, though JSM does not list them at the desk.
    pub open_desk: bool,
    /// Hosted: what its home page says.
    pub greeting: Arc<Greeting>,
    /// JSM no longer lists the desk, or the service account no longer sees it.
    pub gone: bool,
}

/// All portals at one moment. Immutable: a refresh makes a new table.
#[derive(Debug, Default)]
pub struct Portals {
    all: Vec<Arc<Portal>>,
    by_link: HashMap<LinkName, Arc<Portal>>,
    by_id: HashMap<PortalId, Arc<Portal>>,
    by_service_desk: HashMap<String, Arc<Portal>>,
    /// By key in upper case, and by id: keys begin with a letter, so the two cannot meet.
    by_project: HashMap<String, Arc<Portal>>,
}

/// The table as it stands now, swapped as a whole.
pub type PortalsNow = Arc<ArcSwap<Portals>>;

impl Portals {
    /// Makes the table. Where two portals claim one link or one number, the first keeps it.
    #[must_use]
    pub fn new(portals: impl IntoIterator<Item = Portal>) -> Self {
        let mut table = Self::default();
        for portal in portals.into_iter().map(Arc::new) {
            table.by_link.entry(portal.link.clone()).or_insert_with(|| Arc::clone(&portal));
            if let Some(id) = portal.portal_id {
                table.by_id.entry(id).or_insert_with(|| Arc::clone(&portal));
            }
            let desk = portal.service_desk_id.clone();
            table.by_service_desk.entry(desk).or_insert_with(|| Arc::clone(&portal));
            for name in [&portal.project_key, &portal.project_id] {
                table.name_project(name, &portal);
            }
            table.all.push(portal);
        }
        // A key that another project has now is no longer the one's who had it before.
        for portal in table.all.clone() {
            for key in &portal.former_keys {
                table.name_project(key, &portal);
            }
        }
        table
    }

    fn name_project(&mut self, name: &str, portal: &Arc<Portal>) {
        let name = name.to_ascii_uppercase();
        self.by_project.entry(name).or_insert_with(|| Arc::clone(portal));
    }

    /// Every portal, gone ones too, in the directory's order.
    #[must_use]
    pub fn all(&self) -> &[Arc<Portal>] {
        &self.all
    }

    /// The portal behind a substitute link.
    #[must_use]
    pub fn by_link(&self, link: &LinkName) -> Option<&Arc<Portal>> {
        self.by_link.get(link)
    }

    /// The portal with JSM's number.
    #[must_use]
    pub fn by_id(&self, id: PortalId) -> Option<&Arc<Portal>> {
        self.by_id.get(&id)
    }

    /// The portal of a service desk, by JSM's id of the desk.
    #[must_use]
    pub fn by_service_desk(&self, id: &str) -> Option<&Arc<Portal>> {
        self.by_service_desk.get(id)
    }

    /// The portal of a project, by a key it has or had, in any case as Jira takes it, or by
    /// Jira's id of the project.
    #[must_use]
    pub fn by_project(&self, key_or_id: &str) -> Option<&Arc<Portal>> {
        self.by_project.get(&key_or_id.to_ascii_uppercase())
    }
}
