//! One thread for each core, with its own runtime: what a request needs stays on the thread that
//! accepted its connection, and no other thread has to be woken. Must not know requests.

use std::io;
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::watch;

use super::StartError;

/// How many threads serve customers.
pub(super) fn count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Runs what `open` starts on a new thread. What it spawned goes on until the sender of `stopping`
/// is dropped.
///
/// `open` is given a receiver of its own: pingora reads it with every request, and reading a shared
/// one would slow the other threads down.
///
/// # Errors
/// When no thread can be started, or `open` fails.
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
        // A sender that was dropped means a stop as well.
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
