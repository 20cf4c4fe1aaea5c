//! `[provider.attributes]`

use crate::config::field::Field;
use crate::config::parsed::AttributeMap;
use crate::config::preset::Row;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{default, raw, values};
use crate::domain::Identity;

pub(super) fn read(
    field: &Field<raw::Attributes>,
    row: &Row,
    reader: &mut Reader<'_>,
) -> Option<AttributeMap> {
    let nothing = raw::Attributes::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let mut claim = |field, default| reader.parse_or(field, default, values::text);
    let claims = &row.claims;
    let subject = claim(&raw.subject, claims.subject);
    let email = claim(&raw.email, claims.email);
    let email_verified = claim(&raw.email_verified, claims.email_verified);
    let name = claim(&raw.name, claims.name);
    let first_name = claim(&raw.first_name, default::ATTRIBUTE_FIRST_NAME);
    let last_name = claim(&raw.last_name, default::ATTRIBUTE_LAST_NAME);
    let groups = claim(&raw.groups, claims.groups);
    let extra = extra(&raw.extra, reader);
    Some(AttributeMap {
        subject: subject?,
        email: email?,
        email_verified: email_verified?,
        name: name?,
        first_name: first_name?,
        last_name: last_name?,
        groups: groups?,
        extra,
    })
}

fn extra(field: &Field<raw::Named>, reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let mut extra = Vec::new();
    for (name, claim) in reader.value(field).into_iter().flatten() {
        let claim = reader.parse(claim, values::text);
        match attribute_name(name.get_ref()) {
            Ok(name) => extra.extend(claim.map(|claim| (name, claim))),
            Err(invalid) => {
                let path = reader.report.path(&field.span().unwrap_or_default());
                let mistake = reader.report.mistake_of(path, name.span(), invalid.what);
                mistake.expected(invalid.expected);
            }
        }
    }
    extra
}

/// A name that can stand between braces and is not taken.
fn attribute_name(name: &str) -> Result<String, ValueError> {
    if Identity::ATTRIBUTES.contains(&name) {
        return Err(ValueError::new(
            format!("names {name:?}, which every identity has"),
            "expected a name of its own",
        ));
    }
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let ok = (1..=64).contains(&name.len()) && name.bytes().all(fits);
    let expected = "expected lower-case letters, digits and _, such as cost_center";
    ok.then(|| name.to_owned()).ok_or_else(|| ValueError::new(format!("names {name:?}"), expected))
}
