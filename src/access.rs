//! Who may use which portal and which service provider: one pure function from rules and identity to
//! a decision with its reason. Must not know where the answer is used.

mod problem;
mod words;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{Access, AccessRules, Identity, People, Portal, Portals, Proof, ShortOf, Told};

/// The decision, with the rule that made it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// The person may use it.
    Allowed(Rule),
    /// Nobody is logged in, and it needs a login.
    LoginNeeded,
    /// The person is allowed, but it needs a stronger or a more recent login.
    StepUpNeeded(ShortOf),
    /// The person is logged in and not allowed.
    Refused(Refusal),
}

/// The rule that allowed a person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rule {
    /// It is public.
    Public,
    /// Any customer who is logged in may use it.
    AnyCustomer,
    /// `allow` names them.
    Listed(By),
    /// Emergency access names the portal.
    Emergency,
}

/// Why a person is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// `deny` names them, which outweighs everything.
    Denied(By),
    /// It is unknown whether `deny` names them: the provider did not say what it asks for.
    DenyUnknown(By),
    /// It is private and `allow` does not name them.
    NotListed,
    /// It is private, and it is unknown whether `allow` names them.
    AllowUnknown(By),
    /// It accepts only logins at another provider.
    OtherProvider,
    /// They are in by emergency access, which does not include it.
    NotInEmergency,
}

/// Which of the lists names a person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum By {
    /// One of their groups.
    Group,
    /// Their address.
    Email,
    /// Their mail domain.
    EmailDomain,
    /// Their provider.
    Provider,
    /// One of their attributes.
    Claim,
}

/// Decides whether `identity`, or a person without a login, may use what `rules` are about at `now`
/// (Unix seconds). `deny` outweighs everything else. What is public needs no login. Emergency access
/// opens portals only: see [`decide_portal`].
#[must_use]
pub fn decide(rules: &AccessRules, identity: Option<&Identity>, now: u64) -> Decision {
    decide_at(rules, None, identity, now)
}

/// The same for a portal, which emergency access may open.
#[must_use]
pub fn decide_portal(portal: &Portal, identity: Option<&Identity>, now: u64) -> Decision {
    decide_at(&portal.rules, Some(&portal.service_desk_id), identity, now)
}

fn decide_at(
    rules: &AccessRules,
    service_desk: Option<&String>,
    identity: Option<&Identity>,
    now: u64,
) -> Decision {
    if rules.access == Access::Public {
        return Decision::Allowed(Rule::Public);
    }
    let Some(identity) = identity else { return Decision::LoginNeeded };
    match &identity.proof {
        Proof::Login { acr, auth_time } => match by_login(rules, identity) {
            Decision::Allowed(rule) => rules
                .demand
                .lacks(acr.as_deref(), *auth_time, now)
                .map_or(Decision::Allowed(rule), Decision::StepUpNeeded),
            other => other,
        },
        Proof::Emergency { service_desks, .. } => {
            by_emergency(rules, identity, service_desk.is_some_and(|it| service_desks.contains(it)))
        }
    }
}

fn by_login(rules: &AccessRules, identity: &Identity) -> Decision {
    if rules.provider.as_ref().is_some_and(|provider| *provider != identity.provider) {
        return Decision::Refused(Refusal::OtherProvider);
    }
    if let Some(by) = named(&rules.deny, identity) {
        return Decision::Refused(Refusal::Denied(by));
    }
    // Unknown is not no: a person who may be denied stays out.
    if let Some(by) = cannot_tell(&rules.deny, identity) {
        return Decision::Refused(Refusal::DenyUnknown(by));
    }
    if rules.access == Access::Default {
        return Decision::Allowed(Rule::AnyCustomer);
    }
    match named(&rules.allow, identity) {
        Some(by) => Decision::Allowed(Rule::Listed(by)),
        None => Decision::Refused(
            cannot_tell(&rules.allow, identity).map_or(Refusal::NotListed, Refusal::AllowUnknown),
        ),
    }
}

/// With emergency access there is no provider to ask: nothing that a provider would say is needed
/// or believed, and the portals that the link names take the place of `allow`. `deny` still counts.
fn by_emergency(rules: &AccessRules, identity: &Identity, is_named: bool) -> Decision {
    if let Some(by) = named(&rules.deny, identity) {
        Decision::Refused(Refusal::Denied(by))
    } else if is_named {
        Decision::Allowed(Rule::Emergency)
    } else {
        Decision::Refused(Refusal::NotInEmergency)
    }
}

fn named(people: &People, identity: &Identity) -> Option<By> {
    let email = identity.email.known();
    if identity.groups.values().iter().any(|group| people.groups.contains(group.as_str())) {
        Some(By::Group)
    } else if email.is_some_and(|email| people.emails.contains(email)) {
        Some(By::Email)
    } else if email.is_some_and(|email| people.has_domain_of(email)) {
        Some(By::EmailDomain)
    } else if people.providers.contains(&identity.provider) {
        Some(By::Provider)
    } else if has_claim_of(people, identity) {
        Some(By::Claim)
    } else {
        None
    }
}

fn has_claim_of(people: &People, identity: &Identity) -> bool {
    people.claims.iter().any(|(name, wanted)| {
        let has = identity.attributes.get(name);
        has.is_some_and(|told| told.values().iter().any(|value| wanted.contains(value.as_str())))
    })
}

/// Whether lists name somebody; `None` where the provider did not tell what they ask for.
#[must_use]
pub fn names(people: &People, identity: &Identity) -> Option<bool> {
    match named(people, identity) {
        Some(_) => Some(true),
        None => cannot_tell(people, identity).is_none().then_some(false),
    }
}

/// What the lists ask for and the gate does not know about a person, if anything. Then it is
/// unknown whether they name the person.
fn cannot_tell(people: &People, identity: &Identity) -> Option<By> {
    let is_told = |name: &String| {
        people.told_by.get(name).is_some_and(|providers| providers.contains(&identity.provider))
    };
    // Without a word about it, the attribute was not asked for when the person logged in.
    let unknown = |name: &String| {
        identity.attributes.get(name).map_or_else(|| is_told(name), Told::is_unknown)
    };
    if identity.groups.is_unknown() && !people.groups.is_empty() {
        Some(By::Group)
    } else if identity.email.is_unknown() && !people.emails.is_empty() {
        Some(By::Email)
    } else if identity.email.is_unknown() && !people.email_domains.is_empty() {
        Some(By::EmailDomain)
    } else if people.claims.keys().any(unknown) {
        Some(By::Claim)
    } else {
        None
    }
}

/// What one portal says to a person, for lists.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Verdict {
    /// The project key.
    pub key: String,
    /// The name in the link.
    pub link: String,
    /// See [`Decision::as_str`].
    pub decision: String,
    /// See [`Decision::rule`].
    pub rule: String,
}

/// What every existing portal says to `identity` at `now` (Unix seconds).
#[must_use]
pub fn verdicts(portals: &Portals, identity: &Identity, now: u64) -> Vec<Verdict> {
    let there = portals.all().iter().filter(|portal| !portal.gone);
    let verdict = |portal: &Arc<Portal>| {
        let decision = decide_portal(portal, Some(identity), now);
        Verdict {
            key: portal.project_key.clone(),
            link: portal.link.to_string(),
            decision: decision.as_str().to_owned(),
            rule: decision.rule().to_owned(),
        }
    };
    there.map(verdict).collect()
}

#[cfg(test)]
mod tests;
