use std::time::Duration;

use tokio::task::yield_now;

use super::*;

const NOW: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_secs(60);

/// JSM works on so many requests at once in these tests.
const MOST: usize = 8;

fn account(number: u64) -> Account {
    Account(number)
}

/// A request of an account, which has a turn at once or none.
fn request(load: &Arc<OwnLoad>, number: u64) -> Hold {
    let mut hold = Hold::new(load);
    hold.charge(account(number), usize::MAX);
    hold.take_turn(MOST);
    hold
}

/// How many turns an account gets when it asks for many.
fn turns(load: &Arc<OwnLoad>, number: u64, held: &mut Vec<Hold>) -> usize {
    let requests: Vec<_> = (0..MOST * 2).map(|_| request(load, number)).collect();
    let count = requests.iter().filter(|it| it.has_turn()).count();
    held.extend(requests);
    count
}

#[tokio::test]
async fn g7_one_account_gets_half_the_turns_and_something_is_left_for_every_other() {
    let load = OwnLoad::of(&Arc::default());
    let mut held = Vec::new();
    let shares: Vec<_> = (0..4).map(|number| turns(&load, number, &mut held)).collect();
    assert_eq!(shares, [4, 2, 1, 1]);
    drop(held);
    assert_eq!(turns(&load, 1, &mut Vec::new()), 4);
    assert!(load.state.lock().accounts.is_empty(), "an account is remembered for nothing");
    assert_eq!(load.at_upstream(), (0, 0));
}

#[tokio::test]
async fn who_waits_is_served_when_a_turn_ends_and_accounts_are_served_in_turn() {
    let load = OwnLoad::of(&Arc::default());
    let mut held = Vec::new();
    turns(&load, 1, &mut held);
    turns(&load, 2, &mut held);
    turns(&load, 3, &mut held);
    turns(&load, 4, &mut held);
    let served = Arc::new(Mutex::new(Vec::new()));
    for number in [5, 5, 6] {
        let (mut next, served) = (request(&load, number), Arc::clone(&served));
        tokio::spawn(async move {
            assert!(next.wait_for_turn(LONG).await);
            served.lock().push(number);
            std::mem::forget(next);
        });
        yield_now().await;
    }
    assert_eq!(load.at_upstream(), (MOST, 3));
    drop(held);
    while served.lock().len() < 3 {
        yield_now().await;
    }
    assert_eq!(*served.lock(), [5, 6, 5]);
}

#[tokio::test(start_paused = true)]
async fn who_has_given_up_takes_no_turn_from_others() {
    let load = OwnLoad::of(&Arc::default());
    let mut held = Vec::new();
    (1..5).for_each(|number| assert!(turns(&load, number, &mut held) > 0));
    let mut tired = request(&load, 5);
    assert!(!tired.wait_for_turn(Duration::from_secs(1)).await);
    let mut gone = request(&load, 6);
    assert!(tokio::time::timeout(NOW, gone.wait_for_turn(LONG)).await.is_err());
    drop(gone);
    drop(held);
    assert_eq!(load.at_upstream(), (0, 0));
    drop(tired);
    assert!(load.state.lock().accounts.is_empty());
}

#[tokio::test]
async fn places_and_tunnels_are_counted_by_account_and_given_back() {
    let load = OwnLoad::of(&Arc::default());
    let charge = |number| {
        let mut hold = Hold::new(&load);
        let standing = hold.charge(account(number), 1);
        (hold, standing)
    };
    let (mut first, standing) = charge(1);
    assert_eq!(standing, Standing::Within);
    let (second, standing) = charge(1);
    assert_eq!(standing, Standing::Over);
    assert_eq!(charge(1).1, Standing::FarOver);
    assert_eq!(charge(2).1, Standing::Within);
    drop(second);
    assert!(first.take_tunnel(1, 1));
    first.is_only_a_tunnel();
    let (mut third, standing) = charge(1);
    assert_eq!(standing, Standing::Within, "a tunnel counts as a request");
    assert!(!third.take_tunnel(1, 9) && !charge(2).0.take_tunnel(9, 1));
    drop((first, third));
    assert!(load.state.lock().accounts.is_empty());
}
