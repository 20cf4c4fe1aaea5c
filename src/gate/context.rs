//! The state of one request while it passes through the gate. It must not know how anything in it
//! is decided.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue};
use parking_lot::Mutex;
use pingora::{Error, ErrorType, Result};

use super::at_jira::AtJira;
use super::client;
use super::load::{Hold, Standing};
use super::pace::{AnswerPace, Pace};
use super::read_deadline::UnderWay;
use super::rewrite::BodyRewriter;
use super::whole_body::WholeBody;
use super::worker::{InFlight, Own, OwnApp, Worker};
use crate::domain::Portals;
use crate::jsm::paths::{Content, LoginFieldScan};
use crate::problem::Problem;
use crate::reading::Target;
use crate::session::{Session, SessionLookup, UpstreamHeaders};

/// One request's state. A request keeps the configuration that it saw first.
pub struct RequestContext {
    /// The gate as it was configured when the request arrived.
    pub(crate) app: Arc<OwnApp>,
    /// The request's name in logs and on error pages.
    pub(crate) request_id: RequestId,
    /// When it arrived.
    pub(crate) started: Instant,
    /// The customer's address; `None` until it has been worked out.
    pub(crate) client: Option<IpAddr>,
    /// The portals as they were when the request arrived. Everything is decided by these.
    pub(crate) portals: Arc<Own<Portals>>,
    /// Who sends it, once that was looked for.
    pub(crate) found: Option<SessionLookup>,
    /// What is forwarded, once that is decided. Without it, nothing reaches the upstream.
    pub(crate) forward: Option<Forward>,
    /// Bytes of request body so far.
    pub(crate) body_bytes: u64,
    /// The upstream's addresses that could not be reached.
    pub(crate) tried: Vec<SocketAddr>,
    /// The upstream's node that is being asked.
    pub(crate) node: usize,
    /// When the upstream was asked.
    pub(crate) asked_upstream: Option<Instant>,
    /// How long it took to begin its answer.
    pub(crate) upstream_took: Option<Duration>,
    /// Rewrites the body of the answer, if it is rewritten. The mutex is never contended: it makes
    /// this `Sync`.
    pub(crate) rewriter: Option<Box<Mutex<BodyRewriter>>>,
    /// Status of the answer; 0 until there is one.
    pub(crate) status: u16,
    /// Whether a session was found for it.
    pub(crate) is_known: bool,
    /// Stops the connection's read deadline while it is under way.
    pub(crate) under_way: Option<UnderWay>,
    /// What it holds of what all requests share: a place, a turn at JSM.
    pub(crate) hold: Hold,
    /// Why the gate broke it off, if it did.
    pub(crate) problem: Option<Problem>,
    /// What its sender gets in place of an answer of Jira's.
    pub(crate) turned_back: Option<TurnedBack>,
    /// How fast its body comes, while more of it is to come.
    pub(crate) upload: Option<Pace>,
    /// How fast the customer takes the answer; over HTTP/2 only.
    pub(crate) answer: Option<AnswerPace>,
    in_flight: InFlight,
}

/// A request that may go to JSM.
pub(crate) struct Forward {
    /// What was decided on, and is forwarded exactly so.
    pub(crate) target: Target,
    /// Whose request it is. On a public portal it may be nobody's.
    pub(crate) session: Option<Arc<Session>>,
    /// The headers that tell the upstream who the customer is.
    pub(crate) identity: Option<Arc<UpstreamHeaders>>,
    /// Whether its body is checked before it is forwarded.
    pub(crate) body_check: BodyCheck,
    /// The body, once it was checked.
    pub(crate) body: Option<WholeBody>,
    /// Looks for a login to Jira in a form as it passes.
    pub(crate) form: Option<LoginFieldScan>,
    /// Its sender's session in Jira, where Jira's own login is the gate's.
    pub(crate) at_jira: Option<AtJira>,
}

/// What a browser gets in place of an answer of Jira's.
#[derive(Default)]
pub(crate) struct TurnedBack {
    /// Where it is sent; `None` if it is told a problem.
    pub(crate) to: Option<String>,
    /// Cookies that go with it.
    pub(crate) cookies: Vec<HeaderValue>,
}

/// What the body can change about the decision.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BodyCheck {
    /// Nothing: it is not read.
    Skip,
    /// The request is refused if its body names something closed.
    MayRefuse(Content),
    /// The request is refused unless its body names a public portal, and nothing closed.
    MustAllow(Content),
    /// The request goes on only with the answer for Jira's login that the gate has given to this browser.
    MustBeAnswer,
}

impl RequestContext {
    pub(crate) fn new(app: Arc<OwnApp>, worker: &Arc<Worker>) -> Self {
        let portals = worker.portals(&app);
        Self {
            app,
            request_id: RequestId::random(),
            started: Instant::now(),
            client: None,
            portals,
            found: None,
            forward: None,
            body_bytes: 0,
            tried: Vec::new(),
            node: 0,
            asked_upstream: None,
            upstream_took: None,
            rewriter: None,
            status: 0,
            is_known: false,
            under_way: None,
            hold: Hold::new(&worker.load),
            problem: None,
            turned_back: None,
            upload: None,
            answer: None,
            in_flight: InFlight::of(worker),
        }
    }

    /// Who sends a request, as far as can be found out.
    pub(crate) async fn find(&self, headers: &HeaderMap) -> SessionLookup {
        self.app.sessions.find(headers).await.unwrap_or_else(|error| {
            if self.may_log("whoever needs a login is not let in") {
                tracing::error!(%error, "whoever needs a login is not let in");
            }
            SessionLookup::StoreDown
        })
    }

    /// Counts the request for its sender: for the customer who is logged in, or else for the
    /// address. A trusted front that does not say for whom it asks stands for everybody, so it has
    /// no limit.
    pub(crate) fn charge(&mut self, session: Option<&Session>) -> Standing {
        self.is_known = session.is_some();
        let limits = &self.app.config.limits;
        if let Some(session) = session {
            self.in_flight.is_of_a_customer();
            let account = self.hold.load().customer(&session.identity);
            return self.hold.charge(account, limits.requests_per_customer);
        }
        let client = self.client.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        let is_front = client::is_trusted(client, &self.app.config.gate.trusted_proxies);
        let share = if is_front { usize::MAX } else { limits.requests_per_address };
        let account = self.hold.load().address(client);
        self.hold.charge(account, share)
    }

    /// Breaks the request off. The customer is told of `problem`; the log says `cause`.
    pub(crate) fn fail<T>(&mut self, problem: Problem, cause: &'static str) -> Result<T> {
        self.problem = Some(problem);
        Err(Error::new(ErrorType::Custom(cause)))
    }

    /// Whether one more log line of a kind may be written about it. Only lines about strangers are
    /// limited.
    pub(crate) fn may_log(&self, kind: &'static str) -> bool {
        self.is_known || self.app.strangers.may_write(self.client, kind)
    }
}

/// 64 random bits in hexadecimal.
#[derive(Clone)]
pub(crate) struct RequestId([u8; 16]);

impl RequestId {
    fn random() -> Self {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let random: u64 = rand::random();
        let mut text = [b'0'; 16];
        for (at, digit) in text.iter_mut().enumerate() {
            let nibble = (random >> (at * 4)) & 0xf;
            *digit = DIGITS.get(usize::try_from(nibble).unwrap_or(0)).copied().unwrap_or(b'0');
        }
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) fn header_value(&self) -> HeaderValue {
        HeaderValue::from_bytes(&self.0).unwrap_or(HeaderValue::from_static(""))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
