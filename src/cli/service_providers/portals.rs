//! Portals with `mode = "sso"`: whether their rules are what lets people in.

use super::subject;
use crate::config::{Config, PortalRule, ServiceProviderConfig};
use crate::domain::{AccessRules, Finding, Mode, ServiceProviderId};

/// A site of Atlassian's knows one identity provider: whoever it logs in may use all of its portals, and
/// anybody can begin there instead of at a link. So the rules of the service provider are the ones that
/// count, and a portal that says something else promises too much.
pub(super) fn check(config: &Config, one: &ServiceProviderConfig) -> Option<Finding> {
    let rules = rules_by(config, &one.id);
    let odd: Vec<_> =
        rules.iter().filter(|(_, rules)| **rules != *one.rules).map(|(name, _)| *name).collect();
    let subject = subject(one);
    if rules.is_empty() {
        return None;
    }
    if odd.is_empty() {
        return Some(Finding::ok(subject, "its portals have its rules"));
    }
    let text = format!(
        "{} with mode = \"sso\" differ from it in access, allow, deny, provider, acr_values or max_age. \
         Whoever it lets in can use all of its portals, whatever those say",
        odd.join(", ")
    );
    let remedy = "leave these keys out at the portals, and write them at [[service_provider]]; portals \
                  that need other rules need a site, and a service provider, of their own";
    Some(Finding::failure(subject, text, remedy))
}

/// The rules of everything in the file that logs customers in there.
fn rules_by<'c>(config: &'c Config, id: &ServiceProviderId) -> Vec<(&'c str, &'c AccessRules)> {
    let by_it = |mode, by: &Option<ServiceProviderId>| mode == Mode::Sso && by.as_ref() == Some(id);
    let defaults = &config.portal_defaults;
    let defaults = by_it(defaults.mode(), &defaults.service_provider)
        .then(|| ("[portals]", defaults.rules.as_ref()));
    let portals = config.portals.iter().filter(|rule| by_it(rule.mode, &rule.service_provider));
    let portals = portals.map(|rule: &PortalRule| (rule.project.as_str(), rule.rules.as_ref()));
    defaults.into_iter().chain(portals).collect()
}
