//! What an admin would otherwise look up about a service provider: one row each. A row only fills in what
//! the file leaves out, and says what of it the file may change.

use super::parsed::NameIdFormat;
use crate::domain::ServiceProviderPreset;

/// One kind of service provider.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) addresses: Addresses,
    pub(super) name_id: NameIds,
    /// Attribute = template.
    pub(super) attributes: &'static [(&'static str, &'static str)],
}

/// Where entity id and assertion consumer service come from, as far as the file does not say them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Addresses {
    /// The service provider shows both to its admin.
    Shown,
    /// Both follow from JSM's base URL.
    OfJsm,
    /// The entity id is a base URL, and the service is below it.
    BelowEntityId,
}

/// What people are known by.
#[derive(Clone, Copy, Debug)]
pub(super) enum NameIds {
    /// This and nothing else.
    Always(NameIdFormat, &'static str),
    /// This unless the file says something else.
    Usually(NameIdFormat, &'static str),
    /// The username of the account in Jira, and nothing else.
    JiraUsername,
}

/// Where Data Center products take assertions, below their base URL.
pub(super) const DATA_CENTER_ACS: &str = "/plugins/servlet/samlconsumer";

/// Atlassian takes the address for the account, and the last attribute for the person behind it: by that it
/// finds the account again when the address has changed.
const ATLASSIAN: Row = Row {
    addresses: Addresses::Shown,
    name_id: NameIds::Always(NameIdFormat::EmailAddress, "{email}"),
    attributes: &[
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "{first_name}"),
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "{last_name}"),
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "{saml_id}"),
    ],
};

/// The same login is built into all of them.
const DATA_CENTER: Row = Row {
    addresses: Addresses::BelowEntityId,
    name_id: NameIds::Usually(NameIdFormat::Unspecified, "{email}"),
    attributes: &[],
};

/// What is known of a kind.
pub(super) const fn row(preset: ServiceProviderPreset) -> Row {
    match preset {
        ServiceProviderPreset::AtlassianAccounts
        | ServiceProviderPreset::AtlassianExternal
        | ServiceProviderPreset::AtlassianPortal => ATLASSIAN,
        ServiceProviderPreset::JiraDataCenter => {
            Row { addresses: Addresses::OfJsm, name_id: NameIds::JiraUsername, ..DATA_CENTER }
        }
        ServiceProviderPreset::ConfluenceDataCenter
        | ServiceProviderPreset::BitbucketDataCenter
        | ServiceProviderPreset::BambooDataCenter => DATA_CENTER,
        ServiceProviderPreset::Saml => Row {
            addresses: Addresses::Shown,
            name_id: NameIds::Usually(NameIdFormat::EmailAddress, "{email}"),
            attributes: &[],
        },
    }
}
