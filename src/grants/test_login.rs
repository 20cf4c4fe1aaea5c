//! Test logins: a real login by a one-time link. It begins no session, and its result goes to the
//! admin who asked for the link. Must not know who that is, or how the login's page looks.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;

use crate::access::Verdict;
use crate::auth::{ProviderClaims, Purpose};
use crate::domain::{Clock, Identity, ProviderId, ServiceProviderId};
use crate::session::SessionId;

/// How long a link waits for a login.
pub const TEST_LOGIN_TIMEOUT: Duration = Duration::from_secs(600);

/// How many may be open. More would be a mistake.
const MOST: usize = 16;

/// Distinguishes test logins. It is as secret as a session.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct TestId(String);

impl TestId {
    /// The purpose that a login of this test carries.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        Purpose::Test(self.0.clone())
    }
}

/// The result of a test login.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TestReport {
    /// The code and the sentence of the failure.
    pub error: Option<(String, String)>,
    /// The claims of the provider.
    pub provider_claims: ProviderClaims,
    /// The identity that they make.
    pub identity: Option<Identity>,
    /// What every portal says to that identity.
    pub verdicts: Vec<Verdict>,
    /// What a service provider would be told, if that was asked for.
    pub answer: Option<TestAnswer>,
}

/// What a service provider would be told of an identity.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TestAnswer {
    /// See [`Decision::as_str`](crate::access::Decision::as_str).
    pub decision: String,
    /// See [`Decision::rule`](crate::access::Decision::rule).
    pub rule: String,
    /// The code and the sentence of why nothing would be told to somebody who may log in there.
    pub error: Option<(String, String)>,
    /// The Response, decoded, if there would be one.
    pub xml: Option<String>,
    /// What the service provider would say of it, rule by rule: what is, or what is wrong.
    pub judgements: Vec<(String, Result<String, String>)>,
}

impl TestAnswer {
    /// Whether the person would get in there.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.xml.is_some() && self.judgements.iter().all(|(_, outcome)| outcome.is_ok())
    }
}

/// What a test login is about.
#[derive(Clone, Debug)]
pub struct TestWish {
    /// The provider to log in at.
    pub provider: ProviderId,
    /// The service provider that would be told.
    pub service_provider: Option<ServiceProviderId>,
}

/// The test logins that are open.
#[derive(Debug)]
pub struct TestLogins {
    open: Mutex<HashMap<String, Open>>,
    clock: Clock,
}

#[derive(Debug)]
struct Open {
    wish: TestWish,
    /// `None` once the link was followed.
    link: Option<String>,
    until: u64,
    report: oneshot::Sender<TestReport>,
}

impl TestLogins {
    /// Without any test login.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { open: Mutex::default(), clock }
    }

    /// The path to open, and the receiver of the result; `None` when too many are open.
    pub fn start(&self, wish: TestWish) -> Option<(String, oneshot::Receiver<TestReport>)> {
        let now = self.clock.unix_seconds();
        let mut open = self.open.lock();
        open.retain(|_, one| one.until > now && !one.report.is_closed());
        if open.len() >= MOST {
            return None;
        }
        // As random as a session's secret.
        let [id, link] = [(); 2].map(|()| SessionId::random().cookie_value());
        let (report, done) = oneshot::channel();
        let until = now + TEST_LOGIN_TIMEOUT.as_secs();
        open.insert(id, Open { wish, link: Some(link.clone()), until, report });
        Some((format!("/_gate/test-login?key={link}"), done))
    }

    /// Follows a link, which works once. Returns what is tested, and the test.
    #[must_use]
    pub fn follow(&self, link: &str) -> Option<(TestWish, TestId)> {
        let now = self.clock.unix_seconds();
        let mut open = self.open.lock();
        let is_it = |one: &Open| {
            one.until > now && one.link.as_deref().is_some_and(|known| same(known, link))
        };
        let (id, one) = open.iter_mut().find(|(_, one)| is_it(one))?;
        one.link = None;
        Some((one.wish.clone(), TestId(id.clone())))
    }

    /// Ends the test of a login, which works once. Returns what was tested, and the sender of the result.
    #[must_use]
    pub fn end(&self, purpose: &Purpose) -> Option<(TestWish, oneshot::Sender<TestReport>)> {
        let Purpose::Test(id) = purpose else { return None };
        self.open.lock().remove(id).map(|open| (open.wish, open.report))
    }
}

fn same(known: &str, link: &str) -> bool {
    known.as_bytes().ct_eq(link.as_bytes()).into()
}
