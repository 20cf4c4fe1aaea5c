//! Accounts, organisations, groups, and what the token may do.

use super::super::data::people::{Account, Group, Organization};
use super::super::{Desk, Jsm};

impl Jsm {
    /// Adds an account and returns its id.
    pub fn add_account(&self, account: Account) -> String {
        let cloud = self.shared.is_cloud();
        self.shared.change(|state| state.people.add(account, cloud))
    }

    /// All accounts, the service account's first.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        self.shared.change(|state| state.people.accounts.clone())
    }

    /// The accounts with this address, hidden or not.
    #[must_use]
    pub fn accounts_of(&self, email: &str) -> Vec<Account> {
        let all = self.accounts();
        all.into_iter().filter(|account| account.email.eq_ignore_ascii_case(email)).collect()
    }

    /// Changes the account with this id, if there is one.
    pub fn change_account(&self, id: &str, change: impl FnOnce(&mut Account)) {
        self.shared.change(|state| {
            state.people.accounts.iter_mut().find(|account| account.id == id).map(change)
        });
    }

    /// Lets everybody use the portal of the desk with this project key, or only those listed.
    pub fn open_desk(&self, key: &str, open: bool) {
        self.shared.change_desk(key, |desk| desk.open = open);
    }

    /// Lists a customer at the desk with this project key.
    pub fn list_customer(&self, key: &str, id: &str) {
        self.of_desk(key, |people, desk| people.list(desk.id, id));
    }

    /// Takes a customer off the list of the desk with this project key.
    pub fn unlist_customer(&self, key: &str, id: &str) {
        self.of_desk(key, |people, desk| people.unlist(desk.id, id));
    }

    /// Ids of the customers listed at the desk with this project key.
    #[must_use]
    pub fn customers_of(&self, key: &str) -> Vec<String> {
        self.of_desk(key, |people, desk| people.listed(desk.id).to_vec()).unwrap_or_default()
    }

    /// Adds an organisation with these members, shares it with the desks with these project keys,
    /// and returns its id.
    pub fn add_organization(&self, name: &str, members: &[&str], keys: &[&str]) -> u64 {
        self.shared.change(|state| {
            let id = state.people.make_organization(name);
            let desks = state.desks.iter().filter(|desk| keys.contains(&desk.key.as_str()));
            let desks: Vec<_> = desks.map(|desk| desk.id).collect();
            if let Some(organization) = state.people.organization(id) {
                organization.members = members.iter().map(|&member| member.to_owned()).collect();
                organization.desks = desks;
            }
            id
        })
    }

    /// All organisations.
    #[must_use]
    pub fn organizations(&self) -> Vec<Organization> {
        self.shared.change(|state| state.people.organizations.clone())
    }

    /// Changes the organisation with this id, if there is one.
    pub fn change_organization(&self, id: u64, change: impl FnOnce(&mut Organization)) {
        self.shared.change(|state| state.people.organization(id).map(change));
    }

    /// Lets only administrators change organisations, or agents as well as at start.
    pub fn keep_organizations_to_administrators(&self, keep: bool) {
        self.shared.change(|state| state.people.organizations_are_for_administrators = keep);
    }

    /// Adds a group that gives these application roles.
    pub fn add_group(&self, name: &str, application_roles: &[&str]) {
        let roles = application_roles.iter().map(|&role| role.to_owned()).collect();
        let group = Group { name: name.to_owned(), members: Vec::new(), application_roles: roles };
        self.shared.change(|state| state.people.groups.push(group));
    }

    /// Puts an account into the group of this name.
    pub fn join_group(&self, name: &str, id: &str) {
        self.shared.change(|state| {
            state.people.group(name).map(|group| group.members.push(id.to_owned()))
        });
    }

    /// All groups.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        self.shared.change(|state| state.people.groups.clone())
    }

    /// Takes a permission from the token's owner, by its key such as `USER_PICKER`; all are granted
    /// at start.
    pub fn revoke_permission(&self, key: &str) {
        self.shared.change(|state| state.revoked.insert(key.to_owned()));
    }

    /// Gives a permission back.
    pub fn grant_permission(&self, key: &str) {
        self.shared.change(|state| state.revoked.remove(key));
    }

    fn of_desk<T>(
        &self,
        key: &str,
        act: impl FnOnce(&mut super::super::data::people::People, &Desk) -> T,
    ) -> Option<T> {
        self.shared.change(|state| {
            let desk = state.desks.iter().find(|desk| desk.key == key)?;
            Some(act(&mut state.people, desk))
        })
    }
}
