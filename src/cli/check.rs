//! `jsm-gate check`: one line a fact, and what to do about it.

use std::collections::HashMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use super::service_providers::{self, TellsVerified};
use super::{
    certificate, identity, jira_login, machine, modes, request_types, rights, run, service,
};
use crate::auth::Authenticator;
use crate::config::{Config, Deployment, Inspected, Loaded, StoreConfig};
use crate::domain::{
    Clock, Finding, Level, ProviderId, Visible, count, own_certificate_remedy, visible_json,
};
use crate::jsm::{self, Client};
use crate::session::store::redis;

/// What is to be checked.
pub(super) struct Asked<'a> {
    /// The configuration file.
    pub(super) file: &'a Path,
    /// The user this command became.
    pub(super) user: Option<String>,
    /// Whether nobody is to be asked.
    pub(super) offline: bool,
}

/// Checks and prints; fails when anything does.
pub(super) fn check(
    asked: &Asked<'_>,
    inspected: Inspected,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let mut findings = of_the_file(asked, &inspected);
    findings.extend(machine::check(inspected.config()));
    if asked.offline {
        let config = inspected.config();
        let product = config.jsm.deployment;
        findings.extend(product.into_iter().flat_map(|product| of_product(config, product)));
        findings.extend(service_providers::fit(config, &|_| None, product));
    } else {
        let progress = std::io::stderr().is_terminal() && !json;
        findings.extend(ask_everybody(asked, inspected, progress)?);
    }
    let mut text = Vec::new();
    if json {
        writeln!(text, "{}", visible_json(&serde_json::to_string_pretty(&findings)?))?;
    } else {
        print(&findings, std::io::stdout().is_terminal(), &mut text)?;
    }
    std::io::stdout().lock().write_all(&text)?;
    let failed = findings.iter().any(|finding| finding.level == Level::Failure);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What the file says, and the files that it names.
fn of_the_file(asked: &Asked<'_>, inspected: &Inspected) -> Vec<Finding> {
    let config = inspected.config();
    let mut findings = vec![Finding::ok("configuration", "the file has no mistakes")];
    findings.extend(asked.user.iter().map(|user| {
        Finding::ok("user", format!("this is what {user} may do, whom the gate runs as"))
    }));
    findings.extend(inspected.warnings().iter().cloned());
    let unread = inspected.unread().iter().filter(|_| asked.offline);
    findings.extend(unread.map(|unread| {
        Finding::ok(&unread.path, format!("{}; it was not looked at", unread.place))
    }));
    if let Some(files) = &config.gate.tls {
        let public_url = &config.gate.public_url;
        findings.extend(certificate::check(&files.certificate, public_url, &Clock::system()));
    }
    findings.extend(service_providers::check(config, &Clock::system()));
    findings
}

fn ask_everybody(
    asked: &Asked<'_>,
    inspected: Inspected,
    progress: bool,
) -> anyhow::Result<Vec<Finding>> {
    match inspected.complete() {
        Ok(loaded) => run::runtime()?.block_on(ask_with_secrets(&loaded, progress)),
        Err(inspected) => {
            let unread = inspected.unread();
            let (text, remedy) = (service::missing(unread), service::remedy(asked.file, unread));
            Ok(vec![Finding::failure("secrets", text, remedy)])
        }
    }
}

async fn ask_with_secrets(loaded: &Loaded, progress: bool) -> anyhow::Result<Vec<Finding>> {
    let config = &loaded.config;
    let mut findings = Vec::new();
    if let StoreConfig::Redis(redis) = &config.session.store {
        say(progress, &format!("asking {} …", redis.url));
        findings.push(match redis::ping(redis).await {
            Ok(()) => Finding::ok("session.store", format!("{} answers", redis.url)),
            Err(error) => {
                let remedy = own_certificate_remedy(&error.reason).unwrap_or(
                    "nobody can log in without it: look at the address, the network, user and password",
                );
                Finding::failure("session.store", format!("{}: {error}", redis.url), remedy)
            }
        });
    }
    let mut told = HashMap::new();
    for provider in &config.providers {
        say(progress, &format!("asking provider {} …", provider.id));
        let url = &config.gate.public_url;
        let checked = Authenticator::check(provider, url, &Clock::system()).await;
        findings.extend(checked.findings);
        told.insert(&provider.id, checked.tells_verified);
    }
    let tells_verified = |id: &ProviderId| told.get(id).copied().flatten();
    findings.extend(ask_jsm(config, &tells_verified, progress).await?);
    say(progress, "looking at the gate from outside …");
    findings.extend(service_providers::ask(config, &Clock::system()).await);
    say(progress, "");
    Ok(findings)
}

async fn ask_jsm(
    config: &Config,
    tells_verified: TellsVerified<'_>,
    progress: bool,
) -> anyhow::Result<Vec<Finding>> {
    say(progress, &format!("asking JSM at {} …", config.jsm.url));
    let client = Client::new(&config.jsm)?;
    let directory = run::directory(config)?;
    let mut findings = jsm::check(&client, &directory).await;
    let portals = directory.portals();
    findings.extend(rights::check(config, &client, portals.all()).await);
    let say = |text: &str| say(progress, text);
    findings.extend(request_types::check(config, &client, portals.all(), say).await);
    let product = client.deployment().await.ok().or(config.jsm.deployment);
    findings.extend(product.into_iter().flat_map(|product| of_product(config, product)));
    findings.extend(jira_login::check(config, &client, &Clock::system()).await);
    findings.extend(service_providers::fit(config, tells_verified, product));
    Ok(findings)
}

/// What the file means in front of this product.
fn of_product(config: &Config, product: Deployment) -> impl Iterator<Item = Finding> {
    modes::check(config, product).into_iter().chain([identity::check(config, product)])
}

/// One line that the next one overwrites.
fn say(progress: bool, text: &str) {
    if progress {
        eprint!("\r\x1b[K{text}");
    }
}

/// One line a finding, its remedy below it, and their number.
pub(super) fn print(
    findings: &[Finding],
    color: bool,
    out: &mut impl std::io::Write,
) -> std::io::Result<()> {
    for finding in findings {
        let (word, paint) = match finding.level {
            Level::Ok => ("ok     ", "\x1b[32m"),
            Level::Warning => ("warning", "\x1b[33m"),
            Level::Failure => ("FAILURE", "\x1b[31m"),
        };
        let word = if color { format!("{paint}{word}\x1b[0m") } else { word.to_owned() };
        writeln!(out, "{word}  {}: {}", Visible(&finding.subject), Visible(&finding.text))?;
        if let Some(remedy) = &finding.remedy {
            writeln!(out, "         → {}", Visible(remedy))?;
        }
    }
    let of = |level| findings.iter().filter(|finding| finding.level == level).count();
    let [checks, warnings, failures] = [
        count(findings.len(), "check"),
        count(of(Level::Warning), "warning"),
        count(of(Level::Failure), "failure"),
    ];
    writeln!(out, "{checks}, {warnings}, {failures}")
}
