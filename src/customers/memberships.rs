//! Has customers join, and leave, what the rules say. A failure keeps nobody out; it is tried again at
//! the next login.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use super::{Customer, Wanted};
use crate::audit::{Audit, Event, Kind};
use crate::config::{CustomersConfig, Deployment};
use crate::domain::{AccountId, Identity};
use crate::jsm::requests::Organization;
use crate::jsm::{Client, Error, for_everybody};

/// How long memberships that were looked at stand. An agent may have changed them since.
const SETTLED: Duration = Duration::from_secs(60 * 60);

/// How long the names of organisations and the groups of staff are remembered.
const LISTED: Duration = Duration::from_secs(5 * 60);

/// People in memory at once.
const MOST_PEOPLE: u64 = 100_000;

pub(super) struct Memberships {
    client: Client,
    config: CustomersConfig,
    audit: Audit,
    settled: Cache<(AccountId, Wanted), ()>,
    organizations: Cache<(), Arc<Vec<Organization>>>,
    staff_groups: Cache<(), Arc<BTreeSet<String>>>,
}

impl Memberships {
    pub(super) fn new(client: Client, config: CustomersConfig, audit: Audit) -> Self {
        let kept = |length| Cache::builder().max_capacity(MOST_PEOPLE).time_to_live(length);
        Self {
            client,
            config,
            audit,
            settled: kept(SETTLED).build(),
            organizations: Cache::builder().max_capacity(1).time_to_live(LISTED).build(),
            staff_groups: Cache::builder().max_capacity(1).time_to_live(LISTED).build(),
        }
    }

    /// Has somebody join and leave what the rules say of them, once an hour at most.
    pub(super) async fn settle(&self, identity: &Identity, customer: &Customer) {
        let wanted = Wanted::of(&self.config, identity);
        if wanted.is_empty() {
            return;
        }
        let key = (customer.account.clone(), wanted.clone());
        let settle = async {
            self.settle_organizations(identity, &customer.account, &wanted).await?;
            self.settle_groups(identity, &customer.account, &wanted.groups).await
        };
        if let Err(error) = self.settled.try_get_with::<_, Arc<Error>>(key, settle).await {
            let remedy = error.remedy();
            tracing::warn!(%error, remedy, "a customer's organisations and groups are not settled");
        }
    }

    async fn settle_organizations(
        &self,
        identity: &Identity,
        account: &AccountId,
        wanted: &Wanted,
    ) -> Result<(), Arc<Error>> {
        let mut among = Vec::new();
        for name in wanted.organizations.iter().chain(&wanted.not_organizations) {
            among.extend(self.organization(name, wanted.organizations.contains(name)).await?);
        }
        if among.is_empty() {
            return Ok(());
        }
        let theirs = self.client.memberships(account, among.clone()).await?;
        for organization in among {
            let is_wanted = wanted.organizations.contains(&organization.name);
            if is_wanted == theirs.contains(&organization) {
                continue;
            }
            let kind = if is_wanted {
                self.client.join_organization(organization.id, account).await?;
                Kind::CustomerJoined
            } else {
                self.client.leave_organization(organization.id, account).await?;
                Kind::CustomerLeft
            };
            self.told(kind, identity, account, format!("organisation {}", organization.id));
        }
        Ok(())
    }

    /// The organisation of a name, made when there is none and one is wanted. Of several with one name none
    /// is taken: it could be the wrong company's.
    async fn organization(
        &self,
        name: &str,
        wanted: bool,
    ) -> Result<Option<Organization>, Arc<Error>> {
        let list = for_everybody(async { self.client.organizations().await.map(Arc::new) });
        let all = self.organizations.try_get_with((), list).await?;
        let mut named = all.iter().filter(|organization| organization.name == name);
        match (named.next(), named.next()) {
            (Some(_), Some(_)) => {
                tracing::warn!(
                    organization = name,
                    remedy = "rename one of them in JSM",
                    "several organisations have the name of a rule, so nobody joins or leaves them"
                );
                Ok(None)
            }
            (Some(one), None) => Ok(Some(one.clone())),
            (None, _) if wanted => {
                let made = self.client.create_organization(name).await?;
                self.organizations.invalidate_all();
                Ok(Some(made))
            }
            (None, _) => Ok(None),
        }
    }

    /// On Data Center. Cloud has its customers in no group.
    async fn settle_groups(
        &self,
        identity: &Identity,
        account: &AccountId,
        wanted: &BTreeSet<String>,
    ) -> Result<(), Arc<Error>> {
        if wanted.is_empty() || self.client.deployment().await? == Deployment::Cloud {
            return Ok(());
        }
        let theirs = self.client.groups_of(account).await?;
        if theirs.is_staff {
            return Ok(());
        }
        let read = self.client.groups_with_application_roles();
        let read = for_everybody(async { read.await.map(Arc::new) });
        let of_staff = self.staff_groups.try_get_with((), read).await?;
        for group in wanted.iter().filter(|group| !theirs.names.contains(*group)) {
            if of_staff.iter().any(|other| other.to_lowercase() == group.to_lowercase()) {
                tracing::error!(
                    group,
                    remedy = "name another group in [[customers.group]], or take the application \
                              access from this one",
                    "customers do not join a group whose members may work in Jira"
                );
                continue;
            }
            self.client.join_group(group, account).await?;
            self.told(Kind::CustomerJoined, identity, account, format!("group {group}"));
        }
        Ok(())
    }

    fn told(&self, kind: Kind, identity: &Identity, account: &AccountId, what: String) {
        self.audit.note(Event::new(kind).about(identity).with_account(account).because(what));
    }
}
