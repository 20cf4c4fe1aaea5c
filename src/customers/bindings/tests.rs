use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::session::SessionStore as _;
use crate::session::store::{MemoryStore, contract};

fn clock() -> Clock {
    Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(2000))
}

fn bindings() -> Bindings {
    let store = Arc::new(MemoryStore::new(10).with_clock(clock()));
    Bindings::new(store.record_store(), clock())
}

/// Somebody whose subject and address begin with the name, at the provider `idp`.
fn person(name: &str) -> Identity {
    contract::login(name).identity
}

fn with_email(email: &str, identity: Identity) -> Identity {
    Identity { email: Email::parse(email).ok().into(), ..identity }
}

fn at(provider: &str, identity: Identity) -> Identity {
    Identity { provider: provider_id(provider), ..identity }
}

fn provider_id(name: &str) -> ProviderId {
    ProviderId::parse(name).unwrap()
}

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

async fn bound(bindings: &Bindings, identity: &Identity) -> Option<String> {
    bindings.of(identity).await.unwrap().map(|bound| bound.account.to_string())
}

#[tokio::test]
async fn whoever_is_bound_stays_bound() {
    let bindings = bindings();
    assert_eq!(bound(&bindings, &person("ann")).await, None);
    assert_eq!(bindings.bind(&person("ann"), &account("1")).await.unwrap(), Ok(account("1")));
    assert_eq!(bindings.bind(&person("ann"), &account("1")).await.unwrap(), Ok(account("1")));
    assert_eq!(bound(&bindings, &person("ann")).await.unwrap(), "1");
}

#[tokio::test]
async fn p17_an_account_opens_for_nobody_but_whoever_was_first() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    let next_ann = with_email("ann@example.com", person("another-ann"));
    assert_eq!(bindings.bind(&next_ann, &account("1")).await.unwrap(), Err(Taken));
    assert_eq!(bound(&bindings, &next_ann).await, None);
    let elsewhere = at("other", person("ann"));
    assert_eq!(bindings.bind(&elsewhere, &account("1")).await.unwrap(), Err(Taken));
}

/// Two gates may find different accounts for one person; what the first kept counts on both.
#[tokio::test]
async fn a_second_binding_of_one_person_leaves_nothing_behind() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    assert_eq!(bindings.bind(&person("ann"), &account("2")).await.unwrap(), Ok(account("1")));
    assert_eq!(bindings.bind(&person("bob"), &account("2")).await.unwrap(), Ok(account("2")));
}

#[tokio::test]
async fn the_admins_word_counts_once_and_before_everything_else() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    bindings.reserve(&email("ann@example.com"), &account("2")).await.unwrap();
    assert_eq!(bindings.take_reserved(&person("bob")).await.unwrap(), None);
    assert_eq!(bindings.take_reserved(&person("ann")).await.unwrap(), Some((account("2"), None)));
    assert_eq!(bindings.take_reserved(&person("ann")).await.unwrap(), None);
    assert_eq!(bound(&bindings, &person("ann")).await.unwrap(), "2");
    // Nobody opens the first account any more.
    assert_eq!(bindings.bind(&person("bob"), &account("1")).await.unwrap(), Ok(account("1")));
}

#[tokio::test]
async fn by_the_admins_word_two_logins_open_one_account() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    let elsewhere = at("other", person("ann"));
    bindings.reserve(&email("ann@example.com"), &account("1")).await.unwrap();
    assert_eq!(bindings.take_reserved(&elsewhere).await.unwrap(), Some((account("1"), None)));
    for identity in [&person("ann"), &elsewhere] {
        assert_eq!(bound(&bindings, identity).await.unwrap(), "1");
    }
    // It is still taken when one of the two goes.
    bindings.unbind("ann").await.unwrap();
    assert!(bindings.list().await.unwrap().is_empty());
    bindings.bind(&person("bob"), &account("1")).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_account_that_another_login_still_opens_stays_taken() {
    let bindings = bindings();
    let (ann, bob) = (person("ann"), person("bob"));
    bindings.bind(&ann, &account("1")).await.unwrap().unwrap();
    bindings.reserve(&email("bob@example.com"), &account("1")).await.unwrap();
    bindings.take_reserved(&bob).await.unwrap().unwrap();
    bindings.unbind("ann").await.unwrap();
    assert_eq!(bindings.bind(&person("cleo"), &account("1")).await.unwrap(), Err(Taken));
    bindings.unbind("bob@example.com").await.unwrap();
    assert!(bindings.bind(&person("cleo"), &account("1")).await.unwrap().is_ok());
}

#[tokio::test]
async fn people_move_to_another_provider_by_their_addresses() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    let nobody = Identity { email: crate::domain::Told::Absent, ..person("no-address") };
    bindings.bind(&nobody, &account("2")).await.unwrap().unwrap();
    let moved = bindings.move_between(&provider_id("idp"), &provider_id("entra")).await.unwrap();
    assert_eq!(moved, Moved { waiting: 1, by_hand: 1 });

    let by_third = at("third", with_email("ann@example.com", person("x")));
    assert_eq!(bindings.take_reserved(&by_third).await.unwrap(), None, "of another provider");
    let by_entra = at("entra", with_email("ann@example.com", person("oid-1")));
    let ann = Who::of(&person("ann"));
    assert_eq!(bindings.take_reserved(&by_entra).await.unwrap(), Some((account("1"), Some(ann))));
    assert_eq!(bound(&bindings, &person("ann")).await, None, "moved, not copied");
    assert_eq!(bindings.holder(&account("1")).await.unwrap().unwrap().subject, "oid-1");
}

#[tokio::test]
async fn p17_whoever_shares_an_address_is_not_moved_by_it() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    let next_ann = with_email("ann@example.com", person("another-ann"));
    bindings.bind(&next_ann, &account("2")).await.unwrap().unwrap();
    let moved = bindings.move_between(&provider_id("idp"), &provider_id("entra")).await.unwrap();
    assert_eq!(moved, Moved { waiting: 0, by_hand: 2 });
}

#[tokio::test]
async fn the_list_has_everybody_and_what_waits() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    bindings.reserve(&email("bob@example.com"), &account("2")).await.unwrap();
    let all = bindings.list().await.unwrap();
    let line = |bound: &Bound| (bound.account.to_string(), bound.who.is_some(), bound.since);
    let lines: Vec<_> = all.iter().map(line).collect();
    assert_eq!(lines, [("1".to_owned(), true, Some(2000)), ("2".to_owned(), false, None)]);
    let unbound = bindings.unbind("BOB@example.com").await.unwrap();
    assert_eq!(unbound.len(), 1);
    assert_eq!(bindings.take_reserved(&person("bob")).await.unwrap(), None);
}

#[tokio::test]
async fn emergency_access_knows_an_address_that_one_person_has() {
    let bindings = bindings();
    bindings.bind(&person("ann"), &account("1")).await.unwrap().unwrap();
    let ann = email("ann@example.com");
    assert_eq!(bindings.known_by(Some(&ann)).await.unwrap(), Some(account("1")));
    let next_ann = with_email("ann@example.com", person("another-ann"));
    bindings.bind(&next_ann, &account("2")).await.unwrap().unwrap();
    assert_eq!(bindings.known_by(Some(&ann)).await.unwrap(), None);
}
