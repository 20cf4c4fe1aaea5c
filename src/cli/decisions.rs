//! `jsm-gate check --as`: what every portal would say to a person, without a login. Decides nothing
//! itself.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use smol_str::SmolStr;

use super::{run, service, table};
use crate::access::{self, Verdict};
use crate::config::{Inspected, ProviderConfig};
use crate::domain::{Clock, Email, Identity, Proof, PublicUrl, Told, Visible, visible_json};

/// The person to decide about.
#[derive(Args, Debug)]
pub(super) struct Person {
    /// Say for every portal whether this person may use it, instead of checking
    #[arg(long = "as", value_name = "EMAIL")]
    pub(super) email: Option<String>,
    /// Groups of theirs, separated by commas
    #[arg(long, value_delimiter = ',', requires = "email")]
    groups: Vec<String>,
    /// Where they log in; found out by the mail domain when left out
    #[arg(long, requires = "email")]
    provider: Option<String>,
    /// An attribute of theirs; may be repeated
    #[arg(long = "claim", value_name = "NAME=VALUE", requires = "email")]
    claims: Vec<String>,
    /// What their provider does not tell: groups, or attributes by name; separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "email")]
    unknown: Vec<String>,
}

/// Prints the decision of every portal about one person.
pub(super) fn check(
    inspected: Inspected,
    person: &Person,
    offline: bool,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let config = inspected.config().clone();
    let identity = identity(&config.providers, person)?;
    let directory = run::directory(&config)?;
    if !offline {
        let problem = match inspected.complete() {
            Ok(_) => {
                let read = run::runtime()?.block_on(directory.refresh());
                read.err().map(|error| format!("JSM says now: {error}"))
            }
            Err(inspected) => Some(service::missing(inspected.unread())),
        };
        if let Some(problem) = problem {
            eprintln!("jsm-gate: these are the portals as last seen; {}", Visible(&problem));
        }
    }
    let verdicts =
        access::verdicts(&directory.portals(), &identity, Clock::system().unix_seconds());
    let mut text = Vec::new();
    if json {
        writeln!(text, "{}", visible_json(&serde_json::to_string_pretty(&verdicts)?))?;
    } else {
        writeln!(text, "{}", Visible(&about(&identity)))?;
        print(&verdicts, &config.gate.public_url, &mut text)?;
    }
    io::stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The verdicts as a table.
pub(super) fn print(
    verdicts: &[Verdict],
    public_url: &PublicUrl,
    out: &mut impl Write,
) -> io::Result<()> {
    if verdicts.is_empty() {
        return writeln!(out, "no portals: the service account sees no service desk");
    }
    let header = ["PORTAL", "LINK", "DECISION", "RULE"].map(str::to_owned);
    let cells = verdicts.iter().map(|verdict| {
        let link = public_url.join(&format!("/p/{}", verdict.link));
        [&verdict.key, &link, &verdict.decision, &verdict.rule].map(ToString::to_string)
    });
    table::print(&std::iter::once(header).chain(cells).collect::<Vec<_>>(), out)
}

fn identity(providers: &[ProviderConfig], person: &Person) -> anyhow::Result<Identity> {
    let text = person.email.as_deref().unwrap_or_default();
    let email = Email::parse(text).with_context(|| format!("--as {text:?}"))?;
    let provider = match &person.provider {
        Some(id) => named(providers, id)?,
        None => by_domain(providers, &email)?,
    };
    let mut attributes = attributes(provider, &person.claims)?;
    let mut groups = Told::Known(person.groups.iter().map(SmolStr::from).collect());
    for name in &person.unknown {
        if name == "groups" {
            groups = Told::Unknown;
        } else {
            attributes.insert(filled(provider, name)?.to_owned(), Told::Unknown);
        }
    }
    Ok(Identity {
        provider: provider.id.clone(),
        subject: "not known without a login".into(),
        email: Told::Known(email),
        name: None,
        first_name: None,
        last_name: None,
        groups,
        attributes,
        proof: Proof::default(),
    })
}

/// What `--claim` says.
fn attributes(
    provider: &ProviderConfig,
    claims: &[String],
) -> anyhow::Result<BTreeMap<String, Told<Vec<SmolStr>>>> {
    let mut attributes = BTreeMap::<String, Vec<SmolStr>>::new();
    let mut all: BTreeMap<_, _> =
        provider.attributes.extra.iter().map(|(name, _)| (name.clone(), Told::Absent)).collect();
    for claim in claims {
        let (name, value) =
            claim.split_once('=').with_context(|| format!("--claim {claim:?} has no ="))?;
        let values = attributes.entry(filled(provider, name)?.to_owned()).or_default();
        values.push(value.into());
    }
    all.extend(attributes.into_iter().map(|(name, values)| (name, Told::Known(values))));
    Ok(all)
}

/// The name of an attribute. One that the provider does not fill would never come with a login.
fn filled<'n>(provider: &ProviderConfig, name: &'n str) -> anyhow::Result<&'n str> {
    let known: Vec<_> = provider.attributes.extra.iter().map(|(name, _)| name.as_str()).collect();
    if known.contains(&name) {
        return Ok(name);
    }
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    bail!("provider {} fills no attribute {name:?}; known are {known}", provider.id)
}

fn named<'a>(providers: &'a [ProviderConfig], id: &str) -> anyhow::Result<&'a ProviderConfig> {
    providers.iter().find(|provider| provider.id.as_str() == id).with_context(|| {
        let ids: Vec<_> = providers.iter().map(|provider| provider.id.as_str()).collect();
        format!("there is no provider {id:?}; known are {}", ids.join(", "))
    })
}

/// As a login is routed: by mail domain, else to the only provider there is.
fn by_domain<'a>(
    providers: &'a [ProviderConfig],
    email: &Email,
) -> anyhow::Result<&'a ProviderConfig> {
    let routed = providers.iter().find(|provider| {
        provider.email.domains.iter().any(|domain| domain.as_str() == email.domain())
    });
    match (routed, providers) {
        (Some(provider), _) | (None, [provider]) => Ok(provider),
        _ => bail!("no provider has the mail domain {}; say --provider", email.domain()),
    }
}

fn about(identity: &Identity) -> String {
    let list = |texts: &[SmolStr]| texts.join(", ");
    let groups = match identity.groups.values() {
        _ if identity.groups.is_unknown() => "groups not known".to_owned(),
        [] => "no groups".to_owned(),
        groups => format!("groups {}", list(groups)),
    };
    let claims = identity.attributes.iter().filter_map(|(name, told)| match told {
        Told::Known(values) => Some(format!("{name} = {}", list(values))),
        Told::Unknown => Some(format!("{name} not known")),
        Told::Absent => None,
    });
    let known: Vec<_> = std::iter::once(groups).chain(claims).collect();
    format!("{} at {}: {}", identity.label(), identity.provider, known.join("; "))
}
