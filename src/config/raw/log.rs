//! `[log]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::default;
use crate::config::field::Field;
use crate::config::parsed::LogFormat;

/// Log lines.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Log {
    /// For people or for machines.
    #[serde(default)]
    #[schemars(extend("default" = "text"))]
    pub(in crate::config) format: Field<LogFormat>,
    /// What is written: error, warn, info, debug or trace, or a filter of modules.
    #[serde(default)]
    #[schemars(extend("default" = default::LOG_LEVEL))]
    pub(in crate::config) level: Field<String>,
}
