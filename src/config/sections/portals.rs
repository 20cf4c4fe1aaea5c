//! `[portals]`

use crate::config::field::Field;
use crate::config::parsed::PortalDefaults;
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::domain::{Access, Mode};

pub(super) fn read(field: &Field<raw::Portals>, reader: &mut Reader<'_>) -> PortalDefaults {
    let nothing = raw::Portals::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    PortalDefaults {
        mode: mode(&raw.mode, Mode::Forward, reader),
        access: reader.value_or(&raw.access, Access::Default),
    }
}

/// How portals are served. Only `forward` works in this version.
pub(super) fn mode(field: &Field<Mode>, default: Mode, reader: &mut Reader<'_>) -> Mode {
    let mode = reader.value_or(field, default);
    if mode != Mode::Forward && field.is_given() {
        let what = format!("is {:?}, which is not available yet in this version", mode.as_str());
        let invalid = ValueError::new(what, "expected forward").remedy("write \"forward\"");
        reader.invalid(field.span().unwrap_or_default(), invalid);
    }
    mode
}
