//! What the directory remembers of a service desk, and how a new reading changes it. It must not
//! know the configuration's rules beyond the links they take.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use crate::domain::{LinkName, PortalId};
use crate::jsm::ServiceDesk;
use crate::jsm::rest::PortalIds;

/// What a refresh found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Refreshed {
    /// How many service desks JSM lists.
    pub listed: usize,
    /// Keys of those never seen before.
    pub new: Vec<String>,
    /// Keys of those that JSM lists no longer, since this refresh.
    pub gone: Vec<String>,
    /// Keys of those that were gone and are listed again.
    pub back: Vec<String>,
}

/// One service desk, remembered for ever: its link must never go to another project.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Desk {
    /// The identity: stays when name and key change.
    pub(super) project_id: String,
    pub(super) service_desk_id: String,
    pub(super) project_key: String,
    pub(super) name: String,
    /// The project's key when it was first seen.
    pub(super) first_key: String,
    /// Every key it was seen with before the one it has now.
    #[serde(default)]
    pub(super) former_keys: BTreeSet<String>,
    /// Made from the first key; used unless the configuration says another.
    pub(super) link: LinkName,
    pub(super) portal_id: Option<PortalId>,
    pub(super) gone: bool,
}

/// One service desk as JSM lists it now.
#[derive(Debug)]
pub(super) struct Seen {
    desk: ServiceDesk,
    portal_id: Option<PortalId>,
}

impl Seen {
    pub(super) fn new(desk: ServiceDesk, portal_ids: &PortalIds) -> Self {
        let portal_id = portal_ids.get(&desk.id).copied();
        let mut desk = desk;
        if desk.project_name.trim().is_empty() {
            desk.project_name.clone_from(&desk.project_key);
        }
        Self { desk, portal_id }
    }
}

/// Brings `desks` up to date with a reading. With `all`, the reading is complete, and desks that it
/// does not have are gone. New links avoid `taken_links`.
pub(super) fn update(
    desks: &mut Vec<Desk>,
    seen: &[Seen],
    all: bool,
    taken_links: &HashSet<LinkName>,
) -> Refreshed {
    let mut refreshed = Refreshed { listed: seen.len(), ..Refreshed::default() };
    for desk in desks.iter_mut() {
        let now = seen.iter().find(|seen| seen.desk.project_id == desk.project_id);
        if now.is_none() && !all {
            continue;
        }
        match (now, desk.gone) {
            (None, false) => refreshed.gone.push(desk.project_key.clone()),
            (Some(now), true) => refreshed.back.push(now.desk.project_key.clone()),
            (None, true) | (Some(_), false) => {}
        }
        desk.gone = now.is_none();
        if let Some(now) = now {
            desk.follow(now, seen);
        }
    }
    for new in seen.iter().filter(|seen| !is_known(desks, seen)).collect::<Vec<_>>() {
        refreshed.new.push(new.desk.project_key.clone());
        desks.push(Desk::first_seen(new, free_link(&new.desk.project_key, desks, taken_links)));
    }
    refreshed
}

impl Desk {
    fn first_seen(seen: &Seen, link: LinkName) -> Self {
        let ServiceDesk { id, project_id, project_name, project_key, .. } = seen.desk.clone();
        Self {
            project_id,
            service_desk_id: id,
            first_key: project_key.clone(),
            project_key,
            former_keys: BTreeSet::new(),
            name: project_name,
            link,
            portal_id: seen.portal_id,
            gone: false,
        }
    }

    fn follow(&mut self, now: &Seen, all: &[Seen]) {
        self.service_desk_id.clone_from(&now.desk.id);
        if self.project_key != now.desk.project_key {
            let former = std::mem::replace(&mut self.project_key, now.desk.project_key.clone());
            self.former_keys.insert(former);
        }
        self.name.clone_from(&now.desk.project_name);
        // A desk whose request types are all hidden for a while keeps its number, unless JSM gives
        // that number to another desk, because access is decided by it.
        let taken = all.iter().any(|other| other.portal_id == self.portal_id);
        let remembered = self.portal_id.filter(|_| !taken);
        self.portal_id = now.portal_id.or(remembered);
    }
}

fn is_known(desks: &[Desk], seen: &Seen) -> bool {
    desks.iter().any(|desk| desk.project_id == seen.desk.project_id)
}

/// The lower-cased key, followed by `-2`, `-3` … while that is taken.
fn free_link(key: &str, desks: &[Desk], taken: &HashSet<LinkName>) -> LinkName {
    first_free(&slug(key), |link| {
        !taken.contains(link) && desks.iter().all(|desk| desk.link != *link)
    })
}

/// The first of `it`, `it-2`, `it-3` … that is free.
pub(super) fn first_free(name: &str, is_free: impl Fn(&LinkName) -> bool) -> LinkName {
    let mut candidate = name.to_owned();
    let mut number = 1_u64;
    loop {
        match LinkName::parse(&candidate) {
            Ok(link) if is_free(&link) => return link,
            _ => {
                number += 1;
                candidate = format!("{name}-{number}");
            }
        }
    }
}

/// Project keys are upper-case letters, digits and `_`, but Data Center lets admins change that.
pub(super) fn slug(key: &str) -> String {
    let plain = key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' });
    plain.take(LONGEST_SLUG).collect::<String>().to_ascii_lowercase()
}

/// Leaves room for a number in the 64 characters of a link.
const LONGEST_SLUG: usize = 40;
