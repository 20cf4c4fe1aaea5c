//! One thread a core, each with a runtime of its own: whatever a request needs stays on the thread
//! that accepted its connection, and no other has to be woken for it. Knows nothing of requests.

use std::io;
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::watch;

use super::StartError;

/// How many threads serve customers.
pub(super) fn count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Runs what `open` begins on a thread. Whatever it leaves running goes on until who says that the
/// gate is stopping is gone, too.
///
/// `open` is given a word of the stop that is this thread's alone: pingora looks at it with every
/// request, and a look at what threads share holds up the others.
///
/// # Errors
/// When there can be no more threads, or `open` fails.
pub(super) fn start<Served: Future<Output = ()> + Send + 'static>(
    mut stopping: watch::Receiver<bool>,
    open: impl FnOnce(&watch::Receiver<bool>) -> io::Result<Served>,
) -> Result<(), StartError> {
    let failed = |error| StartError::Part(format!("cannot start a thread: {error}"));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (stop, own_stopping) = watch::channel(false);
    let serving = {
        let _within = runtime.enter();
        open(&own_stopping).map_err(failed)?
    };
    let mut told = stopping.clone();
    let pass_on = async move {
        // Gone without a word is a stop, too.
        drop(told.wait_for(|stopping| *stopping).await);
        stop.send_replace(true);
    };
    let serve = async move {
        tokio::join!(serving, pass_on);
        while stopping.changed().await.is_ok() {}
    };
    let thread = thread::Builder::new().name("gate".to_owned());
    thread.spawn(move || runtime.block_on(serve)).map_err(failed)?;
    Ok(())
}
