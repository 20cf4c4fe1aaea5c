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
        Self { places: Semaphore::new(places), turns: Semaphore::new(turns) }
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
}
