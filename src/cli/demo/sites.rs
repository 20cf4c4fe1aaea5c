//! The two sites of the demo: a stand-in JSM each, with a gate in front of it. Must not know what is printed.

use std::path::PathBuf;

use anyhow::Context as _;
use sandbox::jsm::{Account, IdentityProvider, Jsm, JsmSettings, Status};

use super::folder::Folder;
use super::{Addresses, beside};
use crate::config;
use crate::domain::Clock;
use crate::server::{self, Running};

/// A gate in front of a JSM.
pub(super) struct Site {
    /// The gate's public address.
    pub(super) public_url: String,
    pub(super) gate: Served,
    /// Serves as long as it is here.
    jsm: Jsm,
}

/// A gate that serves, with its configuration file.
pub(super) struct Served {
    pub(super) running: Running,
    pub(super) file: PathBuf,
}

/// A Data Center, whose portals are forwarded but for one. Customers log in to it by its own login, as it
/// comes.
pub(super) async fn data_center(
    folder: &Folder,
    addresses: &Addresses,
    issuers: [&str; 2],
) -> anyhow::Result<Site> {
    let settings = JsmSettings {
        base_url: Some(addresses.data_center.clone()),
        ..JsmSettings::data_center().with_saml_login()
    };
    let operations = beside(addresses.listen, 3).to_string();
    let more = [("@listen@", addresses.listen.to_string()), ("@operations@", operations)];
    let template = ("proxy.toml", include_str!("proxy.toml"));
    let site = site(folder, settings, template, &addresses.data_center, issuers, &more).await?;
    tell_jira_of_the_gate(&site)?;
    Ok(site)
}

/// What an administrator does with `jsm-gate saml jira`.
fn tell_jira_of_the_gate(site: &Site) -> anyhow::Result<()> {
    let assembly = site.gate.running.assembly();
    let (config, keyrings) = (assembly.config(), assembly.saml_keyrings());
    let jira = config.service_providers.first().context("the demo's own service provider")?;
    let keys = keyrings.of(&jira.id).context("the demo's own keys")?.keys();
    let [issuer, sso_url] =
        ["metadata", "sso"].map(|page| config.gate.public_url.join(&jira.id.path(page)));
    let gate = IdentityProvider::for_customers(&issuer, &sso_url, &keys.current.certificate_pem());
    site.jsm.add_identity_provider(gate).map_err(anyhow::Error::msg)?;
    site.jsm.show_login_form_for_customers(false);
    Ok(())
}

/// A Cloud site, all of whose portals the gate serves itself.
pub(super) async fn cloud(
    folder: &Folder,
    addresses: &Addresses,
    issuers: [&str; 2],
) -> anyhow::Result<Site> {
    let more = [
        ("@listen@", beside(addresses.listen, 4).to_string()),
        ("@operations@", beside(addresses.listen, 5).to_string()),
    ];
    let template = ("cloud.toml", include_str!("cloud.toml"));
    let settings = JsmSettings::cloud();
    let site = site(folder, settings, template, &addresses.cloud, issuers, &more).await?;
    fill(&site.jsm);
    Ok(site)
}

/// What some days at the support desk leave behind.
fn fill(jsm: &Jsm) {
    let ann = jsm.add_account(Account::customer("Ann Example", "ann@example.com"));
    let bob = jsm.add_account(Account::customer("Bob Example", "bob@example.com"));
    jsm.add_organization("Example Works", &[&ann, &bob], &["IT", "HR", "FAC"]);
    let screen = jsm.add_request("IT", &ann, "My second screen stays dark");
    jsm.answer(&screen, "Does it stay dark with the other cable, too?");
    jsm.answer_with_file(&screen, "cables.txt", "The red one goes to the upper socket.");
    jsm.set_status(&screen, Status::WaitingForCustomer);
    let printer = jsm.add_request("IT", &ann, "The printer on floor 3 prints everything twice");
    jsm.answer(&printer, "Somebody is on the way.");
    let door = jsm.add_request("FAC", &bob, "The door of the bicycle cellar does not close");
    jsm.change_request(&door, |request| request.participants.push(ann.clone()));
}

async fn site(
    folder: &Folder,
    settings: JsmSettings,
    (name, template): (&str, &str),
    public_url: &str,
    issuers: [&str; 2],
    more: &[(&str, String)],
) -> anyhow::Result<Site> {
    let (email, token) = (settings.email.clone(), settings.token.clone());
    let jsm = Jsm::start(settings).await.context("cannot start a stand-in JSM")?;
    folder.write("jsm-token", &token)?;
    let [issuer, partners_issuer] = issuers.map(str::to_owned);
    let values = [
        ("@public_url@", public_url.to_owned()),
        ("@jsm_url@", jsm.url()),
        ("@email@", email),
        ("@issuer@", issuer),
        ("@partners_issuer@", partners_issuer),
    ];
    let fill_in = |text: String, (mark, value): &(&str, String)| text.replace(mark, value);
    let text = values.iter().chain(more).fold(template.to_owned(), fill_in);
    let file = folder.write(name, &text)?;
    let loaded = config::load(&file).context("the demo's own configuration")?;
    let running = server::start(loaded.config, Clock::system())?;
    running.assembly().directory().refresh().await?;
    let gate = Served { running, file };
    Ok(Site { public_url: public_url.to_owned(), gate, jsm })
}
