//! The part of `jsm-gate check` about service providers: what can be proved of them without a login. One file
//! for each thing that is looked at; none asks anybody but `outside` and `clock`.

mod addresses;
mod clock;
mod doors;
mod keys;
mod outside;
mod people;
mod portals;
#[cfg(test)]
mod tests;

use std::time::Duration;

use reqwest::{Client, redirect};
use url::Url;

use crate::config::{Config, Deployment, ServiceProviderConfig};
use crate::domain::{Clock, Finding, ServiceProviderPreset};

pub(super) use people::TellsVerified;

/// Whose clock counts at Atlassian's doors.
const ATLASSIAN: &str = "https://id.atlassian.com/";

const TIMEOUT: Duration = Duration::from_secs(5);

/// What the file and the gate's own state say.
pub(super) fn check(config: &Config, clock: &Clock) -> Vec<Finding> {
    let now = clock.unix_seconds();
    let of_one = |one: &ServiceProviderConfig| {
        let mut findings = keys::check(one, &config.gate.state_dir, now);
        findings.extend(addresses::check(one));
        findings.extend(portals::check(config, one));
        findings.extend(doors::reminders(one));
        findings
    };
    config.service_providers.iter().flat_map(of_one).collect()
}

/// Whether it fits what was found out meanwhile: which providers tell whether an address is verified, and which
/// product JSM is.
pub(super) fn fit(
    config: &Config,
    tells_verified: TellsVerified<'_>,
    product: Option<Deployment>,
) -> Vec<Finding> {
    let doors = config.service_providers.iter().filter_map(|one| doors::fit(one, product?));
    people::check(config, tells_verified).into_iter().chain(doors).collect()
}

/// Whether people's browsers reach the gate, and whether its clock is Atlassian's.
pub(super) async fn ask(config: &Config, clock: &Clock) -> Vec<Finding> {
    let Some(first) = config.service_providers.first() else { return Vec::new() };
    let mut findings = outside::check(&config.gate.public_url, &first.id).await;
    if config.service_providers.iter().any(|one| is_atlassians(one.preset))
        && let Ok(atlassian) = Url::parse(ATLASSIAN)
    {
        findings.push(clock::check(&atlassian, clock).await);
    }
    findings
}

/// Whether it is a door of Atlassian's cloud.
fn is_atlassians(preset: ServiceProviderPreset) -> bool {
    match preset {
        ServiceProviderPreset::AtlassianAccounts
        | ServiceProviderPreset::AtlassianExternal
        | ServiceProviderPreset::AtlassianPortal => true,
        ServiceProviderPreset::JiraDataCenter
        | ServiceProviderPreset::ConfluenceDataCenter
        | ServiceProviderPreset::BitbucketDataCenter
        | ServiceProviderPreset::BambooDataCenter
        | ServiceProviderPreset::Saml => false,
    }
}

/// Asks as a browser would, but goes nowhere by itself and does not wait for long.
fn http() -> reqwest::Result<Client> {
    Client::builder().timeout(TIMEOUT).redirect(redirect::Policy::none()).build()
}

fn subject(one: &ServiceProviderConfig) -> String {
    format!("service provider {}", one.id)
}
