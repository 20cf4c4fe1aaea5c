//! People whom a customer names by email address: their accounts in JSM, of those whom this customer may
//! name. Must not know what they are named for.
//!
//! Nobody finds out here whom JSM knows (docs/security.md P7): an address counts as a whole, whoever may not
//! be named is left out like somebody whom nobody knows, after the same calls, and each customer may try few
//! addresses. JSM writes mails to people who are named, so that the limit also keeps strangers from being
//! written to (P13).

mod lately;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use futures_util::future::try_join_all;

use self::lately::Lately;
use super::gatekeeper::Asking;
use crate::domain::{AccountId, Clock, Email, Participants};
use crate::jsm::{Client, CustomerAccount, Desk, Error, FoundAccount};
use crate::problem::Problem;

/// Somebody waits for the page: JSM is not waited for longer than this at a time.
const PATIENCE: Duration = Duration::from_secs(3);

/// No account has this id.
const NOBODY: &str = "nobody";

/// Finds people. One for each configuration.
#[derive(Debug)]
pub struct People {
    client: Client,
    whom: Participants,
    lately: Lately,
}

/// Why nobody was looked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotLookedFor {
    /// JSM does not answer.
    Problem(Problem),
    /// The customer named too many people within an hour.
    TooMany,
}

impl From<Error> for NotLookedFor {
    fn from(error: Error) -> Self {
        Self::Problem(error.into_problem())
    }
}

impl People {
    /// Asks JSM by `client`, once somebody is named.
    #[must_use]
    pub fn new(client: Client, whom: Participants, clock: Clock) -> Self {
        Self { client: client.with_patience(PATIENCE), whom, lately: Lately::new(clock) }
    }

    /// Whether customers may name people at all.
    #[must_use]
    pub fn may_be_named(&self) -> bool {
        self.whom != Participants::None
    }

    /// The accounts of those whom a customer may name. All others are left out, whatever the reason.
    ///
    /// # Errors
    /// When there were too many within an hour, or JSM does not answer.
    pub async fn find(
        &self,
        asking: Asking<'_>,
        emails: &BTreeSet<&Email>,
    ) -> Result<HashMap<Email, AccountId>, NotLookedFor> {
        if emails.is_empty() || !self.may_be_named() {
            return Ok(HashMap::new());
        }
        if !self.lately.may_name(asking.account, emails) {
            return Err(NotLookedFor::TooMany);
        }
        let each = emails.iter().map(|email| async move {
            let account = self.account(asking, email).await?;
            Ok::<_, Error>(account.map(|account| ((*email).clone(), account)))
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    async fn account(&self, asking: Asking<'_>, email: &Email) -> Result<Option<AccountId>, Error> {
        if let FoundAccount::One(found) = self.client.find_account(email).await?
            && found.active
        {
            let may_be_named = self.shares(asking, &found.id, email).await?;
            return Ok(Some(found.id).filter(|it| may_be_named || it == asking.account));
        }
        // The time until the answer must not tell that there is no account: as much is asked of JSM.
        if let Ok(nobody) = AccountId::parse(NOBODY) {
            let _ = self.shares(asking, &nobody, email).await;
        }
        Ok(None)
    }

    async fn shares(
        &self,
        asking: Asking<'_>,
        account: &AccountId,
        email: &Email,
    ) -> Result<bool, Error> {
        match self.whom {
            Participants::None => Ok(false),
            Participants::Organization => {
                let own = asking.organizations.to_vec();
                Ok(!self.client.memberships(account, own).await?.is_empty())
            }
            Participants::Known if asking.portal.open_desk => Ok(true),
            Participants::Known => {
                let name = String::new();
                let account = CustomerAccount {
                    id: account.clone(),
                    email: Some(email.clone()),
                    name,
                    active: true,
                };
                self.client.is_listed(Desk::from(asking.portal), &account).await
            }
        }
    }
}
