//! `[audit]` as the rest of the gate sees it.

use std::path::PathBuf;

/// `[audit]`: where the audit trail goes.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    /// Where its lines are written.
    pub to: AuditTo,
}

/// Where the audit trail is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AuditTo {
    /// Into the log, whatever its level.
    Log,
    /// JSON lines on standard output.
    Stdout,
    /// JSON lines in a file.
    File(PathBuf),
}
