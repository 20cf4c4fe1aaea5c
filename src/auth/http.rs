//! This room's only way to the network: no redirects, short timeouts, small bodies. Must not know
//! what the answers mean.

use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use http::{Method, Request, header};
use openidconnect::{HttpRequest, HttpResponse};
use reqwest::{Certificate, Client, redirect};
use url::Url;

use super::fault::Fault;
use super::setup_error::SetupError;
use crate::config::ProviderConfig;
use crate::domain::tls_error_in_words;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest answer. Discovery documents, key sets and tokens are some kilobytes.
const LARGEST_BODY: usize = 1024 * 1024;

/// Sends requests to one provider.
#[derive(Clone, Debug)]
pub(super) struct HttpClient(Client);

/// Why a request brought no answer. It holds no body, and no address with a query.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("{0}")]
    Failed(String),
    #[error("the answer is larger than 1 MB")]
    TooLarge,
    #[error("no answer within {} seconds", TOTAL_TIMEOUT.as_secs())]
    TimedOut,
}

impl HttpClient {
    /// A client that also trusts the provider's `ca_file`.
    pub(super) fn new(config: &ProviderConfig) -> Result<Self, SetupError> {
        // reqwest has no crypto provider of its own; the first one that is installed stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed = |error: reqwest::Error| SetupError::HttpClient {
            provider: config.id.clone(),
            reason: with_causes(&error),
        };
        Client::builder()
            .user_agent(concat!("jsm-gate/", env!("CARGO_PKG_VERSION")))
            // A redirect could send credentials anywhere (docs/security.md D17).
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            // Logins are rare. A kept connection that the other side has just closed would cost
            // one, and it belongs to the runtime that opened it.
            .pool_max_idle_per_host(0)
            .tls_certs_merge(certificates(config)?)
            .build()
            .map(Self)
            .map_err(failed)
    }

    /// Asks for a JSON document.
    pub(super) async fn get(&self, url: &Url) -> Result<HttpResponse, Fault> {
        let unreachable = |reason: String| Fault::Unreachable { url: url.to_string(), reason };
        let request = Request::builder()
            .method(Method::GET)
            .uri(url.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|error| unreachable(error.to_string()))?;
        self.send(request).await.map_err(|error| unreachable(error.to_string()))
    }

    /// Sends one request and reads the whole answer.
    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(failure)?;
        let mut response = self.0.execute(request).await.map_err(failure)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

fn certificates(config: &ProviderConfig) -> Result<Vec<Certificate>, SetupError> {
    let Some(path) = &config.ca_file else { return Ok(Vec::new()) };
    let provider = config.id.clone();
    let pem = std::fs::read(path).map_err(|source| SetupError::CertificateAuthority {
        provider: provider.clone(),
        path: path.display().to_string(),
        source,
    })?;
    Certificate::from_pem_bundle(&pem)
        .map_err(|error| SetupError::HttpClient { provider, reason: with_causes(&error) })
}

fn failure(error: reqwest::Error) -> HttpError {
    if error.is_timeout() {
        return HttpError::TimedOut;
    }
    HttpError::Failed(with_causes(&error.without_url()))
}

/// Operators need the last cause, such as "connection refused", and not "error sending request".
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    tls_error_in_words(text)
}
