//! The request types that pages list: those that the customer may use, without those whose form is known not to
//! be one that the portal can show. Must not keep a page waiting to find that out: what is not known is listed.

use std::fmt;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::sync::Cache;
use smol_str::SmolStr;

use super::HostedState;
use super::create::can_be_shown;
use super::visit::Visit;
use crate::domain::{GroupId, Portal, RequestTypeId};
use crate::jsm::requests::{Group, RequestType};
use crate::portal::gatekeeper::{Asking, Offer, Visible};
use crate::problem::Problem;

/// How long a form that can be shown is taken for one.
const SHOWN: Duration = Duration::from_secs(3600);
/// What an admin mends in JSM is seen after so long, as everywhere.
const LEFT_OUT: Duration = Duration::from_secs(5 * 60);
/// How long a form is left out while JSM does not tell it anew.
const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// Whoever looks at a portal has its forms read, but not more often.
const PAUSE: Duration = Duration::from_secs(60);
/// Request types that are remembered.
const MOST: u64 = 10_000;

/// A request type of a desk.
type Key = (SmolStr, RequestTypeId);

/// What is known of forms by whoever looked at a portal before.
#[derive(Clone)]
pub struct KnownForms {
    left_out: Cache<Key, ()>,
    /// Whether the form can be shown, as long as nobody has to look again.
    looked_at: Cache<Key, bool>,
    /// Desks whose forms were asked for just now.
    asked: Cache<SmolStr, ()>,
}

impl Default for KnownForms {
    fn default() -> Self {
        Self {
            left_out: Cache::builder().max_capacity(MOST).time_to_live(LONGEST).build(),
            looked_at: Cache::builder().max_capacity(MOST).expire_after(Due).build(),
            asked: Cache::builder().max_capacity(MOST).time_to_live(PAUSE).build(),
        }
    }
}

impl fmt::Debug for KnownForms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnownForms")
    }
}

impl KnownForms {
    fn note(&self, portal: &Portal, id: RequestTypeId, can_be_shown: bool) {
        let key = key(portal, id);
        if can_be_shown {
            self.left_out.invalidate(&key);
        } else {
            self.left_out.insert(key.clone(), ());
        }
        self.looked_at.insert(key, can_be_shown);
    }
}

struct Due;

impl Expiry<Key, bool> for Due {
    fn expire_after_create(&self, _: &Key, shown: &bool, _: Instant) -> Option<Duration> {
        Some(if *shown { SHOWN } else { LEFT_OUT })
    }
}

fn key(portal: &Portal, id: RequestTypeId) -> Key {
    (portal.service_desk_id.as_str().into(), id)
}

/// The request types that a page lists.
pub(super) struct Listed {
    offer: Visible<Offer>,
    left_out: Vec<RequestTypeId>,
}

impl Listed {
    /// For whoever looks at the portal. Forms that are not known are read beside the page.
    pub(super) async fn of(state: &HostedState, visit: &Visit) -> Result<Self, Problem> {
        let offer = state.gatekeeper.offer(visit.asking()).await?;
        let (known, portal) = (&state.known_forms, visit.portal());
        let ids = || offer.types().map(|it| it.id);
        let due = ids().filter(|id| !known.looked_at.contains_key(&key(portal, *id)));
        learn(state, visit, due.collect());
        let left_out = ids().filter(|id| known.left_out.contains_key(&key(portal, *id)));
        let left_out = left_out.collect();
        Ok(Self { offer, left_out })
    }

    /// All of them.
    pub(super) fn types(&self) -> impl Iterator<Item = &RequestType> {
        self.offer.types().filter(|it| self.lists(it))
    }

    /// Every group in which there is one.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.offer.groups().filter(|group| self.of_group(group.id).next().is_some())
    }

    /// Those of a group.
    pub(super) fn of_group(&self, id: GroupId) -> impl Iterator<Item = &RequestType> {
        self.types().filter(move |it| it.groups.contains(&id))
    }

    /// Whether JSM does not answer, and this is what it said before.
    pub(super) fn is_old(&self) -> bool {
        self.offer.is_old()
    }

    fn lists(&self, it: &RequestType) -> bool {
        !self.left_out.contains(&it.id)
    }
}

/// Reads forms one after the other, until JSM does not answer. Nobody waits for that.
fn learn(state: &HostedState, visit: &Visit, ids: Vec<RequestTypeId>) {
    let portal = visit.portal().clone();
    let desk = SmolStr::from(portal.service_desk_id.as_str());
    if ids.is_empty() || !state.known_forms.asked.entry(desk).or_insert(()).is_fresh() {
        return;
    }
    let (state, language) = (state.clone(), visit.language.clone());
    let (customer, organizations) = (visit.customer.clone(), visit.organizations.clone());
    tokio::spawn(async move {
        let (account, organizations) = (&customer.account, organizations.as_slice());
        let asking = Asking { account, organizations, portal: &portal, language: &language };
        for id in ids {
            let Ok(deployment) = state.gatekeeper.deployment().await else { return };
            let Ok(fields) = state.gatekeeper.fields(asking, id).await else { return };
            let has_attached_form = state.gatekeeper.has_attached_form(asking, id).await;
            let is_shown = !has_attached_form && can_be_shown(&fields.fields, deployment, &state);
            state.known_forms.note(&portal, id, is_shown);
        }
    });
}
