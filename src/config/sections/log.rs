//! `[log]`

use crate::config::field::Field;
use crate::config::parsed::{LogConfig, LogFormat};
use crate::config::reader::Reader;
use crate::config::{default, raw, values};

pub(super) fn read(field: &Field<raw::Log>, reader: &mut Reader<'_>) -> Option<LogConfig> {
    let nothing = raw::Log::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let format = reader.value_or(&raw.format, LogFormat::Text);
    let level = reader.parse_or(&raw.level, default::LOG_LEVEL, values::log_level);
    Some(LogConfig { format, level: level? })
}
