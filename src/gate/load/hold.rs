//! What one request holds. It gives everything back when it ends, however it ends. It must not know
//! what is asked.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Account, OwnLoad};

/// How an account stands when one more request comes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    /// Within its share.
    Within,
    /// Over its share: the request is refused with a page.
    Over,
    /// As many again are over it: the request is refused without a page, because those of the
    /// others are still waiting to be read.
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
    /// It holds nothing yet.
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

    /// Whether it counts for an account.
    pub(crate) fn is_charged(&self) -> bool {
        self.account.is_some()
    }

    /// How its account stood when it was charged.
    pub(crate) fn standing(&self) -> Standing {
        self.standing
    }

    #[cfg(test)]
    pub(super) fn has_turn(&self) -> bool {
        self.turn
    }

    /// Takes a place of an account that may have `share` of them.
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

    /// Takes a turn at JSM, if there is one. `most` requests may be at JSM at once.
    pub(crate) fn take_turn(&mut self, most: usize) -> bool {
        let Some(account) = self.account else { return false };
        let mut state = self.load.state.lock();
        state.most_turns = most;
        self.turn = self.turn || state.begin_turn(account);
        self.turn
    }

    /// Waits for a turn at JSM for at most that time. Returns whether it has one.
    pub(crate) async fn wait_for_turn(&mut self, limit: Duration) -> bool {
        let Some(account) = self.account else { return false };
        let wait = self.load.state.lock().queue(account);
        let told = timeout(limit, self.waiting.insert(wait)).await;
        self.turn = matches!(told, Ok(Ok(()))) || self.was_told();
        self.waiting = None;
        self.turn
    }

    /// Whether a turn was given in the last moment. None is given afterwards.
    fn was_told(&mut self) -> bool {
        self.waiting.as_mut().is_some_and(|waiting| {
            waiting.close();
            waiting.try_recv().is_ok()
        })
    }

    /// Gives the turn back.
    pub(crate) fn end_turn(&mut self) {
        if let (true, Some(account)) = (std::mem::take(&mut self.turn), self.account) {
            self.load.state.lock().end_turn(account);
        }
    }

    /// Takes a tunnel. An account may have `share` of them, and all accounts together `most`.
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

    /// Turns the request into a tunnel: it gives its place and turn back.
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
