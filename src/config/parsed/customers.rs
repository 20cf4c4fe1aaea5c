//! `[customers]`

use crate::domain::People;

/// The accounts of customers in JSM.
#[derive(Clone, Debug)]
pub struct CustomersConfig {
    /// Whether the first login makes an account for people whom JSM does not know.
    pub create: bool,
    /// Jira groups whose members are no customers, besides Jira's own.
    pub staff_groups: Vec<String>,
    /// `[[customers.organization]]`, each name once.
    pub organizations: Vec<OrganizationRule>,
    /// `[[customers.group]]`, each name once.
    pub groups: Vec<GroupRule>,
}

/// An organisation, and whose.
#[derive(Clone, Debug)]
pub struct OrganizationRule {
    /// Its name in JSM.
    pub name: String,
    /// Who joins it.
    pub people: People,
    /// Whether people whom the rule no longer names leave it.
    pub remove: bool,
}

/// A group of Jira's, and whose.
#[derive(Clone, Debug)]
pub struct GroupRule {
    /// Its name in Jira.
    pub name: String,
    /// Whether every customer joins it.
    pub default: bool,
    /// Who joins it besides.
    pub people: People,
}
