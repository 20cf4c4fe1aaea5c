//! Patterns for the schema, so that an editor marks what the gate would refuse. They are looser than
//! the parsers in `values`, which decide, and never stricter.

use serde_json::Value;

use super::values;

const DURATION: &str = "^\\s*([0-9]+\\s*(nsec|ns|usec|us|µs|msec|ms|seconds?|secs?|s|minutes?|mins?|min|m|hours?|hrs?|hr|h|days?|d|weeks?|wks?|wk|w|months?|M|years?|yrs?|yr|y)\\s*)+$";
const SIZE: &str = "^[0-9]+(\\.[0-9]+)?\\s*([kKmMgGtTpPeE][iI]?[bB]?|[bB])$";
const SLUG: &str = "^[a-z0-9_-]{1,64}$";
const WEB_ADDRESS: &str = "^\\s*[hH][tT][tT][pP][sS]?://";
const SOCKET: &str = "^([0-9.]+|\\[[0-9a-fA-F:.]+(%[0-9]+)?\\]):[0-9]{1,5}$";
const NETWORK: &str = "^[0-9a-fA-F:.]+(/[0-9]{1,3})?$";
const EMAIL: &str = "^[^@\\s]+@[^@\\s]+$";
const DOMAIN: &str = "^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$";

/// What has no default to tell it.
const PATTERNS: &[(&str, &str)] = &[
    ("gate.public_url", WEB_ADDRESS),
    ("gate.listen", SOCKET),
    ("gate.operations_listen", "^$|^([0-9.]+|\\[[0-9a-fA-F:.]+(%[0-9]+)?\\]):[0-9]{1,5}$"),
    ("gate.trusted_proxies", NETWORK),
    ("jsm.url", WEB_ADDRESS),
    ("jsm.cloud_api_url", WEB_ADDRESS),
    ("jsm.email", EMAIL),
    ("provider.id", SLUG),
    ("provider.issuer", WEB_ADDRESS),
    ("provider.authorization_endpoint", WEB_ADDRESS),
    ("provider.token_endpoint", WEB_ADDRESS),
    ("provider.userinfo_endpoint", WEB_ADDRESS),
    ("provider.emails_endpoint", WEB_ADDRESS),
    ("provider.jwks_uri", WEB_ADDRESS),
    ("provider.end_session_endpoint", WEB_ADDRESS),
    ("provider.max_age", DURATION),
    ("provider.email_domains", DOMAIN),
    ("provider.shared_email_domains", DOMAIN),
    ("provider.verified_email_domains", DOMAIN),
    ("portal.project", "^[A-Za-z0-9_]+$"),
    ("portal.link", SLUG),
    ("portal.provider", SLUG),
    ("portal.max_age", DURATION),
    ("portal.allow.emails", EMAIL),
    ("portal.allow.email_domains", DOMAIN),
    ("portal.allow.providers", SLUG),
    ("portal.deny.emails", EMAIL),
    ("portal.deny.email_domains", DOMAIN),
    ("portal.deny.providers", SLUG),
    ("portals.service_provider", SLUG),
    ("portal.service_provider", SLUG),
    ("service_provider.id", SLUG),
    ("service_provider.acs_url", WEB_ADDRESS),
    ("service_provider.provider", SLUG),
    ("service_provider.max_age", DURATION),
    ("service_provider.start_url", WEB_ADDRESS),
    ("service_provider.slo_url", WEB_ADDRESS),
    ("service_provider.allow.emails", EMAIL),
    ("service_provider.allow.email_domains", DOMAIN),
    ("service_provider.allow.providers", SLUG),
    ("service_provider.deny.emails", EMAIL),
    ("service_provider.deny.email_domains", DOMAIN),
    ("service_provider.deny.providers", SLUG),
    ("customers.organization.emails", EMAIL),
    ("customers.organization.email_domains", DOMAIN),
    ("customers.organization.providers", SLUG),
    ("customers.group.emails", EMAIL),
    ("customers.group.email_domains", DOMAIN),
    ("customers.group.providers", SLUG),
    ("session.store", "^(embedded|memory|rediss?://.+)$"),
    ("forward.allow_paths", "^/"),
    ("forward.public_paths", "^/"),
    ("emergency.networks", NETWORK),
    ("emergency.allow.emails", EMAIL),
    ("emergency.allow.email_domains", DOMAIN),
];

/// Adds the patterns to a schema.
pub(super) fn add(schema: &mut Value) {
    walk("", schema);
}

fn walk(path: &str, schema: &mut Value) {
    let is_list = schema.get("items").is_some();
    let table = if is_list { schema.get_mut("items") } else { Some(&mut *schema) };
    if let Some(keys) = table.and_then(|table| table.get_mut("properties")?.as_object_mut()) {
        for (name, key) in keys {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            walk(&path, key);
        }
        return;
    }
    let pattern = PATTERNS.iter().find(|(key, _)| *key == path).map(|(_, pattern)| *pattern);
    let Some(pattern) = pattern.or_else(|| by_default(schema)) else { return };
    let text = if is_list { schema.get_mut("items") } else { Some(schema) };
    if let Some(text) = text.and_then(Value::as_object_mut) {
        text.insert("pattern".to_owned(), pattern.into());
    }
}

/// A key whose default is a duration takes durations, and so with sizes.
fn by_default(schema: &Value) -> Option<&'static str> {
    let default = schema.get("default")?.as_str()?;
    let is_duration = values::duration(default).is_ok();
    is_duration.then_some(DURATION).or_else(|| values::size(default).is_ok().then_some(SIZE))
}
