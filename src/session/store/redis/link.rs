//! One connection to Redis that all requests share. It is made again when it breaks or leads to the
//! wrong server. Must not know what is asked.

use std::fs;
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::io::tcp::socket2::TcpKeepalive;
use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, IntoConnectionInfo as _, Pipeline,
    RedisError, RedisResult, ScriptInvocation, TlsCertificates,
};
use secrecy::ExposeSecret as _;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::fault::wants_another_connection;
use crate::config::RedisConfig;
use crate::session::StoreError;

/// The time for one question, connecting included. Then a page says that logins cannot be checked.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(2);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Half of that time, so that there is time to ask once more over a new connection.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// How long nobody connects again after a failure.
const PAUSE: Duration = Duration::from_millis(200);

/// The interval of keepalive probes on an idle connection. Firewalls forget silent connections, and
/// a server that vanished should be noticed before the next customer needs it.
const ALIVE_EVERY: Duration = Duration::from_secs(10);
/// How long the answer to a probe may take, and how many probes are sent.
const ALIVE_ANSWER: Duration = Duration::from_secs(2);
const ALIVE_TRIES: u32 = 3;

/// redis' own `ConnectionManager` is not used: it never connects again after Redis refused a
/// connection with an error, as it does with too many clients.
pub(super) struct Link {
    client: Client,
    state: Mutex<State>,
}

enum State {
    Apart,
    Connected(Open),
    Failed(Instant, String),
}

#[derive(Clone)]
struct Open {
    /// Distinguishes this connection from earlier and later ones.
    number: u64,
    since: Instant,
    connection: MultiplexedConnection,
}

/// A question that may be asked twice.
pub(super) trait Question: Sync {
    fn put<T: FromRedisValue + Send>(
        &self,
        to: &mut MultiplexedConnection,
    ) -> impl Future<Output = RedisResult<T>> + Send;
}

impl Question for Cmd {
    async fn put<T: FromRedisValue + Send>(
        &self,
        to: &mut MultiplexedConnection,
    ) -> RedisResult<T> {
        self.query_async(to).await
    }
}

impl Question for Pipeline {
    async fn put<T: FromRedisValue + Send>(
        &self,
        to: &mut MultiplexedConnection,
    ) -> RedisResult<T> {
        self.query_async(to).await
    }
}

impl Question for ScriptInvocation<'_> {
    async fn put<T: FromRedisValue + Send>(
        &self,
        to: &mut MultiplexedConnection,
    ) -> RedisResult<T> {
        self.invoke_async(to).await
    }
}

/// How to reach Redis. Nothing is sent yet.
pub(super) fn client(config: &RedisConfig) -> Result<Client, StoreError> {
    let info = config.url.as_str().into_connection_info().map_err(StoreError::new)?;
    let mut settings = info.redis_settings().clone();
    if let Some(password) = &config.password {
        settings = settings.set_password(password.expose_secret());
    }
    let keepalive = TcpKeepalive::new().with_time(ALIVE_EVERY);
    let keepalive = keepalive.with_interval(ALIVE_ANSWER).with_retries(ALIVE_TRIES);
    let tcp = TcpSettings::default().set_nodelay(true).set_keepalive(keepalive);
    let info = info.set_redis_settings(settings).set_tcp_settings(tcp);
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

    /// Asks, and waits for the answer. When the existing connection had broken or led to the wrong
    /// server, the question is asked once more over a new one. Redis may then carry it out twice,
    /// which must do no harm.
    pub(super) async fn ask<T: FromRedisValue + Send>(
        &self,
        question: &impl Question,
    ) -> Result<T, StoreError> {
        let asked = timeout(QUESTION_TIMEOUT, async {
            let (kept, is_new) = self.connection().await?;
            match self.ask_over(kept, question).await {
                Err(error) if !is_new && wants_another_connection(&error) => {
                    let (kept, _) = self.connection().await?;
                    self.ask_over(kept, question).await.map_err(StoreError::new)
                }
                answer => answer.map_err(StoreError::new),
            }
        });
        asked.await.unwrap_or_else(|_| Err(StoreError::new("Redis takes too long")))
    }

    /// Makes the next question use a new connection.
    pub(super) async fn renew(&self) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Connected(_)) {
            *state = State::Apart;
        }
    }

    async fn ask_over<T: FromRedisValue + Send>(
        &self,
        mut kept: Open,
        question: &impl Question,
    ) -> RedisResult<T> {
        let answer = question.put(&mut kept.connection).await;
        if let Err(error) = &answer
            && wants_another_connection(error)
        {
            self.forget(&kept, error).await;
        }
        answer
    }

    /// The connection, and whether it is new.
    async fn connection(&self) -> Result<(Open, bool), StoreError> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Connected(kept) => return Ok((kept.clone(), false)),
            State::Failed(since, reason) if since.elapsed() < PAUSE => {
                return Err(StoreError::new(reason));
            }
            State::Failed(..) | State::Apart => {}
        }
        match connect(&self.client, ANSWER_TIMEOUT).await {
            Ok(connection) => {
                let kept = Open { number: rand::random(), since: Instant::now(), connection };
                *state = State::Connected(kept.clone());
                Ok((kept, true))
            }
            Err(error) => {
                *state = State::Failed(Instant::now(), error.to_string());
                Err(StoreError::new(error))
            }
        }
    }

    /// Drops a connection, unless it was replaced already. When a new one leads to the wrong
    /// server, too, nobody connects again at once.
    async fn forget(&self, useless: &Open, error: &RedisError) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Connected(present) if present.number == useless.number) {
            let leads_there_still = useless.since.elapsed() < PAUSE && error.code().is_some();
            let failed = || State::Failed(Instant::now(), error.to_string());
            *state = if leads_there_still { failed() } else { State::Apart };
        }
    }
}

/// A new connection, on which an answer takes no longer than `answer`.
pub(super) async fn connect(
    client: &Client,
    answer: Duration,
) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(answer));
    client.get_multiplexed_async_connection_with_config(&config).await
}
