//! What tests of hosted portals share: a gate whose IT portal has customers, and a look at its pages.

use reqwest::StatusCode;
use sandbox::jsm::Account;

use crate::site::{Site, SiteBuilder};
use crate::visitor::Visitor;

pub(crate) const ANN: &str = "id-of-ann";
pub(crate) const BOB: &str = "id-of-bob";

/// A portal that the gate serves itself, for whoever may use its link; more of it may follow.
pub(crate) const OPEN_IT: &str =
    "[[portal]]\nproject = \"IT\"\nmode = \"hosted\"\nopen_desk = true\n";

/// Starts everything, with Ann and Bob as customers of IT.
pub(crate) async fn with_customers(site: SiteBuilder) -> Site {
    let site = site.start().await;
    for (id, name, email) in
        [(ANN, "Ann Example", "ann@example.com"), (BOB, "Bob Example", "bob@example.com")]
    {
        site.jsm.add_account(Account::customer(name, email).with_id(id));
        site.jsm.list_customer("IT", id);
    }
    site
}

/// A page.
pub(crate) async fn page(site: &Site, visitor: &mut Visitor, path: &str) -> (StatusCode, String) {
    let page = visitor.open(&site.at(path)).await;
    (page.status, page.body.replace("&#x2f;", "/"))
}
