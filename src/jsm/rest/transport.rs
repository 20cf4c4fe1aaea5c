//! One HTTP exchange with JSM: no redirects, limits of time and size, and the waiting that JSM asks
//! for. It must not know which calls there are or who the service account is.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use reqwest::{RequestBuilder, Response};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Error;
use super::answer::{Answer, is_web_page, wait_asked_for};
use super::call::Call;
use super::limits::Limits;
use super::shares::{Part, Shares};
use super::turns::Turns;
use crate::config::JsmConfig;

/// A page of 50 comments of the greatest length that Jira takes (32 kB), as text and rendered, is half of
/// it; more is no answer to us.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// The first try and three more.
const TRIES: u32 = 4;
/// To establish TCP and TLS; a JSM that needs longer is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Never a browser's: JSM refuses writes from one as cross-site forgery, even with Basic
/// authentication (confluence.atlassian.com/jirakb 802591455).
const USER_AGENT: &str = concat!("jsm-gate/", env!("CARGO_PKG_VERSION"));

/// How to wait.
type Sleeper = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

/// The HTTP client.
pub(super) struct Transport {
    http: reqwest::Client,
    /// For files, which may take as long as they are large.
    files: reqwest::Client,
    /// For files of customers, which take as long as customers take to send them.
    uploads: reqwest::Client,
    /// Calls that may be under way at once.
    places: Semaphore,
    shares: Shares,
    concurrency: usize,
    limits: Limits,
    timeout: Duration,
    sleep: Sleeper,
}

/// A place among the calls that are under way, until it is dropped.
pub(super) struct Place<'a> {
    _part: Option<Part>,
    _place: SemaphorePermit<'a>,
}

impl Transport {
    pub(super) fn new(config: &JsmConfig) -> Result<Self, Error> {
        let authorities = extra_authorities(config)?;
        let builder = || {
            reqwest::Client::builder()
                .user_agent(USER_AGENT)
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT_TIMEOUT)
                .tls_certs_merge(authorities.clone())
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| Error::Setup(Arc::new(error)))
        };
        Ok(Self {
            http: build(builder().default_headers(default_headers()).timeout(config.timeout))?,
            files: build(builder().read_timeout(config.timeout))?,
            uploads: build(builder().default_headers(default_headers()))?,
            places: Semaphore::new(config.concurrency),
            shares: Shares::of(config.concurrency),
            concurrency: config.concurrency,
            limits: Limits::default(),
            timeout: config.timeout,
            sleep: Arc::new(|wait| Box::pin(tokio::time::sleep(wait))),
        })
    }

    pub(super) fn with_sleeper(self, sleep: Sleeper) -> Self {
        Self { sleep, ..self }
    }

    pub(super) fn concurrency(&self) -> usize {
        self.concurrency
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The request for a call, without authorization.
    pub(super) fn request(&self, base: &str, call: Call<'_>) -> RequestBuilder {
        let request = self.http.request(call.method(), format!("{base}{}", call.path()));
        match call {
            Call::Read { query, .. } => request.query(query),
            Call::Upload { .. } => request,
            Call::Query { body, .. } | Call::Change { body, .. } => request.json(body),
        }
    }

    /// The request for a file, without authorization. It has no end as long as something arrives.
    pub(super) fn request_file(&self, address: &str) -> RequestBuilder {
        self.files.get(address)
    }

    /// Sends a call. One that may be repeated is, when JSM asks to wait (429, 503); any other is
    /// sent once. No single wait is longer than `patience`.
    pub(super) async fn send(
        &self,
        call: Call<'_>,
        request: RequestBuilder,
        patience: Duration,
    ) -> Result<Answer, Error> {
        self.wait_with_others(call, patience).await?;
        let mut tries = 1;
        loop {
            let again = request.try_clone();
            let answer = self.exchange(call, request_or(again, call)?).await?;
            let status = answer.status;
            if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                self.limits.over(call);
                return answer.into_success(call);
            }
            let wait = wait_asked_for(&answer.headers).unwrap_or_else(|| default_wait(tries));
            if status == StatusCode::TOO_MANY_REQUESTS {
                self.limits.met(call, &answer.headers, wait);
            }
            if !call.is_repeatable() || tries == TRIES || wait > patience {
                return Err(gave_up(call, &answer, wait));
            }
            let wait_ms = wait.as_millis();
            tracing::debug!(%call, %status, wait_ms, "JSM asks to wait");
            (self.sleep)(wait).await;
            tries += 1;
        }
    }

    /// Sends a call that only reads, once, and takes whatever comes for an answer.
    pub(super) async fn look(
        &self,
        call: Call<'_>,
        request: RequestBuilder,
    ) -> Result<Answer, Error> {
        self.exchange(call, request).await
    }

    /// Waits where JSM has just asked others to wait: a call made all the same would be refused.
    async fn wait_with_others(&self, call: Call<'_>, patience: Duration) -> Result<(), Error> {
        let Some(wait) = self.limits.wait_for(call) else { return Ok(()) };
        if wait > patience {
            let (call, status) = (call.to_string(), StatusCode::TOO_MANY_REQUESTS);
            return Err(Error::Busy { call, status, wait });
        }
        (self.sleep)(wait).await;
        Ok(())
    }

    /// A place among the calls that may be under way at once.
    pub(super) async fn place(&self, call: Call<'_>) -> Result<Place<'_>, Error> {
        let place = async {
            // Whoever waits for their own calls keeps nobody else from a place.
            let part = self.shares.take(1).await;
            let place = self.places.acquire().await.ok()?;
            Some(Place { _part: part, _place: place })
        };
        let place = tokio::time::timeout(self.timeout, place).await.ok().flatten();
        place.ok_or_else(|| self.too_many(call))
    }

    /// A customer's part of their share, for so many calls that are made for everybody.
    pub(super) async fn part(&self, call: Call<'_>, calls: u32) -> Result<Option<Part>, Error> {
        let part = tokio::time::timeout(self.timeout, self.shares.take(calls)).await;
        part.map_err(|_| self.too_many(call))
    }

    fn too_many(&self, call: Call<'_>) -> Error {
        Error::TooManyCalls { call: call.to_string(), limit: self.concurrency }
    }

    /// The request that sends a file, without authorization and without the file.
    pub(super) fn request_upload(&self, base: &str, path: &str) -> RequestBuilder {
        self.uploads.post(format!("{base}{path}"))
    }

    /// Sends a file. How slowly it may come is the business of whoever receives it; JSM has its time for each
    /// part that is there, and for its answer. It takes no place of other calls, which do not wait for a
    /// customer.
    pub(super) async fn upload(
        &self,
        call: Call<'_>,
        request: RequestBuilder,
        turns: Turns,
    ) -> Result<Answer, Error> {
        tokio::select! {
            answer = answered(call, request) => answer,
            () = turns.silence(self.timeout) => Err(Error::Silent { call: call.to_string() }),
        }
    }

    async fn exchange(&self, call: Call<'_>, request: RequestBuilder) -> Result<Answer, Error> {
        let _place = self.place(call).await?;
        answered(call, request).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

fn default_headers() -> HeaderMap {
    HeaderMap::from_iter([
        // Articles of the knowledge base are pages.
        (header::ACCEPT, HeaderValue::from_static("application/json, text/html;q=0.1")),
        // Needed for experimental calls, harmless for the others (JSM Cloud REST, "Experimental").
        (HeaderName::from_static("x-experimentalapi"), HeaderValue::from_static("opt-in")),
    ])
}

fn extra_authorities(config: &JsmConfig) -> Result<Vec<reqwest::Certificate>, Error> {
    let Some(path) = &config.ca_file else { return Ok(Vec::new()) };
    let error = |problem: String| Error::CaFile { path: path.display().to_string(), problem };
    let pem = std::fs::read(path).map_err(|cause| error(cause.to_string()))?;
    let found = reqwest::Certificate::from_pem_bundle(&pem)
        .map_err(|_| error("not a file of PEM certificates".to_owned()))?;
    if found.is_empty() {
        return Err(error("holds no PEM certificate".to_owned()));
    }
    Ok(found)
}

/// Only a streamed body cannot be sent twice, and no call that is sent here has one.
fn request_or(request: Option<RequestBuilder>, call: Call<'_>) -> Result<RequestBuilder, Error> {
    request.ok_or_else(|| Error::NotUnderstood {
        call: call.to_string(),
        problem: "the request cannot be repeated".to_owned(),
    })
}

/// JSM's own limits answer in JSON. A page means that something else answers in its place.
fn gave_up(call: Call<'_>, answer: &Answer, wait: Duration) -> Error {
    let (call, status) = (call.to_string(), answer.status);
    if status == StatusCode::SERVICE_UNAVAILABLE && is_web_page(answer) {
        return Error::Maintenance { call, wait };
    }
    Error::Busy { call, status, wait }
}

fn default_wait(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.min(4))
}

async fn answered(call: Call<'_>, request: RequestBuilder) -> Result<Answer, Error> {
    let mut response = request.send().await.map_err(|error| unreachable(call, error))?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = read_capped(call, &mut response).await?;
    Ok(Answer { status, headers, body })
}

/// No answer, without the address: its query may have been written by a customer.
pub(super) fn unreachable(call: Call<'_>, error: reqwest::Error) -> Error {
    Error::Unreachable { call: call.to_string(), source: Arc::new(error.without_url()) }
}

/// Counts what arrives instead of believing `Content-Length` (docs/security.md D17: endless answers).
async fn read_capped(call: Call<'_>, response: &mut Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(call, error))? {
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(Error::TooLarge { call: call.to_string(), limit: BODY_LIMIT });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
