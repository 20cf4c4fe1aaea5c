//! `[emergency]`

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::default;
use crate::config::field::Field;
use crate::config::raw::Texts;

/// Access for the day a provider is down, by a link that a command makes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Emergency {
    /// Whether `jsm-gate emergency` may make links.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) enabled: Field<bool>,
    /// The longest time somebody may be let in for, in minutes.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1440), extend("default" = default::EMERGENCY_MAX_MINUTES))]
    pub(in crate::config) max_minutes: Field<u64>,
    /// Networks from which a link may be opened.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) networks: Texts,
    /// Who may be let in.
    #[serde(default)]
    pub(in crate::config) allow: Field<EmergencyAllow>,
}

/// Everybody that one of the lists names.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct EmergencyAllow {
    /// Whole mail domains.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) email_domains: Texts,
    /// Single addresses.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) emails: Texts,
}
