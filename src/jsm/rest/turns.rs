//! Whose turn an upload is, and how long JSM has for its own. It must not know what is sent.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// Who has to do something so that an upload goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// JSM has to take what it was given.
    Jsms,
    /// Whoever sends the file has to send more of it.
    Senders,
}

/// Whose turn an upload is.
pub(super) struct Turns(watch::Receiver<Turn>);

impl Turns {
    /// Of an upload that tells each turn in this channel.
    pub(super) fn told_by(turns: watch::Receiver<Turn>) -> Self {
        Self(turns)
    }

    /// Ends when JSM has taken nothing for so long although there was something for it, or has not answered for
    /// so long since it was given all.
    pub(super) async fn silence(mut self, longest: Duration) {
        loop {
            let turn = *self.0.borrow_and_update();
            // Every part is a change, however many there are meanwhile.
            let changed = self.0.changed();
            let changed = match turn {
                Turn::Jsms => match timeout(longest, changed).await {
                    Ok(changed) => changed,
                    Err(_) => return,
                },
                Turn::Senders => changed.await,
            };
            if changed.is_err() {
                // All of it is given, and what gave it is gone.
                return sleep(longest).await;
            }
        }
    }
}
