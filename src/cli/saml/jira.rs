//! `jsm-gate saml jira`: what a Data Center product of Atlassian's has to be told of the gate, as its REST API
//! takes it; told to it, or taken back. Must not know how the API is called.

mod plan;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;
use url::Url;

use self::plan::{FORM, Planned, Step, form, id, set_up, wanted};
use crate::cli::{run, service};
use crate::config::{self, Config, Deployment, JsmConfig, ServiceProviderConfig};
use crate::domain::{ServiceProviderPreset, Visible, is_loopback};
use crate::jsm::{Client, LoginSettings, Members};
use crate::server::control::SamlValues;

/// What to do.
#[derive(Args, Debug)]
pub(in crate::cli) struct Jira {
    /// The service provider, if it is not the one with preset = "jira-data-center"
    #[arg(long = "for", value_name = "ID")]
    pub(super) id: Option<String>,
    /// Tell the product of the gate, and take the form for passwords off the portal's login page
    #[arg(long)]
    apply: bool,
    /// Show the form again, and remove the gate
    #[arg(long, conflicts_with = "apply")]
    undo: bool,
    /// A file with the token of a system administrator; without it the service account's is used
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Change it without asking
    #[arg(long)]
    yes: bool,
}

/// The service provider that is meant.
pub(super) fn service_provider<'c>(
    config: &'c Config,
    wish: &Jira,
) -> anyhow::Result<&'c ServiceProviderConfig> {
    let mut all = config.service_providers.iter();
    let found = match &wish.id {
        Some(id) => all.find(|one| one.id.as_str() == id),
        None => all.find(|one| one.preset == ServiceProviderPreset::JiraDataCenter),
    };
    let found = found.context(
        "there is no such [[service_provider]] in the configuration: --for takes the id of one, and \
         without it one with preset = \"jira-data-center\" is taken",
    )?;
    match found.preset {
        ServiceProviderPreset::JiraDataCenter
        | ServiceProviderPreset::ConfluenceDataCenter
        | ServiceProviderPreset::BitbucketDataCenter
        | ServiceProviderPreset::BambooDataCenter => Ok(found),
        ServiceProviderPreset::AtlassianAccounts
        | ServiceProviderPreset::AtlassianExternal
        | ServiceProviderPreset::AtlassianPortal
        | ServiceProviderPreset::Saml => {
            bail!("{} is no Data Center product: see jsm-gate saml values {}", found.id, found.id)
        }
    }
}

/// Prints the settings, or changes them.
pub(super) fn set_up_or_print(
    file: &Path,
    wish: &Jira,
    product: &ServiceProviderConfig,
    values: &SamlValues,
) -> anyhow::Result<()> {
    let wanted = wanted(values);
    if !(wish.apply || wish.undo) {
        return print(product, &wanted);
    }
    let settings = LoginSettings::new(Client::new(&access(file, wish, product)?)?);
    run::runtime()?.block_on(async {
        let plan = plan(wish, product, &settings, &values.entity_id, &wanted).await?;
        if plan.is_empty() {
            return say("nothing is to be changed");
        }
        for planned in &plan {
            say(&Visible(&planned.text).to_string())?;
        }
        if !wish.yes {
            confirm()?;
        }
        for planned in plan {
            carry_out(&settings, planned.step).await?;
        }
        say("done")
    })
}

/// The JSON goes to standard output alone, for `curl -d @-`.
fn print(product: &ServiceProviderConfig, wanted: &Members) -> anyhow::Result<()> {
    let base = &product.entity_id;
    say(&format!("{:#}", json!(wanted)))?;
    eprintln!("\nPOST it to {base}/rest/authconfig/1.0/idps as a system administrator.");
    if is_jira(product) {
        eprintln!("Then PATCH {base}/rest/authconfig/1.0/sso with {{\"{FORM}\": false}}.");
    }
    Ok(())
}

/// Where the product is, and by which token it is changed.
fn access(file: &Path, wish: &Jira, product: &ServiceProviderConfig) -> anyhow::Result<JsmConfig> {
    let inspected = config::inspect(file)?;
    let token = wish.token_file.as_ref().map(|path| {
        let text = std::fs::read_to_string(path);
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        anyhow::Ok(text.trim().to_owned().into())
    });
    let token = token.transpose()?;
    let is_the_upstream = is_jira(product);
    let jsm = match (&token, is_the_upstream) {
        (None, false) => bail!("--token-file is needed: [jsm] has no token for {}", product.id),
        (Some(_), _) => inspected.config().jsm.clone(),
        (None, true) => match inspected.complete() {
            Ok(loaded) => loaded.config.jsm,
            Err(inspected) => return Err(service::needed(file, &inspected)),
        },
    };
    let url = if is_the_upstream { jsm.url } else { address_of(&product.entity_id)? };
    Ok(JsmConfig {
        url,
        api_token: token.unwrap_or(jsm.api_token),
        deployment: Some(Deployment::DataCenter),
        ..jsm
    })
}

/// A product's own address, to which the token of its administrator is sent.
fn address_of(entity_id: &str) -> anyhow::Result<Url> {
    let url: Url = entity_id.parse().context("entity_id is no address")?;
    if url.scheme() != "https" && !is_loopback(&url) {
        bail!("the token would be sent over plain http: {url}");
    }
    Ok(url)
}

async fn plan(
    wish: &Jira,
    product: &ServiceProviderConfig,
    settings: &LoginSettings,
    entity_id: &str,
    wanted: &Members,
) -> anyhow::Result<Vec<Planned>> {
    let found = settings.identity_provider(entity_id).await.map_err(refused)?;
    let mut plan = Vec::new();
    if wish.apply {
        plan.extend(set_up(found.as_ref(), wanted)?);
    }
    if is_jira(product) {
        let shows = settings.read().await.map_err(refused)?.get(FORM).cloned();
        plan.extend(form(shows.as_ref(), wish.undo));
    }
    if let Some(found) = found.filter(|_| wish.undo) {
        let id = id(&found)?;
        let text = format!("identity provider {id} (\"jsm-gate\") is removed");
        plan.push(Planned { step: Step::Remove(id), text });
    }
    Ok(plan)
}

async fn carry_out(settings: &LoginSettings, step: Step) -> anyhow::Result<()> {
    match step {
        Step::Add(members) => settings.add(&members).await.map(drop),
        Step::Change(id, members) => settings.change_one(id, &members).await.map(drop),
        Step::Settings(members) => settings.change(&members).await.map(drop),
        Step::Remove(id) => settings.remove(id).await,
    }
    .map_err(refused)
}

fn refused(error: crate::jsm::Error) -> anyhow::Error {
    let is_forbidden = error.status().is_some_and(|status| matches!(status.as_u16(), 401 | 403));
    if is_forbidden || error.is_refused_token() {
        let remedy = "it takes the token of a system administrator: --token-file FILE";
        return anyhow::anyhow!("{error}; {remedy}");
    }
    error.into()
}

fn confirm() -> anyhow::Result<()> {
    if !std::io::stdin().is_terminal() {
        bail!("nothing was changed: add --yes to change it");
    }
    eprint!("\nChange this? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") { Ok(()) } else { bail!("nothing was changed") }
}

fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

fn is_jira(product: &ServiceProviderConfig) -> bool {
    product.preset == ServiceProviderPreset::JiraDataCenter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_is_sent_over_plain_http() {
        assert!(address_of("https://wiki.example.com/w").is_ok());
        assert!(address_of("http://127.0.0.1:8090").is_ok());
        for entity_id in ["http://wiki.example.com", "ftp://wiki.example.com", "wiki"] {
            assert!(address_of(entity_id).is_err(), "{entity_id}");
        }
    }
}
