//! Which account is whose: by the admin's word, by binding, by exact address; else made, if that is
//! wanted. Must not know desks.

use std::sync::Arc;

use moka::future::Cache;

use super::bindings::{Bindings, Taken, Who};
use super::refusal::{Refusal, Unclear};
use super::{Customer, Person, cache, is_emergency};
use crate::audit::{Audit, Event, Kind};
use crate::domain::{AccountId, Email, Identity};
use crate::jsm::{Client, CreatedAccount, CustomerAccount, FoundAccount};
use crate::session::{SessionSelector, SessionStore, StoreError};

/// Somebody whose account was found.
pub(super) struct Known {
    /// As pages know them.
    pub(super) customer: Arc<Customer>,
    /// As JSM knows them: after a change its address is another than the provider's.
    pub(super) account: CustomerAccount,
}

pub(super) struct Accounts {
    client: Client,
    bindings: Bindings,
    sessions: Arc<dyn SessionStore>,
    /// `[customers] create`
    create: bool,
    audit: Audit,
    /// Whoever asks while it is being found out waits for the same answer.
    known: Cache<Person, Arc<Known>>,
    /// The same for making one, so that two logins at once make one account.
    making: Cache<Person, Arc<Known>>,
}

impl Accounts {
    pub(super) fn new(
        client: Client,
        bindings: Bindings,
        sessions: Arc<dyn SessionStore>,
        create: bool,
        audit: Audit,
    ) -> Self {
        Self { client, bindings, sessions, create, audit, known: cache(), making: cache() }
    }

    pub(super) fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    pub(super) fn forget_answers(&self) {
        self.known.invalidate_all();
        self.making.invalidate_all();
    }

    /// Finds somebody's account, and binds it to them. Changes nothing in JSM.
    pub(super) async fn find(&self, identity: &Identity) -> Result<Arc<Known>, Refusal> {
        let person = Person::of(identity);
        if let Some(made) = self.making.get(&person).await {
            return Ok(made);
        }
        let find = async { self.look_for(identity).await.map(|account| known(identity, account)) };
        Ok(self.known.try_get_with(person, find).await?)
    }

    /// Makes an account for somebody whom JSM does not know.
    pub(super) async fn make(&self, identity: &Identity) -> Result<Arc<Known>, Refusal> {
        let make = async { self.make_once(identity).await.map(|account| known(identity, account)) };
        Ok(self.making.try_get_with(Person::of(identity), make).await?)
    }

    async fn look_for(&self, identity: &Identity) -> Result<CustomerAccount, Refusal> {
        let email = identity.email.known();
        if is_emergency(identity) {
            return self.look_for_emergency(email).await;
        }
        if let Some((account, from)) = self.bindings.take_reserved(identity).await? {
            if let Some(from) = from {
                self.log_out(from).await?;
            }
            self.told(Kind::CustomerBound, identity, &account, "as the admin said");
            return self.in_use(&account).await;
        }
        if let Some(bound) = self.bindings.of(identity).await? {
            if bound.email.as_ref() != email && email.is_some() {
                self.bindings.note_address(identity, &bound).await?;
                let why = "the provider gives another address for the same person";
                self.told(Kind::CustomerAddressChanged, identity, &bound.account, why);
            }
            return self.in_use(&bound.account).await;
        }
        let account = self.by_email(email).await?;
        self.bind(identity, account, "found by address").await
    }

    /// Ends the sessions of a login that opens nothing any more, and with them those in Jira.
    async fn log_out(&self, Who { provider, subject }: Who) -> Result<(), StoreError> {
        for ended in self.sessions.remove_all(&SessionSelector::Subject(provider, subject)).await? {
            let event = Event::new(Kind::Logout).about(&ended.identity);
            self.audit.note(event.because("another login opens the account now"));
        }
        Ok(())
    }

    /// By address, and nothing is bound.
    async fn look_for_emergency(&self, email: Option<&Email>) -> Result<CustomerAccount, Refusal> {
        if let Some(account) = self.bindings.known_by(email).await? {
            return self.in_use(&account).await;
        }
        let account = self.by_email(email).await?;
        match self.bindings.holder(&account.id).await? {
            Some(_) => Err(Refusal::Unclear(Unclear::Taken)),
            None => Ok(account),
        }
    }

    async fn by_email(&self, email: Option<&Email>) -> Result<CustomerAccount, Refusal> {
        let email = email.ok_or(Refusal::Unclear(Unclear::NoEmail))?;
        match self.client.find_account(email).await? {
            FoundAccount::One(account) if account.active => Ok(account),
            FoundAccount::One(_) => Err(Refusal::Unclear(Unclear::Inactive)),
            FoundAccount::None => Err(Refusal::Missing),
            FoundAccount::Several => Err(Refusal::Unclear(Unclear::Several)),
            FoundAccount::Hidden => Err(Refusal::Unclear(Unclear::Hidden)),
        }
    }

    /// An account that somebody is bound to, if it can be used.
    async fn in_use(&self, id: &AccountId) -> Result<CustomerAccount, Refusal> {
        match self.client.account(id).await? {
            Some(account) if account.active => Ok(account),
            Some(_) => Err(Refusal::Unclear(Unclear::Inactive)),
            None => Err(Refusal::Unclear(Unclear::Gone)),
        }
    }

    /// JSM's search may not show what is there already, such as one made a moment ago through another
    /// gate, or one that the service account may not see.
    async fn make_once(&self, identity: &Identity) -> Result<CustomerAccount, Refusal> {
        if !self.create {
            return Err(Refusal::Missing);
        }
        let email = identity.email.known().ok_or(Refusal::Unclear(Unclear::NoEmail))?;
        let name = identity.name.as_deref().unwrap_or(email.as_str());
        let why = match self.client.create_account(email, name).await {
            Ok(CreatedAccount::Made(account)) => {
                self.told(Kind::CustomerCreated, identity, &account.id, "the first login");
                return self.bind(identity, account, "made at the first login").await;
            }
            Ok(CreatedAccount::Exists) => "found by address",
            Ok(CreatedAccount::NotAllowed) => {
                tracing::warn!(
                    remedy = "grant the service account \"Administer Jira\", or set [customers] \
                              create = false",
                    "the service account may not create customers"
                );
                return Err(Refusal::Missing);
            }
            // It may have been made all the same.
            Err(error) => {
                tracing::warn!(%error, "it is not known whether JSM made an account");
                "found by address after an answer was lost"
            }
        };
        match self.by_email(Some(email)).await {
            Ok(account) => self.bind(identity, account, why).await,
            // JSM has one, or may have, and does not show it.
            Err(Refusal::Missing) if why == "found by address" => {
                Err(Refusal::Unclear(Unclear::Hidden))
            }
            Err(Refusal::Missing) => Err(Refusal::Unavailable),
            Err(other) => Err(other),
        }
    }

    async fn bind(
        &self,
        identity: &Identity,
        account: CustomerAccount,
        why: &'static str,
    ) -> Result<CustomerAccount, Refusal> {
        match self.bindings.bind(identity, &account.id).await? {
            Ok(bound) if bound == account.id => {
                self.told(Kind::CustomerBound, identity, &account.id, why);
                Ok(account)
            }
            // Another gate was first.
            Ok(bound) => self.in_use(&bound).await,
            Err(Taken) => {
                tracing::warn!(
                    account = %account.id,
                    remedy = "see `jsm-gate customers list`; if it is the same person, unbind or bind it",
                    "an account with the address of a login is bound to another login"
                );
                Err(Refusal::Unclear(Unclear::Taken))
            }
        }
    }

    fn told(&self, kind: Kind, identity: &Identity, account: &AccountId, why: &'static str) {
        self.audit.note(Event::new(kind).about(identity).with_account(account).because(why));
    }
}

fn known(identity: &Identity, account: CustomerAccount) -> Arc<Known> {
    let name = if account.name.is_empty() { identity.label() } else { &account.name };
    let (name, email) = (name.to_owned(), identity.email.known().cloned());
    let customer = Arc::new(Customer { account: account.id.clone(), email, name });
    Arc::new(Known { customer, account })
}
