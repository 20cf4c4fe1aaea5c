//! The part of `jsm-gate check` about who JSM takes customers for.

use crate::config::{Config, Deployment};
use crate::domain::{Finding, Mode};

const SUBJECT: &str = "identity";

/// Whether what the file says about identity does anything with this product.
pub(super) fn check(config: &Config, deployment: Deployment) -> Finding {
    if let Some(by) = config.jira_login() {
        let text =
            format!("Jira's own login is told who a customer is, as service provider {}", by.id);
        return Finding::ok(SUBJECT, text);
    }
    let told = !config.forward.identity.is_empty() || config.forward.assertion.is_some();
    match (deployment, told) {
        (Deployment::Cloud, true) => Finding::warning(
            SUBJECT,
            "JSM Cloud takes nobody's word for who a customer is: what [forward.identity] and \
             [forward.assertion] say has no effect there",
            "remove them; portals that are forwarded have to be open to anybody in JSM: docs/identity.md",
        ),
        (Deployment::Cloud, false) if !config.has_portals_in(Mode::Forward) => Finding::ok(
            SUBJECT,
            "JSM Cloud is not told who a customer is: the gate serves portals itself",
        ),
        (Deployment::Cloud, false) => Finding::ok(
            SUBJECT,
            "JSM Cloud is not told who a customer is, so portals that are forwarded have to be open to \
             anybody there",
        ),
        (Deployment::DataCenter, false) => Finding::warning(
            SUBJECT,
            "JSM is not told who a customer is: only portals that are open to anybody in JSM work, \
             and nobody sees requests of their own",
            "add [forward.identity] or [forward.assertion], and to Jira what trusts it: \
             docs/identity.md",
        ),
        (Deployment::DataCenter, true) => {
            let headers = config.forward.identity.iter().map(|(header, _)| header.as_str());
            let assertion = config.forward.assertion.iter().map(|it| it.header.as_str());
            let headers: Vec<_> = headers.chain(assertion).collect();
            Finding::ok(SUBJECT, format!("JSM is told who a customer is in {}", headers.join(", ")))
        }
    }
}
