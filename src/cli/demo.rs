//! `jsm-gate demo`: two providers and two sites of JSM with a gate each on one machine, to try things out.
//! The gates are configured by files an administrator would write, and know nothing of being in a demo.

mod folder;
mod introduce;
mod sites;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::json;

use self::folder::Folder;
use self::sites::Served;
use super::run::runtime;
use crate::config;
use crate::server;
use sandbox::provider::{Provider, ProviderSettings, User, demo_users};

/// Runs until stopped.
pub(super) fn demo(listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let folder = Folder::new()?;
    runtime()?.block_on(async {
        let addresses = Addresses::of(listen);
        let public_urls = [addresses.data_center.as_str(), addresses.cloud.as_str()];
        let provider =
            start_provider(beside(listen, 1), "demo", &public_urls, demo_users()).await?;
        let partner =
            start_provider(beside(listen, 2), "partner", &public_urls, vec![pat()]).await?;
        folder.write_certificate(&addresses.data_center)?;
        folder.write("client-secret", "sandbox-secret")?;
        folder.write("session-secret", &config::new_secret())?;
        let issuers = [provider.issuer(), partner.issuer()];
        let data_center = sites::data_center(&folder, &addresses, issuers).await?;
        let cloud = sites::cloud(&folder, &addresses, issuers).await?;
        introduce::all(&data_center, &cloud);
        let served = [data_center.gate, cloud.gate];
        let [first, second] = served.map(|Served { running, file }| async move {
            server::run_until_signalled(running, &file).await
        });
        tokio::try_join!(first, second)?;
        anyhow::Ok(ExitCode::SUCCESS)
    })
}

/// Where the parts listen. The two gates have names of their own, because a browser hands the cookies of a
/// name to all its ports.
struct Addresses {
    listen: SocketAddr,
    /// The public address of the gate in front of the Data Center.
    data_center: String,
    /// The public address of the gate in front of the Cloud site.
    cloud: String,
}

impl Addresses {
    fn of(listen: SocketAddr) -> Self {
        Self {
            listen,
            data_center: format!("https://{}", public_authority(listen)),
            cloud: format!("https://{}", beside(listen, 4)),
        }
    }
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

async fn start_provider(
    address: SocketAddr,
    id: &str,
    public_urls: &[&str],
    users: Vec<User>,
) -> anyhow::Result<Provider> {
    let at_each = |path: &str| public_urls.iter().map(|url| format!("{url}{path}")).collect();
    let provider = Provider::start(ProviderSettings {
        listen: address,
        redirect_uris: at_each(&format!("/_gate/callback/{id}")),
        post_logout_redirect_uris: at_each("/_gate/logged-out"),
        users,
        ..ProviderSettings::default()
    });
    let failed = || format!("cannot start a stand-in provider on {address}; see --listen");
    provider.await.with_context(failed)
}

/// Somebody of another company.
fn pat() -> User {
    User {
        username: "pat".to_owned(),
        about: "works for a partner".to_owned(),
        claims: json!({
            "name": "Pat Partner",
            "given_name": "Pat",
            "family_name": "Partner",
            "email": "pat@partner.example",
            "email_verified": true,
        }),
    }
}
