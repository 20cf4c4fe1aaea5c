//! The shape of the file, key by key: what serde reads, what the schema says and what unknown and
//! missing keys are held against. What a text means is not known here.
//!
//! A field without `#[serde(default)]` is required. Nothing denies unknown fields to serde itself,
//! because it would stop at the first; `shape` reports them all.

mod assertion;
mod audit;
mod branding;
mod customers;
mod emergency;
mod forward;
mod gate;
mod greeting;
mod hosted;
mod jsm;
mod limits;
mod log;
mod people;
mod portal;
mod portals;
mod provider;
mod service_provider;
mod session;

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;

pub(super) use assertion::Assertion;
pub(super) use audit::Audit;
pub(super) use branding::Branding;
pub(super) use customers::{Customers, GroupRule, OrganizationRule};
pub(super) use emergency::{Emergency, EmergencyAllow};
pub(super) use forward::Forward;
pub(super) use gate::Gate;
pub(super) use greeting::{Announcement, TextByLanguage};
pub(super) use hosted::Hosted;
pub(super) use jsm::Jsm;
pub(super) use limits::Limits;
pub(super) use log::Log;
pub(super) use people::People;
pub(super) use portal::PortalRule;
pub(super) use portals::Portals;
pub(super) use provider::{Attributes, ClientAuthMethod, Named, Provider};
pub(super) use service_provider::{OneOrMore, ServiceProvider};
pub(super) use session::Session;

/// A list of texts.
pub(super) type Texts = Field<Vec<Field<String>>>;

/// Configuration of jsm-gate, a login gate in front of Jira Service Management portals.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "jsm-gate")]
pub(super) struct File {
    /// Where the gate is reached.
    pub(super) gate: Field<Gate>,
    /// The JSM server and the service account.
    pub(super) jsm: Field<Jsm>,
    /// Identity providers, at least one.
    pub(super) provider: Field<Vec<Field<Provider>>>,
    /// For every portal that says nothing else.
    #[serde(default)]
    pub(super) portals: Field<Portals>,
    /// What differs for one portal.
    #[serde(default)]
    pub(super) portal: Field<Vec<Field<PortalRule>>>,
    /// SAML applications that the gate vouches to.
    #[serde(default)]
    pub(super) service_provider: Field<Vec<Field<ServiceProvider>>>,
    /// The accounts of customers in JSM, for hosted portals.
    #[serde(default)]
    pub(super) customers: Field<Customers>,
    /// The gate's own login session.
    pub(super) session: Field<Session>,
    /// How forward mode speaks to the upstream.
    #[serde(default)]
    pub(super) forward: Field<Forward>,
    /// The portals that the gate serves itself.
    #[serde(default)]
    pub(super) hosted: Field<Hosted>,
    /// What all of the gate's own pages look like.
    #[serde(default)]
    pub(super) branding: Field<Branding>,
    /// Access for the day a provider is down, by a link that a command makes.
    #[serde(default)]
    pub(super) emergency: Field<Emergency>,
    /// What one request, one browser and one gate may take.
    #[serde(default)]
    pub(super) limits: Field<Limits>,
    /// The audit trail: who got in, when, and why not.
    #[serde(default)]
    pub(super) audit: Field<Audit>,
    /// Log lines.
    #[serde(default)]
    pub(super) log: Field<Log>,
}
