//! How `[portals]` and `[[portal]]` make portals out of the desks that JSM lists. Pure: it must
//! not know where either comes from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::desk::{Desk, first_free};
use crate::config::{PortalDefaults, PortalRule};
use crate::domain::{LinkName, Portal, PortalId, Portals};

/// The configuration's say on portals.
#[derive(Clone, Debug)]
pub struct PortalRules {
    /// `[portals]`
    pub defaults: PortalDefaults,
    /// `[[portal]]`, in the file's order.
    pub rules: Vec<PortalRule>,
}

impl PortalRules {
    /// The links that the configuration gives away.
    pub(super) fn links(&self) -> HashSet<LinkName> {
        self.rules.iter().filter_map(|rule| rule.link.clone()).collect()
    }

    /// The portals, live ones first, each group by project key; and what of the rules has no
    /// effect, one sentence each.
    pub(super) fn portals(&self, desks: &[Desk]) -> (Portals, Vec<String>) {
        let mut making = Making::new(self, desks);
        making.give_links();
        making.give_portal_ids();
        making.report_unused_rules(self);
        making.finish(self.defaults)
    }

    /// The rule that names the desk best: by project id, by the key it has now, or by the key it
    /// had when first seen, so that a changed key neither loses a rule nor opens a private portal.
    fn rule_of(&self, desk: &Desk) -> Option<&PortalRule> {
        let named =
            |name: &str| self.rules.iter().find(|rule| rule.project.eq_ignore_ascii_case(name));
        named(&desk.project_id)
            .or_else(|| named(&desk.project_key))
            .or_else(|| named(&desk.first_key))
    }
}

/// Portals in the making: one entry a desk, live desks first since they have the better claim.
struct Making<'a> {
    entries: Vec<Entry<'a>>,
    problems: Vec<String>,
}

struct Entry<'a> {
    desk: &'a Desk,
    rule: Option<&'a PortalRule>,
    link: Option<LinkName>,
    portal_id: Option<PortalId>,
}

impl<'a> Making<'a> {
    fn new(rules: &'a PortalRules, desks: &'a [Desk]) -> Self {
        let entry = |desk: &'a Desk| Entry {
            desk,
            rule: rules.rule_of(desk),
            link: None,
            portal_id: desk.portal_id,
        };
        let mut entries: Vec<_> = desks.iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.desk.gone);
        Self { entries, problems: Vec::new() }
    }

    /// The admin's word comes before a link the gate made up itself.
    fn give_links(&mut self) {
        let mut taken: HashMap<LinkName, &str> = HashMap::new();
        for entry in &mut self.entries {
            let Some(link) = entry.rule.and_then(|rule| rule.link.as_ref()) else { continue };
            match taken.get(link) {
                None => {
                    taken.insert(link.clone(), &entry.desk.project_key);
                    entry.link = Some(link.clone());
                }
                Some(other) => self.problems.push(format!(
                    "[[portal]] link {:?} fits {other} and {}; {other} has it",
                    link.as_str(),
                    entry.desk.project_key
                )),
            }
        }
        let made_up: HashSet<_> =
            self.entries.iter().map(|entry| &entry.desk.link).cloned().collect();
        for entry in self.entries.iter_mut().filter(|entry| entry.link.is_none()) {
            let own = &entry.desk.link;
            let link = first_free(own.as_str(), |link| {
                !taken.contains_key(link) && (link == own || !made_up.contains(link))
            });
            if let Some(other) = taken.get(own) {
                self.problems.push(format!(
                    "[[portal]] gives the link {:?} to {other}, so {} now has {:?}",
                    own.as_str(),
                    entry.desk.project_key,
                    link.as_str()
                ));
            }
            taken.insert(link.clone(), &entry.desk.project_key);
            entry.link = Some(link);
        }
    }

    /// A configured number only fills a gap: JSM knows its own numbers better.
    fn give_portal_ids(&mut self) {
        let mut taken: HashSet<_> =
            self.entries.iter().filter_map(|entry| entry.portal_id).collect();
        for entry in &mut self.entries {
            let Some(configured) = entry.rule.and_then(|rule| rule.portal_id) else { continue };
            match entry.portal_id {
                None if taken.insert(configured) => entry.portal_id = Some(configured),
                None => self.problems.push(format!(
                    "[[portal]] portal_id {configured} for {} belongs to another portal",
                    entry.desk.project_key
                )),
                Some(known) if known != configured => self.problems.push(format!(
                    "[[portal]] portal_id {configured} for {} has no effect; JSM says {known}",
                    entry.desk.project_key
                )),
                Some(_) => {}
            }
        }
    }

    fn report_unused_rules(&mut self, rules: &PortalRules) {
        if self.entries.is_empty() {
            return;
        }
        let used = |rule: &&PortalRule| {
            self.entries.iter().filter_map(|entry| entry.rule).any(|it| std::ptr::eq(it, *rule))
        };
        let unused = rules.rules.iter().filter(|rule| !used(rule));
        let problems = unused.map(|rule| {
            format!("[[portal]] project = {:?} fits no portal, so it has no effect", rule.project)
        });
        self.problems.extend(problems.collect::<Vec<_>>());
    }

    fn finish(self, defaults: PortalDefaults) -> (Portals, Vec<String>) {
        let mut portals: Vec<_> =
            self.entries.into_iter().filter_map(|entry| entry.into_portal(defaults)).collect();
        portals.sort_by(|a, b| (a.gone, &a.project_key).cmp(&(b.gone, &b.project_key)));
        (Portals::new(portals), self.problems)
    }
}

impl Entry<'_> {
    fn into_portal(self, defaults: PortalDefaults) -> Option<Portal> {
        let Self { desk, rule, link, portal_id } = self;
        Some(Portal {
            service_desk_id: desk.service_desk_id.clone(),
            portal_id,
            project_id: desk.project_id.clone(),
            project_key: desk.project_key.clone(),
            former_keys: desk.former_keys.iter().chain([&desk.first_key]).cloned().collect(),
            name: desk.name.clone(),
            link: link?,
            mode: rule.and_then(|rule| rule.mode).unwrap_or(defaults.mode),
            access: rule.and_then(|rule| rule.access).unwrap_or(defaults.access),
            allow: Arc::new(rule.map(|rule| rule.allow.clone()).unwrap_or_default()),
            deny: Arc::new(rule.map(|rule| rule.deny.clone()).unwrap_or_default()),
            provider: rule.and_then(|rule| rule.provider.clone()),
            demand: Arc::new(rule.map(|rule| rule.demand.clone()).unwrap_or_default()),
            gone: desk.gone,
        })
    }
}
