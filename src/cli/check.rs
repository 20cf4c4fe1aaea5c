//! `jsm-gate check`: one line a fact, and what to do about it.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::{certificate, run};
use crate::auth::Authenticator;
use crate::config::{Config, Loaded};
use crate::domain::{Clock, Finding, Level, Visible, visible_json};
use crate::jsm::{self, Client};

/// Checks and prints; fails when anything does.
pub(super) fn check(loaded: &Loaded, offline: bool, json: bool) -> anyhow::Result<ExitCode> {
    let mut findings = vec![Finding::ok("configuration", "the file has no mistakes")];
    findings.extend(loaded.warnings.iter().cloned());
    if let Some(files) = &loaded.config.gate.tls {
        let public_url = &loaded.config.gate.public_url;
        findings.push(certificate::check(&files.certificate, public_url, &Clock::system()));
    }
    if !offline {
        let progress = std::io::stderr().is_terminal() && !json;
        findings.extend(run::runtime()?.block_on(ask_everybody(&loaded.config, progress))?);
    }
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", visible_json(&serde_json::to_string_pretty(&findings)?))?;
    } else {
        print(&findings, std::io::stdout().is_terminal(), &mut out)?;
    }
    let failed = findings.iter().any(|finding| finding.level == Level::Failure);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn ask_everybody(config: &Config, progress: bool) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for provider in &config.providers {
        say(progress, &format!("asking provider {} …", provider.id));
        let url = &config.gate.public_url;
        findings.extend(Authenticator::check(provider, url, &Clock::system()).await);
    }
    say(progress, &format!("asking JSM at {} …", config.jsm.url));
    let directory = run::directory(config)?;
    findings.extend(jsm::check(&Client::new(&config.jsm)?, &directory).await);
    say(progress, "");
    Ok(findings)
}

/// One line that the next one overwrites.
fn say(progress: bool, text: &str) {
    if progress {
        eprint!("\r\x1b[K{text}");
    }
}

fn print(findings: &[Finding], color: bool, out: &mut impl std::io::Write) -> std::io::Result<()> {
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
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (warnings, failures) = (count(Level::Warning), count(Level::Failure));
    writeln!(out, "{} checks, {warnings} warnings, {failures} failures", findings.len())
}
