use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::SecretString;

use super::*;
use crate::domain::ProviderId;
use crate::portal::forms::Tickets;
use crate::session::store::MemoryStore;
use crate::session::{Sealer, SessionStore as _};

const ROUTE: &str = "/p/it/create/66";

struct World {
    kept: KeptTexts,
    tickets: Tickets,
    now: Arc<AtomicU64>,
}

impl World {
    fn new() -> Self {
        let (clock, now) = Clock::stopped_at(1_800_000_000);
        let store = Arc::new(MemoryStore::new(10).with_clock(clock.clone()));
        let sealer = Sealer::new(&[SecretString::from("a".repeat(32))]);
        Self {
            kept: KeptTexts::new(store.record_store(), clock.clone()),
            tickets: Tickets::new(Arc::new(sealer), clock),
            now,
        }
    }

    fn passes(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    async fn keep(&self, who: &Identity, route: &str, summary: &str) -> Ticket {
        let ticket = self.tickets.issue(who, route);
        self.kept.keep(&ticket, &typed(summary)).await.unwrap();
        self.passes(1);
        ticket
    }

    async fn take(&self, who: &Identity, route: &str) -> Option<String> {
        let kept = self.kept.take(who, route).await.unwrap();
        kept.map(|kept| kept.texts[0].1.clone())
    }
}

fn typed(summary: &str) -> Vec<(String, String)> {
    vec![("summary".to_owned(), summary.to_owned())]
}

fn person(provider: &str, subject: &str) -> Identity {
    Identity::bare(ProviderId::parse(provider).unwrap(), subject)
}

#[tokio::test]
async fn a_text_is_there_once_for_its_author_and_its_form() {
    let (world, ann) = (World::new(), person("okta", "ann"));
    let ticket = world.keep(&ann, ROUTE, "My screen").await;
    for other in [person("okta", "ben"), person("entra", "ann"), person("okta", "0 okta ann")] {
        assert_eq!(world.take(&other, ROUTE).await, None);
    }
    assert_eq!(world.take(&ann, "/p/it/create/67").await, None);
    let kept = world.kept.take(&ann, ROUTE).await.unwrap().unwrap();
    assert_eq!((kept.ticket, kept.texts), (ticket, typed("My screen")));
    assert_eq!(world.take(&ann, ROUTE).await, None, "shown twice");
}

#[tokio::test]
async fn a_text_is_kept_for_an_hour() {
    let (world, ann) = (World::new(), person("okta", "ann"));
    world.keep(&ann, ROUTE, "My screen").await;
    world.passes(LASTS);
    assert_eq!(world.take(&ann, ROUTE).await, None);
}

#[tokio::test]
async fn a_person_has_three_texts_and_the_oldest_makes_room() {
    let (world, ann) = (World::new(), person("okta", "ann"));
    world.keep(&person("okta", "ben"), ROUTE, "Ben's").await;
    for number in ["1", "2", "3", "4"] {
        world.keep(&ann, &format!("/p/it/create/{number}"), number).await;
    }
    assert_eq!(world.take(&ann, "/p/it/create/1").await, None);
    for number in ["2", "3", "4"] {
        let taken = world.take(&ann, &format!("/p/it/create/{number}")).await;
        assert_eq!(taken.as_deref(), Some(number));
    }
    let bens = world.take(&person("okta", "ben"), ROUTE).await;
    assert_eq!(bens.as_deref(), Some("Ben's"));
}

#[tokio::test]
async fn a_form_that_comes_again_takes_the_place_of_what_came_before() {
    let (world, ann) = (World::new(), person("okta", "ann"));
    let ticket = world.keep(&ann, ROUTE, "My screen").await;
    world.kept.keep(&ticket, &typed("My new screen")).await.unwrap();
    assert_eq!(world.take(&ann, ROUTE).await.as_deref(), Some("My new screen"));
    assert_eq!(world.take(&ann, ROUTE).await, None);
}

#[tokio::test]
async fn what_was_sent_after_all_is_forgotten() {
    let (world, ann) = (World::new(), person("okta", "ann"));
    let sent = world.keep(&ann, ROUTE, "My screen").await;
    world.keep(&ann, ROUTE, "Another").await;
    world.kept.forget(&sent).await.unwrap();
    assert_eq!(world.take(&ann, ROUTE).await.as_deref(), Some("Another"));
    assert_eq!(world.take(&ann, ROUTE).await, None);
}

#[tokio::test]
async fn a_text_has_a_length() {
    let (world, ann) = (World::new(), person("okta", "ann"));
    let ticket = world.tickets.issue(&ann, ROUTE);
    let fits = typed(&"x".repeat(LONGEST - "summary".len()));
    world.kept.keep(&ticket, &fits).await.unwrap();
    let longer = typed(&"x".repeat(LONGEST));
    assert!(matches!(world.kept.keep(&ticket, &longer).await, Err(NotKept::TooLong)));
}
