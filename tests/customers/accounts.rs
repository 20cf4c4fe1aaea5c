//! Which account is whose.

use futures_util::future::join_all;
use jsm_gate::config::CustomersConfig;
use jsm_gate::domain::{AccountId, Identity, Told};
use jsm_gate::problem::{Code, Problem};
use rstest::rstest;
use sandbox::jsm::{Account, Flavour, Flavour::*};

use super::world::{World, emergency, open_portal, person, rules, with_email};

fn cause(problem: &Problem) -> &'static str {
    match problem {
        Problem::CustomerUnclear { cause, .. } => cause,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test]
async fn the_first_login_finds_the_account_with_exactly_that_address(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    world.add(Account::customer("Ann Other", "ann@example.com.au"));
    let ann = world.add(Account::customer("Ann", "Ann@Example.com"));
    world.site.jsm.list_customer("IT", &ann);
    let customer = world.customers.at(&person("ann"), &super::world::portal()).await.unwrap();
    assert_eq!((customer.account.as_str(), customer.name.as_str()), (ann.as_str(), "Ann"));
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(world.events().await, ["customer_bound"]);

    let again = world.customers.at(&person("ann"), &super::world::portal()).await.unwrap();
    assert_eq!(again, customer);
    assert!(world.site.jsm.seen().is_empty(), "what is known is asked again");
}

#[rstest]
#[tokio::test]
async fn twenty_logins_at_once_make_one_account(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let (ann, portal) = (person("ann"), open_portal());
    let logins = (0..20).map(|_| world.customers.at(&ann, &portal));
    let customers: Vec<_> = join_all(logins).await.into_iter().map(Result::unwrap).collect();
    assert!(customers.iter().all(|it| it.account == customers[0].account));
    let accounts = world.site.jsm.accounts_of("ann@example.com");
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].display_name, "ann");
    let made = world.writes().iter().filter(|it| it.ends_with("/customer")).count();
    assert_eq!(made, 2, "made once and listed at the desk once");
    assert_eq!(world.events().await, ["customer_created", "customer_bound", "customer_added"]);
}

#[rstest]
#[tokio::test]
async fn an_account_that_another_gate_made_meanwhile_is_found(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    let other = world.another_gate();
    let (ann, portal) = (person("ann"), open_portal());
    let (one, two) = tokio::join!(world.customers.at(&ann, &portal), other.at(&ann, &portal));
    assert_eq!(one.unwrap().account, two.unwrap().account);
    assert_eq!(world.site.jsm.accounts_of("ann@example.com").len(), 1);
}

#[rstest]
#[tokio::test]
async fn p17_of_two_accounts_with_one_address_none_is_taken(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    world.add(Account::customer("Ann", "ann@example.com").with_id("ann-1"));
    world.add(Account::customer("Ann", "ann@example.com").with_id("ann-2"));
    let problem = world.customers.at(&person("ann"), &open_portal()).await.unwrap_err();
    assert_eq!(cause(&problem), "several");
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(world.events().await, ["customer_refused"]);
}

#[rstest]
#[tokio::test]
async fn an_address_that_jsm_hides_is_not_guessed(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    world.add(Account::customer("Ann", "ann@example.com").hiding_email());
    let problem = world.customers.at(&person("ann"), &open_portal()).await.unwrap_err();
    assert_eq!(cause(&problem), "hidden");
    assert_eq!(world.writes(), [""; 0]);
}

#[rstest]
#[tokio::test]
async fn an_account_that_the_token_may_not_see_is_not_made_twice(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    world.add(Account::customer("Ann", "ann@example.com"));
    world.site.jsm.revoke_permission("USER_PICKER");
    let problem = world.customers.at(&person("ann"), &open_portal()).await.unwrap_err();
    assert_eq!(cause(&problem), "hidden");
    assert_eq!(world.site.jsm.accounts_of("ann@example.com").len(), 1);
}

#[rstest]
#[tokio::test]
async fn p17_an_address_that_came_back_to_another_person_does_not_open_the_old_account(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    let portal = open_portal();
    let old = world.customers.at(&person("ann"), &portal).await.unwrap();
    world.writes();
    let next_ann = with_email("ann@example.com", person("next-ann"));
    for gate in [&world.customers, &world.another_gate()] {
        let problem = gate.at(&next_ann, &portal).await.unwrap_err();
        assert_eq!(cause(&problem), "taken");
        assert!(gate.known(&next_ann).await.is_err());
    }
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(world.another_gate().at(&person("ann"), &portal).await.unwrap(), old);
}

#[rstest]
#[tokio::test]
async fn p14_an_address_that_the_provider_does_not_vouch_for_finds_nobody(
    #[values(Told::Absent, Told::Unknown)] email: Told<jsm_gate::domain::Email>,
) {
    let world = World::start(Cloud).await;
    world.add(Account::customer("Ann", "ann@example.com"));
    let ann = Identity { email, ..person("ann") };
    let problem = world.customers.at(&ann, &open_portal()).await.unwrap_err();
    assert_eq!(cause(&problem), "no-email");
    assert_eq!(world.writes(), [""; 0]);
}

#[rstest]
#[tokio::test]
async fn a_changed_address_opens_the_same_account(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let before = world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    world.add(Account::customer("Somebody else", "ann.smith@example.com"));
    let married = with_email("ann.smith@example.com", person("ann"));
    let after = world.customers.at(&married, &open_portal()).await.unwrap();
    assert_eq!(after.account, before.account);
    assert_eq!(world.events().await.last().unwrap(), "customer_address_changed");
    let told_once = world.events().await;
    world.another_gate().at(&married, &open_portal()).await.unwrap();
    assert_eq!(world.events().await, told_once);
}

#[rstest]
#[tokio::test]
async fn whom_jsm_does_not_know_is_told_so_where_none_is_made(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::with(on, CustomersConfig { create: false, ..rules() }).await;
    let problem = world.customers.at(&person("ann"), &open_portal()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerMissing);
    assert_eq!(world.writes(), [""; 0]);

    let world = World::start(on).await;
    world.site.jsm.revoke_permission("ADMINISTER");
    let problem = world.customers.at(&person("ann"), &open_portal()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerMissing);
    assert!(world.site.jsm.accounts_of("ann@example.com").is_empty());
}

#[rstest]
#[tokio::test]
async fn a_list_over_all_portals_makes_nothing(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    let problem = world.customers.known(&person("ann")).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerMissing);
    assert_eq!(world.writes(), [""; 0]);
    // And what was not known then is made at the desk, at once.
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    world.customers.known(&person("ann")).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn an_account_that_is_switched_off_opens_for_nobody(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    let customer = world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    world.site.jsm.change_account(customer.account.as_str(), |account| account.active = false);
    let problem = world.another_gate().at(&person("ann"), &open_portal()).await.unwrap_err();
    assert_eq!(cause(&problem), "inactive");
}

#[rstest]
#[tokio::test]
async fn emergency_access_finds_an_account_and_binds_nothing(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    let ann = world.add(Account::customer("Ann", "ann@example.com"));
    let let_in = emergency(person("ann"));
    let customer = world.customers.at(&let_in, &open_portal()).await.unwrap();
    assert_eq!(customer.account.as_str(), ann);
    assert!(world.customers.bindings().list().await.unwrap().is_empty());
    // Nor is an account made.
    let bob = emergency(person("bob"));
    let problem = world.customers.at(&bob, &open_portal()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomerMissing);
    assert!(world.site.jsm.accounts_of("bob@example.com").is_empty());
}

#[rstest]
#[tokio::test]
async fn p17_emergency_access_does_not_open_an_account_whose_owner_has_another_address_now(
    #[values(Cloud, DataCenter)] on: Flavour,
) {
    let world = World::start(on).await;
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
    let married = with_email("ann.smith@example.com", person("ann"));
    world.customers.at(&married, &open_portal()).await.unwrap();
    let next_ann = emergency(with_email("ann@example.com", person("next-ann")));
    let problem = world.customers.at(&next_ann, &open_portal()).await.unwrap_err();
    assert_eq!(cause(&problem), "taken");
}

#[rstest]
#[tokio::test]
async fn the_admins_word_settles_what_is_not_clear(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    world.add(Account::customer("Ann", "ann@example.com").with_id("ann-1"));
    world.add(Account::customer("Ann", "ann@example.com").with_id("ann-2"));
    assert!(world.customers.at(&person("ann"), &open_portal()).await.is_err());
    let account = AccountId::parse("ann-2").unwrap();
    assert!(world.customers.has_account(&account).await.unwrap());
    let ann = person("ann");
    let bindings = world.customers.bindings();
    bindings.reserve(ann.email.known().unwrap(), &account).await.unwrap();
    let customer = world.customers.at(&ann, &open_portal()).await.unwrap();
    assert_eq!(customer.account, account);
    assert_eq!(world.another_gate().at(&ann, &open_portal()).await.unwrap().account, account);
}

#[rstest]
#[tokio::test]
async fn while_jsm_is_down_nobody_is_anybody(#[values(Cloud, DataCenter)] on: Flavour) {
    let world = World::start(on).await;
    world.customers.has_account(&AccountId::parse("1").unwrap()).await.unwrap();
    world.site.jsm.go_down().await;
    let problem = world.customers.at(&person("ann"), &open_portal()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CustomersUnavailable);
    world.site.jsm.come_up().await.unwrap();
    world.customers.at(&person("ann"), &open_portal()).await.unwrap();
}
