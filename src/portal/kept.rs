//! What was typed into forms that could not be taken: kept for an hour, for the person whose form it is, and
//! for nobody else. Must not know what the form is about, or why it was not taken.
//!
//! A form's ticket proves whose it is, so that nothing of strangers is kept, and a person has room for few
//! texts. The store seals what is on disk.

use std::fmt;
use std::sync::Arc;

use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::forms::Ticket;
use crate::domain::{Clock, Identity};
use crate::session::{RecordStore, StoreError, Table};

/// How long a text is kept, in seconds.
const LASTS: u64 = 3600;

/// How many texts are kept for one person. The oldest makes room.
const MOST: usize = 3;

/// Bytes of the longest text: all that was typed into one form. JSM's longest texts have 32,767 characters, each of
/// which can be three bytes.
const LONGEST: usize = 128 * 1024;

/// Keeps texts in the store that all gates share.
#[derive(Clone)]
pub struct KeptTexts {
    records: Arc<dyn RecordStore>,
    clock: Clock,
}

/// What was typed into a form.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct KeptText {
    /// The form's ticket. With it, the form still makes one request only, whatever became of the first try.
    pub ticket: Ticket,
    /// The texts, each with the name of its input.
    pub texts: Vec<(String, String)>,
    since: u64,
}

/// A text is not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// It is too long.
    #[error("it has more than {LONGEST} bytes")]
    TooLong,
    /// The store does not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl KeptTexts {
    /// Texts kept in these records.
    #[must_use]
    pub fn new(records: Arc<dyn RecordStore>, clock: Clock) -> Self {
        Self { records, clock }
    }

    /// Keeps what was typed into the form of this ticket, for the person in it.
    ///
    /// # Errors
    /// When it is too long, or the store does not take it.
    pub async fn keep(&self, ticket: &Ticket, texts: &[(String, String)]) -> Result<(), NotKept> {
        let bytes: usize = texts.iter().map(|(name, value)| name.len() + value.len()).sum();
        if bytes > LONGEST {
            return Err(NotKept::TooLong);
        }
        let now = self.clock.unix_seconds();
        let text = KeptText { ticket: ticket.clone(), texts: texts.to_vec(), since: now };
        let value = serde_json::to_vec(&text).map_err(StoreError::new)?;
        let (person, until) = (person(ticket.author()), Some(now.saturating_add(LASTS)));
        let there = self.of(&person).await?;
        let again = there.iter().find(|(_, kept)| kept.ticket.key() == ticket.key());
        if again.is_none() {
            for place in 0..MOST {
                let key = key(place, &person);
                if self.records.put_new(Table::Kept, &key, &value, until).await?.is_none() {
                    return Ok(());
                }
            }
        }
        let oldest = || there.iter().min_by_key(|(_, kept)| kept.since);
        let place = again.or_else(oldest).map_or(0, |(place, _)| *place);
        Ok(self.records.put(Table::Kept, &key(place, &person), &value, until).await?)
    }

    /// What somebody typed last into a form that is sent to `route`. It is not kept any longer.
    ///
    /// # Errors
    /// When the store does not tell.
    pub async fn take(
        &self,
        identity: &Identity,
        route: &str,
    ) -> Result<Option<KeptText>, StoreError> {
        let person = person((identity.provider.as_str(), &identity.subject));
        let there = self.of(&person).await?.into_iter();
        let theirs = there.filter(|(_, kept)| kept.ticket.is_of(identity));
        let of_route = theirs.filter(|(_, kept)| kept.ticket.route() == route);
        let Some((place, kept)) = of_route.max_by_key(|(_, kept)| kept.since) else {
            return Ok(None);
        };
        self.records.remove(Table::Kept, &key(place, &person)).await?;
        Ok(Some(kept))
    }

    /// The form of this ticket was taken after all.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget(&self, ticket: &Ticket) -> Result<(), StoreError> {
        let person = person(ticket.author());
        for (place, kept) in self.of(&person).await? {
            if kept.ticket.key() == ticket.key() {
                self.records.remove(Table::Kept, &key(place, &person)).await?;
            }
        }
        Ok(())
    }

    /// What is kept for a person, each with its place. What another version wrote, and this one cannot read,
    /// is passed over.
    async fn of(&self, person: &str) -> Result<Vec<(usize, KeptText)>, StoreError> {
        let each = (0..MOST).map(|place| async move {
            let kept = self.records.get(Table::Kept, &key(place, person)).await?;
            let kept = kept.and_then(|value| serde_json::from_slice(&value).ok());
            Ok::<_, StoreError>(kept.map(|kept| (place, kept)))
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }
}

impl fmt::Debug for KeptTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptTexts")
    }
}

/// A provider's id has no blank, so that this is read in one way only.
fn person((provider, subject): (&str, &str)) -> String {
    format!("{provider} {subject}")
}

fn key(place: usize, person: &str) -> String {
    format!("{place} {person}")
}

#[cfg(test)]
mod tests;
