//! Who a person is in JSM, and whether they may act at a desk there. Must not know pages, how
//! somebody logged in, or the shapes of JSM's REST.
//!
//! A login opens an account by its **binding** to provider and subject, which outlives an address. Only
//! a login without one is found by address, and an account that is bound to somebody else is not opened
//! by it: an address may come back to another person (docs/security.md P17).
//!
//! Nothing is written in JSM before it is settled that the person may act at the desk: the service account
//! could raise requests for anybody anywhere, whatever JSM's own restriction of the desk says.

mod accounts;
mod bindings;
mod entry;
mod jira_login;
mod memberships;
mod refusal;
mod rules;

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

pub use self::bindings::{Bindings, Bound, Moved, Who};
pub use self::rules::Wanted;

use self::accounts::Accounts;
use self::entry::Entry;
use self::memberships::Memberships;
use self::refusal::Refusal;
use crate::audit::{Audit, Event, Kind};
use crate::config::CustomersConfig;
use crate::domain::{AccountId, Clock, Email, Identity, Portal, Proof};
use crate::jsm::requests::Organization;
use crate::jsm::{Client, Desk, Error};
use crate::problem::Problem;
use crate::session::SessionStore;

/// How long it is believed who somebody is and that they may act at a desk. What JSM or the admin
/// changes meanwhile counts after that.
const BELIEVED: Duration = Duration::from_secs(2 * 60);

/// People in memory at once.
const MOST_PEOPLE: u64 = 100_000;

/// Somebody in JSM.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Customer {
    /// What JSM calls the account.
    pub account: AccountId,
    /// The address that the provider vouches for.
    pub email: Option<Email>,
    /// The name to show.
    pub name: String,
}

/// Says who people are in JSM. One for each configuration.
pub struct Customers {
    client: Client,
    accounts: Accounts,
    memberships: Memberships,
    audit: Audit,
    /// Who may act at a desk. Whoever asks while it is being found out waits for the same answer.
    entered: Cache<(Person, String), Arc<Customer>>,
    /// Whom JSM lists at a desk, for pages of several desks.
    listed: Cache<(AccountId, String), bool>,
    organizations: Cache<(AccountId, String), Arc<Vec<Organization>>>,
    staff: Cache<AccountId, bool>,
    /// `[customers] staff_groups`
    staff_groups: Vec<String>,
}

/// What tells people apart. An address is part of it, so that a changed one is noticed.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Person {
    who: Who,
    email: Option<Email>,
}

impl Person {
    fn of(identity: &Identity) -> Self {
        Self { who: Who::of(identity), email: identity.email.known().cloned() }
    }
}

/// What it takes to say who people are.
pub struct CustomersParts {
    /// The way to JSM.
    pub client: Client,
    /// Where sessions are kept, and bindings beside them.
    pub sessions: Arc<dyn SessionStore>,
    /// `[customers]`
    pub config: CustomersConfig,
    /// The trail.
    pub audit: Audit,
    /// Tells the time of a binding.
    pub clock: Clock,
}

impl Customers {
    /// Asks nothing of anybody yet.
    #[must_use]
    pub fn new(parts: CustomersParts) -> Self {
        let CustomersParts { client, sessions, config, audit, clock } = parts;
        let bindings = Bindings::new(Arc::clone(&sessions).record_store(), clock);
        let (create, of_accounts) = (config.create, audit.clone());
        let staff_groups = config.staff_groups.clone();
        Self {
            accounts: Accounts::new(client.clone(), bindings, sessions, create, of_accounts),
            memberships: Memberships::new(client.clone(), config, audit.clone()),
            client,
            audit,
            entered: cache(),
            listed: cache(),
            organizations: cache(),
            staff: cache(),
            staff_groups,
        }
    }

    /// Which account a login opens, for the admin.
    #[must_use]
    pub fn bindings(&self) -> &Bindings {
        self.accounts.bindings()
    }

    /// Whether JSM has an account.
    ///
    /// # Errors
    /// When JSM does not tell.
    pub async fn has_account(&self, account: &AccountId) -> Result<bool, Error> {
        Ok(self.client.account(account).await?.is_some())
    }

    /// Forgets what is in memory, after the admin changed a binding.
    pub fn forget_answers(&self) {
        self.accounts.forget_answers();
        self.entered.invalidate_all();
        self.staff.invalidate_all();
    }

    /// Who somebody is in JSM, and that they may act at a portal's desk. Cheap when it was found out
    /// within the last minutes. The first time, the account is found or made, and joins what the rules
    /// give.
    ///
    /// # Errors
    /// With what to tell them when they may not, or when it cannot be found out.
    pub async fn at(&self, identity: &Identity, portal: &Portal) -> Result<Arc<Customer>, Problem> {
        let key = (Person::of(identity), portal.service_desk_id.clone());
        // On the heap, because whoever waits for the same answer would hold as much.
        let enter = Box::pin(self.enter(identity, portal));
        let entered = self.entered.try_get_with(key, enter).await;
        entered.map_err(|refusal| {
            let portal_link = format!("/p/{}", portal.link);
            self.refused(identity, Some(portal), &refusal);
            refusal.problem(identity, Some(&portal.name), portal_link)
        })
    }

    /// Who somebody is in JSM, for what is not about one desk. Nothing is made, and nothing joined.
    ///
    /// # Errors
    /// With what to tell them when JSM does not know them, or when it cannot be found out.
    pub async fn known(&self, identity: &Identity) -> Result<Arc<Customer>, Problem> {
        match self.accounts.find(identity).await {
            Ok(known) => Ok(Arc::clone(&known.customer)),
            Err(refusal) => {
                self.refused(identity, None, &refusal);
                Err(refusal.problem(identity, None, "/".to_owned()))
            }
        }
    }

    /// Whether somebody whom JSM knows may act at a portal's desk, for what is about several desks.
    /// Nothing is made, listed or joined, and the audit trail does not have who may not: they did not ask
    /// for this desk.
    ///
    /// # Errors
    /// With what to tell them when it cannot be found out.
    pub async fn may_act_at(&self, identity: &Identity, portal: &Portal) -> Result<bool, Problem> {
        let key = (Person::of(identity), portal.service_desk_id.clone());
        if self.entered.contains_key(&key) || Entry::of(portal, identity) == Entry::Open {
            return Ok(true);
        }
        let told = async {
            let known = self.accounts.find(identity).await?;
            let key = (known.account.id.clone(), portal.service_desk_id.clone());
            let ask = self.client.is_listed(Desk::from(portal), &known.account);
            let listed = self.listed.try_get_with(key, ask).await;
            listed.map_err(|error| Refusal::unavailable(&error))
        };
        told.await.map_err(|refusal: Refusal| {
            refusal.problem(identity, Some(&portal.name), format!("/p/{}", portal.link))
        })
    }

    /// The organisations of a desk that somebody is in.
    ///
    /// # Errors
    /// When JSM does not tell.
    pub async fn organizations(
        &self,
        customer: &Customer,
        portal: &Portal,
    ) -> Result<Arc<Vec<Organization>>, Arc<Error>> {
        let key = (customer.account.clone(), portal.service_desk_id.clone());
        let ask = async {
            let theirs = self.client.organizations_at(Desk::from(portal), &customer.account);
            theirs.await.map(Arc::new)
        };
        self.organizations.try_get_with(key, ask).await
    }

    /// Has JSM asked again which organisations of a desk somebody is in: what they change is decided on
    /// what JSM says now.
    pub async fn doubt_organizations(&self, customer: &Customer, portal: &Portal) {
        let key = (customer.account.clone(), portal.service_desk_id.clone());
        self.organizations.invalidate(&key).await;
    }

    async fn enter(&self, identity: &Identity, portal: &Portal) -> Result<Arc<Customer>, Refusal> {
        let entry = Entry::of(portal, identity);
        let found = self.accounts.find(identity).await;
        let known = match (found, entry) {
            // Emergency access makes nothing.
            (Err(Refusal::Missing), _) if is_emergency(identity) => return Err(Refusal::Missing),
            (Err(Refusal::Missing), Entry::Open) => self.accounts.make(identity).await?,
            // Whom JSM does not know it cannot have listed.
            (Err(Refusal::Missing), Entry::IfListed) => return Err(Refusal::NotListed),
            (found, _) => found?,
        };
        let customer = &known.customer;
        match (self.client.is_listed(Desk::from(portal), &known.account).await, entry) {
            (Ok(true), _) => {}
            (Ok(false), Entry::IfListed) => return Err(Refusal::NotListed),
            (Err(error), Entry::IfListed) => return Err(Refusal::unavailable(&error)),
            (Ok(false), Entry::Open) => self.list_at(identity, portal, customer).await,
            (Err(error), Entry::Open) => {
                tracing::warn!(%error, "JSM does not tell whether somebody is listed at a desk");
            }
        }
        if !is_emergency(identity) {
            self.memberships.settle(identity, customer).await;
        }
        Ok(Arc::clone(customer))
    }

    /// JSM may raise requests for them all the same, so a failure keeps nobody out.
    async fn list_at(&self, identity: &Identity, portal: &Portal, customer: &Customer) {
        match self.client.add_to_desk(Desk::from(portal), &customer.account).await {
            Ok(()) => {
                let event = Event::new(Kind::CustomerAdded).about(identity);
                let event = event.with_account(&customer.account).of_desk(portal);
                self.audit.note(event);
            }
            Err(error) => {
                let remedy = error.remedy();
                tracing::warn!(%error, remedy, "a customer could not be added to a desk");
            }
        }
    }

    fn refused(&self, identity: &Identity, portal: Option<&Portal>, refusal: &Refusal) {
        if let Some(rule) = refusal.rule() {
            let event = Event::new(Kind::CustomerRefused).about(identity).by_rule(rule);
            let event = portal.into_iter().fold(event, Event::of_desk);
            self.audit.note(event);
        }
    }
}

fn is_emergency(identity: &Identity) -> bool {
    matches!(identity.proof, Proof::Emergency { .. })
}

/// Answers that are believed for some minutes.
fn cache<K: std::hash::Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>()
-> Cache<K, V> {
    Cache::builder().max_capacity(MOST_PEOPLE).time_to_live(BELIEVED).build()
}
