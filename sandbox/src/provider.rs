//! A stand-in OpenID Connect provider on loopback: discovery, keys, a login form with demo users,
//! tokens, UserInfo and logout. It checks its client as a real one does, and misbehaves on request.

mod authorize;
mod claims;
mod client;
mod faults;
mod keys;
mod logout;
mod metadata;
mod page;
mod pushed;
mod state;
mod token;
mod users;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use faults::Fault;
pub use keys::SigningAlgorithm;
pub use state::Seen;
pub use users::{User, demo_users};

use self::keys::SigningKey;
use self::state::{Shared, ToldOfLogouts};

/// What a [`Provider`] is made of.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The one client it knows.
    pub client_id: String,
    /// That client's secret; none for a public client.
    pub client_secret: Option<String>,
    /// That client's public key (PEM), which it then has to sign assertions with.
    pub client_key: Option<String>,
    /// Whether it takes pushed requests, and announces so.
    pub pushed_requests: bool,
    /// Speaks OAuth 2.0 only, as GitHub does: no ID tokens, and addresses in a list of their own.
    pub plain_oauth2: bool,
    /// Where it may send browsers after login; any address while the list is empty.
    pub redirect_uris: Vec<String>,
    /// Where it may send browsers after logout; any address while the list is empty.
    pub post_logout_redirect_uris: Vec<String>,
    /// Who can log in.
    pub users: Vec<User>,
    /// How ID tokens are signed.
    pub algorithm: SigningAlgorithm,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            client_id: "jsm-gate".to_owned(),
            client_secret: Some("sandbox-secret".to_owned()),
            client_key: None,
            pushed_requests: false,
            plain_oauth2: false,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            users: demo_users(),
            algorithm: SigningAlgorithm::Es256,
        }
    }
}

/// A running stand-in. Stops when dropped.
#[derive(Debug)]
pub struct Provider {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: Option<JoinHandle<()>>,
}

impl Provider {
    /// Starts one.
    ///
    /// # Errors
    /// When the address is taken or no key can be made.
    pub async fn start(settings: ProviderSettings) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let key = SigningKey::generate(settings.algorithm)?;
        let shared = Arc::new(Shared::new(settings, format!("http://{address}"), key));
        let mut provider = Self { address, shared, serving: None };
        provider.serve(listener);
        Ok(provider)
    }

    /// Its issuer, for the gate's configuration.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.shared.issuer
    }

    /// Misbehaves from now on, in addition to what it was told before.
    pub fn misbehave(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Behaves again.
    pub fn behave(&self) {
        self.shared.state().faults.clear();
    }

    /// Signs with a new key from now on and publishes only that one.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn rotate_keys(&self) -> io::Result<()> {
        let key = SigningKey::generate(self.shared.settings.algorithm)?;
        self.shared.state().keys = vec![key];
        Ok(())
    }

    /// Signs with a new key from now on, under the name of the old one.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn replace_key(&self) -> io::Result<()> {
        let mut state = self.shared.state();
        if let Some(key) = state.keys.first_mut() {
            *key = SigningKey::generate(self.shared.settings.algorithm)?.named_as(key);
        }
        Ok(())
    }

    /// Publishes these beside its own keys.
    pub fn publish_beside(&self, keys: Vec<serde_json::Value>) {
        self.shared.state().beside = keys;
    }

    /// Goes on publishing the keys of now, whatever it signs with, until [`Self::publish_keys`].
    pub fn hold_keys_back(&self) {
        let mut state = self.shared.state();
        state.published = Some(state.keys.clone());
    }

    /// Publishes the keys it has.
    pub fn publish_keys(&self) {
        self.shared.state().published = None;
    }

    /// Publishes one more key beside the one it signs with.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn publish_another_key(&self) -> io::Result<()> {
        let key = SigningKey::generate(self.shared.settings.algorithm)?;
        self.shared.state().keys.push(key);
        Ok(())
    }

    /// Tells the gate of logouts from now on, at these addresses.
    pub fn tell_of_logouts(&self, back_channel: Option<String>, front_channel: Option<String>) {
        self.shared.state().told_of_logouts = ToldOfLogouts { back_channel, front_channel };
    }

    /// A logout token for the latest login of somebody, or what the faults make of one; none for
    /// whoever never logged in.
    #[must_use]
    pub fn logout_token(&self, username: &str, faults: &[Fault]) -> Option<String> {
        let login = self.shared.state().latest_login(username)?;
        logout::token(&self.shared, &login, faults)
    }

    /// The name of the session that somebody's latest login began.
    #[must_use]
    pub fn latest_sid(&self, username: &str) -> Option<String> {
        Some(self.shared.state().latest_login(username)?.sid)
    }

    /// Every request since the start, oldest first.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.state().seen.clone()
    }

    /// How many requests of [`Self::seen`] were for a path.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        self.shared.state().seen.iter().filter(|seen| seen.path == path).count()
    }

    /// Refuses connections until [`Self::resume`].
    pub async fn stop(&mut self) {
        self.shared.state().stopped = true;
        if let Some(serving) = self.serving.take() {
            serving.abort();
            let _ = serving.await;
        }
    }

    /// Listens again at the same address.
    ///
    /// # Errors
    /// When the address was taken meanwhile.
    pub async fn resume(&mut self) -> io::Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        self.shared.state().stopped = false;
        self.serve(listener);
        Ok(())
    }

    fn serve(&mut self, listener: TcpListener) {
        let router = router(Arc::clone(&self.shared));
        self.serving = Some(tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        }));
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::discovery))
        .route("/jwks", get(metadata::jwks))
        .route("/authorize", get(authorize::show))
        .route("/login", post(authorize::log_in))
        .route("/token", post(token::token))
        .route("/par", post(pushed::push))
        .route("/emails", get(token::emails))
        .route("/userinfo", get(token::user_info).post(token::user_info))
        .route("/end-session", get(logout::end_session))
        .route("/revoke", post(logout::revoke))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), keep_order))
        .with_state(shared)
}

/// A connection kept from before a stop gets no service either; nothing is ever cached.
async fn keep_order(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if shared.state().stopped {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::CONNECTION, "close")]).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}
