//! `[hosted]`

use jiff::tz::TimeZone;

use crate::config::field::Field;
use crate::config::parsed::HostedConfig;
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::domain::OrganizationRequests;

pub(super) fn read(field: &Field<raw::Hosted>, reader: &mut Reader<'_>) -> HostedConfig {
    let nothing = raw::Hosted::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    HostedConfig {
        time_zone: reader.parse(&raw.time_zone, time_zone).unwrap_or(TimeZone::UTC),
        organization_requests: reader
            .value_or(&raw.organization_requests, OrganizationRequests::None),
    }
}

fn time_zone(name: &str) -> Result<TimeZone, ValueError> {
    TimeZone::get(name).map_err(|_| {
        let expected = "expected a name of the IANA time zone database, such as \"Europe/Berlin\"";
        ValueError::new("is no time zone", expected)
    })
}
