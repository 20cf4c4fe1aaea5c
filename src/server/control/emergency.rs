//! Makes links for emergency access, and ends all of it. Must not decide who is let in: that is for
//! `grants`.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::ControlAnswer;
use crate::audit::{Event, Kind};
use crate::domain::Email;
use crate::grants::emergency::{self, EmergencyWish};
use crate::server::Assembly;
use crate::session::StoreError;

/// How long to wait before a store that did not answer is asked again.
const STORE_RETRY_DELAY: Duration = Duration::from_secs(1);

/// Makes a link, or says why not. Both are in the audit trail; without an entry there no link is
/// made.
pub(super) async fn mint(
    assembly: &Assembly,
    wish: &EmergencyWish,
    uid: Option<u32>,
) -> ControlAnswer {
    let (config, portals) = (assembly.config(), assembly.directory().portals());
    let access = match emergency::granted(wish, config.emergency.as_ref(), &portals) {
        Ok(access) => access,
        Err(why) => {
            let event = Event::new(Kind::EmergencyRefused).asked_by(uid).because(&why);
            assembly.audit().note(match Email::parse(&wish.email) {
                Ok(email) => event.about_email(&email),
                Err(_) => event,
            });
            return ControlAnswer::Refused(why);
        }
    };
    let event = access.told(Event::new(Kind::EmergencyMinted)).asked_by(uid);
    if !assembly.audit().write(event).await {
        let why = "the audit trail cannot be written, and nobody is let in untold; see the log";
        return ControlAnswer::Refused(why.to_owned());
    }
    match assembly.emergency().mint(access) {
        Some(path) => ControlAnswer::Open(config.gate.public_url.join(&path)),
        None => ControlAnswer::Refused("too many links are open; end them with --end".to_owned()),
    }
}

/// Revokes all links and ends all sessions that began by one. Returns how many.
pub(in crate::server) async fn end(
    assembly: &Assembly,
    uid: Option<u32>,
) -> Result<usize, StoreError> {
    let by = |event: Event| event.asked_by(uid);
    emergency::end_all(assembly.emergency(), &assembly.sessions(), assembly.audit(), by).await
}

/// After a start: takes note of the sessions that began before, so that their end is reported, and
/// ends them if emergency access is off by now.
pub(in crate::server) fn resume(assembly: &Arc<Assembly>) {
    let assembly = Arc::clone(assembly);
    tokio::spawn(async move {
        let open = loop {
            match emergency::begun_by_link(&assembly.sessions()).await {
                Ok(open) => break open,
                Err(_) => sleep(STORE_RETRY_DELAY).await,
            }
        };
        for entry in open {
            let (sessions, identity) = (assembly.sessions(), entry.identity.clone());
            let over = async move { sessions.wait_for_entry_end(&entry).await };
            emergency::watch(assembly.emergency(), assembly.audit(), identity, over);
        }
        while assembly.config().emergency.is_none() && end(&assembly, None).await.is_err() {
            sleep(STORE_RETRY_DELAY).await;
        }
    });
}
