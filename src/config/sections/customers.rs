//! `[customers]`

use super::people::{self, Lists};
use super::repeated;
use crate::config::field::{Field, Span};
use crate::config::parsed::{
    CustomersConfig, Deployment, ForwardConfig, GroupRule, JiraLogin, JsmConfig, OrganizationRule,
    PortalDefaults, PortalRule, StoreConfig,
};
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::domain::Mode;

/// The longest name that JSM gives to an organisation (JSM REST, "Create organization").
const LONGEST_NAME: usize = 200;

/// Groups that every Jira has and whose members administer it.
const ADMINISTRATORS: [&str; 3] =
    ["jira-administrators", "system-administrators", "administrators"];

pub(super) fn read(field: &Field<raw::Customers>, reader: &mut Reader<'_>) -> CustomersConfig {
    let nothing = raw::Customers::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let create = reader.value_or(&raw.create, true);
    let staff_groups = reader.list(&raw.staff_groups, &[], name);
    let organizations = items(&raw.organization, reader);
    let groups = items(&raw.group, reader);
    let all = organizations.iter().filter_map(|rule| organization(rule, reader)).collect();
    let all_groups = groups.iter().filter_map(|rule| group(rule, reader)).collect();
    once(organizations.iter().filter_map(|rule| Some(&rule.value()?.name)), reader);
    once(groups.iter().filter_map(|rule| Some(&rule.value()?.name)), reader);
    for group in groups.iter().filter_map(|rule| Some(&rule.value()?.name)) {
        no_group_of_staff(group, &staff_groups, reader);
    }
    CustomersConfig { create, staff_groups, organizations: all, groups: all_groups }
}

fn items<'a, T>(field: &'a Field<Vec<Field<T>>>, reader: &mut Reader<'_>) -> &'a [Field<T>] {
    reader.value(field).map_or(&[], Vec::as_slice)
}

fn organization(
    field: &Field<raw::OrganizationRule>,
    reader: &mut Reader<'_>,
) -> Option<OrganizationRule> {
    let raw = reader.value(field)?;
    let name = reader.parse(&raw.name, name);
    let lists = Lists::from(raw);
    let people = people::of(&lists, reader);
    let remove = reader.value_or(&raw.remove, false);
    if people.is_empty() && !lists.any_is_given() {
        names_nobody(field.span(), reader);
    }
    Some(OrganizationRule { name: name?, people, remove })
}

fn group(field: &Field<raw::GroupRule>, reader: &mut Reader<'_>) -> Option<GroupRule> {
    let raw = reader.value(field)?;
    let name = reader.parse(&raw.name, group_name);
    let lists = Lists::from(raw);
    let people = people::of(&lists, reader);
    let default = reader.value_or(&raw.default, false);
    if people.is_empty() && !default && !lists.any_is_given() {
        names_nobody(field.span(), reader);
    }
    Some(GroupRule { name: name?, default, people })
}

/// A rule without anybody is a mistake of whoever wrote it, most likely a misspelt key.
fn names_nobody(at: Option<Span>, reader: &mut Reader<'_>) {
    let expected = "expected groups, email_domains, emails, providers or claims";
    reader.invalid(at.unwrap_or_default(), ValueError::new("names nobody", expected));
}

fn once<'a>(names: impl Iterator<Item = &'a Field<String>>, reader: &mut Reader<'_>) {
    let names = names.filter_map(|name| name.span().zip(name.value()));
    for (again, first) in repeated(names) {
        let mistake = reader.report.mistake(again, "has a rule already");
        mistake.expected("expected each name once, with all that it needs").earlier(Some(first));
    }
}

fn name(text: &str) -> Result<String, ValueError> {
    let fits = (1..=LONGEST_NAME).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(char::is_control);
    let invalid = || ValueError::new("is no name", "expected 1 to 200 characters");
    fits.then(|| text.to_owned()).ok_or_else(invalid)
}

/// What would make everybody who logs in an administrator is refused before anything is asked of Jira.
fn group_name(text: &str) -> Result<String, ValueError> {
    if ADMINISTRATORS.contains(&text.to_lowercase().as_str()) {
        let invalid = ValueError::new(
            "is a group of administrators",
            "expected a group that gives nothing but what customers may have",
        );
        return Err(invalid.remedy("make a group of its own for customers in Jira"));
    }
    name(text)
}

/// Customers who join a group of staff are customers no more.
fn no_group_of_staff(group: &Field<String>, staff_groups: &[String], reader: &mut Reader<'_>) {
    let (Some(at), Some(name)) = (group.span(), group.value()) else { return };
    if staff_groups.iter().any(|of_staff| of_staff.to_lowercase() == name.to_lowercase()) {
        let expected = "expected a group that staff_groups does not name";
        reader.invalid(at, ValueError::new("is a group of staff", expected));
    }
}

/// Cloud has its customers in no group.
pub(super) fn suits_product(
    field: &Field<raw::Customers>,
    jsm: Option<&JsmConfig>,
    reader: &mut Reader<'_>,
) {
    let groups = field.value().and_then(|raw| raw.group.span());
    if let (Some(at), Some(Deployment::Cloud)) = (groups, jsm.and_then(|jsm| jsm.deployment)) {
        let what = "has no effect: customers are in Jira's groups on Data Center only";
        let invalid = ValueError::new(what, "expected no group for JSM Cloud");
        reader.invalid(at, invalid.remedy("remove [[customers.group]]; use organisations"));
    }
}

/// What binds a login to an account has to outlive a restart.
pub(super) fn suits_store(
    session: &Field<raw::Session>,
    store: Option<&StoreConfig>,
    binds: bool,
    reader: &mut Reader<'_>,
) {
    let at = session.value().and_then(|raw| raw.store.span());
    if let (Some(at), Some(StoreConfig::Memory), true) = (at, store, binds) {
        reader.report.warning(
            &at,
            "is \"memory\", so a restart forgets which account in JSM each login opens: an address \
             that came back to another person would then open the old account",
            "use \"embedded\" or a Redis",
        );
    }
}

/// Whether any login opens an account in JSM that the gate has to remember: in hosted portals, and where
/// the gate tells Jira's own login the account.
pub(super) fn any_bound(
    defaults: &PortalDefaults,
    portals: Option<&[PortalRule]>,
    forward: Option<&ForwardConfig>,
) -> bool {
    let is_hosted = |rule: &PortalRule| rule.mode == Mode::Hosted;
    defaults.mode() == Mode::Hosted
        || portals.is_some_and(|all| all.iter().any(is_hosted))
        || forward.is_some_and(|forward| forward.jira_login == JiraLogin::Saml)
}
