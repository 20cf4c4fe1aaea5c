//! `jsm-gate test-login`: one real login, and everything that came of it. Knows nothing of OpenID
//! Connect: the gate logs in.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use smol_str::SmolStr;

use super::control::Talk;
use super::{decisions, run, table};
use crate::config::{Config, Loaded, ProviderConfig};
use crate::domain::{Clock, Identity, Told, Visible};
use crate::pages::TestReport;
use crate::server;
use crate::server::control::{Answer, Request};

/// Has somebody log in, and shows what the provider said.
pub(super) fn test_login(loaded: Loaded, provider: &str) -> anyhow::Result<ExitCode> {
    let config = loaded.config;
    let ids: Vec<_> = config.providers.iter().map(|provider| provider.id.as_str()).collect();
    let Some(known) = config.providers.iter().find(|known| known.id.as_str() == provider) else {
        bail!("there is no provider {provider:?}; known are {}", ids.join(", "));
    };
    let report = match Talk::begin(&config.gate.state_dir)? {
        Some(talk) => ask(talk, provider)?,
        None => with_a_gate_of_its_own(config.clone(), provider)?,
    };
    let mut out = io::stdout().lock();
    print(&report, known, &config, &mut out)?;
    Ok(if report.error.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// No gate runs, so nobody would answer at the callback address: one serves until the test is over.
fn with_a_gate_of_its_own(config: Config, provider: &str) -> anyhow::Result<TestReport> {
    let state_dir = config.gate.state_dir.clone();
    let runtime = run::runtime()?;
    let _inside = runtime.enter();
    let running = server::start(config, Clock::system())?;
    eprintln!(
        "jsm-gate: no gate runs here, so this command serves as one until the test is over, at {}",
        running.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    );
    let talk = Talk::begin(&state_dir)?.context("the gate cannot be asked; see the log")?;
    let report = ask(talk, provider);
    runtime.block_on(running.stop());
    report
}

fn ask(mut talk: Talk, provider: &str) -> anyhow::Result<TestReport> {
    let Answer::Open(address) = talk.ask(&Request::TestLogin { provider: provider.to_owned() })?
    else {
        bail!("the gate answered something else than an address");
    };
    println!("Open this address in a private window and log in:\n\n  {address}\n");
    io::stdout().flush()?;
    match talk.hear()? {
        Answer::Tested(report) => Ok(*report),
        _ => bail!("the gate answered something else than a report"),
    }
}

fn print(
    report: &TestReport,
    provider: &ProviderConfig,
    config: &Config,
    out: &mut impl Write,
) -> io::Result<()> {
    if let Some((code, text)) = &report.error {
        writeln!(out, "The login failed: {} ({code})\n", Visible(text))?;
    }
    let header = ["CLAIM", "VALUE", "FROM"].map(str::to_owned);
    let claims = report
        .received
        .each()
        .map(|(source, name, value)| [name.to_owned(), value.to_string(), source.to_owned()]);
    let claims: Vec<_> = std::iter::once(header).chain(claims).collect();
    if claims.len() > 1 {
        table::print(&claims, out)?;
    } else {
        writeln!(out, "The login did not get as far as a claim.")?;
    }
    let Some(identity) = &report.identity else { return Ok(()) };
    writeln!(out)?;
    table::print(&attributes(report, identity, provider), out)?;
    writeln!(out)?;
    decisions::print(&report.verdicts, &config.gate.public_url, out)
}

/// What the provider did not tell, or not in a way that can be read. It counts as no value in `allow`
/// and closes what `deny` asks for.
const NOT_KNOWN: &str = "NOT KNOWN";

/// Each attribute, its value or that it is missing, and where it comes from.
fn attributes(
    report: &TestReport,
    identity: &Identity,
    provider: &ProviderConfig,
) -> Vec<[String; 3]> {
    let map = &provider.attributes;
    let list = |told: &Told<Vec<SmolStr>>| match told.values() {
        _ if told.is_unknown() => Some(NOT_KNOWN.to_owned()),
        [] => None,
        values => Some(values.join(", ")),
    };
    let text = |text: &Option<SmolStr>| text.as_ref().map(ToString::to_string);
    let email = match &identity.email {
        Told::Unknown => Some(NOT_KNOWN.to_owned()),
        email => email.known().map(ToString::to_string),
    };
    let every = [
        ("subject", &map.subject, Some(identity.subject.to_string())),
        ("email", &map.email, email),
        ("name", &map.name, text(&identity.name)),
        ("first_name", &map.first_name, text(&identity.first_name)),
        ("last_name", &map.last_name, text(&identity.last_name)),
        ("groups", &map.groups, list(&identity.groups)),
    ];
    let extra = map.extra.iter().map(|(name, claim)| {
        let values = identity.attributes.get(name);
        (name.as_str(), claim, values.and_then(list))
    });
    let header = ["ATTRIBUTE", "VALUE", "CLAIM"].map(str::to_owned);
    let rows = every.into_iter().chain(extra).map(|(name, claim, value)| {
        let from = match report.received.source_of(claim) {
            Some(source) => format!("{claim} ({source})"),
            None => format!("{claim}, which the provider does not send: is a scope missing?"),
        };
        let value = value.unwrap_or_else(|| "MISSING".to_owned());
        [name.to_owned(), value, from]
    });
    std::iter::once(header).chain(rows).collect()
}
