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
    let mode = mode(&raw.mode, Mode::Forward, reader);
    let access = reader.value_or(&raw.access, Access::Default);
    mode_fits_access((&raw.mode, mode), (&raw.access, access), reader);
    PortalDefaults { mode, access }
}

/// How portals are served. `sso` does not work in this version.
pub(super) fn mode(field: &Field<Mode>, default: Mode, reader: &mut Reader<'_>) -> Mode {
    let mode = reader.value_or(field, default);
    if mode == Mode::Sso && field.is_given() {
        let what = format!("is {:?}, which is not available yet in this version", mode.as_str());
        let invalid = ValueError::new(what, "expected forward or hosted");
        reader.invalid(field.span().unwrap_or_default(), invalid.remedy("write \"forward\""));
    }
    mode
}

/// A hosted portal asks everybody who they are: there is nobody to raise a stranger's request for.
pub(super) fn mode_fits_access(
    mode: (&Field<Mode>, Mode),
    access: (&Field<Access>, Access),
    reader: &mut Reader<'_>,
) {
    let (mode_field, mode) = mode;
    let (access_field, access) = access;
    let Some(at) = access_field.span().or_else(|| mode_field.span()) else { return };
    if mode == Mode::Hosted && access == Access::Public {
        let what = "lets strangers into a portal whose mode is \"hosted\"";
        let invalid = ValueError::new(what, "expected default or private access");
        reader.invalid(at, invalid.remedy("write access = \"default\", or mode = \"forward\""));
    }
}
