//! The part of `jsm-gate check` about how portals are served where the file does not say it.

use crate::config::{Config, DefaultMode, Deployment};
use crate::domain::Finding;

const SUBJECT: &str = "portals.mode";

/// What follows from JSM's product. `product` is what JSM says it is, else what the file says.
pub(super) fn check(config: &Config, product: Deployment) -> Option<Finding> {
    let DefaultMode::OfProduct(told) = config.portal_defaults.mode else { return None };
    match (product, told) {
        (Deployment::Cloud, Some(Deployment::Cloud)) => Some(Finding::ok(
            SUBJECT,
            "[portals] says no mode, and JSM is Cloud: the gate serves portals itself (hosted), and forwards \
             those whose access is public; mode = \"forward\" there forwards them all",
        )),
        (Deployment::Cloud, _) => Some(Finding::warning(
            SUBJECT,
            "[portals] says no mode, and the file does not tell that JSM is Cloud, so portals are forwarded: \
             Cloud does not let customers in by the gate's login",
            "add deployment = \"cloud\" to [jsm], or mode = \"hosted\" or \"forward\" to [portals]",
        )),
        (Deployment::DataCenter, _) => None,
    }
}
