//! A gate between a stand-in JSM and a provider that this project did not write.

use std::net::SocketAddr;

use sandbox::jsm::{Jsm, JsmSettings};

use crate::gate::{Gate, Neighbours};
use crate::visitor::{Page, Visitor};

/// A substitute link, as in a mail.
pub(crate) const LINK: &str = "/p/it/create/66?summary=a%20b&next=%2Fc";

/// The page that it names.
pub(crate) const PAGE: &str = "/servicedesk/customer/portal/2/create/66?summary=a%20b&next=%2Fc";

/// A provider that runs for one test.
pub(crate) trait Provider {
    /// Its issuer, as its discovery document spells it.
    fn issuer(&self) -> &str;
}

/// The three of them, each on an address of its own.
pub(crate) struct World<P> {
    /// JSM, a Data Center.
    pub(crate) jsm: Jsm,
    /// The provider `op`.
    pub(crate) provider: P,
    /// The gate.
    pub(crate) gate: Gate,
}

impl<P: Provider> World<P> {
    /// Starts the gate at this address, with what of its neighbours is not as usual, and waits
    /// until somebody can log in.
    pub(crate) async fn around(address: SocketAddr, provider: P, special: &Neighbours<'_>) -> Self {
        let (jsm, mut gate) = jsm_and_gate(address, provider.issuer(), special).await;
        gate.until_provider_answers().await;
        Self { jsm, provider, gate }
    }

    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(&self.gate.certificate)
    }

    pub(crate) fn is_provider(&self, page: &Page) -> bool {
        page.status == 200 && self.is_at_provider(&page.url)
    }

    pub(crate) fn is_at_provider(&self, url: &url::Url) -> bool {
        url.as_str().starts_with(self.provider.issuer())
    }

    /// What customers asked of the portal, and under which name.
    pub(crate) fn portal_requests(&self) -> Vec<(String, String)> {
        let seen = self.jsm.seen().into_iter();
        seen.filter(|request| request.path().starts_with("/servicedesk/customer/"))
            .map(|request| (request.target.clone(), request.header("x-forwarded-user").to_owned()))
            .collect()
    }
}

/// A stand-in JSM, and a gate in front of it whose provider `op` has this issuer.
pub(crate) async fn jsm_and_gate(
    address: SocketAddr,
    issuer: &str,
    special: &Neighbours<'_>,
) -> (Jsm, Gate) {
    let jsm = Jsm::start(JsmSettings::data_center()).await.unwrap();
    let gate = gate_in_front_of(&jsm, address, issuer, special).await;
    (jsm, gate)
}

/// A gate in front of this JSM, whose base address is the gate's.
pub(crate) async fn gate_in_front_of(
    jsm: &Jsm,
    address: SocketAddr,
    issuer: &str,
    special: &Neighbours<'_>,
) -> Gate {
    jsm.set_base_url(&format!("https://{address}"));
    let jsm_token = JsmSettings::data_center().token;
    let neighbours = Neighbours { jsm: &jsm.url(), jsm_token: &jsm_token, issuer, ..*special };
    Gate::start(address, &neighbours).await
}
