//! What one request holds. All of it is given back when the request ends, however it ends.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Account, OwnLoad};

/// How an account stands with one more request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    /// Within what it may have.
    Within,
    /// Over that: the request is refused, with a page that says so.
    Over,
    /// As many again are refused already and keep their pages waiting: without a page.
    FarOver,
}

/// What a request holds.
pub(crate) struct Hold {
    load: Arc<OwnLoad>,
    account: Option<Account>,
    standing: Standing,
    /// Whether it counts as a request of its account.
    request: bool,
    turn: bool,
    tunnel: bool,
    /// Tells that it is its turn, while it waits.
    waiting: Option<oneshot::Receiver<()>>,
}

impl Hold {
    /// Nothing yet.
    pub(crate) fn new(load: &Arc<OwnLoad>) -> Self {
        Self {
            load: Arc::clone(load),
            account: None,
            standing: Standing::Within,
            request: false,
            turn: false,
            tunnel: false,
            waiting: None,
        }
    }

    /// What all requests hold.
    pub(crate) fn load(&self) -> &OwnLoad {
        &self.load
    }

    /// Whether somebody's account has it.
    pub(crate) fn is_charged(&self) -> bool {
        self.account.is_some()
    }

    /// How its account stood when it came.
    pub(crate) fn standing(&self) -> Standing {
        self.standing
    }

    #[cfg(test)]
    pub(super) fn has_turn(&self) -> bool {
        self.turn
    }

    /// Takes a place of an account that may have `share`.
    pub(crate) fn charge(&mut self, account: Account, share: usize) -> Standing {
        if self.account.is_some() {
            return self.standing;
        }
        let mut state = self.load.state.lock();
        let usage = state.accounts.entry(account).or_default();
        self.standing = match usage.requests {
            taken if taken < share => Standing::Within,
            taken if taken < share.saturating_mul(2) => Standing::Over,
            _ => Standing::FarOver,
        };
        usage.requests += 1;
        drop(state);
        (self.account, self.request) = (Some(account), true);
        self.standing
    }

    /// Takes a turn at JSM, which works on `most` requests at once, if there is one.
    pub(crate) fn take_turn(&mut self, most: usize) -> bool {
        let Some(account) = self.account else { return false };
        let mut state = self.load.state.lock();
        state.most_turns = most;
        self.turn = self.turn || state.begin_turn(account);
        self.turn
    }

    /// Waits for a turn at JSM, but no longer than that.
    pub(crate) async fn wait_for_turn(&mut self, patience: Duration) -> bool {
        let Some(account) = self.account else { return false };
        let wait = self.load.state.lock().queue(account);
        let told = timeout(patience, self.waiting.insert(wait)).await;
        self.turn = matches!(told, Ok(Ok(()))) || self.was_told();
        self.waiting = None;
        self.turn
    }

    /// Whether a turn was given after all; none is given afterwards.
    fn was_told(&mut self) -> bool {
        self.waiting.as_mut().is_some_and(|waiting| {
            waiting.close();
            waiting.try_recv().is_ok()
        })
    }

    /// JSM has done its part.
    pub(crate) fn end_turn(&mut self) {
        if let (true, Some(account)) = (std::mem::take(&mut self.turn), self.account) {
            self.load.state.lock().end_turn(account);
        }
    }

    /// Takes a tunnel, of which an account may have `share`, and all together `most`.
    pub(crate) fn take_tunnel(&mut self, share: usize, most: usize) -> bool {
        let Some(account) = self.account else { return false };
        let mut state = self.load.state.lock();
        let all = state.tunnels;
        let usage = state.accounts.entry(account).or_default();
        self.tunnel = usage.tunnels < share && all < most;
        if self.tunnel {
            usage.tunnels += 1;
            state.tunnels += 1;
        }
        self.tunnel
    }

    /// From now on it is a tunnel and no request any more.
    pub(crate) fn is_only_a_tunnel(&mut self) {
        self.end_turn();
        let Some(account) = self.account.filter(|_| std::mem::take(&mut self.request)) else {
            return;
        };
        if let Some(usage) = self.load.state.lock().accounts.get_mut(&account) {
            usage.requests -= 1;
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let turn = self.turn || self.was_told();
        let Some(account) = self.account else { return };
        let mut state = self.load.state.lock();
        if let Some(usage) = state.accounts.get_mut(&account) {
            usage.requests -= usize::from(self.request);
            usage.tunnels -= usize::from(self.tunnel);
        }
        state.tunnels -= usize::from(self.tunnel);
        if turn {
            state.end_turn(account);
        }
        state.forget_if_empty(account);
    }
}
