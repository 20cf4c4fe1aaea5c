//! Test logins: a real login by a one-time link. It begins no session, and what the provider said goes
//! to whoever asked for the link. Must not know who that is, nor how the login's page looks.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;

use crate::access::Verdict;
use crate::auth::{ProviderClaims, Purpose};
use crate::domain::{Clock, Identity, ProviderId};
use crate::session::SessionId;

/// How long a link waits for somebody to log in.
pub const TEST_LOGIN_TIMEOUT: Duration = Duration::from_secs(600);

/// More at once are a mistake.
const MOST: usize = 16;

/// Tells one test login from another. As secret as a session.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct TestId(String);

impl TestId {
    /// What a login that belongs to this test carries.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        Purpose::Test(self.0.clone())
    }
}

/// What came of a test login.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TestReport {
    /// The code and the sentence of what went wrong.
    pub error: Option<(String, String)>,
    /// What the provider said.
    pub provider_claims: ProviderClaims,
    /// Who that makes.
    pub identity: Option<Identity>,
    /// What every portal would say.
    pub verdicts: Vec<Verdict>,
}

/// The test logins that are open.
#[derive(Debug)]
pub struct TestLogins {
    open: Mutex<HashMap<String, Open>>,
    clock: Clock,
}

#[derive(Debug)]
struct Open {
    provider: ProviderId,
    /// Gone once it was followed.
    link: Option<String>,
    until: u64,
    report: oneshot::Sender<TestReport>,
}

impl TestLogins {
    /// None yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { open: Mutex::default(), clock }
    }

    /// The path to open, and what will come of it; `None` when there are too many.
    pub fn start(&self, provider: &ProviderId) -> Option<(String, oneshot::Receiver<TestReport>)> {
        let now = self.clock.unix_seconds();
        let mut open = self.open.lock();
        open.retain(|_, one| one.until > now && !one.report.is_closed());
        if open.len() >= MOST {
            return None;
        }
        // As random as a session's secret.
        let [id, link] = [(); 2].map(|()| SessionId::random().cookie_value());
        let (report, done) = oneshot::channel();
        let (provider, until) = (provider.clone(), now + TEST_LOGIN_TIMEOUT.as_secs());
        open.insert(id, Open { provider, link: Some(link.clone()), until, report });
        Some((format!("/_gate/test-login?key={link}"), done))
    }

    /// Follows a link, once: at which provider, and for which test.
    #[must_use]
    pub fn follow(&self, link: &str) -> Option<(ProviderId, TestId)> {
        let now = self.clock.unix_seconds();
        let mut open = self.open.lock();
        let is_it = |one: &Open| {
            one.until > now && one.link.as_deref().is_some_and(|known| same(known, link))
        };
        let (id, one) = open.iter_mut().find(|(_, one)| is_it(one))?;
        one.link = None;
        Some((one.provider.clone(), TestId(id.clone())))
    }

    /// Ends the test that a login belongs to, once: where its report goes.
    #[must_use]
    pub fn end(&self, purpose: &Purpose) -> Option<oneshot::Sender<TestReport>> {
        let Purpose::Test(id) = purpose else { return None };
        self.open.lock().remove(id).map(|open| open.report)
    }
}

fn same(known: &str, link: &str) -> bool {
    known.as_bytes().ct_eq(link.as_bytes()).into()
}
