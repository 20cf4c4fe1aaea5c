//! Who may use a portal or log in at a service provider: the same keys for both.

use std::time::Duration;

use super::people;
use crate::config::field::Field;
use crate::config::raw::{self, Texts};
use crate::config::reader::Reader;
use crate::config::values::{self, ValueError};
use crate::domain::{Access, AccessRules, LoginDemand, People, ProviderId};

const NAMES_NOBODY: &str =
    "expected at least one name in groups, email_domains, emails, providers or claims";

/// The keys, wherever in the file they stand.
pub(super) struct Keys<'a> {
    /// What they are about, in words.
    of: &'static str,
    access: &'a Field<Access>,
    allow: &'a Field<raw::People>,
    deny: &'a Field<raw::People>,
    provider: &'a Field<String>,
    acr_values: &'a Texts,
    max_age: &'a Field<String>,
}

macro_rules! keys_in {
    ($($shape:ty: $of:literal)*) => {$(
        impl<'a> From<&'a $shape> for Keys<'a> {
            fn from(raw: &'a $shape) -> Self {
                let (access, allow, deny) = (&raw.access, &raw.allow, &raw.deny);
                let (provider, acr_values) = (&raw.provider, &raw.acr_values);
                Self { of: $of, access, allow, deny, provider, acr_values, max_age: &raw.max_age }
            }
        }
    )*};
}

keys_in! { raw::PortalRule: "portal" raw::ServiceProvider: "service provider" }

impl Keys<'_> {
    /// Whether any of them is there, well formed or not.
    pub(super) fn any_is_given(&self) -> bool {
        self.access.is_given()
            || self.allow.is_given()
            || self.deny.is_given()
            || self.provider.is_given()
            || self.acr_values.is_given()
            || self.max_age.is_given()
    }
}

/// The rules, and what is wrong with them. `providers` are the ids of all providers.
pub(super) fn read(
    keys: &Keys<'_>,
    default: Access,
    providers: &[&str],
    reader: &mut Reader<'_>,
) -> AccessRules {
    let access = reader.value_or(keys.access, default);
    let allow = people::read(keys.allow, reader);
    let deny = people::read(keys.deny, reader);
    access_fits_allow(keys, &allow, access, reader);
    access_fits_deny(keys, &deny, access, reader);
    let provider = reader.parse(keys.provider, |id| one_of(id, providers));
    let demand = demand(keys, access, reader);
    AccessRules { access, allow, deny, provider, demand }
}

/// Step-up (OpenID Connect Core 1.0 section 3.1.2.1).
fn demand(keys: &Keys<'_>, access: Access, reader: &mut Reader<'_>) -> LoginDemand {
    let given = [keys.acr_values.span(), keys.max_age.span()];
    if let (Access::Public, Some(at)) = (access, given.into_iter().flatten().next()) {
        let invalid = ValueError::new(nobody_logs_in(keys), "expected default or private access");
        reader.invalid(at, invalid);
    }
    let acr_values = reader.list(keys.acr_values, &[], values::scope);
    let max_age = reader.parse(keys.max_age, max_age);
    LoginDemand { acr_values, max_age, ..LoginDemand::default() }
}

fn nobody_logs_in(keys: &Keys<'_>) -> String {
    format!("has no effect: nobody logs in for a {} whose access is \"public\"", keys.of)
}

/// Shorter ones would be over before a form is filled in, and lost between two clocks.
fn max_age(text: &str) -> Result<Duration, ValueError> {
    let invalid =
        || ValueError::new("is less than a minute", "expected a duration such as \"15m\"");
    values::duration(text)
        .and_then(|age| if age >= Duration::from_secs(60) { Ok(age) } else { Err(invalid()) })
}

/// A misspelt provider would lock everybody out.
fn one_of(id: &str, providers: &[&str]) -> Result<ProviderId, ValueError> {
    let expected = || format!("expected the id of a [[provider]]: {}", providers.join(", "));
    let known = providers.contains(&id).then(|| ProviderId::parse(id).ok()).flatten();
    known.ok_or_else(|| ValueError::new("is the id of no provider", expected()))
}

/// A rule that lets nobody in, or that guards nothing, is not what its writer meant.
fn access_fits_allow(keys: &Keys<'_>, allow: &People, access: Access, reader: &mut Reader<'_>) {
    let explicit = keys.access.span().filter(|_| keys.access.value() == Some(&Access::Private));
    if let (Some(at), None) = (explicit.clone(), keys.allow.span()) {
        let path = reader.report.path(&at).replace(".access", ".allow");
        let remedy = "private access lets in only those whom allow names: add allow = \
                      { groups = […], email_domains = […], emails = […] }";
        reader.report.missing(path, &at, remedy);
    }
    if let (Some(_), Some(allowed)) =
        (explicit, keys.allow.span().filter(|_| !keys.allow.is_broken()))
        && allow.is_empty()
    {
        let mistake = reader.report.mistake(allowed, "lets nobody in");
        mistake.expected(NAMES_NOBODY);
    }
    if keys.allow.is_given() && access != Access::Private && !keys.access.is_broken() {
        let at = keys.allow.span().unwrap_or_default();
        let what = format!("has no effect: the {}'s access is {:?}", keys.of, access.as_str());
        let mistake = reader.report.mistake(at, what).expected("expected with private access only");
        mistake.remedy("write access = \"private\", or remove allow");
    }
}

/// The same for who stays out.
fn access_fits_deny(keys: &Keys<'_>, deny: &People, access: Access, reader: &mut Reader<'_>) {
    let Some(at) = keys.deny.span().filter(|_| !keys.deny.is_broken()) else { return };
    if access == Access::Public && !keys.access.is_broken() {
        let mistake = reader.report.mistake(at, nobody_logs_in(keys));
        let mistake = mistake.expected("expected default or private access");
        mistake.remedy("write access = \"default\", or remove deny");
    } else if deny.is_empty() {
        reader.report.mistake(at, "keeps nobody out").expected(NAMES_NOBODY);
    }
}
