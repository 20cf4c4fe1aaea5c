//! Reads the directory from JSM, once or at intervals. It must not know how calls are made, or who
//! asks for portals.

use std::sync::Arc;
use std::time::Duration;

use super::Directory;
use super::desk::{self, Desk, Refreshed, Seen};
use crate::jsm::{Client, Error, ServiceDesk};

/// However long JSM asks to wait, it is asked again after this: Jira and Confluence have asked for
/// a year and more (atlassian-api/atlassian-python-api#1593).
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// The first pause after a failure; doubled with each further one up to the usual interval.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// What one reading brought.
struct Reading {
    seen: Vec<Seen>,
    /// Whether every service desk of the list could be read.
    all_read: bool,
    /// What could not be read, one sentence each.
    odd: Vec<String>,
}

impl Directory {
    /// Reads everything from JSM. On any error nothing changes: an incomplete list is worse than an
    /// old one.
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

    async fn read(&self, client: &Client) -> Result<Reading, Error> {
        let listed = client.service_desks().await?;
        let (mut desks, mut odd) = (listed.entries, listed.odd);
        // A known desk may be behind an entry that cannot be read, so it is not gone.
        let all_read = odd.is_empty();
        let missing = self.missing_in(&desks);
        if desks.is_empty() || !missing.is_empty() {
            // With an expired token, Cloud answers 200 with what a stranger sees.
            client.myself().await?;
        }
        for id in missing.iter().filter(|_| all_read) {
            // A desk that is made or removed while the list is read page by page can hide another
            // one.
            desks.extend(client.service_desk(id).await?);
        }
        let (portal_ids, odd_types) = client.portal_ids(&desks).await?;
        odd.extend(odd_types);
        let seen = desks.into_iter().map(|desk| Seen::new(desk, &portal_ids)).collect();
        Ok(Reading { seen, all_read, odd })
    }

    /// Service desk ids of the portals that would be gone with this list.
    fn missing_in(&self, listed: &[ServiceDesk]) -> Vec<String> {
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

    /// A failure to store costs a slower next start, and no portals.
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
}

/// How long to wait: as long as JSM asks for, up to [`LONGEST_PAUSE`].
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
