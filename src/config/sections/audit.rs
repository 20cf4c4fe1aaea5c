//! `[audit]`

use crate::config::field::Field;
use crate::config::parsed::{AuditConfig, AuditTo};
use crate::config::raw;
use crate::config::reader::Reader;

pub(super) fn read(field: &Field<raw::Audit>, reader: &mut Reader<'_>) -> Option<AuditConfig> {
    let nothing = raw::Audit::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let to = match raw.file.value().map(String::as_str) {
        Some("stdout") => AuditTo::Stdout,
        _ if raw.file.is_given() => AuditTo::File(reader.path(&raw.file)?),
        _ => AuditTo::Log,
    };
    Some(AuditConfig { to })
}
