//! `[audit]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::field::Field;

/// The audit trail: who got in, when, and why not.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Audit {
    /// File of its JSON lines, or "stdout". When left out, it is part of the log, and events about
    /// people are in `state_dir/audit.log` too.
    #[serde(default)]
    pub(in crate::config) file: Field<String>,
}
