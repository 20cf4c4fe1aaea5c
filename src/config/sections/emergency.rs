//! `[emergency]`

use crate::config::field::Field;
use crate::config::parsed::EmergencyConfig;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{default, raw, values};
use crate::domain::{Email, EmailDomain, People};

/// What emergency access is bound to; `None` while it is off. Everything is read all the same, so
/// that a mistake does not wait for the day on which it is switched on.
pub(super) fn read(
    field: &Field<raw::Emergency>,
    reader: &mut Reader<'_>,
) -> Option<EmergencyConfig> {
    let raw = reader.value(field)?;
    let on = reader.value_or(&raw.enabled, false);
    let max_minutes = reader.value_or(&raw.max_minutes, default::EMERGENCY_MAX_MINUTES);
    let networks = reader.list(&raw.networks, &[], values::network);
    let allow = allow(&raw.allow, reader);
    if on {
        let at = raw.enabled.span().unwrap_or_default();
        if allow.is_empty() && !raw.allow.is_broken() {
            let invalid = ValueError::new("lets nobody in", "expected emails or email_domains");
            reader.invalid(at.clone(), invalid.remedy("name them in [emergency.allow]"));
        }
        if networks.is_empty() && !raw.networks.is_broken() {
            let invalid = ValueError::new("has no networks", "expected networks = […]");
            let remedy = "name the networks from which a link may be opened; 0.0.0.0/0 and ::/0 \
                          are all";
            reader.invalid(at, invalid.remedy(remedy));
        }
    }
    on.then_some(EmergencyConfig { max_minutes, networks, allow })
}

fn allow(field: &Field<raw::EmergencyAllow>, reader: &mut Reader<'_>) -> People {
    let Some(raw) = reader.value(field) else { return People::default() };
    let domains = reader.list(&raw.email_domains, &[], |text| Ok(EmailDomain::parse(text)?));
    let emails = reader.list(&raw.emails, &[], |text| Ok(Email::parse(text)?));
    People {
        email_domains: domains.into_iter().collect(),
        emails: emails.into_iter().collect(),
        ..People::default()
    }
}
