//! A provider, an authenticator that knows it, and a person with a browser.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::HeaderMap;
use jsm_gate::auth::{
    self, Authenticator, LoginDone, LoginError, LoginRefused, LoginWish, ReturnTo, Settings, Tokens,
};
use jsm_gate::config::{ClientAuth, LimitsConfig, ProviderConfig, ResponseMode};
use jsm_gate::domain::{Clock, ProviderId, PublicUrl};
use jsm_gate::session::{Login, Sealer};
use sandbox::provider::{Fault, Provider, ProviderSettings};
use secrecy::SecretString;
use tokio::task::JoinHandle;

use crate::browser::{Browser, Page};

/// Where the gate would be; nothing listens there.
pub(crate) const GATE: &str = "http://localhost:9";
const HOST: &str = "localhost";

/// An authenticator with one or more providers, and a clock that can be moved on.
pub(crate) struct Gate {
    pub(crate) auth: Arc<Authenticator>,
    ahead: Arc<AtomicU64>,
    fresh: JoinHandle<()>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.fresh.abort();
    }
}

impl Gate {
    /// Starts one without waiting for its providers.
    pub(crate) fn start(providers: &[ProviderConfig]) -> Self {
        Self::start_at(GATE, providers)
    }

    pub(crate) fn start_at(public_url: &str, providers: &[ProviderConfig]) -> Self {
        let ahead = Arc::new(AtomicU64::new(0));
        let settings = Settings {
            providers,
            public_url: &PublicUrl::parse(public_url).unwrap(),
            limits: &limits(),
            sealer: Arc::new(Sealer::new(&[SecretString::from("s".repeat(32))])),
            clock: clock(&ahead),
        };
        let auth = Arc::new(Authenticator::new(settings).unwrap());
        let keeping = Arc::clone(&auth);
        let fresh = tokio::spawn(async move { keeping.keep_fresh().await });
        Self { auth, ahead, fresh }
    }

    /// Starts one and waits until logins can start.
    pub(crate) async fn ready(providers: &[ProviderConfig]) -> Self {
        let gate = Self::start(providers);
        gate.until_ready().await;
        gate
    }

    pub(crate) async fn until_ready(&self) {
        until(|| self.auth.providers().iter().all(auth::Provider::is_ready)).await;
    }

    /// Moves the gate's clock on.
    pub(crate) fn later(&self, seconds: u64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Sets it back.
    pub(crate) fn earlier(&self, seconds: u64) {
        self.ahead.fetch_sub(seconds, Ordering::SeqCst);
    }

    pub(crate) fn last_error(&self) -> String {
        self.auth.providers()[0].last_error().unwrap_or_default()
    }
}

/// A person who logs in.
pub(crate) struct Person<'a> {
    pub(crate) browser: Browser,
    gate: &'a Gate,
}

impl<'a> Person<'a> {
    pub(crate) fn at(gate: &'a Gate) -> Self {
        Self { browser: Browser::new(), gate }
    }

    /// What the browser sends to the gate.
    pub(crate) fn headers(&self) -> HeaderMap {
        self.browser.headers(HOST)
    }

    /// Opens a protected page: the address of the provider the gate sends the browser to.
    pub(crate) async fn begin(&mut self, return_to: &str) -> Result<String, LoginError> {
        let return_to = ReturnTo::parse(return_to).unwrap();
        self.begin_as(&LoginWish::to(&return_to)).await
    }

    /// The same, with everything that can be wished for.
    pub(crate) async fn begin_as(&mut self, wish: &LoginWish<'_>) -> Result<String, LoginError> {
        let started = self.gate.auth.begin(&id("sandbox"), wish, &self.headers()).await?;
        for cookie in &started.set_cookies {
            self.browser.keep(HOST, cookie);
        }
        Ok(started.location)
    }

    /// Logs in at the provider: the query it comes back to the gate with.
    pub(crate) async fn at_provider(&mut self, location: &str, username: &str) -> String {
        let page = self.browser.get(location).await;
        let asked = page.field("request").is_some();
        query(&if asked { self.browser.log_in(&page, username).await } else { page })
    }

    /// Comes back to the gate.
    pub(crate) async fn finish(&mut self, query: &str) -> Result<LoginDone, LoginRefused> {
        let headers = self.headers();
        let result = self.gate.auth.finish(&id("sandbox"), Some(query), &headers).await;
        let cookies = match &result {
            Ok(done) => &done.set_cookies,
            Err(refused) => &refused.set_cookies,
        };
        for cookie in cookies {
            self.browser.keep(HOST, cookie);
        }
        result
    }

    /// All of it, as one of the demo users.
    pub(crate) async fn log_in_as(&mut self, username: &str) -> Result<LoginDone, LoginRefused> {
        let location = self.begin("/p/it").await.unwrap();
        let query = self.at_provider(&location, username).await;
        self.finish(&query).await
    }
}

/// The provider's answer: the query of the callback that its page redirects to, or the form that the
/// page posts there.
pub(crate) fn query(page: &Page) -> String {
    let Some(location) = page.location() else { return posted(page) };
    assert!(location.as_str().starts_with(&format!("{GATE}/_gate/callback/")), "{location}");
    location.query().unwrap_or_default().to_owned()
}

fn posted(page: &Page) -> String {
    assert!(page.body.contains("/_gate/callback/"), "no answer: {page:?}");
    let names = ["state", "code", "iss", "error", "error_description"];
    let fields = names.into_iter().filter_map(|name| Some((name, page.field(name)?)));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A sandbox provider that misbehaves from the start.
pub(crate) async fn provider_with(faults: &[Fault]) -> Provider {
    let provider = provider().await;
    for fault in faults {
        provider.misbehave(fault.clone());
    }
    provider
}

pub(crate) async fn provider() -> Provider {
    Provider::start(settings()).await.unwrap()
}

pub(crate) fn settings() -> ProviderSettings {
    ProviderSettings {
        redirect_uris: vec![format!("{GATE}/_gate/callback/sandbox")],
        post_logout_redirect_uris: vec![format!("{GATE}/_gate/logged-out")],
        ..ProviderSettings::default()
    }
}

/// One login of `ann` at a provider that misbehaves once the gate is ready.
pub(crate) async fn login_with(faults: &[Fault]) -> Result<LoginDone, LoginRefused> {
    login_by(ResponseMode::Query, faults).await
}

/// The same, with the answer as a query or as a form.
pub(crate) async fn login_by(
    mode: ResponseMode,
    faults: &[Fault],
) -> Result<LoginDone, LoginRefused> {
    let provider = provider().await;
    let gate = Gate::ready(&[answering_by(mode, &provider)]).await;
    for fault in faults {
        provider.misbehave(fault.clone());
    }
    Person::at(&gate).log_in_as("ann").await
}

pub(crate) fn config(provider: &Provider) -> ProviderConfig {
    config_of("sandbox", provider.issuer())
}

/// As [`config`], with the answer as a query or as a form.
pub(crate) fn answering_by(mode: ResponseMode, provider: &Provider) -> ProviderConfig {
    let mut config = config(provider);
    config.request.response_mode = mode;
    config
}

pub(crate) fn config_of(name: &str, issuer: &str) -> ProviderConfig {
    let (issuer, client_id) = (issuer.to_owned(), "jsm-gate".to_owned());
    let mut config = ProviderConfig::new(id(name), issuer, client_id, secret("sandbox-secret"));
    config.request.scopes.push("groups".to_owned());
    config
}

/// A client secret, sent as the provider announces.
pub(crate) fn secret(secret: &str) -> ClientAuth {
    ClientAuth::Secret(SecretString::from(secret), None)
}

pub(crate) fn id(text: &str) -> ProviderId {
    ProviderId::parse(text).unwrap()
}

pub(crate) fn public_url() -> PublicUrl {
    PublicUrl::parse(GATE).unwrap()
}

/// The machine's clock, so many seconds ahead.
pub(crate) fn clock(ahead: &Arc<AtomicU64>) -> Clock {
    let (system, ahead) = (Clock::system(), Arc::clone(ahead));
    Clock::from_fn(move || system.now() + Duration::from_secs(ahead.load(Ordering::SeqCst)))
}

pub(crate) fn now() -> u64 {
    Clock::system().unix_seconds()
}

/// Waits for a condition; fails the test when it does not come.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    in_time(wait).await;
}

pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it never happened")
}

fn limits() -> LimitsConfig {
    LimitsConfig {
        logins_per_minute: 60,
        connections: 1000,
        connections_per_address: 1000,
        requests_per_customer: 1000,
        requests_per_address: 1000,
        websockets_per_customer: 1000,
        websockets: 1000,
        header_timeout: Duration::from_secs(10),
        header_bytes: 32 * 1024,
        headers: 100,
        body_bytes: 1024,
        data_call_bytes: 1024,
        identity_bytes: 6000,
        pending_logins: 5,
        pending_login_age: Duration::from_secs(600),
        keep_alive: Duration::from_secs(60),
        sessions: 100,
        drain: Duration::from_secs(1),
    }
}

/// The tokens that a login leaves.
pub(crate) fn tokens_of(login: &Login) -> Tokens {
    Tokens::from_state(&login.provider_data.state)
}
