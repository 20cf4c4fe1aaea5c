//! A request for emergency access, and whether it is granted. Must not know who asks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::links::EmergencyAccess;
use super::rules::may_be_let_in;
use crate::config::EmergencyConfig;
use crate::domain::{Email, Portal, Portals};

/// Why there is no emergency access at all.
pub const OFF: &str = "emergency access is off; it has to be set up beforehand, in [emergency] of \
                       proxy.toml: docs/emergency.md";

/// The longest reason that is written down, in bytes.
const LONGEST_REASON: usize = 500;

/// Whom to let in without a provider.
#[derive(Debug, Deserialize, Serialize)]
pub struct EmergencyWish {
    /// Their email address.
    pub email: String,
    /// The links or project keys of the portals, or `all`.
    pub portals: Vec<String>,
    /// For how long.
    pub minutes: u64,
    /// Why.
    pub reason: String,
}

/// What a link for this wish gives.
///
/// # Errors
/// Why there is none, for the admin who asked.
pub fn granted(
    wish: &EmergencyWish,
    config: Option<&EmergencyConfig>,
    portals: &Portals,
) -> Result<EmergencyAccess, String> {
    let config = config.ok_or(OFF)?;
    let email = Email::parse(&wish.email).map_err(|error| error.to_string())?;
    if !may_be_let_in(config, &email) {
        return Err(format!("{email} may not be let in: [emergency.allow] does not name them"));
    }
    let most = config.max_minutes;
    if !(1..=most).contains(&wish.minutes) {
        return Err(format!("--minutes may be 1 to {most}: [emergency] max_minutes"));
    }
    let reason = wish.reason.trim();
    if reason.is_empty() || reason.len() > LONGEST_REASON || reason.contains(char::is_control) {
        return Err(format!("--reason takes a line of up to {LONGEST_REASON} bytes"));
    }
    let portals = named(portals, &wish.portals)?;
    let links: Vec<_> = portals.iter().map(|portal| portal.link.as_str()).collect();
    Ok(EmergencyAccess {
        email,
        links: links.join(", "),
        service_desks: portals.iter().map(|portal| portal.service_desk_id.clone()).collect(),
        minutes: wish.minutes,
        reason: reason.to_owned(),
    })
}

/// The portals that are meant; `all` means those that exist now.
fn named(portals: &Portals, names: &[String]) -> Result<Vec<Arc<Portal>>, String> {
    let there: Vec<_> = portals.all().iter().filter(|portal| !portal.gone).cloned().collect();
    if there.is_empty() {
        return Err("no portal is known; see jsm-gate check".to_owned());
    }
    if matches!(names, [all] if all == "all") {
        return Ok(there);
    }
    let mut wanted = Vec::<Arc<Portal>>::new();
    for name in names {
        let is_it = |portal: &&Arc<Portal>| {
            portal.link.as_str() == name || portal.project_key.eq_ignore_ascii_case(name)
        };
        let Some(portal) = there.iter().find(is_it) else {
            let known: Vec<_> = there.iter().map(|portal| portal.link.as_str()).collect();
            return Err(format!("no portal has the link {name:?}; known: {}", known.join(", ")));
        };
        if !wanted.contains(portal) {
            wanted.push(Arc::clone(portal));
        }
    }
    Ok(wanted)
}
