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
/// # Errors
/// When there can be no more threads, or `open` fails.
pub(super) fn start<Served: Future<Output = ()> + Send + 'static>(
    mut stopping: watch::Receiver<bool>,
    open: impl FnOnce() -> io::Result<Served>,
) -> Result<(), StartError> {
    let failed = |error| StartError::Part(format!("cannot start a thread: {error}"));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let serving = {
        let _within = runtime.enter();
        open().map_err(failed)?
    };
    let serve = async move {
        serving.await;
        while stopping.changed().await.is_ok() {}
    };
    let thread = thread::Builder::new().name("gate".to_owned());
    thread.spawn(move || runtime.block_on(serve)).map_err(failed)?;
    Ok(())
}
