//! `[session]` as the rest of the gate sees it.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// `[session]`
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// Ends after this long without a request.
    pub idle: Duration,
    /// Ends this long after login, used or not.
    pub absolute: Duration,
    /// How many sessions a customer may have; the oldest ends for the newest.
    pub per_customer: usize,
    /// Where sessions are kept.
    pub store: StoreConfig,
    /// Seals cookies and sessions with the first; opens with any (rotation). Each at least 32 bytes.
    pub secrets: Vec<SecretString>,
}

/// `[session] store`
#[derive(Clone, Debug)]
pub enum StoreConfig {
    /// One file in `state_dir`.
    Embedded,
    /// In this process alone.
    Memory,
    /// Redis or Valkey, shared by several gates.
    Redis(RedisConfig),
}

/// How to reach a Redis or Valkey.
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// Host, port, number of the database and name of the user; no password.
    pub url: Url,
    /// The password.
    pub password: Option<SecretString>,
    /// The certificate authority to trust instead of the system's (PEM).
    pub ca_file: Option<PathBuf>,
}
