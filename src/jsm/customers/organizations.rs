//! Organisations: customers who share requests.

use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::desk::Desk;
use super::shapes::User;
use crate::config::Deployment;
use crate::domain::{AccountId, OrganizationId};
use crate::jsm::requests::Organization;
use crate::jsm::rest::{Change, Client, Entry, Error, Query, SEGMENT};

const ALL: &str = "/rest/servicedeskapi/organization";

/// One organisation, as JSM lists it. Several may have the same name.
#[derive(Debug, Deserialize)]
struct Listed {
    id: OrganizationId,
    name: String,
}

impl From<Listed> for Organization {
    fn from(Listed { id, name }: Listed) -> Self {
        Self { id, name }
    }
}

impl Entry for Listed {
    const CALLED: &'static str = "organisation";

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Client {
    /// Every organisation that the service account may see.
    ///
    /// # Errors
    /// When any page of the list cannot be read.
    pub async fn organizations(&self) -> Result<Vec<Organization>, Error> {
        self.organizations_in(ALL, &[]).await
    }

    /// The organisations of a desk that an account is in.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn organizations_at(
        &self,
        desk: Desk<'_>,
        account: &AccountId,
    ) -> Result<Vec<Organization>, Error> {
        let path = desk.path("organization");
        match self.deployment().await? {
            Deployment::Cloud => {
                let query = [("accountId", account.to_string())];
                self.organizations_in(&path, &query).await
            }
            Deployment::DataCenter => {
                let at_desk = self.organizations_in(&path, &[]).await?;
                self.with_member(at_desk, account).await
            }
        }
    }

    /// Those of some organisations that an account is in.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn memberships(
        &self,
        account: &AccountId,
        among: Vec<Organization>,
    ) -> Result<Vec<Organization>, Error> {
        match self.deployment().await? {
            Deployment::Cloud => {
                let query = [("accountId", account.to_string())];
                let theirs = self.organizations_in(ALL, &query).await?;
                let is_theirs = |one: &Organization| theirs.iter().any(|other| other.id == one.id);
                Ok(among.into_iter().filter(is_theirs).collect())
            }
            Deployment::DataCenter => self.with_member(among, account).await,
        }
    }

    /// Makes an organisation; where there is one of this name, JSM answers with that.
    ///
    /// # Errors
    /// When JSM refuses it or there is no usable answer.
    pub async fn create_organization(&self, name: &str) -> Result<Organization, Error> {
        let made: Listed = self.change(Change::Post, ALL, &json!({ "name": name })).await?;
        Ok(made.into())
    }

    /// Has an account join an organisation. One that is in it already stays so.
    ///
    /// # Errors
    /// When JSM refuses it or there is no usable answer.
    pub async fn join_organization(
        &self,
        organization: OrganizationId,
        account: &AccountId,
    ) -> Result<(), Error> {
        self.change_members(Change::Post, organization, account).await
    }

    /// Has an account leave an organisation.
    ///
    /// # Errors
    /// When JSM refuses it or there is no usable answer.
    pub async fn leave_organization(
        &self,
        organization: OrganizationId,
        account: &AccountId,
    ) -> Result<(), Error> {
        self.change_members(Change::Delete, organization, account).await
    }

    async fn change_members(
        &self,
        change: Change,
        organization: OrganizationId,
        account: &AccountId,
    ) -> Result<(), Error> {
        let body = self.people(account).await?;
        self.change::<Value>(change, &members(organization), &body).await.map(drop)
    }

    async fn organizations_in(
        &self,
        path: &str,
        query: &Query<'_>,
    ) -> Result<Vec<Organization>, Error> {
        let listed = self.list_with::<Listed>(path, query).await?.entries;
        Ok(listed.into_iter().map(Organization::from).collect())
    }

    /// Data Center does not tell the organisations of an account, only the members of each.
    async fn with_member(
        &self,
        organizations: Vec<Organization>,
        account: &AccountId,
    ) -> Result<Vec<Organization>, Error> {
        let mut theirs = Vec::new();
        for organization in organizations {
            let people = self.list::<User>(&members(organization.id)).await?.entries;
            let mut accounts = people.iter().map(Entry::id);
            if accounts.any(|id| id.eq_ignore_ascii_case(account.as_str())) {
                theirs.push(organization);
            }
        }
        Ok(theirs)
    }
}

fn members(organization: OrganizationId) -> String {
    let id = organization.to_string();
    format!("{ALL}/{}/user", utf8_percent_encode(&id, SEGMENT))
}
