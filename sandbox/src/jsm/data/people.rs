//! Accounts, organisations and groups, and who is listed at which desk.

use std::collections::BTreeMap;

use super::super::moment::Moment;

/// Whom an account belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AccountKind {
    /// Somebody who asks for help.
    Customer,
    /// Somebody who gives it.
    Agent,
}

/// A person's account in JSM.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    /// Cloud's `accountId`; on Data Center the username, which for customers is their address.
    pub id: String,
    /// The name that others see.
    pub display_name: String,
    /// The address.
    pub email: String,
    /// Whether answers leave the address out, as the person's privacy settings may ask for.
    pub email_hidden: bool,
    /// Whether it can be used.
    pub active: bool,
    /// Customer or agent.
    pub kind: AccountKind,
}

impl Account {
    /// A customer; the id is made when the account is added.
    #[must_use]
    pub fn customer(display_name: &str, email: &str) -> Self {
        Self {
            id: String::new(),
            display_name: display_name.to_owned(),
            email: email.to_owned(),
            email_hidden: false,
            active: true,
            kind: AccountKind::Customer,
        }
    }

    /// An agent; the id is made when the account is added.
    #[must_use]
    pub fn agent(display_name: &str, email: &str) -> Self {
        Self { kind: AccountKind::Agent, ..Self::customer(display_name, email) }
    }

    /// The same with an id of one's own.
    #[must_use]
    pub fn with_id(self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self }
    }

    /// The same, with an address that JSM does not say.
    #[must_use]
    pub fn hiding_email(self) -> Self {
        Self { email_hidden: true, ..self }
    }

    /// The same, deactivated.
    #[must_use]
    pub fn deactivated(self) -> Self {
        Self { active: false, ..self }
    }

    /// Whether a search for `text` finds it: by the beginning of its address, its id or a word of
    /// its name, whatever the case. So a search for one address also finds longer ones.
    pub(in crate::jsm) fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let name = self.display_name.to_lowercase();
        let words = name.split_whitespace().any(|word| word.starts_with(&text));
        let begins = |whole: &str| whole.to_lowercase().starts_with(&text);
        words || name.starts_with(&text) || begins(&self.email) || begins(&self.id)
    }
}

/// JSM's group of customers who share requests.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Ids of the accounts in it.
    pub members: Vec<String>,
    /// Ids of the service desks that it was added to.
    pub desks: Vec<u64>,
    /// When it was made.
    pub created: Moment,
}

/// A group of Jira, which may give application roles (licences).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Usernames of its members.
    pub members: Vec<String>,
    /// Keys of the application roles that its members have, such as `jira-servicedesk`.
    pub application_roles: Vec<String>,
}

/// Everybody, and what they belong to.
#[derive(Debug, Default)]
pub(in crate::jsm) struct People {
    pub(in crate::jsm) accounts: Vec<Account>,
    pub(in crate::jsm) organizations: Vec<Organization>,
    pub(in crate::jsm) groups: Vec<Group>,
    /// By id of the service desk.
    listed: BTreeMap<u64, Vec<String>>,
    /// Whether only administrators may change organisations.
    pub(in crate::jsm) organizations_are_for_administrators: bool,
}

impl People {
    /// Adds an account, with an id if it has none, and returns the id.
    pub(in crate::jsm) fn add(&mut self, account: Account, cloud: bool) -> String {
        let number = self.accounts.len();
        let id = match (account.id.is_empty(), cloud, account.kind) {
            (false, ..) => account.id.clone(),
            (true, true, AccountKind::Customer) => {
                format!("qm:a713c8ea-1075-4e30-9d96-891a7d181739:5ad6d3581db05e2a66f{number:05x}")
            }
            (true, true, AccountKind::Agent) => format!("5b10a2844c20165700ed{number:04x}"),
            (true, false, _) => account.email.to_lowercase(),
        };
        self.accounts.push(Account { id: id.clone(), ..account });
        id
    }

    pub(in crate::jsm) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The account's number, which Data Center's key is made of.
    pub(in crate::jsm) fn number(&self, id: &str) -> usize {
        self.accounts.iter().position(|account| account.id == id).unwrap_or_default()
    }

    pub(in crate::jsm) fn has_email(&self, email: &str) -> bool {
        self.accounts.iter().any(|account| account.email.eq_ignore_ascii_case(email))
    }

    pub(in crate::jsm) fn organization(&mut self, id: u64) -> Option<&mut Organization> {
        self.organizations.iter_mut().find(|organization| organization.id == id)
    }

    /// The organisation of this name, made if there is none.
    pub(in crate::jsm) fn make_organization(&mut self, name: &str) -> u64 {
        if let Some(there) = self.organizations.iter().find(|it| it.name == name) {
            return there.id;
        }
        let id = 1 + self.organizations.iter().map(|it| it.id).max().unwrap_or_default();
        let (members, desks, created) = (Vec::new(), Vec::new(), Moment::now());
        let name = name.to_owned();
        self.organizations.push(Organization { id, name, members, desks, created });
        id
    }

    pub(in crate::jsm) fn group(&mut self, name: &str) -> Option<&mut Group> {
        self.groups.iter_mut().find(|group| group.name.eq_ignore_ascii_case(name))
    }

    /// Ids of the customers that are listed at a desk, each by itself. Members of the desk's
    /// organisations have access too, but are no entries of their own.
    pub(in crate::jsm) fn listed(&self, desk: u64) -> &[String] {
        self.listed.get(&desk).map_or(&[], Vec::as_slice)
    }

    pub(in crate::jsm) fn list(&mut self, desk: u64, id: &str) {
        let listed = self.listed.entry(desk).or_default();
        if !listed.iter().any(|there| there == id) {
            listed.push(id.to_owned());
        }
    }

    pub(in crate::jsm) fn unlist(&mut self, desk: u64, id: &str) {
        self.listed.entry(desk).or_default().retain(|there| there != id);
    }

    /// Whether JSM lets the account use the portal of a restricted desk.
    pub(in crate::jsm) fn has_access(&self, desk: u64, id: &str) -> bool {
        let agent = self.account(id).is_some_and(|account| account.kind == AccountKind::Agent);
        let shares = |it: &Organization| {
            it.desks.contains(&desk) && it.members.iter().any(|member| member == id)
        };
        agent
            || self.listed(desk).iter().any(|it| it == id)
            || self.organizations.iter().any(shares)
    }
}
