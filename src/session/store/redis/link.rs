//! One connection to Redis that all requests share, made again when it breaks. Waits for nothing
//! longer than a customer would.

use std::fs;
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, IntoConnectionInfo as _, RedisResult, TlsCertificates};
use secrecy::ExposeSecret as _;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::config::RedisConfig;
use crate::session::StoreError;

/// For everything together, with connecting: then a page says that logins cannot be checked.
const PATIENCE: Duration = Duration::from_secs(2);

const CONNECT: Duration = Duration::from_secs(1);
const ANSWER: Duration = Duration::from_millis(1500);

/// After a connection failed nobody tries again for so long: a storm of them helps nobody.
const PAUSE: Duration = Duration::from_millis(200);

/// redis' own `ConnectionManager` is not used: it never tries again after Redis refused a connection
/// in words, as it does with too many clients.
pub(super) struct Link {
    client: Client,
    state: Mutex<State>,
}

enum State {
    Apart,
    Connected(u64, MultiplexedConnection),
    Failed(Instant, String),
}

/// How to reach it. Nothing is sent yet.
pub(super) fn client(config: &RedisConfig) -> Result<Client, StoreError> {
    let info = config.url.as_str().into_connection_info().map_err(StoreError::new)?;
    let mut settings = info.redis_settings().clone();
    if let Some(password) = &config.password {
        settings = settings.set_password(password.expose_secret());
    }
    let info = info.set_redis_settings(settings);
    let client = match &config.ca_file {
        Some(path) => {
            let pem = fs::read(path)
                .map_err(|error| StoreError::new(format!("{}: {error}", path.display())))?;
            let certificates = TlsCertificates { client_tls: None, root_cert: Some(pem) };
            Client::build_with_tls(info, certificates)
        }
        None => Client::open(info),
    };
    client.map_err(StoreError::new)
}

impl Link {
    pub(super) fn new(client: Client) -> Self {
        Self { client, state: Mutex::new(State::Apart) }
    }

    /// Asks, and waits for the answer.
    pub(super) async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&mut MultiplexedConnection) -> RedisResult<T>,
    ) -> Result<T, StoreError> {
        let asked = timeout(PATIENCE, async {
            let (number, mut connection) = self.connection().await?;
            let answer = question(&mut connection).await;
            if answer.as_ref().is_err_and(|error| error.code().is_none()) {
                // Nothing that Redis said.
                self.forget(number).await;
            }
            answer.map_err(StoreError::new)
        });
        asked.await.unwrap_or_else(|_| Err(StoreError::new("Redis takes too long")))
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), StoreError> {
        let mut state = self.state.lock().await;
        let number = match &*state {
            State::Connected(number, connection) => return Ok((*number, connection.clone())),
            State::Failed(since, reason) if since.elapsed() < PAUSE => {
                return Err(StoreError::new(reason));
            }
            State::Failed(..) | State::Apart => rand::random(),
        };
        let connected = connect(&self.client, ANSWER).await;
        match connected {
            Ok(connection) => {
                *state = State::Connected(number, connection.clone());
                Ok((number, connection))
            }
            Err(error) => {
                *state = State::Failed(Instant::now(), error.to_string());
                Err(StoreError::new(error))
            }
        }
    }

    /// Unless it was made again already.
    async fn forget(&self, number: u64) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Connected(present, _) if *present == number) {
            *state = State::Apart;
        }
    }
}

/// A new connection, on which an answer takes no longer than `answer`.
pub(super) async fn connect(
    client: &Client,
    answer: Duration,
) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(answer));
    client.get_multiplexed_async_connection_with_config(&config).await
}
