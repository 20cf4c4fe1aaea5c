//! How `[portals]` and `[[portal]]` make portals out of the desks that JSM lists. Pure: it must
//! not know where either comes from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::desk::{Desk, first_free, slug};
use crate::config::{PortalDefaults, PortalRule};
use crate::domain::{Finding, LinkName, Portal, PortalId, Portals};

const SUBJECT: &str = "portal rules";

/// What the configuration says about portals.
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
    /// effect.
    pub(super) fn portals(&self, desks: &[Desk]) -> (Portals, Vec<Finding>) {
        let mut making = Making::new(self, desks);
        making.give_links();
        making.give_portal_ids();
        making.report_unused_rules(self);
        making.finish(&self.defaults)
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

fn held_by(link: &LinkName, holder: &str, key: &str) -> Finding {
    let link = link.as_str();
    Finding::failure(
        SUBJECT,
        format!(
            "[[portal]] gives {key} the link {link:?}, which {holder} has, so {key} keeps its own"
        ),
        format!(
            "take another link for {key}; or free this one first, with a [[portal]] that has project \
             = {holder:?} and another link: whoever follows the old one then gets to {key}"
        ),
    )
}

/// A key and a former key can both be named by one rule.
fn fits_two(link: &LinkName, has_it: &str, key: &str) -> Finding {
    Finding::failure(
        SUBJECT,
        format!("[[portal]] link {:?} fits {has_it} and {key}; {has_it} has it", link.as_str()),
        "give each project a [[portal]] of its own",
    )
}

/// No project had this key, but it looks like the other project's.
fn given_away(natural: &LinkName, to: &str, desk: &Desk, link: &LinkName) -> Finding {
    let key = &desk.project_key;
    Finding::warning(
        SUBJECT,
        format!("{to} has the link {:?}, so {key} has {:?}", natural.as_str(), link.as_str()),
        format!("if that is meant, add a [[portal]] with project = {key:?} and its link"),
    )
}

/// Portals in the making: one entry a desk, live desks first since they have the better claim.
struct Making<'a> {
    entries: Vec<Entry<'a>>,
    problems: Vec<Finding>,
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

    fn give_links(&mut self) {
        let given = self.give_configured_links();
        let mut taken: HashSet<_> = given.keys().cloned().collect();
        let made_up: HashSet<_> =
            self.entries.iter().map(|entry| &entry.desk.link).cloned().collect();
        for entry in self.entries.iter_mut().filter(|entry| entry.link.is_none()) {
            let own = &entry.desk.link;
            let link = first_free(own.as_str(), |link| {
                !taken.contains(link) && (link == own || !made_up.contains(link))
            });
            let natural = slug(&entry.desk.first_key);
            if let Some((natural, to)) = given.iter().find(|(link, _)| link.as_str() == natural) {
                self.problems.push(given_away(natural, to, entry.desk, &link));
            }
            taken.insert(link.clone());
            entry.link = Some(link);
        }
    }

    /// A link is a promise. A portal's link does not go to another portal because of one line about
    /// that other: the file has to give the first one a new link as well.
    fn give_configured_links(&mut self) -> HashMap<LinkName, &'a str> {
        let mut given: HashMap<LinkName, &str> = HashMap::new();
        let held = self.held();
        for entry in &mut self.entries {
            let Some(link) = entry.rule.and_then(|rule| rule.link.as_ref()) else { continue };
            let key = entry.desk.project_key.as_str();
            match (held.get(link).filter(|holder| **holder != key), given.get(link)) {
                (Some(holder), _) => self.problems.push(held_by(link, holder, key)),
                (None, Some(other)) => self.problems.push(fits_two(link, other, key)),
                (None, None) => {
                    given.insert(link.clone(), key);
                    entry.link = Some(link.clone());
                }
            }
        }
        given
    }

    /// The links that portals have without a line in the file, and whose they are.
    fn held(&self) -> HashMap<LinkName, &'a str> {
        let has_no_other = |entry: &&Entry<'_>| {
            let configured = entry.rule.and_then(|rule| rule.link.as_ref());
            configured.is_none_or(|link| *link == entry.desk.link)
        };
        let held = self.entries.iter().filter(has_no_other);
        held.map(|entry| (entry.desk.link.clone(), entry.desk.project_key.as_str())).collect()
    }

    /// A configured number only fills a gap: JSM knows its own numbers better than the file.
    fn give_portal_ids(&mut self) {
        let mut taken: HashSet<_> =
            self.entries.iter().filter_map(|entry| entry.portal_id).collect();
        for entry in &mut self.entries {
            let Some(configured) = entry.rule.and_then(|rule| rule.portal_id) else { continue };
            match entry.portal_id {
                None if taken.insert(configured) => entry.portal_id = Some(configured),
                None => self.problems.push(Finding::failure(
                    SUBJECT,
                    format!(
                        "[[portal]] portal_id {configured} for {} belongs to another portal",
                        entry.desk.project_key
                    ),
                    "open the portal in JSM, and take the number from its address",
                )),
                Some(known) if known != configured => self.problems.push(Finding::warning(
                    SUBJECT,
                    format!(
                        "[[portal]] portal_id {configured} for {} has no effect; JSM says {known}",
                        entry.desk.project_key
                    ),
                    "remove portal_id there",
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
            let text = format!(
                "[[portal]] project = {:?} fits no portal, so it has no effect",
                rule.project
            );
            Finding::warning(SUBJECT, text, "correct or remove that [[portal]]")
        });
        self.problems.extend(problems.collect::<Vec<_>>());
    }

    fn finish(self, defaults: &PortalDefaults) -> (Portals, Vec<Finding>) {
        let mut portals: Vec<_> =
            self.entries.into_iter().filter_map(|entry| entry.into_portal(defaults)).collect();
        portals.sort_by(|a, b| (a.gone, &a.project_key).cmp(&(b.gone, &b.project_key)));
        (Portals::new(portals), self.problems)
    }
}

impl Entry<'_> {
    fn into_portal(self, defaults: &PortalDefaults) -> Option<Portal> {
        let Self { desk, rule, link, portal_id } = self;
        Some(Portal {
            service_desk_id: desk.service_desk_id.clone(),
            portal_id,
            project_id: desk.project_id.clone(),
            project_key: desk.project_key.clone(),
            former_keys: desk.former_keys.iter().chain([&desk.first_key]).cloned().collect(),
            name: desk.name.clone(),
            link: link?,
            mode: rule.map_or_else(|| defaults.mode(), |rule| rule.mode),
            service_provider: match rule {
                Some(rule) => rule.service_provider.clone(),
                None => defaults.service_provider.clone(),
            },
            rules: Arc::clone(rule.map_or(&defaults.rules, |rule| &rule.rules)),
            open_desk: rule.is_some_and(|rule| rule.open_desk),
            greeting: Arc::new(rule.map(|rule| rule.greeting.clone()).unwrap_or_default()),
            gone: desk.gone,
        })
    }
}
