//! What requests may hold: a place of their account while they are under way, a turn at JSM, a
//! tunnel. An account that has many of them cannot take those of others. It must not know what is
//! asked.
//!
//! An account is a customer who is logged in, with all of their sessions, or an address for
//! requests without a session. JSM works on a limited number of requests at once. Of these turns an
//! account may have at most as many as are free: one account gets half of them, two get a third
//! each, and something is always left for the next (dynamic thresholds, Choudhury and Hahne,
//! IEEE/ACM Transactions on Networking 6(2), 1998). A request that gets no turn waits for a short
//! time, and accounts that wait are served one after the other.

mod hashed;
mod hold;
#[cfg(test)]
mod tests;

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, BuildHasherDefault};
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

pub(crate) use hold::{Hold, Standing};

use hashed::AsItIs;

use crate::domain::{Identity, network_of};

/// What all requests hold. It is only locked to count, never across an await.
#[derive(Default)]
pub(crate) struct Load {
    state: Mutex<State>,
    keys: RandomState,
}

/// A thread's own reference to it, so that counting references is no other thread's business.
pub(crate) struct OwnLoad(Arc<Load>);

impl OwnLoad {
    /// A reference for one more thread.
    pub(crate) fn of(load: &Arc<Load>) -> Arc<Self> {
        Arc::new(Self(Arc::clone(load)))
    }
}

impl Deref for OwnLoad {
    type Target = Arc<Load>;

    fn deref(&self) -> &Arc<Load> {
        &self.0
    }
}

/// Who pays for what a request holds: a customer or an address, as a hash that nobody outside can
/// compute. It is taken once a request.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Account(u64);

#[derive(Default)]
struct State {
    accounts: HashMap<Account, Usage, BuildHasherDefault<AsItIs>>,
    /// Requests that JSM works on.
    turns: usize,
    /// How many turns there are, by the configuration of the latest request.
    most_turns: usize,
    /// Tunnels that are open.
    tunnels: usize,
    /// Accounts whose requests wait for a turn. The first is served next.
    waiting: VecDeque<Account>,
}

/// What one account holds.
#[derive(Default)]
struct Usage {
    requests: usize,
    turns: usize,
    tunnels: usize,
    waiting: VecDeque<oneshot::Sender<()>>,
}

impl Usage {
    fn is_empty(&self) -> bool {
        self.requests + self.turns + self.tunnels == 0 && self.waiting.is_empty()
    }
}

impl Load {
    /// The account of somebody who is logged in. It is the person's, because one person may have
    /// many sessions.
    pub(crate) fn customer(&self, identity: &Identity) -> Account {
        Account(self.keys.hash_one((&identity.provider, &identity.subject)))
    }

    /// The account of an address.
    pub(crate) fn address(&self, address: IpAddr) -> Account {
        Account(self.keys.hash_one(network_of(address)))
    }

    /// Requests that JSM works on, and requests that wait until it can.
    pub(crate) fn at_upstream(&self) -> (usize, usize) {
        let state = self.state.lock();
        let live = |usage: &Usage| usage.waiting.iter().filter(|it| !it.is_closed()).count();
        (state.turns, state.accounts.values().map(live).sum())
    }
}

impl State {
    fn free_turns(&self) -> usize {
        self.most_turns.saturating_sub(self.turns)
    }

    /// Gives an account a turn, if it may have one and none of its requests waits already.
    fn begin_turn(&mut self, account: Account) -> bool {
        let free = self.free_turns();
        let usage = self.accounts.entry(account).or_default();
        let may = usage.waiting.is_empty() && usage.turns < free;
        if may {
            usage.turns += 1;
            self.turns += 1;
        }
        may
    }

    /// Puts a request behind those of its account that wait.
    fn queue(&mut self, account: Account) -> oneshot::Receiver<()> {
        let (turn, wait) = oneshot::channel();
        let usage = self.accounts.entry(account).or_default();
        while usage.waiting.front().is_some_and(oneshot::Sender::is_closed) {
            usage.waiting.pop_front();
        }
        if usage.waiting.is_empty() && !self.waiting.contains(&account) {
            self.waiting.push_back(account);
        }
        usage.waiting.push_back(turn);
        self.serve_waiting();
        wait
    }

    fn end_turn(&mut self, account: Account) {
        self.turns = self.turns.saturating_sub(1);
        if let Some(usage) = self.accounts.get_mut(&account) {
            usage.turns = usage.turns.saturating_sub(1);
        }
        self.serve_waiting();
    }

    /// Hands free turns out, one an account at most.
    fn serve_waiting(&mut self) {
        for _ in 0..self.waiting.len() {
            let free = self.free_turns();
            if free == 0 {
                return;
            }
            let Some(account) = self.waiting.pop_front() else { return };
            let Some(usage) = self.accounts.get_mut(&account) else { continue };
            if usage.turns < free {
                // A request that has given up takes no turn.
                while let Some(next) = usage.waiting.pop_front() {
                    if next.send(()).is_ok() {
                        usage.turns += 1;
                        self.turns += 1;
                        break;
                    }
                }
            }
            if usage.waiting.is_empty() {
                self.forget_if_empty(account);
            } else {
                self.waiting.push_back(account);
            }
        }
    }

    /// Forgets an account that holds nothing.
    fn forget_if_empty(&mut self, account: Account) {
        if self.accounts.get(&account).is_some_and(Usage::is_empty) {
            self.accounts.remove(&account);
        }
    }
}
