//! One HTTP exchange with JSM: no redirects, a cap on time and size, and the waiting that JSM asks
//! for. It must not know which calls there are or who the service account is.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use reqwest::{RequestBuilder, Response};

use super::Error;
use super::answer::{Answer, is_web_page, wait_asked_for};
use super::call::Call;
use crate::config::JsmConfig;

/// The largest page of 50 request types seen is under 200 kB; ten times that is no answer to us.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// A caller may be a customer who waits, so no single wait is longer than a person's patience.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The first try and three more.
const TRIES: u32 = 4;
/// To establish TCP and TLS; a JSM that needs longer is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Never a browser's: JSM refuses writes from one as cross-site forgery, even with Basic
/// authentication (confluence.atlassian.com/jirakb 802591455).
const USER_AGENT: &str = concat!("jsm-gate/", env!("CARGO_PKG_VERSION"));

/// How to let time pass.
type Sleeper = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

/// The HTTP client with its manners.
pub(super) struct Transport {
    http: reqwest::Client,
    sleep: Sleeper,
}

impl Transport {
    pub(super) fn new(config: &JsmConfig) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(default_headers())
            .redirect(reqwest::redirect::Policy::none())
            .timeout(config.timeout)
            .connect_timeout(CONNECT_TIMEOUT)
            .tls_certs_merge(extra_authorities(config)?)
            .build()
            .map_err(Error::Setup)?;
        Ok(Self { http, sleep: Arc::new(|wait| Box::pin(tokio::time::sleep(wait))) })
    }

    pub(super) fn with_sleeper(self, sleep: Sleeper) -> Self {
        Self { sleep, ..self }
    }

    /// The request for a call, without authorization.
    pub(super) fn request(&self, base: &str, call: Call<'_>) -> RequestBuilder {
        let request = self.http.request(call.method(), format!("{base}{}", call.path()));
        match call {
            Call::Read { query, .. } => request.query(query),
            Call::Change { body, .. } => request.json(body),
        }
    }

    /// Sends a call. One that may be repeated is, when JSM asks to wait (429, 503); any other is
    /// sent once.
    pub(super) async fn send(
        &self,
        call: Call<'_>,
        request: RequestBuilder,
    ) -> Result<Answer, Error> {
        let mut tries = 1;
        loop {
            let again = request.try_clone();
            let answer = exchange(call, request_or(again, call)?).await?;
            let status = answer.status;
            if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                return answer.into_success(call);
            }
            let wait = wait_asked_for(&answer.headers).unwrap_or_else(|| default_wait(tries));
            if !call.is_repeatable() || tries == TRIES || wait > LONGEST_WAIT {
                return Err(gave_up(call, &answer, wait));
            }
            let wait_ms = wait.as_millis();
            tracing::debug!(%call, %status, wait_ms, "JSM asks to wait");
            (self.sleep)(wait).await;
            tries += 1;
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

fn default_headers() -> HeaderMap {
    HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/json")),
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

/// Only a streamed body cannot be sent twice, and no call to JSM has one.
fn request_or(request: Option<RequestBuilder>, call: Call<'_>) -> Result<RequestBuilder, Error> {
    request.ok_or_else(|| Error::NotUnderstood {
        call: call.to_string(),
        problem: "the request cannot be repeated".to_owned(),
    })
}

/// JSM's own limits answer in JSON; a page says that something stands in for JSM.
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

async fn exchange(call: Call<'_>, request: RequestBuilder) -> Result<Answer, Error> {
    let unreachable = |source: reqwest::Error| Error::Unreachable {
        call: call.to_string(),
        source: source.without_url(),
    };
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = read_capped(call, &mut response).await?.map_err(unreachable)?;
    Ok(Answer { status, headers, body })
}

/// Counts what arrives instead of believing `Content-Length` (docs/security.md D17: endless answers).
async fn read_capped(
    call: Call<'_>,
    response: &mut Response,
) -> Result<Result<Vec<u8>, reqwest::Error>, Error> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => {
                return Err(Error::TooLarge { call: call.to_string(), limit: BODY_LIMIT });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Ok(body)),
            Err(error) => return Ok(Err(error)),
        }
    }
}
