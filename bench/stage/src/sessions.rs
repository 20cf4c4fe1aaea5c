//! Many sessions in an embedded store.

use std::collections::BTreeMap;
use std::io::{Error, Result};
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jsm_gate::auth::Tokens;
use jsm_gate::domain::{Clock, Email, Identity, Proof, ProviderId, PublicUrl, Told};
use jsm_gate::session::store::embedded;
use jsm_gate::session::{Login, ProviderData, SessionLimits, Sessions};
use secrecy::SecretString;

/// How many of them are in memory, as `limits.sessions` says: the first and a hundred thousand.
const IN_MEMORY: u64 = 120_000;

/// With these the database has filled its own memory, which does not grow with sessions.
const FIRST: usize = 20_000;

/// So many wait for the disk together.
const AT_ONCE: usize = 2000;

/// A usual size of an ID token with groups, signed with RS256, in bytes.
const ID_TOKEN: usize = 1200;

const HOUR: Duration = Duration::from_secs(60 * 60);

pub async fn fill(count: usize, folder: &Path) -> Result<()> {
    let (clock, secret) = (Clock::system(), SecretString::from("a secret of the bench".repeat(2)));
    let store = embedded::open(folder, IN_MEMORY, &[secret], &clock).map_err(Error::other)?;
    let url = PublicUrl::parse("https://help.example.com").map_err(Error::other)?;
    let limits = SessionLimits { idle: HOUR, absolute: 8 * HOUR, per_customer: 10 };
    let sessions = &Sessions::new(store.clone(), clock, &url, limits);
    let begin = |number| async move {
        sessions.begin(login(number)?).await.map(drop).map_err(Error::other)
    };
    let begin_all = |numbers: Range<usize>| {
        stream::iter(numbers).map(begin).buffer_unordered(AT_ONCE).try_collect::<()>()
    };
    begin_all(0..FIRST).await?;
    let (before, began) = (resident_kilobytes()?, Instant::now());
    begin_all(FIRST..FIRST + count).await?;
    let after = resident_kilobytes()?;
    store.close().await;
    println!("{before} {after} {}", began.elapsed().as_secs_f64());
    Ok(())
}

fn login(number: usize) -> Result<Login> {
    let identity = Identity {
        provider: ProviderId::parse("okta").map_err(Error::other)?,
        subject: format!("00u1example{number:09}").into(),
        email: Email::parse(&format!("customer.number{number}@example.com")).ok().into(),
        name: Some(format!("Customer Number {number}").into()),
        first_name: Some("Customer".into()),
        last_name: Some(format!("Number {number}").into()),
        groups: Told::Known(
            ["customers", "portal-users", "emea", "managers", "beta"].map(Into::into).into(),
        ),
        attributes: BTreeMap::default(),
        proof: Proof::default(),
    };
    let tokens = Tokens { id: SecretString::from("x".repeat(ID_TOKEN)), ..Tokens::default() };
    let sid = Some(format!("102example{number:09}").into());
    let provider_data = ProviderData { state: tokens.to_state(), ..ProviderData::default() };
    Ok(Login { identity, sid, provider_data })
}

fn resident_kilobytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| Error::other("no VmRSS in /proc/self/status"))
}
