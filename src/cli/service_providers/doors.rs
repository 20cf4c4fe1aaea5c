//! What is on the other side: who is sent to the gate there, who can log in without it, how it is switched off in
//! an emergency, and whether it fits the JSM that the file names. The pages in docs/ have all of it.

use super::subject;
use crate::config::{Deployment, ServiceProviderConfig};
use crate::domain::{Finding, ServiceProviderPreset};

/// What an admin has to know of a door before the day when it does not open.
struct Door {
    /// Which screen says who is sent to the gate.
    enforced: &'static str,
    /// Who is not.
    way_back: &'static str,
    /// What to click.
    switched_off: &'static str,
    page: &'static str,
}

const ACCOUNTS: Door = Door {
    enforced: "Atlassian sends members of policies with \"Enforce single sign-on\" here: \
               Security > Authentication policies",
    way_back: "an organization admin in a policy without it, or of another mail domain, can log in \
               without the gate: keep one",
    switched_off: "Security > Authentication policies > Edit, take the tick from \"Enforce single \
                   sign-on\", Update",
    page: "docs/atlassian-accounts.md",
};

const EXTERNAL: Door = Door {
    enforced: "Atlassian sends external users here when the method is \"Single sign-on\": \
               Security > External users > External user policy",
    way_back: "people of your verified domains can log in without the gate: keep an organization \
               admin among them",
    switched_off: "Security > External users > External user policy, authorization method \"None\", \
                   Update; it takes about ten minutes",
    page: "docs/atlassian-external.md",
};

const PORTAL: Door = Door {
    enforced: "Atlassian sends all portal-only customers of the site here when single sign-on is \
               enabled: Settings > Apps > Jira Service Management > Authentication",
    way_back: "Jira admins and everybody with an Atlassian account log in without the gate",
    switched_off: "Settings > Apps > Jira Service Management > Authentication, enable login with \
                   email and password, disable single sign-on; customers then set a password",
    page: "docs/atlassian-portal.md",
};

const JIRA: Door = Door {
    enforced: "Jira sends customers here when this is the only login of the customer portal",
    way_back: "agents and admins log in at Jira's own /login.jsp, past the gate",
    switched_off: "jsm-gate saml jira --undo, or Jira's administration > System > Authentication \
                   methods",
    page: "docs/jira-login.md",
};

const DATA_CENTER: Door = Door {
    enforced: "its login page sends people here as its authentication methods say",
    way_back: "whoever knows a password there logs in without the gate while its login form is shown",
    switched_off: "its administration > Authentication methods, or its login page with \
                   ?auth_fallback where that was enabled beforehand",
    page: "docs/atlassian-data-center.md",
};

const fn door(preset: ServiceProviderPreset) -> Option<&'static Door> {
    Some(match preset {
        ServiceProviderPreset::AtlassianAccounts => &ACCOUNTS,
        ServiceProviderPreset::AtlassianExternal => &EXTERNAL,
        ServiceProviderPreset::AtlassianPortal => &PORTAL,
        ServiceProviderPreset::JiraDataCenter => &JIRA,
        ServiceProviderPreset::ConfluenceDataCenter
        | ServiceProviderPreset::BitbucketDataCenter
        | ServiceProviderPreset::BambooDataCenter => &DATA_CENTER,
        ServiceProviderPreset::Saml => return None,
    })
}

/// One line for each.
pub(super) fn reminders(one: &ServiceProviderConfig) -> Vec<Finding> {
    let Some(door) = door(one.preset) else { return Vec::new() };
    let &Door { enforced, way_back, switched_off, page } = door;
    let off = format!("to switch it off in an emergency: {switched_off}; {page}");
    let lines = [enforced.to_owned(), way_back.to_owned(), off];
    lines.map(|line| Finding::ok(subject(one), line)).into()
}

/// Whether the file's JSM can be the one behind the door.
pub(super) fn fit(one: &ServiceProviderConfig, product: Deployment) -> Option<Finding> {
    let finding = match (one.preset, product) {
        (ServiceProviderPreset::JiraDataCenter, Deployment::Cloud) => Finding::failure(
            subject(one),
            "[jsm] is a Cloud site, and preset \"jira-data-center\" is the login of Jira Data Center",
            "take one of the presets that begin with \"atlassian-\"",
        ),
        (
            ServiceProviderPreset::AtlassianAccounts
            | ServiceProviderPreset::AtlassianExternal
            | ServiceProviderPreset::AtlassianPortal,
            Deployment::DataCenter,
        ) => Finding::warning(
            subject(one),
            format!(
                "[jsm] is a Data Center, and preset {:?} is a door of Cloud's",
                one.preset.as_str()
            ),
            "for this Jira take preset \"jira-data-center\"; leave it if it is for another site, on Cloud",
        ),
        _ => return None,
    };
    Some(finding)
}
