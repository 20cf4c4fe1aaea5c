//! What an admin does with bindings.

use serde::{Deserialize, Serialize};

use super::records::{ByLogin, ByMail, read, write};
use super::{Bindings, TABLE, Who, account_key, login_key, mail_key};
use crate::domain::{AccountId, Email, Identity, ProviderId};
use crate::session::StoreError;

/// How long an admin's word waits for the login that it is about. An address may have another owner later.
const WAITS: u64 = 90 * 24 * 60 * 60;

/// One line of the admin's list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Bound {
    /// Who opens the account; `None` while nobody has logged in yet of whom the admin said it.
    pub who: Option<Who>,
    /// The address at the latest login, or that the admin named.
    pub email: Option<Email>,
    /// The account.
    pub account: AccountId,
    /// Unix seconds of the first login.
    pub since: Option<u64>,
}

/// What came of moving bindings to another provider.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Moved {
    /// How many wait for a login at the other provider.
    pub waiting: usize,
    /// How many have no address to tell their person by, or one that others have too.
    pub by_hand: usize,
}

impl Bound {
    fn of((who, login): &(Who, ByLogin)) -> Self {
        let ByLogin { account, email, since } = login.clone();
        Self { who: Some(who.clone()), email, account, since: Some(since) }
    }

    /// Whether a name that an admin gives is theirs: the address in any case, the provider's name for the
    /// person, or the account.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.email.as_ref().is_some_and(|email| email.as_str().eq_ignore_ascii_case(name))
            || self.who.as_ref().is_some_and(|who| who.subject == name)
            || self.account.as_str() == name
    }

    /// Whether it is about this person: as their provider knows them, or by address while nobody is bound.
    #[must_use]
    pub fn is_of(&self, identity: &Identity) -> bool {
        match &self.who {
            Some(who) => *who == Who::of(identity),
            None => self.email.is_some() && self.email.as_ref() == identity.email.known(),
        }
    }
}

impl Bindings {
    /// All of them, and what waits for a login, by address.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list(&self) -> Result<Vec<Bound>, StoreError> {
        let mut all: Vec<_> = self.logins().await?.iter().map(Bound::of).collect();
        all.extend(self.waiting().await?);
        all.sort_by(|a, b| (&a.email, &a.account).cmp(&(&b.email, &b.account)));
        Ok(all)
    }

    /// Whoever logs in next with this address opens this account from then on.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn reserve(&self, email: &Email, account: &AccountId) -> Result<(), StoreError> {
        let word = ByMail { account: account.clone(), provider: None, from: None };
        self.reserve_as(email, &word).await
    }

    /// Takes the bindings of somebody away, and what waits for their login; which they were. Their next
    /// login is found by address again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn unbind(&self, name: &str) -> Result<Vec<Bound>, StoreError> {
        let theirs: Vec<_> =
            self.list().await?.into_iter().filter(|bound| bound.is_called(name)).collect();
        for bound in &theirs {
            match (&bound.who, &bound.email) {
                (Some(who), _) => {
                    self.records.remove(TABLE, &login_key(who)).await?;
                    self.settle_holder(&bound.account, None).await?;
                }
                (None, Some(email)) => drop(self.records.remove(TABLE, &mail_key(email)).await?),
                (None, None) => {}
            }
        }
        if let Ok(account) = AccountId::parse(name)
            && theirs.is_empty()
        {
            // Left over by a gate that was stopped in the middle of a change.
            self.records.remove(TABLE, &account_key(&account)).await?;
        }
        Ok(theirs)
    }

    /// Has whoever is bound with one provider open the same account with another: at their next login
    /// there, by the address that they had at the latest login here.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn move_between(
        &self,
        from: &ProviderId,
        to: &ProviderId,
    ) -> Result<Moved, StoreError> {
        let logins = self.logins().await?;
        let theirs = || logins.iter().filter(|(who, _)| who.provider == *from);
        let mut moved = Moved::default();
        for (who, login) in theirs() {
            // An address that came back to another person names two of them.
            let same = theirs().filter(|(_, other)| other.email == login.email).count();
            let Some(email) = login.email.as_ref().filter(|_| same == 1) else {
                moved.by_hand += 1;
                continue;
            };
            let (provider, account) = (Some(to.clone()), login.account.clone());
            let word = ByMail { account, provider, from: Some(who.clone()) };
            self.reserve_as(email, &word).await?;
            moved.waiting += 1;
        }
        Ok(moved)
    }

    async fn reserve_as(&self, email: &Email, word: &ByMail) -> Result<(), StoreError> {
        let until = self.clock.unix_seconds().saturating_add(WAITS);
        self.records.put(TABLE, &mail_key(email), &write(word)?, Some(until)).await
    }

    async fn waiting(&self) -> Result<Vec<Bound>, StoreError> {
        let records = self.records.list(TABLE).await?;
        let waiting = records.iter().filter_map(|(key, value)| {
            let email = Email::parse(key.strip_prefix("mail ")?).ok()?;
            let ByMail { account, .. } = read(value).ok()?;
            Some(Bound { who: None, email: Some(email), account, since: None })
        });
        Ok(waiting.collect())
    }
}
