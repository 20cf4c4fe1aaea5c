//! Has sessions refreshed: ahead of time in the background, and at the request of somebody who comes back
//! late. Must not know how a provider is asked.

use std::sync::Arc;

use tokio::time::sleep;

use super::Sessions;
use crate::session::refresh::{LOOK_EVERY, Refresher};
use crate::session::{Session, SessionLookup, StoreError};

impl Sessions {
    /// Has a session refreshed beside the request. Only somebody who comes back when the provider's
    /// word is no longer good waits for it, and not for long: rights may have been withdrawn since.
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

    /// Has the sessions in use refreshed ahead of time, for ever. One that nobody used since its
    /// latest refresh waits for its next request.
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
