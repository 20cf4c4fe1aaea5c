//! The end of emergency access: finds and ends the sessions that began by a link, and reports each
//! end. Must not know who ends it.

use std::sync::Arc;

use super::links::EmergencyLinks;
use crate::audit::{Audit, Event, Kind};
use crate::domain::{Identity, ProviderId};
use crate::session::{SessionEntry, Sessions, StoreError};

/// Revokes all links and ends all sessions that began by one. Returns how many. `by` adds to each
/// event who asked.
///
/// # Errors
/// When the sessions cannot be found or ended. The links are revoked nevertheless.
pub async fn end_all(
    links: &EmergencyLinks,
    sessions: &Sessions,
    audit: &Audit,
    by: impl Fn(Event) -> Event,
) -> Result<usize, StoreError> {
    let taken = links.take_all();
    for access in &taken {
        let event = by(access.told(Event::new(Kind::EmergencyClosed)));
        audit.note(event.because("the link was taken back"));
    }
    let begun = begun_by_link(sessions).await?;
    for session in &begun {
        sessions.end_by_key(&session.key).await?;
        audit.note(by(Event::new(Kind::Logout).about(&session.identity)));
    }
    Ok(taken.len() + begun.len())
}

/// The sessions that began by a link.
///
/// # Errors
/// When the store cannot be asked.
pub async fn begun_by_link(sessions: &Sessions) -> Result<Vec<SessionEntry>, StoreError> {
    let mut sessions = sessions.list(None).await?;
    sessions.retain(|session| session.identity.provider == ProviderId::emergency());
    Ok(sessions)
}

/// Counts a session as open until `over` returns, and reports its end then.
pub fn watch(
    links: &Arc<EmergencyLinks>,
    audit: &Audit,
    identity: Identity,
    over: impl Future<Output = ()> + Send + 'static,
) {
    let (open, audit) = (links.opened(), audit.clone());
    tokio::spawn(async move {
        over.await;
        let reason = if open.is_due(&identity) { "its time is over" } else { "ended early" };
        audit.note(Event::new(Kind::EmergencyClosed).about(&identity).because(reason));
    });
}
