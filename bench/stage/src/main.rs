//! What the bench needs of the gate's library. Prints one line and, as a provider, serves until its
//! input ends.
//!
//! ```text
//! stage provider SECRET     the sandbox's provider for a client with that secret; prints its issuer
//! stage sessions COUNT      memory of sessions; prints kilobytes before and after
//! ```

use std::collections::BTreeMap;
use std::io::{Error, Read as _, Result};
use std::sync::Arc;
use std::time::Duration;

use jsm_gate::domain::{Clock, Email, Identity, ProviderId, PublicUrl};
use jsm_gate::sandbox::provider::{Provider, ProviderSettings};
use jsm_gate::session::store::MemoryStore;
use jsm_gate::session::{Login, SessionLimits, Sessions, Tokens};
use secrecy::SecretString;

const EIGHT_HOURS: Duration = Duration::from_secs(8 * 60 * 60);

/// A usual size of an ID token with groups, signed with RS256, in bytes.
const ID_TOKEN: usize = 1200;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("provider"), Some(secret)) => provider(secret).await,
        (Some("sessions"), Some(count)) => sessions(count.parse().map_err(Error::other)?).await,
        _ => Err(Error::other("usage: stage provider SECRET | stage sessions COUNT")),
    }
}

async fn provider(secret: String) -> Result<()> {
    let settings = ProviderSettings { client_secret: Some(secret), ..ProviderSettings::default() };
    let provider = Provider::start(settings).await?;
    println!("{}", provider.issuer());
    let wait = || std::io::stdin().read_to_end(&mut Vec::new());
    tokio::task::spawn_blocking(wait).await??;
    Ok(())
}

async fn sessions(count: u64) -> Result<()> {
    let before = resident_kilobytes()?;
    let store = Arc::new(MemoryStore::new(count));
    let url = PublicUrl::parse("https://help.example.com").map_err(Error::other)?;
    let limits = SessionLimits { idle: EIGHT_HOURS, absolute: EIGHT_HOURS, per_customer: 1 };
    let sessions = Sessions::new(store, Clock::system(), &url, limits);
    for number in 0..count {
        sessions.begin(login(number)?).await.map_err(Error::other)?;
    }
    println!("{before} {}", resident_kilobytes()?);
    Ok(())
}

fn login(number: u64) -> Result<Login> {
    Ok(Login {
        identity: customer(number)?,
        id_token: SecretString::from("x".repeat(ID_TOKEN)),
        sid: Some(format!("5f0c9d1e-8a7b-6c54-9d1e-{number:012}")),
        tokens: Tokens::default(),
    })
}

fn customer(number: u64) -> Result<Identity> {
    Ok(Identity {
        provider: ProviderId::parse("okta").map_err(Error::other)?,
        subject: format!("00u1example{number:09}"),
        email: Email::parse(&format!("customer.number{number}@example.com")).ok(),
        name: Some(format!("Customer Number {number}")),
        first_name: Some("Customer".to_owned()),
        last_name: Some(format!("Number {number}")),
        groups: ["customers", "portal-users", "emea", "managers", "beta"].map(str::to_owned).into(),
        attributes: BTreeMap::default(),
    })
}

fn resident_kilobytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| Error::other("no VmRSS in /proc/self/status"))
}
