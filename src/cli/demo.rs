//! `jsm-gate demo`: two providers, a JSM and the gate on one machine, to try things out. The gate is
//! configured by the file an administrator would write, and knows nothing of being in a demo.

mod folder;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::json;

use self::folder::Folder;
use super::run::runtime;
use crate::config;
use crate::domain::{Clock, Portals};
use crate::server::{self, Running};
use sandbox::jsm::{Jsm, JsmSettings};
use sandbox::provider::{Provider, ProviderSettings, User, demo_users};

/// The header the stand-in JSM believes, as a real one believes its authenticator app's.
const IDENTITY_HEADER: &str = "X-Forwarded-User";

/// Runs until stopped.
pub(super) fn demo(listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let folder = Folder::new()?;
    runtime()?.block_on(async {
        let public_url = format!("https://{}", public_authority(listen));
        let provider = provider(listen, 1, "demo", &public_url, demo_users()).await?;
        let partner = provider_of_a_partner(listen, &public_url).await?;
        let settings = JsmSettings {
            base_url: Some(public_url.clone()),
            identity_header: http::HeaderName::try_from(IDENTITY_HEADER)?,
            ..JsmSettings::data_center()
        };
        let token = settings.token.clone();
        let jsm = Jsm::start(settings).await.context("cannot start the stand-in JSM")?;
        folder.write_certificate(&public_url)?;
        folder.write("jsm-token", &token)?;
        folder.write("client-secret", "sandbox-secret")?;
        folder.write("session-secret", &config::new_secret())?;
        let text = configuration(&public_url, listen, [&provider, &partner], &jsm);
        let file = folder.write("proxy.toml", &text)?;
        let loaded = config::load(&file).context("the demo's own configuration")?;
        let running = server::start(loaded.config, Clock::system())?;
        running.assembly().directory().refresh().await?;
        introduce(&public_url, &file, &running);
        server::run_until_signalled(running, &file).await?;
        anyhow::Ok(ExitCode::SUCCESS)
    })
}

/// `localhost` reads better than a number, and browsers trust both alike. All addresses are no address
/// that a browser could open.
fn public_authority(listen: SocketAddr) -> String {
    if listen.ip().is_loopback() || listen.ip().is_unspecified() {
        format!("localhost:{}", listen.port())
    } else {
        listen.to_string()
    }
}

/// On loopback, some ports above the gate's own: always the same, and others for a second demo.
fn beside(listen: SocketAddr, by: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, listen.port().saturating_add(by)).into()
}

async fn provider(
    listen: SocketAddr,
    by: u16,
    id: &str,
    public_url: &str,
    users: Vec<User>,
) -> anyhow::Result<Provider> {
    let address = beside(listen, by);
    let provider = Provider::start(ProviderSettings {
        listen: address,
        redirect_uris: vec![format!("{public_url}/_gate/callback/{id}")],
        post_logout_redirect_uris: vec![format!("{public_url}/_gate/logged-out")],
        users,
        ..ProviderSettings::default()
    });
    let failed = || format!("cannot start a stand-in provider on {address}; see --listen");
    provider.await.with_context(failed)
}

async fn provider_of_a_partner(listen: SocketAddr, public_url: &str) -> anyhow::Result<Provider> {
    let pat = User {
        username: "pat".to_owned(),
        about: "works for a partner".to_owned(),
        claims: json!({
            "name": "Pat Partner",
            "given_name": "Pat",
            "family_name": "Partner",
            "email": "pat@partner.example",
            "email_verified": true,
        }),
    };
    provider(listen, 2, "partner", public_url, vec![pat]).await
}

fn configuration(
    public_url: &str,
    listen: SocketAddr,
    [provider, partner]: [&Provider; 2],
    jsm: &Jsm,
) -> String {
    let values = [
        ("@public_url@", public_url.to_owned()),
        ("@listen@", listen.to_string()),
        ("@operations@", beside(listen, 3).to_string()),
        ("@jsm_url@", jsm.url()),
        ("@issuer@", provider.issuer().to_owned()),
        ("@partners_issuer@", partner.issuer().to_owned()),
        ("@identity_header@", IDENTITY_HEADER.to_owned()),
    ];
    let template = include_str!("demo/proxy.toml").to_owned();
    values.into_iter().fold(template, |text, (name, value)| text.replace(name, &value))
}

fn introduce(public_url: &str, file: &Path, running: &Running) {
    println!("The gate runs at {public_url}\n");
    println!(
        "Open one of these links in a private window on this machine. The certificate was made just"
    );
    println!("now, so the browser warns once; go on.\n");
    introduce_portals(public_url, &running.assembly().directory().portals());
    println!(
        "\nChoose Example Organisation, and log in as one of these; the password is “demo”.\n"
    );
    for user in demo_users() {
        println!("  {:<6} {}", user.username, user.about);
    }
    println!("  {:<6} works for a partner: choose Partner Company", "pat");
    println!("\nThen try this:\n");
    println!("  {public_url}/              all portals, with a button to log out");
    println!("  {public_url}/_gate/logout  log out, here and at the provider");
    println!(
        "  {public_url}/p/hr          again after a minute: this portal wants a recent login\n"
    );
    introduce_commands(file, running);
    println!("\nStop with Ctrl-C.");
}

fn introduce_portals(public_url: &str, portals: &Portals) {
    for portal in portals.all() {
        let (mode, access) = (portal.mode.as_str(), portal.access.as_str());
        let (link, name) = (portal.link.as_str(), &portal.name);
        println!("  {public_url}/p/{link:<6} {name} (mode {mode}, access {access})");
    }
}

/// As they can be pasted into another terminal.
fn introduce_commands(file: &Path, running: &Running) {
    let program = std::env::current_exe().unwrap_or_else(|_| "jsm-gate".into());
    let (program, file) = (program.display(), file.display());
    let commands = [
        ("sessions list", "who is logged in"),
        ("check", "what works, and what does not"),
        ("check --as ann@example.com --groups customers", "what ann may use"),
        ("links", "all portals with their links"),
        (
            "emergency --for ann@example.com --portals it --reason \"trying it out\"",
            "let ann in without a provider",
        ),
        ("emergency --end", "and end that"),
        ("reload", "after a change of the configuration"),
    ];
    println!("In another terminal:\n");
    for (command, what) in commands {
        println!("  # {what}\n  {program} {command} --config {file}");
    }
    if let Some(address) = running.operations_address() {
        println!(
            "  # how the gate is\n  curl http://{address}/readyz\n  curl http://{address}/metrics"
        );
    }
}
