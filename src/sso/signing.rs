//! Signs answers off the threads that serve customers, and not too many at once: a signature takes some
//! milliseconds, and a thread that makes one serves nobody. Must not know what is signed.

use std::thread;

use tokio::sync::Semaphore;
use tokio::task;

/// Answers that are signed or wait for it; more are refused. At 4 ms each the last one waits for a quarter of a
/// second on two cores.
const PLACES: usize = 64;

/// There are as many answers under way as can be signed in time, or the gate is stopping.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Busy;

/// Bounds what is signed at once.
#[derive(Debug)]
pub struct Signing {
    places: Semaphore,
    /// Places that strangers leave free.
    for_people: usize,
    /// Half the cores, so that the other half serves on.
    turns: Semaphore,
}

impl Default for Signing {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::bounded(PLACES, (cores / 2).max(1))
    }
}

impl Signing {
    fn bounded(places: usize, turns: usize) -> Self {
        let for_people = places / 2;
        Self { places: Semaphore::new(places), for_people, turns: Semaphore::new(turns) }
    }

    /// The same as [`Self::run`] for somebody who may be a stranger: half of the places are for people.
    pub(super) async fn run_for_stranger<T: Send + 'static>(
        &self,
        sign: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        if self.places.available_permits() <= self.for_people {
            return Err(Busy);
        }
        self.run(sign).await
    }

    /// Has `sign` run beside the requests, when its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        sign: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let _place = self.places.try_acquire().map_err(|_| Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| Busy)?;
        task::spawn_blocking(sign).await.map_err(|_| Busy)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn beyond_so_many_answers_the_next_is_refused_at_once() {
        let signing = Arc::new(Signing::bounded(2, 1));
        let (go, wait) = mpsc::channel::<()>();
        let run = |sign: Box<dyn FnOnce() -> bool + Send>| {
            let signing = Arc::clone(&signing);
            tokio::spawn(async move { signing.run(sign).await })
        };
        let first = run(Box::new(move || wait.recv().is_ok()));
        let second = run(Box::new(|| true));
        while signing.places.available_permits() > 0 {
            task::yield_now().await;
        }
        assert_eq!(signing.run(|| true).await, Err(Busy));
        go.send(()).unwrap();
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (Ok(true), Ok(true)));
        assert_eq!(signing.run(|| true).await, Ok(true));
    }

    #[tokio::test]
    async fn strangers_leave_half_of_the_places_to_people() {
        let signing = Signing::bounded(2, 1);
        assert_eq!(signing.run_for_stranger(|| true).await, Ok(true));
        let _taken = signing.places.try_acquire().unwrap();
        assert_eq!(signing.run_for_stranger(|| true).await, Err(Busy));
        assert_eq!(signing.run(|| true).await, Ok(true));
    }
}
