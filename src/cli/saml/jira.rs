//! `jsm-gate saml jira`: what a Data Center product of Atlassian's has to be told of the gate, as its REST API
//! takes it; told to it, or taken back. Must not know how the API is called.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::{Value, json};
use url::Url;

use crate::cli::{run, service};
use crate::config::{self, Config, Deployment, JsmConfig, ServiceProviderConfig};
use crate::domain::{ServiceProviderPreset, Visible, is_loopback};
use crate::jsm::{Client, LoginSettings, Members, is_as_told};
use crate::server::control::SamlValues;

/// The member by which Jira shows its form for passwords to customers.
const FORM: &str = "show-login-form-for-jsm";

/// The longest part of a value that is shown.
const SHOWN: usize = 60;

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

/// One change.
#[derive(Debug, PartialEq)]
enum Step {
    Add(Members),
    Change(u64, Members),
    Settings(Members),
    Remove(u64),
}

/// A change, and how it is shown.
struct Planned {
    step: Step,
    text: String,
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
    let found = found.context("there is no such [[service_provider]] in the configuration")?;
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

/// What the product has to be told. Customers' login is Jira's alone; elsewhere all users get it.
fn wanted(values: &SamlValues) -> Members {
    let is_jira = values.preset == ServiceProviderPreset::JiraDataCenter;
    let mut wanted = Members::from_iter(
        [
            ("name", json!("jsm-gate")),
            ("sso-type", json!("SAML")),
            ("idp-type", json!("GENERIC")),
            ("enabled", json!(!is_jira)),
            ("enable-remember-me", json!(false)),
            ("button-text", json!(if is_jira { "Customer login" } else { "Single sign-on" })),
            ("sso-issuer", json!(values.entity_id)),
            ("sso-url", json!(values.sso_url)),
            ("certificate", json!(values.current.pem)),
            ("username-attribute", json!("${NameID}")),
            ("jit-configuration", json!({ "user-provisioning-enabled": false })),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    if is_jira {
        wanted.insert("include-customer-logins".to_owned(), json!(true));
    }
    wanted
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

/// What is to be told, where it is not known already.
fn set_up(found: Option<&Members>, wanted: &Members) -> anyhow::Result<Option<Planned>> {
    let Some(found) = found else {
        let mut text = "identity provider \"jsm-gate\" is added:".to_owned();
        for (name, value) in wanted {
            write!(text, "\n  {name:<24} {}", shown(Some(value)))?;
        }
        return Ok(Some(Planned { step: Step::Add(wanted.clone()), text }));
    };
    let differs = |(name, value): &(&String, &Value)| !is_as_told(found.get(*name), value);
    let changed: Members =
        wanted.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let id = id(found)?;
    let mut text = format!("identity provider {id} (\"jsm-gate\") is changed:");
    for (name, value) in &changed {
        write!(text, "\n  {name:<24} {} -> {}", shown(found.get(name)), shown(Some(value)))?;
    }
    Ok(Some(Planned { step: Step::Change(id, changed), text }))
}

fn form(shows: Option<&Value>, show: bool) -> Option<Planned> {
    if shows == Some(&json!(show)) {
        return None;
    }
    let text = format!("login settings are changed:\n  {FORM:<24} {} -> {show}", shown(shows));
    let members = Members::from_iter([(FORM.to_owned(), json!(show))]);
    Some(Planned { step: Step::Settings(members), text })
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

fn id(found: &Members) -> anyhow::Result<u64> {
    found.get("id").and_then(Value::as_u64).context("Jira does not say which number it has")
}

fn shown(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "(nothing)".to_owned(), Value::to_string);
    if text.chars().count() <= SHOWN {
        return text;
    }
    let beginning: String = text.chars().take(SHOWN).collect();
    format!("{beginning}…")
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

    fn members(value: Value) -> Members {
        let Value::Object(members) = value else { panic!("no object") };
        members
    }

    #[test]
    fn only_what_differs_is_changed() {
        let wanted = members(json!({
            "name": "jsm-gate", "enabled": false, "certificate": "-----BEGIN X-----\nAB\nCD\n-----END X-----\n",
            "jit-configuration": { "user-provisioning-enabled": false },
        }));
        let found = json!({
            "id": 7, "name": "jsm-gate", "enabled": true, "certificate": "ABCD",
            "jit-configuration": { "user-provisioning-enabled": false, "mapping-groups": "x" },
        });
        let planned = set_up(Some(&members(found)), &wanted).unwrap().unwrap();
        assert_eq!(planned.step, Step::Change(7, members(json!({ "enabled": false }))));
        let text = "identity provider 7 (\"jsm-gate\") is changed:\n  enabled                  true -> false";
        assert_eq!(planned.text, text);
        let same = members(json!({ "id": 7, "enabled": false }));
        let wanted = members(json!({ "enabled": false }));
        assert!(set_up(Some(&same), &wanted).unwrap().is_none());
    }

    #[test]
    fn no_token_is_sent_over_plain_http() {
        assert!(address_of("https://wiki.example.com/w").is_ok());
        assert!(address_of("http://127.0.0.1:8090").is_ok());
        for entity_id in ["http://wiki.example.com", "ftp://wiki.example.com", "wiki"] {
            assert!(address_of(entity_id).is_err(), "{entity_id}");
        }
    }

    #[test]
    fn the_form_is_left_as_it_is_where_it_is_right() {
        assert!(form(Some(&json!(false)), false).is_none());
        assert!(form(Some(&json!(true)), false).is_some());
        assert!(form(None, true).is_some(), "unknown is not no");
    }
}
