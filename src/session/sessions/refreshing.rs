//! Has sessions refreshed: ahead of time in the background, and at the request of somebody who comes back
//! late. Must not know how a provider is asked.

use std::sync::Arc;

use tokio::time::sleep;

use super::Sessions;
use crate::session::refresh::{LOOK_EVERY, Refresher};
use crate::session::{Session, SessionLookup, StoreError};

impl Sessions {
    /// Starts the refresh of a session that is due. A request waits for it only when the tokens have expired
    /// already, because rights may have been withdrawn since; and it does not wait long.
    pub(super) async fn refreshed(
        &self,
        refresher: &Arc<Refresher>,
        session: Arc<Session>,
        now: u64,
    ) -> Result<SessionLookup, StoreError> {
        if !session.is_outdated(now) {
            drop(refresher.begin(&session));
            return Ok(SessionLookup::Live(session));
        }
        if !refresher.wait_for(&session, now).await {
            return Ok(SessionLookup::Live(session));
        }
        let found = self.store.find(&session.credential).await?;
        Ok(found.map_or(SessionLookup::Invalid, SessionLookup::Live))
    }

    /// Refreshes the sessions in use ahead of time, for ever. A session that was not used since its latest
    /// refresh waits for its next request.
    pub async fn keep_refreshed(&self) {
        let Some(refresher) = &self.refresher else { return };
        loop {
            sleep(LOOK_EVERY).await;
            let now = self.clock.unix_seconds();
            let due = |session: &Session| {
                session.is_refresh_due(now)
                    && session.was_used_since_refresh()
                    && self.ended(session, now).is_none()
            };
            for session in self.store.list_in_memory(&due) {
                drop(refresher.begin(&session));
            }
        }
    }
}
