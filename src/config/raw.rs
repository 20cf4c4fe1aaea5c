//! The shape of the file, key by key: what serde reads, what the schema says and what unknown and
//! missing keys are held against. What a text means is not known here.
//!
//! A field without `#[serde(default)]` is required. Nothing denies unknown fields to serde itself,
//! because it would stop at the first; `shape` reports them all.

mod emergency;
mod gate;
mod portal;
mod provider;
mod running;

use schemars::JsonSchema;
use serde::Deserialize;

use super::given::Given;

pub(super) use emergency::{Emergency, EmergencyAllow};
pub(super) use gate::{Gate, Jsm};
pub(super) use portal::{People, PortalRule, Portals};
pub(super) use provider::{Attributes, ClientAuthMethod, Named, Provider};
pub(super) use running::{Assertion, Audit, Forward, Limits, Log, Session};

/// A list of texts.
pub(super) type Texts = Given<Vec<Given<String>>>;

/// Configuration of jsm-gate, a login gate in front of Jira Service Management portals.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "jsm-gate")]
pub(super) struct File {
    /// Where the gate is reached.
    pub(super) gate: Given<Gate>,
    /// The JSM server and the service account.
    pub(super) jsm: Given<Jsm>,
    /// Identity providers, at least one.
    pub(super) provider: Given<Vec<Given<Provider>>>,
    /// For every portal that says nothing else.
    #[serde(default)]
    pub(super) portals: Given<Portals>,
    /// What differs for one portal.
    #[serde(default)]
    pub(super) portal: Given<Vec<Given<PortalRule>>>,
    /// The gate's own login session.
    pub(super) session: Given<Session>,
    /// How forward mode speaks to the upstream.
    #[serde(default)]
    pub(super) forward: Given<Forward>,
    /// Access for the day a provider is down, by a link that a command makes.
    #[serde(default)]
    pub(super) emergency: Given<Emergency>,
    /// What one request, one browser and one gate may take.
    #[serde(default)]
    pub(super) limits: Given<Limits>,
    /// The audit trail: who got in, when, and why not.
    #[serde(default)]
    pub(super) audit: Given<Audit>,
    /// Log lines.
    #[serde(default)]
    pub(super) log: Given<Log>,
}
