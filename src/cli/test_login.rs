//! `jsm-gate test-login`: one real login, and everything that came of it. Knows nothing of OpenID
//! Connect: the gate logs in.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use smol_str::SmolStr;

use super::control::ControlClient;
use super::{TheGate, decisions, run, service, table};
use crate::config::{self, AttributeMap, AuditTo, Config, Signing, StoreConfig};
use crate::domain::{Clock, Identity, PublicUrl, Told, Visible};
use crate::grants::{TestAnswer, TestReport};
use crate::keys::SamlKeys;
use crate::server;
use crate::server::control::{self, ControlAnswer, ControlRequest, TestLoginRequest, Tested};

/// Has somebody log in, and shows what the provider said. The running gate is asked first, which may
/// serve on with an older file than the present one.
pub(super) fn test_login(
    gate: &TheGate,
    provider: &str,
    service_provider: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let service_provider = service_provider.map(str::to_owned);
    let request = TestLoginRequest { provider: provider.to_owned(), service_provider };
    let tested = match ControlClient::with(gate)? {
        Some(client) => ask(client, request)?,
        None => with_a_gate_of_its_own(&gate.file.config, request)?,
    };
    let mut text = Vec::new();
    print(&tested, &mut text)?;
    io::stdout().lock().write_all(&text)?;
    let TestReport { error, answer, .. } = &tested.report;
    let worked = error.is_none() && answer.as_ref().is_none_or(TestAnswer::is_accepted);
    Ok(if worked { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// No gate runs, so nobody would answer at the callback address: one serves until the test is over.
/// It keeps nothing where the real one does, because root may have started it.
fn with_a_gate_of_its_own(file: &Path, request: TestLoginRequest) -> anyhow::Result<Tested> {
    let loaded = match config::inspect(file)?.complete() {
        Ok(loaded) => loaded,
        Err(inspected) => return Err(service::needed(file, &inspected)),
    };
    let folder = Passing::new()?;
    let config = passing(loaded.config, &folder.0);
    let ids: Vec<_> = config.providers.iter().map(|provider| provider.id.as_str()).collect();
    if !ids.contains(&request.provider.as_str()) {
        bail!("there is no provider {:?}; known are {}", request.provider, ids.join(", "));
    }
    let runtime = run::runtime()?;
    let _inside = runtime.enter();
    let running = server::start(config, Clock::system())?;
    eprintln!(
        "jsm-gate: no gate runs here, so this command serves as one until the test is over, at {}",
        running.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    );
    let client = ControlClient::begin(&control::path(&folder.0))?;
    let tested = ask(client.context("the gate cannot be asked; see the log")?, request);
    runtime.block_on(running.stop());
    tested
}

/// The same gate with all that it keeps in a folder that is gone afterwards. The portals are those
/// that were stored last, until it has read them. The keys of service providers are the real ones, in memory
/// alone: the folder stays when the command is killed.
fn passing(mut config: Config, folder: &Path) -> Config {
    let state_dir = &config.gate.state_dir;
    for one in &mut config.service_providers {
        if let Ok(Some(keys)) = SamlKeys::kept(state_dir, one) {
            one.signing = Signing::Files(keys.current);
        }
    }
    drop(fs::copy(state_dir.join("directory.json"), folder.join("directory.json")));
    folder.clone_into(&mut config.gate.state_dir);
    config.gate.operations_listen = None;
    config.session.store = StoreConfig::Memory;
    config.audit.to = AuditTo::Log;
    config
}

/// A folder of one command, which nobody else can enter.
struct Passing(PathBuf);

impl Passing {
    fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("jsm-gate-{}", config::new_secret()));
        fs::DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn ask(mut client: ControlClient, request: TestLoginRequest) -> anyhow::Result<Tested> {
    let ControlAnswer::Open(address) = client.ask(&ControlRequest::TestLogin(request))? else {
        bail!("the gate answered something else than an address");
    };
    let mut out = io::stdout().lock();
    writeln!(out, "Open this address in a private window and log in:\n\n  {address}\n")?;
    out.flush()?;
    drop(out);
    match client.read_answer()? {
        ControlAnswer::Tested(tested) => Ok(*tested),
        _ => bail!("the gate answered something else than a report"),
    }
}

fn print(tested: &Tested, out: &mut impl Write) -> io::Result<()> {
    let Tested { report, attributes: map, public_url } = tested;
    if let Some((code, text)) = &report.error {
        writeln!(out, "The login failed: {} ({code})\n", Visible(text))?;
    }
    let header = ["CLAIM", "VALUE", "FROM"].map(str::to_owned);
    let claims = report
        .provider_claims
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
    table::print(&attributes(report, identity, map), out)?;
    writeln!(out)?;
    let public_url = PublicUrl::parse(public_url).map_err(io::Error::other)?;
    decisions::print(&report.verdicts, &public_url, out)?;
    report.answer.as_ref().map_or(Ok(()), |answer| answer_to_service_provider(answer, out))
}

/// What the service provider would be told, which nobody has sent, and what it would say of it.
fn answer_to_service_provider(answer: &TestAnswer, out: &mut impl Write) -> io::Result<()> {
    let TestAnswer { decision, rule, error, xml, judgements } = answer;
    writeln!(out, "\nAt the service provider: {decision} ({rule})")?;
    if let Some((code, text)) = error {
        writeln!(out, "It would be told nothing: {} ({code})", Visible(text))?;
    }
    let Some(xml) = xml else { return Ok(()) };
    writeln!(out, "It would be told this, which was sent to nobody:\n")?;
    for line in xml.replace("><", ">\n<").lines() {
        writeln!(out, "{}", Visible(line))?;
    }
    writeln!(out)?;
    let header = ["RULE", "", "FOUND"].map(str::to_owned);
    let rows = judgements.iter().map(|(rule, outcome)| {
        let (mark, found) = match outcome {
            Ok(found) => ("ok", found),
            Err(wrong) => ("WRONG", wrong),
        };
        [rule.clone(), mark.to_owned(), found.clone()]
    });
    table::print(&std::iter::once(header).chain(rows).collect::<Vec<_>>(), out)
}

/// What the provider did not tell, or not in a way that can be read. It counts as no value in `allow`
/// and closes what `deny` asks for.
const NOT_KNOWN: &str = "NOT KNOWN";

/// Each attribute, its value or that it is missing, and where it comes from.
fn attributes(report: &TestReport, identity: &Identity, map: &AttributeMap) -> Vec<[String; 3]> {
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
        let from = match report.provider_claims.source_of(claim) {
            Some(source) => format!("{claim} ({source})"),
            None => format!("{claim}, which the provider does not send: is a scope missing?"),
        };
        let value = value.unwrap_or_else(|| "MISSING".to_owned());
        [name.to_owned(), value, from]
    });
    std::iter::once(header).chain(rows).collect()
}
