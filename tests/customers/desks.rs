//! Who may act at a desk. The service account may raise requests for anybody, so what JSM would refuse
//! a stranger is refused here, before anything is written.

use jsm_gate::domain::{Identity, People, Told};
use jsm_gate::problem::Code;
use rstest::rstest;
use sandbox::jsm::{Account, Flavour, Flavour::*};

use super::world::{World, allowing, emergency, open_portal, person, portal, private, with_email};

#[rstest]
#[tokio::test]
async fn a_stranger_at_a_restricted_desk_is_refused_and_nothing_is_written(
    #[values(Cloud, DataCenter)] on: Flavour,
    #[values(true, false)] known_in_jsm: bool,
    #[values(true, false)] by_emergency: bool,
) {
    let world = World::start(on).await;
    if known_in_jsm {
        world.add(Account::customer("Eve", "eve@example.com"));
    }
    let eve = if by_emergency { emergency(person("eve")) } else { person("eve") };
    let problem = world.customers.at(&eve, &portal()).await.unwrap_err();
    let expected = match (known_in_jsm, by_emergency) {
        (false, true) => Code::CustomerMissing,
        _ => Code::CustomerNotListed,
    };
    assert_eq!(problem.code(), expected);
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(world.events().await.last().unwrap(), "customer_refused");
    assert!(world.site.jsm.customers_of("IT").is_empty());
}

#[rstest]
#[tokio::test]
async fn whom_jsm_lists_may_act_and_nothing_is_written(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.list_customer("IT", &ann);
    world.customers.at(&person("ann"), &portal()).await.unwrap();
    assert_eq!(world.writes(), [""; 0]);
}

/// JSM goes on knowing them by the address that they had.
#[rstest]
#[tokio::test]
async fn whoever_is_listed_stays_so_with_another_address(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.list_customer("IT", &ann);
    world.customers.at(&person("ann"), &portal()).await.unwrap();
    let married = with_email("ann.smith@example.com", person("ann"));
    let customer = world.customers.at(&married, &portal()).await.unwrap();
    assert_eq!(customer.account.as_str(), ann);
}

#[rstest]
#[tokio::test]
async fn a_member_of_an_organisation_of_the_desk_may_act(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    let bob = world.add(Account::customer("Bob", "bob@example.com"));
    world.site.jsm.add_organization("Acme", &[&ann], &["IT"]);
    world.site.jsm.add_organization("Elsewhere", &[&bob], &[]);
    world.customers.at(&person("ann"), &portal()).await.unwrap();
    let problem = world.customers.at(&person("bob"), &portal()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerNotListed);
    assert_eq!(world.writes(), [""; 0]);
}

#[rstest]
#[tokio::test]
async fn whom_allow_names_is_listed_when_they_come(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let ann = person("ann");
    let customer = world.customers.at(&ann, &allowing(&ann)).await.unwrap();
    assert_eq!(world.site.jsm.customers_of("IT"), [customer.account.as_str()]);
    let problem = world.customers.at(&person("bob"), &allowing(&ann)).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerNotListed);
}

/// Unknown is not no, and not yes either.
#[rstest]
#[tokio::test]
async fn whom_allow_may_name_is_not_let_in_by_it(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let allow = People { groups: ["staff".to_owned()].into(), ..People::default() };
    let portal = private(allow);
    let ann = Identity { groups: Told::Unknown, ..person("ann") };
    let problem = world.customers.at(&ann, &portal).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerNotListed);
    assert_eq!(world.writes(), [""; 0]);
}

#[rstest]
#[tokio::test]
async fn an_open_desk_takes_whoever_may_use_the_link(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let customer = world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    assert_eq!(world.site.jsm.customers_of("IT"), [customer.account.as_str()]);
    world.writes();
    world.another_gate().at(&person("ann"), &open_portal()).await.unwrap();
    assert_eq!(world.writes(), [""; 0], "listed already");
}

#[rstest]
#[tokio::test]
async fn a_token_that_may_not_list_anybody_keeps_nobody_out(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.revoke_permission("ADMINISTER");
    world.site.jsm.revoke_permission("ADMINISTER_PROJECTS");
    let customer = world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    assert_eq!(customer.account.as_str(), ann);
    assert!(world.site.jsm.customers_of("IT").is_empty());
}

#[rstest]
#[tokio::test]
async fn a_token_that_may_not_read_the_list_lets_nobody_in_by_it(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.list_customer("IT", &ann);
    for right in ["SERVICEDESK_AGENT", "ADMINISTER_PROJECTS", "ADMINISTER"] {
        world.site.jsm.revoke_permission(right);
    }
    let problem = world.customers.at(&person("ann"), &portal()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomersUnavailable);
    assert_eq!(world.writes(), [""; 0]);
}

#[rstest]
#[tokio::test]
async fn whoever_is_taken_off_the_list_is_out(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.list_customer("IT", &ann);
    world.customers.at(&person("ann"), &portal()).await.unwrap();
    world.site.jsm.unlist_customer("IT", &ann);
    let problem = world.another_gate().at(&person("ann"), &portal()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerNotListed);
}
