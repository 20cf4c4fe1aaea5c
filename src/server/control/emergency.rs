//! Makes links for emergency access, and ends all of it. What a link then does is not known here.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::{Answer, EmergencyWish};
use crate::audit::{Event, Kind};
use crate::domain::{Email, Portal, Portals, ProviderId};
use crate::pages::{EmergencyAccess, watch_emergency};
use crate::server::Assembly;
use crate::session::{SessionEntry, StoreError};

const OFF: &str = "emergency access is off; it has to be set up beforehand, in [emergency] of \
                   proxy.toml: docs/emergency.md";

/// Before a store that does not answer is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The longest reason that is written down.
const LONGEST_REASON: usize = 500;

/// A link, or why there is none; both are in the audit trail. A link that cannot be written down
/// there is none.
pub(super) async fn mint(assembly: &Assembly, wish: &EmergencyWish, uid: Option<u32>) -> Answer {
    let access = match granted(assembly, wish) {
        Ok(access) => access,
        Err(why) => {
            let event = Event::new(Kind::EmergencyRefused).asked_by(uid).because(&why);
            assembly.audit().note(match Email::parse(&wish.email) {
                Ok(email) => event.about_email(&email),
                Err(_) => event,
            });
            return Answer::Refused(why);
        }
    };
    let event = access.told(Event::new(Kind::EmergencyMinted)).asked_by(uid);
    if !assembly.audit().write(event).await {
        let why = "the audit trail cannot be written, and nobody is let in untold; see the log";
        return Answer::Refused(why.to_owned());
    }
    match assembly.emergency().mint(access) {
        Some(path) => Answer::Open(assembly.config().gate.public_url.join(&path)),
        None => Answer::Refused("too many links are open; end them with --end".to_owned()),
    }
}

fn granted(assembly: &Assembly, wish: &EmergencyWish) -> Result<EmergencyAccess, String> {
    let config = assembly.config();
    let config = config.emergency.as_ref().ok_or(OFF)?;
    let email = Email::parse(&wish.email).map_err(|error| error.to_string())?;
    if !config.allows(&email) {
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
    let portals = named(&assembly.directory().portals(), &wish.portals)?;
    let links: Vec<_> = portals.iter().map(|portal| portal.link.as_str()).collect();
    Ok(EmergencyAccess {
        email,
        links: links.join(", "),
        service_desks: portals.iter().map(|portal| portal.service_desk_id.clone()).collect(),
        minutes: wish.minutes,
        reason: reason.to_owned(),
    })
}

/// The portals that are meant, `all` those that are there now.
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

/// Takes all links back and ends all sessions that began by one; how many.
pub(in crate::server) async fn end(
    assembly: &Assembly,
    uid: Option<u32>,
) -> Result<usize, StoreError> {
    let links = assembly.emergency().take_all();
    for access in &links {
        let event = access.told(Event::new(Kind::EmergencyClosed)).asked_by(uid);
        assembly.audit().note(event.because("the link was taken back"));
    }
    let sessions = begun_by_link(assembly).await?;
    for session in &sessions {
        assembly.sessions().end_by_key(&session.key).await?;
        let event = Event::new(Kind::Logout).about(&session.identity);
        assembly.audit().note(event.asked_by(uid));
    }
    Ok(links.len() + sessions.len())
}

/// After a start: counts what began before it, so that its end is told, and ends it where emergency access
/// is off by now.
pub(in crate::server) fn resume(assembly: &Arc<Assembly>) {
    let assembly = Arc::clone(assembly);
    tokio::spawn(async move {
        let open = loop {
            match begun_by_link(&assembly).await {
                Ok(open) => break open,
                Err(_) => sleep(ASK_AGAIN).await,
            }
        };
        for entry in open {
            let (sessions, identity) = (assembly.sessions(), entry.identity.clone());
            let over = async move { sessions.entry_over(&entry).await };
            watch_emergency(assembly.emergency(), assembly.audit(), identity, over);
        }
        while assembly.config().emergency.is_none() && end(&assembly, None).await.is_err() {
            sleep(ASK_AGAIN).await;
        }
    });
}

async fn begun_by_link(assembly: &Assembly) -> Result<Vec<SessionEntry>, StoreError> {
    let mut sessions = assembly.sessions().of(None).await?;
    sessions.retain(|session| session.identity.provider == ProviderId::emergency());
    Ok(sessions)
}
