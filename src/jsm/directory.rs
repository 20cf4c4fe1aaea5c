//! The directory: every portal there is, read with the service account, kept fresh and kept on
//! disk. It must not know how calls to JSM are made, nor who asks for portals.

mod desk;
mod rules;
mod store;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::Notify;

use self::desk::{Desk, Seen};
pub use self::rules::PortalRules;
use self::store::Store;
use super::{Client, Error};
use crate::domain::{Clock, Portals, PortalsNow};

/// The first pause after a failure; doubled with each further one up to the usual interval.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// What a refresh found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Refreshed {
    /// How many service desks JSM lists.
    pub listed: usize,
    /// Keys of those never seen before.
    pub new: Vec<String>,
    /// Keys of those that JSM lists no longer, since this refresh.
    pub gone: Vec<String>,
    /// Keys of those that were gone and are listed again.
    pub back: Vec<String>,
}

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
}

/// What the portals are made from.
#[derive(Debug)]
struct Kept {
    desks: Vec<Desk>,
    rules: PortalRules,
    /// Of the rules as they are, with the desks as they are.
    problems: Vec<String>,
    /// Says also which JSM the desks are of.
    store: Store,
}

impl Kept {
    /// Makes the portals, and says each new problem once.
    fn portals(&mut self) -> Portals {
        let (portals, problems) = self.rules.portals(&self.desks);
        for problem in problems.iter().filter(|problem| !self.problems.contains(problem)) {
            tracing::warn!(%problem, "a portal is not as its rule wants it");
        }
        self.problems = problems;
        portals
    }
}

impl Directory {
    /// Opens the directory with what was last stored in `state_dir`, if anything. Makes no call.
    ///
    /// A stored file that is damaged, or of another JSM, is reported in the log and ignored.
    #[must_use]
    pub fn open(state_dir: &Path, client: Client, rules: PortalRules, clock: Clock) -> Self {
        let store = Store::new(state_dir, client.site());
        let stored = store.load();
        let mut kept = Kept { desks: stored.desks, rules, problems: Vec::new(), store };
        Self {
            portals: Arc::new(ArcSwap::from_pointee(kept.portals())),
            last_refreshed: ArcSwapOption::from(stored.read_at.map(Arc::new)),
            last_error: ArcSwapOption::empty(),
            client: ArcSwap::from_pointee(client),
            kept: Mutex::new(kept),
            refreshing: tokio::sync::Mutex::new(()),
            hurry: Notify::new(),
            clock,
        }
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

    /// Reads everything from JSM. On any error nothing changes: half a list is no list.
    ///
    /// # Errors
    /// When any part cannot be read.
    pub async fn refresh(&self) -> Result<Refreshed, Error> {
        let _only_one = self.refreshing.lock().await;
        let refreshed = loop {
            let client = Client::clone(&self.client.load());
            let seen = self.read(&client).await?;
            if let Some(refreshed) = self.take_over(&seen, client.site()) {
                break refreshed;
            }
        };
        self.save().await;
        Ok(refreshed)
    }

    /// Refreshes for ever: every `interval`, and sooner after a failure.
    pub async fn keep_fresh(&self, interval: Duration) {
        let mut retry = FIRST_RETRY;
        loop {
            let pause = match self.refresh().await {
                Ok(refreshed) => {
                    retry = FIRST_RETRY;
                    self.last_error.store(None);
                    log(&refreshed);
                    interval
                }
                Err(error) => {
                    self.last_error.store(Some(Arc::new(error.to_string())));
                    let pause = retry.min(interval).max(error.asked_to_wait().unwrap_or_default());
                    retry = retry.saturating_mul(2).min(interval);
                    let again_in = humantime::format_duration(pause);
                    tracing::warn!(%error, remedy = error.remedy(), %again_in, "portals not refreshed");
                    pause
                }
            };
            tokio::select! {
                () = self.clock.sleep(pause) => {}
                () = self.hurry.notified() => {}
            }
        }
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

    /// What of the rules has no effect, one sentence each: a rule that fits no portal, a link or
    /// a portal id that another portal has.
    #[must_use]
    pub fn rule_problems(&self) -> Vec<String> {
        self.kept().problems.clone()
    }

    async fn read(&self, client: &Client) -> Result<Vec<Seen>, Error> {
        let mut desks = client.service_desks().await?;
        for id in self.missing_in(&desks) {
            // A desk made or removed while the list is paged through can hide another one.
            desks.extend(client.service_desk(&id).await?);
        }
        let portal_ids = client.portal_ids(&desks).await?;
        Ok(desks.into_iter().map(|desk| Seen::new(desk, &portal_ids)).collect())
    }

    /// Service desk ids of the portals that would be gone with this list.
    fn missing_in(&self, listed: &[super::ServiceDesk]) -> Vec<String> {
        let kept = self.kept();
        let is_listed = |desk: &Desk| listed.iter().any(|it| it.project_id == desk.project_id);
        let missing = kept.desks.iter().filter(|desk| !desk.gone && !is_listed(desk));
        missing.map(|desk| desk.service_desk_id.clone()).collect()
    }

    /// `None` when the directory has moved to another JSM meanwhile.
    fn take_over(&self, seen: &[Seen], site: &str) -> Option<Refreshed> {
        let mut kept = self.kept();
        if !kept.store.is_of(site) {
            return None;
        }
        let taken_links = kept.rules.links();
        let refreshed = desk::update(&mut kept.desks, seen, &taken_links);
        self.portals.store(Arc::new(kept.portals()));
        self.last_refreshed.store(Some(Arc::new(self.clock.now())));
        Some(refreshed)
    }

    /// Not being able to store costs a slower next start, never the portals.
    async fn save(&self) {
        let read_at = self.last_refreshed();
        let (store, desks) = {
            let kept = self.kept();
            (kept.store.clone(), kept.desks.clone())
        };
        let saved = tokio::task::spawn_blocking(move || store.save(desks, read_at)).await;
        if let Ok(Err(error)) = saved {
            tracing::warn!(%error, "portals not stored");
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn log(refreshed: &Refreshed) {
    let Refreshed { listed, new, gone, back } = refreshed;
    if new.is_empty() && gone.is_empty() && back.is_empty() {
        tracing::debug!(listed, "portals refreshed");
    } else {
        let [new, gone, back] = [new, gone, back].map(|keys| keys.join(","));
        tracing::info!(listed, new, gone, back, "portals refreshed");
    }
}
