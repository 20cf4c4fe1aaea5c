//! Lists the portals with their links. Must not know who asked.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::domain::{Portal, PortalId, PublicUrl};
use crate::jsm::Directory;
use crate::server::Assembly;

/// The portals, and whether JSM confirmed them just now.
#[derive(Debug, Deserialize, Serialize)]
pub struct Links {
    /// All of them, in the directory's order.
    pub portals: Vec<PortalLine>,
    /// Why the list may be out of date.
    pub problem: Option<String>,
}

/// One portal of the list. The field names are the JSON keys and the CSV header of `jsm-gate
/// links`.
#[derive(Debug, Deserialize, Serialize)]
pub struct PortalLine {
    /// The project's key.
    pub key: String,
    /// The portal's name.
    pub name: String,
    /// JSM's id of the service desk.
    pub service_desk_id: String,
    /// The number in its addresses.
    pub portal_id: Option<u64>,
    /// How it is served.
    pub mode: String,
    /// Who may use it.
    pub access: String,
    /// Its substitute link.
    pub link: String,
    /// Whether JSM no longer lists it.
    pub gone: bool,
}

impl PortalLine {
    fn new(portal: &Portal, public_url: &PublicUrl) -> Self {
        Self {
            key: portal.project_key.clone(),
            name: portal.name.clone(),
            service_desk_id: portal.service_desk_id.clone(),
            portal_id: portal.portal_id.map(PortalId::get),
            mode: portal.mode.as_str().to_owned(),
            access: portal.rules.access.as_str().to_owned(),
            link: public_url.join(&format!("/p/{}", portal.link)),
            gone: portal.gone,
        }
    }
}

/// The portals of a directory, as the list shows them.
#[must_use]
pub fn lines(directory: &Directory, config: &Config) -> Vec<PortalLine> {
    let public_url = &config.gate.public_url;
    directory.portals().all().iter().map(|portal| PortalLine::new(portal, public_url)).collect()
}

/// Reads the portals from JSM again, and returns what is known then.
pub(super) async fn read(assembly: &Assembly) -> Links {
    let directory = assembly.directory();
    let problem = directory.refresh().await.err().map(|error| error.to_string());
    Links { portals: lines(directory, &assembly.config()), problem }
}
