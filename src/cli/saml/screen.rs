//! What a service provider has to be told, under the names that its own screen has. Must not know where the
//! values come from.

use crate::cli::table;
use crate::domain::ServiceProviderPreset;
use crate::server::control::{CertificateText, SamlValues};

/// The words of a service provider's own screen.
struct Screen {
    /// Where it is.
    place: &'static str,
    entity_id: &'static str,
    sso_url: &'static str,
    certificate: &'static str,
    /// What else to enter there: name and value.
    more: &'static [(&'static str, &'static str)],
    /// What to copy from there into the configuration.
    then: &'static str,
}

const ATLASSIAN: Screen = Screen {
    place: "Atlassian Administration: Security, Identity providers, your directory, Set up SAML single \
            sign-on",
    entity_id: "Identity provider Entity ID",
    sso_url: "Identity provider SSO URL",
    certificate: "Public x509 certificate",
    more: &[],
    then: "On the next page, copy \"Service provider entity URL\" into entity_id and \"Service provider \
           assertion consumer service URL\" into acs_url.",
};

const DATA_CENTER: Screen = Screen {
    place: "its administration: System, Authentication methods (\"SSO 2.0\" in earlier versions), Add \
            configuration, SAML single sign-on",
    entity_id: "Single sign-on issuer",
    sso_url: "Identity provider single sign-on URL",
    certificate: "X.509 Certificate",
    more: &[("Username mapping", "${NameID}")],
    then: "\"Audience URL\" there is entity_id, and \"Assertion Consumer Service URL\" is acs_url.",
};

const ANY: Screen = Screen {
    place: "the service provider, or give it the metadata at the first address",
    entity_id: "Entity ID (issuer)",
    sso_url: "Single sign-on URL (HTTP-Redirect and HTTP-POST)",
    certificate: "X.509 certificate",
    more: &[],
    then: "Its entity id is entity_id, and its assertion consumer service is acs_url.",
};

fn screen(preset: ServiceProviderPreset) -> Screen {
    match preset {
        ServiceProviderPreset::AtlassianAccounts | ServiceProviderPreset::AtlassianExternal => {
            ATLASSIAN
        }
        ServiceProviderPreset::AtlassianPortal => Screen {
            place: "Atlassian Administration: Apps, your site, Jira Service Management, Portal-only \
                    customers, … , Identity provider",
            ..ATLASSIAN
        },
        ServiceProviderPreset::JiraDataCenter
        | ServiceProviderPreset::ConfluenceDataCenter
        | ServiceProviderPreset::BitbucketDataCenter
        | ServiceProviderPreset::BambooDataCenter => DATA_CENTER,
        ServiceProviderPreset::Saml => ANY,
    }
}

/// All that is pasted.
pub(super) fn values(values: &SamlValues) -> String {
    let screen = screen(values.preset);
    let mut text = format!("Paste these at {}:\n", screen.place);
    text.push_str(&item(screen.entity_id, &values.entity_id));
    text.push_str(&item(screen.sso_url, &values.sso_url));
    text.push_str(&item(screen.certificate, values.current.pem.trim_end()));
    for (name, value) in screen.more {
        text.push_str(&item(name, value));
    }
    if values.preset == ServiceProviderPreset::Saml {
        text.push_str(&item("Single logout URL", &values.logout_url));
    }
    text.push_str(&about("The certificate", &values.current));
    if values.next.is_some() {
        let id = &values.id;
        let waits =
            ["\nThe next key waits: jsm-gate saml rotate ", id, " prints its certificate.\n"];
        text.extend(waits);
    }
    text.extend(["\n", screen.then, "\n"]);
    text
}

/// The certificate that takes the place of the one that is pasted now.
pub(super) fn next(values: &SamlValues) -> String {
    let SamlValues { id, preset, next, current, .. } = values;
    let screen = screen(*preset);
    let next = next.as_ref().unwrap_or(current);
    format!(
        "Paste this certificate at {}:\n{}{}\n\
         The present key signs on. At the moment when it is pasted, run:\n\n  \
         jsm-gate saml rotate {id} --switch\n",
        screen.place,
        item(screen.certificate, next.pem.trim_end()),
        about("The next certificate", next),
    )
}

/// The next key signs.
pub(super) fn switched(values: &SamlValues) -> String {
    let SamlValues { id, current, .. } = values;
    format!(
        "The next key signs from now on.\n{}\nIf logins fail, the previous key is back at once \
         with:\n\n  jsm-gate saml rotate {id} --undo\n",
        about("Its certificate", current),
    )
}

/// The previous key signs.
pub(super) fn restored(values: &SamlValues) -> String {
    let SamlValues { id, current, .. } = values;
    format!(
        "The previous key signs again.\n{}\nThe key that it replaced is kept: the same command once more \
         brings it back.\n\n  jsm-gate saml rotate {id} --undo\n",
        about("Its certificate, which has to be the pasted one", current),
    )
}

fn item(name: &str, value: &str) -> String {
    format!("\n{name}\n{value}\n")
}

fn about(what: &str, certificate: &CertificateText) -> String {
    let CertificateText { sha1, sha256, expires_at, .. } = certificate;
    let expires = table::time(*expires_at);
    format!("\n{what}\n  SHA-1    {sha1}\n  SHA-256  {sha256}\n  expires  {expires}\n")
}
