//! The last exchanges with each service provider, in memory, for whoever wonders why somebody did not get in.
//! Must not know who asks.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use super::Exchange;
use crate::domain::ServiceProviderId;

/// Exchanges of people who were logged in.
const MOST_OF_PEOPLE: usize = 100;

/// Those of anybody else, who can send any number of requests: they push nothing of people out.
const MOST_OF_STRANGERS: usize = 20;

/// What is remembered of all service providers. A reload keeps it.
#[derive(Debug, Default)]
pub struct Trace(Mutex<HashMap<ServiceProviderId, Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    people: VecDeque<Exchange>,
    strangers: VecDeque<Exchange>,
}

impl Trace {
    /// Remembers an exchange with a service provider, and forgets the oldest for it.
    pub(super) fn note(&self, with: &ServiceProviderId, exchange: Exchange) {
        let mut all = self.0.lock();
        let remembered = all.entry(with.clone()).or_default();
        let (queue, most) = if exchange.who.is_some() {
            (&mut remembered.people, MOST_OF_PEOPLE)
        } else {
            (&mut remembered.strangers, MOST_OF_STRANGERS)
        };
        if queue.len() >= most {
            queue.pop_front();
        }
        queue.push_back(exchange);
    }

    /// What is remembered of a service provider, the oldest first.
    #[must_use]
    pub fn of(&self, id: &ServiceProviderId) -> Vec<Exchange> {
        let all = self.0.lock();
        let Some(Remembered { people, strangers }) = all.get(id) else { return Vec::new() };
        let mut exchanges: Vec<_> = people.iter().chain(strangers).cloned().collect();
        exchanges.sort_by_key(|exchange| exchange.at);
        exchanges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_push_nothing_of_people_out_and_memory_is_bounded() {
        let (trace, id) = (Trace::default(), ServiceProviderId::parse("a").unwrap());
        let who = || Some(["Ann", "okta", "1"].map(str::to_owned));
        trace.note(&id, Exchange { at: 1, who: who(), ..Exchange::default() });
        for at in 2..1000 {
            trace.note(&id, Exchange { at, ..Exchange::default() });
        }
        let remembered = trace.of(&id);
        assert_eq!(remembered.len(), 1 + MOST_OF_STRANGERS);
        assert_eq!((&remembered[0].who, remembered[1].at), (&who(), 1000 - 20));
        assert!(trace.of(&ServiceProviderId::parse("b").unwrap()).is_empty());
    }
}
