//! Organisations and groups by rules.

use jsm_gate::config::{CustomersConfig, GroupRule, OrganizationRule};
use jsm_gate::domain::{EmailDomain, Identity, People, Told};
use rstest::rstest;
use sandbox::jsm::{Account, Flavour, Flavour::*, Organization};

use super::world::{World, open_portal, person, portal, rules};

fn of_domain(name: &str, domain: &str, remove: bool) -> OrganizationRule {
    let domain = EmailDomain::parse(domain).unwrap();
    let people = People { email_domains: [domain].into(), ..People::default() };
    OrganizationRule { name: name.to_owned(), people, remove }
}

fn of_group(name: &str, group: &str, remove: bool) -> OrganizationRule {
    let people = People { groups: [group.to_owned()].into(), ..People::default() };
    OrganizationRule { name: name.to_owned(), people, remove }
}

fn organizations(rules_of: Vec<OrganizationRule>) -> CustomersConfig {
    CustomersConfig { organizations: rules_of, ..rules() }
}

fn members(world: &World, name: &str) -> Vec<String> {
    let all: Vec<Organization> = world.site.jsm.organizations();
    all.into_iter().filter(|it| it.name == name).flat_map(|it| it.members).collect()
}

#[rstest]
#[tokio::test]
async fn the_first_login_joins_what_the_rules_give(#[values(Cloud, DataCenter)] on: Flavour) {
    let rules = vec![
        of_domain("Example", "example.com", false),
        of_domain("Other", "other.example", false),
    ];
    let world = World::with(on, organizations(rules)).await;
    let ann = world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    let bob = world.customers.at(&person("bob"), &open_portal()).await.unwrap();
    let joined = [ann.account.to_string(), bob.account.to_string()];
    assert_eq!(members(&world, "Example"), joined);
    assert!(members(&world, "Other").is_empty());
    assert!(world.events().await.contains(&"customer_joined".to_owned()));
    let theirs = world.customers.organizations(&ann, &portal()).await.unwrap();
    assert!(theirs.is_empty(), "the organisation is not the desk's");
}

#[rstest]
#[tokio::test]
async fn a_membership_that_the_rules_no_longer_give_is_taken_away_where_that_is_wanted(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let rules = vec![of_group("Gold", "gold", true), of_group("Silver", "silver", false)];
    let world = World::with(on, organizations(rules)).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    for name in ["Gold", "Silver", "Of an agent"] {
        world.site.jsm.add_organization(name, &[&ann], &[]);
    }
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    assert!(members(&world, "Gold").is_empty());
    assert_eq!(members(&world, "Silver"), [ann.as_str()]);
    assert_eq!(members(&world, "Of an agent"), [ann.as_str()]);
}

#[rstest]
#[tokio::test]
async fn what_the_provider_did_not_tell_takes_nothing_away(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::with(on, organizations(vec![of_group("Gold", "gold", true)])).await;
    let id = world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.add_organization("Gold", &[&id], &[]);
    let ann = Identity { groups: Told::Unknown, ..person("ann") };
    world.customers.at(&ann, &open_portal()).await.unwrap();
    assert_eq!(members(&world, "Gold"), [id.as_str()]);
}

/// It could be the wrong company's, and its members see each other's requests.
#[rstest]
#[tokio::test]
async fn of_several_organisations_with_one_name_nobody_joins_any(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let rules = vec![of_domain("Example", "example.com", false)];
    let world = World::with(on, organizations(rules)).await;
    world.site.jsm.add_organization("Example", &[], &[]);
    let other = world.site.jsm.add_organization("To be renamed", &[], &[]);
    world.site.jsm.change_organization(other, |it| it.name = "Example".to_owned());
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    assert!(members(&world, "Example").is_empty());
}

#[rstest]
#[tokio::test]
async fn organisations_that_cannot_be_changed_keep_nobody_out(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let rules = vec![of_domain("Example", "example.com", false)];
    let world = World::with(on, organizations(rules)).await;
    world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.keep_organizations_to_administrators(true);
    world.site.jsm.revoke_permission("ADMINISTER");
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    assert!(members(&world, "Example").is_empty());
}

fn groups(names: &[&str]) -> CustomersConfig {
    let rule = |name: &&str| {
        let (name, people) = ((*name).to_owned(), People::default());
        GroupRule { name, default: true, people }
    };
    CustomersConfig { groups: names.iter().map(rule).collect(), ..rules() }
}

fn in_group(world: &World, name: &str) -> usize {
    world.site.jsm.groups().iter().find(|group| group.name == name).unwrap().members.len()
}

#[tokio::test]
async fn customers_join_groups_but_none_that_makes_them_staff() {
    let world = World::with(DataCenter, groups(&["customers", "Agents"])).await;
    world.site.jsm.add_group("customers", &[]);
    world.site.jsm.add_group("agents", &["jira-servicedesk"]);
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    assert_eq!((in_group(&world, "customers"), in_group(&world, "agents")), (1, 0));
    assert!(world.events().await.contains(&"customer_joined".to_owned()));
}

#[tokio::test]
async fn a_token_that_may_not_read_application_roles_has_nobody_join_a_group() {
    let world = World::with(DataCenter, groups(&["customers"])).await;
    world.site.jsm.add_group("customers", &[]);
    world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.revoke_permission("ADMINISTER");
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    assert_eq!(in_group(&world, "customers"), 0);
}
