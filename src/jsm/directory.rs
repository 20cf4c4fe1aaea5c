//! The directory: every portal there is, read with the service account, kept fresh and kept on
//! disk. It must not know how calls to JSM are made, nor who asks for portals.

mod desk;
mod kept;
mod refresh;
mod rules;
mod store;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::Notify;

pub use self::desk::Refreshed;
use self::kept::Kept;
pub use self::rules::PortalRules;
use self::store::Store;
use super::Client;
use crate::domain::{Clock, Finding, Portals, PortalsNow};

/// All portals, known from the last good reading. Shared by reference; readers take no lock.
#[derive(Debug)]
pub struct Directory {
    portals: PortalsNow,
    last_refreshed: ArcSwapOption<SystemTime>,
    last_error: ArcSwapOption<String>,
    client: ArcSwap<Client>,
    kept: Mutex<Kept>,
    /// One refresh at a time: a second reading of the same moment brings nothing.
    refreshing: tokio::sync::Mutex<()>,
    /// Ends the pause of [`Directory::keep_fresh`].
    hurry: Notify,
    clock: Clock,
    /// Whether what is read is kept on disk.
    stores: bool,
}

impl Directory {
    /// Opens the directory with what was last stored in `state_dir`, if anything. Makes no call.
    ///
    /// A stored file that is damaged, or of another JSM, is reported in the log and ignored.
    #[must_use]
    pub fn open(state_dir: &Path, client: Client, rules: PortalRules, clock: Clock) -> Self {
        let store = Store::new(state_dir, client.site());
        let stored = store.load();
        let (problems, odd) = (Vec::new(), Vec::new());
        let mut kept = Kept { desks: stored.desks, rules, problems, odd, store };
        Self {
            portals: Arc::new(ArcSwap::from_pointee(kept.portals())),
            last_refreshed: ArcSwapOption::from(stored.read_at.map(Arc::new)),
            last_error: ArcSwapOption::empty(),
            client: ArcSwap::from_pointee(client),
            kept: Mutex::new(kept),
            refreshing: tokio::sync::Mutex::new(()),
            hurry: Notify::new(),
            clock,
            stores: true,
        }
    }

    /// The same for a command that only looks: what it reads is never stored, because the file is the
    /// running gate's.
    #[must_use]
    pub fn open_to_look(
        state_dir: &Path,
        client: Client,
        rules: PortalRules,
        clock: Clock,
    ) -> Self {
        let directory = Self::open(state_dir, client, rules, clock);
        Self { stores: false, ..directory }
    }

    /// The portals as last read, for whoever asks at every request.
    #[must_use]
    pub fn portals_now(&self) -> PortalsNow {
        Arc::clone(&self.portals)
    }

    /// The portals as last read.
    #[must_use]
    pub fn portals(&self) -> Arc<Portals> {
        self.portals.load_full()
    }

    /// When the portals were last read from JSM; kept over a restart.
    #[must_use]
    pub fn last_refreshed(&self) -> Option<SystemTime> {
        self.last_refreshed.load().as_deref().copied()
    }

    /// Why the latest of the regular readings failed; none after one that did not.
    #[must_use]
    pub fn last_error(&self) -> Option<String> {
        self.last_error.load().as_deref().cloned()
    }

    /// Takes over the rules of a reloaded configuration, at once and without a call.
    pub fn apply(&self, rules: PortalRules) {
        let mut kept = self.kept();
        kept.rules = rules;
        self.portals.store(Arc::new(kept.portals()));
    }

    /// Takes over the service account of a reloaded configuration, from the next refresh on.
    ///
    /// With another JSM, the portals known until now are of no more use: there are none until
    /// [`Directory::keep_fresh`] has read the new ones, which it does at once.
    pub fn use_client(&self, client: Client) {
        let mut kept = self.kept();
        if !kept.store.is_of(client.site()) {
            kept.store = kept.store.of(client.site());
            kept.desks.clear();
            self.portals.store(Arc::new(kept.portals()));
            self.last_refreshed.store(None);
            self.hurry.notify_one();
        }
        self.client.store(Arc::new(client));
    }

    /// What of the rules has no effect: a rule that fits no portal, or a link or a portal id that
    /// another portal has.
    #[must_use]
    pub fn rule_problems(&self) -> Vec<Finding> {
        self.kept().problems.clone()
    }

    /// What JSM listed that could not be read, one sentence each.
    #[must_use]
    pub fn odd_entries(&self) -> Vec<String> {
        self.kept().odd.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
