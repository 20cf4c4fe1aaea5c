//! Which account a login opens, kept in the store. Must not know JSM.
//!
//! There are three kinds of record, each under a key of its own:
//! - `login PROVIDER SUBJECT`: the account that a person opens. This one decides.
//! - `account ID`: whose an account is. Found by address, it opens for nobody else.
//! - `mail ADDRESS`: the admin's word: whoever logs in next with this address opens this account.

mod admin;
mod records;

use std::sync::Arc;

pub use self::admin::{Bound, Moved};
use self::records::{ByLogin, ByMail, read, write};
use crate::domain::{AccountId, Clock, Email, Identity, ProviderId};
use crate::session::{RecordStore, StoreError, Table};
use serde::{Deserialize, Serialize};

const TABLE: Table = Table::Customers;

/// The bindings of all people.
pub struct Bindings {
    records: Arc<dyn RecordStore>,
    clock: Clock,
}

/// A person as their provider knows them.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Who {
    /// The provider.
    pub provider: ProviderId,
    /// Its stable name for the person.
    pub subject: String,
}

/// An account is bound to somebody else.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Taken;

impl Who {
    /// Of a login.
    #[must_use]
    pub fn of(identity: &Identity) -> Self {
        Self { provider: identity.provider.clone(), subject: identity.subject.to_string() }
    }
}

impl Bindings {
    /// Over a store.
    pub(super) fn new(records: Arc<dyn RecordStore>, clock: Clock) -> Self {
        Self { records, clock }
    }

    /// What somebody is bound to.
    pub(super) async fn of(&self, identity: &Identity) -> Result<Option<ByLogin>, StoreError> {
        self.get(&login_key(&Who::of(identity))).await
    }

    /// Whose an account is.
    pub(super) async fn holder(&self, account: &AccountId) -> Result<Option<Who>, StoreError> {
        self.get(&account_key(account)).await
    }

    /// Binds an account to somebody who has none. Of several who try at once, one is the first; what
    /// somebody is bound to then is returned.
    pub(super) async fn bind(
        &self,
        identity: &Identity,
        account: &AccountId,
    ) -> Result<Result<AccountId, Taken>, StoreError> {
        let who = Who::of(identity);
        let account_key = account_key(account);
        let holder = self.put_new(&account_key, &who).await?;
        if holder.as_ref().is_some_and(|holder| *holder != who) {
            return Ok(Err(Taken));
        }
        let binding = self.binding(identity, account);
        let there: Option<ByLogin> = self.put_new(&login_key(&who), &binding).await?;
        let bound = there.map_or_else(|| account.clone(), |there| there.account);
        if bound != *account {
            self.records.remove(TABLE, &account_key).await?;
        }
        Ok(Ok(bound))
    }

    /// Keeps the address that somebody has now.
    pub(super) async fn note_address(
        &self,
        identity: &Identity,
        bound: &ByLogin,
    ) -> Result<(), StoreError> {
        let newer = ByLogin { email: identity.email.known().cloned(), ..bound.clone() };
        self.put(&login_key(&Who::of(identity)), &newer).await
    }

    /// Binds somebody to what the admin said of their address, if anything: that is done once. Returns the
    /// account, and which other login was bound to it and is no more.
    pub(super) async fn take_reserved(
        &self,
        identity: &Identity,
    ) -> Result<Option<(AccountId, Option<Who>)>, StoreError> {
        let Some(email) = identity.email.known() else { return Ok(None) };
        let who = Who::of(identity);
        let reserved: Option<ByMail> = self.get(&mail_key(email)).await?;
        let Some(ByMail { account, provider, from }) = reserved else { return Ok(None) };
        if provider.is_some_and(|provider| provider != who.provider) {
            return Ok(None);
        }
        let before: Option<ByLogin> = self.get(&login_key(&who)).await?;
        self.put(&login_key(&who), &self.binding(identity, &account)).await?;
        let from = from.filter(|from| *from != who);
        if let Some(from) = &from {
            self.records.remove(TABLE, &login_key(from)).await?;
        }
        self.settle_holder(&account, Some(&who)).await?;
        if let Some(before) = before.filter(|before| before.account != account) {
            self.settle_holder(&before.account, None).await?;
        }
        self.records.remove(TABLE, &mail_key(email)).await?;
        Ok(Some((account, from)))
    }

    /// The account of an address by what the gate knows, for emergency access: by the admin's word, or
    /// because the one person who is bound to it has this address now.
    pub(super) async fn known_by(
        &self,
        email: Option<&Email>,
    ) -> Result<Option<AccountId>, StoreError> {
        let Some(email) = email else { return Ok(None) };
        if let Some(reserved) = self.get::<ByMail>(&mail_key(email)).await? {
            return Ok(Some(reserved.account));
        }
        let logins = self.logins().await?;
        let theirs = logins.into_iter().filter(|(_, bound)| bound.email.as_ref() == Some(email));
        let mut accounts: Vec<_> = theirs.map(|(_, bound)| bound.account).collect();
        accounts.sort();
        accounts.dedup();
        Ok(accounts.pop().filter(|_| accounts.is_empty()))
    }

    /// Whose an account is after a change: whoever had it and still opens it, else `first`, else anybody
    /// else who opens it, by the admin's word; else nobody's.
    async fn settle_holder(
        &self,
        account: &AccountId,
        first: Option<&Who>,
    ) -> Result<(), StoreError> {
        let logins = self.logins().await?;
        let opens = |who: &Who| logins.iter().any(|(it, to)| it == who && to.account == *account);
        let holder = self.holder(account).await?;
        if holder.as_ref().is_some_and(opens) {
            return Ok(());
        }
        let any = logins.iter().find(|(_, to)| to.account == *account).map(|(who, _)| who);
        match first.or(any) {
            Some(who) => self.put(&account_key(account), who).await,
            None => self.records.remove(TABLE, &account_key(account)).await.map(drop),
        }
    }

    fn binding(&self, identity: &Identity, account: &AccountId) -> ByLogin {
        ByLogin {
            account: account.clone(),
            email: identity.email.known().cloned(),
            since: self.clock.unix_seconds(),
        }
    }

    async fn logins(&self) -> Result<Vec<(Who, ByLogin)>, StoreError> {
        let records = self.records.list(TABLE).await?;
        let login = |(key, value): &(String, Vec<u8>)| Some((who(key)?, read(value).ok()?));
        Ok(records.iter().filter_map(login).collect())
    }

    async fn get<T: for<'de> Deserialize<'de>>(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.records.get(TABLE, key).await?.map(|value| read(&value)).transpose()
    }

    async fn put(&self, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
        self.records.put(TABLE, key, &write(value)?, None).await
    }

    async fn put_new<T: Serialize + for<'de> Deserialize<'de>>(
        &self,
        key: &str,
        value: &T,
    ) -> Result<Option<T>, StoreError> {
        let there = self.records.put_new(TABLE, key, &write(value)?, None).await?;
        there.map(|there| read(&there)).transpose()
    }
}

/// A provider's id has no blank, so that this is read in one way only.
fn login_key(who: &Who) -> String {
    format!("login {} {}", who.provider, who.subject)
}

fn account_key(account: &AccountId) -> String {
    format!("account {account}")
}

fn mail_key(email: &Email) -> String {
    format!("mail {email}")
}

fn who(key: &str) -> Option<Who> {
    let (provider, subject) = key.strip_prefix("login ")?.split_once(' ')?;
    let provider = ProviderId::parse(provider).ok()?;
    Some(Who { provider, subject: subject.to_owned() })
}

#[cfg(test)]
mod tests;
