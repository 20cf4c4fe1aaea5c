//! Waits for the end of a session, for what lives longer than a request: a WebSocket, emergency access.
//! Must not know what waits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;

use super::Sessions;
use crate::session::{Session, SessionEntry, StoreError};

/// How often it is checked that a session still lives. Well below what docs/security.md C13 promises, so that
/// one slow check does not break the promise.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Sessions {
    /// Waits until a session ends: at once when it is removed; within five seconds when it expires, when its
    /// rights change, or when the store missed a removal. A store that does not answer counts as an end.
    pub async fn wait_for_end(&self, session: &Arc<Session>) {
        let mut removals = self.store.removals();
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                removed = removals.recv() => match removed {
                    Ok(key) if key == *session.key() => return,
                    Ok(_) => continue,
                    Err(RecvError::Closed) => return,
                    Err(RecvError::Lagged(_)) => {}
                },
                _ = look.tick() => {}
            }
            if !self.is_live(session).await {
                return;
            }
        }
    }

    /// The same for a session that a list told of. That it is unused for too long does not count here.
    pub async fn wait_for_entry_end(&self, entry: &SessionEntry) {
        let mut removals = self.store.removals();
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                removed = removals.recv() => match removed {
                    Ok(key) if key == entry.key => return,
                    Err(RecvError::Closed) => return,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                },
                _ = look.tick() => {
                    let now = self.clock.unix_seconds();
                    if self.limits.ended(&entry.identity, entry.created, now, now).is_some() {
                        return;
                    }
                }
            }
        }
    }

    async fn is_live(&self, session: &Arc<Session>) -> bool {
        let look = async {
            let Some(kept) = self.store.find(&session.credential).await? else { return Ok(false) };
            let now = self.clock.unix_seconds();
            // With other rights it might not be let in any more.
            let same = kept.identity == session.identity;
            self.judge(kept, now).await.map(|(_, ended)| same && ended.is_none())
        };
        look.await.unwrap_or_else(|error: StoreError| {
            tracing::error!(%error, "a session counts as ended, because the store does not answer");
            false
        })
    }
}
