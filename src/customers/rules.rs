//! Which organisations and groups the configuration gives to somebody: a pure function.

use std::collections::BTreeSet;

use crate::access::names;
use crate::config::CustomersConfig;
use crate::domain::Identity;

/// What the rules say of somebody.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Wanted {
    /// Organisations that they are to be in.
    pub organizations: BTreeSet<String>,
    /// Organisations that they are not to be in any more.
    pub not_organizations: BTreeSet<String>,
    /// Groups that they are to be in.
    pub groups: BTreeSet<String>,
}

impl Wanted {
    /// Unknown is not no: what the provider did not tell neither gives a membership nor takes one away.
    #[must_use]
    pub fn of(config: &CustomersConfig, identity: &Identity) -> Self {
        let mut wanted = Self::default();
        for rule in &config.organizations {
            match names(&rule.people, identity) {
                Some(true) => drop(wanted.organizations.insert(rule.name.clone())),
                Some(false) if rule.remove => {
                    wanted.not_organizations.insert(rule.name.clone());
                }
                Some(false) | None => {}
            }
        }
        let gives = |people| names(people, identity) == Some(true);
        let groups = config.groups.iter().filter(|rule| rule.default || gives(&rule.people));
        wanted.groups = groups.map(|rule| rule.name.clone()).collect();
        wanted
    }

    /// Whether there is nothing to do in any case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{GroupRule, OrganizationRule};
    use crate::domain::{EmailDomain, People, Told};
    use crate::session::store::contract;

    fn identity() -> Identity {
        contract::login("ann").identity
    }

    fn of_group(group: &str) -> People {
        People { groups: [group.to_owned()].into(), ..People::default() }
    }

    fn rule(name: &str, people: People, remove: bool) -> OrganizationRule {
        OrganizationRule { name: name.to_owned(), people, remove }
    }

    fn config(organizations: Vec<OrganizationRule>, groups: Vec<GroupRule>) -> CustomersConfig {
        CustomersConfig { create: true, staff_groups: Vec::new(), organizations, groups }
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn rules_give_organisations_by_domain_and_by_group() {
        let example = EmailDomain::parse("example.com").unwrap();
        let by_domain = People { email_domains: [example].into(), ..People::default() };
        let rules = vec![
            rule("Example", by_domain, false),
            rule("Customers", of_group("customers"), true),
            rule("Other", of_group("other"), false),
            rule("Former", of_group("former"), true),
        ];
        let wanted = Wanted::of(&config(rules, vec![]), &identity());
        assert_eq!(wanted.organizations, set(&["Example", "Customers"]));
        assert_eq!(wanted.not_organizations, set(&["Former"]), "only where it is wanted");
    }

    #[test]
    fn what_the_provider_did_not_tell_gives_nothing_and_takes_nothing_away() {
        let unknown = Identity { groups: Told::Unknown, ..identity() };
        let rules = vec![rule("Customers", of_group("customers"), true)];
        assert!(Wanted::of(&config(rules, vec![]), &unknown).is_empty());
    }

    #[test]
    fn a_default_group_is_everybodys() {
        let group =
            |name: &str, default, people| GroupRule { name: name.to_owned(), default, people };
        let groups = vec![
            group("portal-customers", true, People::default()),
            group("gold", false, of_group("customers")),
            group("silver", false, of_group("other")),
        ];
        let wanted = Wanted::of(&config(vec![], groups), &identity());
        assert_eq!(wanted.groups, set(&["portal-customers", "gold"]));
    }
}
