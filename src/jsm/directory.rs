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
use crate::domain::{Clock, Finding, Level, Portals, PortalsNow};

/// However long JSM asks to be left alone, it is asked again after this: Jira and Confluence send
/// times of a year and more (atlassian-api/atlassian-python-api#1593).
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

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
    /// Whether what is read is kept on disk.
    stores: bool,
}

/// What the portals are made from.
#[derive(Debug)]
struct Kept {
    desks: Vec<Desk>,
    rules: PortalRules,
    /// Of the rules as they are, with the desks as they are.
    problems: Vec<Finding>,
    /// What JSM listed that could not be read.
    odd: Vec<String>,
    /// Says also which JSM the desks are of.
    store: Store,
}

impl Kept {
    /// Makes the portals, and says each new problem once.
    fn portals(&mut self) -> Portals {
        let (portals, problems) = self.rules.portals(&self.desks);
        for problem in problems.iter().filter(|problem| !self.problems.contains(problem)) {
            let (text, remedy) = (&problem.text, &problem.remedy);
            let message = "a portal is not as its rule wants it";
            if problem.level == Level::Failure {
                tracing::error!(text, remedy, "{message}");
            } else {
                tracing::warn!(text, remedy, "{message}");
            }
        }
        self.problems = problems;
        portals
    }

    /// Remembers what could not be read, and says it once.
    fn note_odd(&mut self, odd: Vec<String>) {
        for entry in odd.iter().filter(|entry| !self.odd.contains(entry)) {
            tracing::warn!(entry, "an entry of JSM's list could not be read");
        }
        self.odd = odd;
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

    /// Reads everything from JSM. On any error nothing changes: half a list is no list.
    ///
    /// # Errors
    /// When any part cannot be read.
    pub async fn refresh(&self) -> Result<Refreshed, Error> {
        let _only_one = self.refreshing.lock().await;
        let refreshed = loop {
            let client = Client::clone(&self.client.load());
            let reading = self.read(&client).await?;
            if let Some(refreshed) = self.take_over(reading, client.site()) {
                break refreshed;
            }
        };
        if self.stores {
            self.save().await;
        }
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
                    let pause = pause(retry.min(interval), error.asked_to_wait());
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

    /// What of the rules has no effect: a rule that fits no portal, a link or a portal id that
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

    async fn read(&self, client: &Client) -> Result<Reading, Error> {
        let listed = client.service_desks().await?;
        let (mut desks, mut odd) = (listed.entries, listed.odd);
        // A known desk may be behind an entry that cannot be read: unknown is not gone.
        let all_read = odd.is_empty();
        let missing = self.missing_in(&desks);
        if desks.is_empty() || !missing.is_empty() {
            // An expired token sees what a stranger sees, and Cloud answers that with 200.
            client.myself().await?;
        }
        for id in missing.iter().filter(|_| all_read) {
            // A desk made or removed while the list is paged through can hide another one.
            desks.extend(client.service_desk(id).await?);
        }
        let (portal_ids, odd_types) = client.portal_ids(&desks).await?;
        odd.extend(odd_types);
        let seen = desks.into_iter().map(|desk| Seen::new(desk, &portal_ids)).collect();
        Ok(Reading { seen, all_read, odd })
    }

    /// Service desk ids of the portals that would be gone with this list.
    fn missing_in(&self, listed: &[super::ServiceDesk]) -> Vec<String> {
        let kept = self.kept();
        let is_listed = |desk: &Desk| listed.iter().any(|it| it.project_id == desk.project_id);
        let missing = kept.desks.iter().filter(|desk| !desk.gone && !is_listed(desk));
        missing.map(|desk| desk.service_desk_id.clone()).collect()
    }

    /// `None` when the directory has moved to another JSM meanwhile.
    fn take_over(&self, reading: Reading, site: &str) -> Option<Refreshed> {
        let mut kept = self.kept();
        if !kept.store.is_of(site) {
            return None;
        }
        let taken_links = kept.rules.links();
        kept.note_odd(reading.odd);
        let refreshed =
            desk::update(&mut kept.desks, &reading.seen, reading.all_read, &taken_links);
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

/// What one reading brought.
struct Reading {
    seen: Vec<Seen>,
    /// Whether every service desk of the list could be read.
    all_read: bool,
    /// What could not, one sentence each.
    odd: Vec<String>,
}

/// As long as JSM asks for, but not for ever.
fn pause(usual: Duration, asked: Option<Duration>) -> Duration {
    usual.max(asked.unwrap_or_default().min(LONGEST_PAUSE))
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::not_asked(None, 8)]
    #[case::shorter_than_usual(Some(3), 8)]
    #[case::as_asked(Some(120), 120)]
    #[case::a_year(Some(31_536_000), 300)]
    #[case::more_than_a_clock_holds(Some(u64::MAX), 300)]
    fn jsm_is_asked_again_within_minutes(#[case] asked: Option<u64>, #[case] expected: u64) {
        let asked = asked.map(Duration::from_secs);
        assert_eq!(pause(Duration::from_secs(8), asked), Duration::from_secs(expected));
    }
}
