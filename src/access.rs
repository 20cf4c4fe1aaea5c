//! Who may use which portal: one pure function from portal and identity to a decision with its
//! reason. Knows nothing of where the answer is used.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{Access, Identity, People, Portal, Portals, Proof, ShortOf};

/// The answer, with the rule that gave it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Come in.
    Allowed(Rule),
    /// Nobody is logged in, and this portal wants somebody.
    LoginNeeded,
    /// Logged in and allowed, but not by such a login as this portal wants.
    StepUpNeeded(ShortOf),
    /// Logged in, but not allowed.
    Refused(Refusal),
}

/// The rule that let somebody in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rule {
    /// The portal is public.
    Public,
    /// Any customer who logged in.
    AnyCustomer,
    /// `allow` names them.
    Listed(By),
    /// Emergency access names the portal.
    Emergency,
}

/// Why somebody stays out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// `deny` names them, which nothing outweighs.
    Denied(By),
    /// The portal is private and `allow` does not name them.
    NotListed,
    /// The portal takes another provider's word only.
    OtherProvider,
    /// They are in by emergency access, which does not name the portal.
    NotInEmergency,
}

/// By which of the lists somebody is named.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum By {
    /// A group of theirs.
    Group,
    /// Their address.
    Email,
    /// Their mail domain.
    EmailDomain,
    /// Where they logged in.
    Provider,
    /// An attribute of theirs.
    Claim,
}

/// Decides whether `identity`, or nobody, may use `portal` at `now` (Unix seconds). Who is denied is not let in by anything
/// else; a public portal asks nobody who they are.
#[must_use]
pub fn decide(portal: &Portal, identity: Option<&Identity>, now: u64) -> Decision {
    if portal.access == Access::Public {
        return Decision::Allowed(Rule::Public);
    }
    let Some(identity) = identity else { return Decision::LoginNeeded };
    match &identity.proof {
        Proof::Login { acr, auth_time } => match by_login(portal, identity) {
            Decision::Allowed(rule) => portal
                .demand
                .lacks(acr.as_deref(), *auth_time, now)
                .map_or(Decision::Allowed(rule), Decision::StepUpNeeded),
            other => other,
        },
        Proof::Emergency { service_desks, .. } => by_emergency(portal, identity, service_desks),
    }
}

fn by_login(portal: &Portal, identity: &Identity) -> Decision {
    if portal.provider.as_ref().is_some_and(|provider| *provider != identity.provider) {
        return Decision::Refused(Refusal::OtherProvider);
    }
    if let Some(by) = named(&portal.deny, identity) {
        return Decision::Refused(Refusal::Denied(by));
    }
    if portal.access == Access::Default {
        return Decision::Allowed(Rule::AnyCustomer);
    }
    named(&portal.allow, identity)
        .map_or(Decision::Refused(Refusal::NotListed), |by| Decision::Allowed(Rule::Listed(by)))
}

/// No provider can be asked: what it would say of somebody is neither wanted nor believed, and the
/// portals that were named take the place of `allow`. `deny` holds.
fn by_emergency(portal: &Portal, identity: &Identity, service_desks: &[String]) -> Decision {
    if let Some(by) = named(&portal.deny, identity) {
        Decision::Refused(Refusal::Denied(by))
    } else if service_desks.contains(&portal.service_desk_id) {
        Decision::Allowed(Rule::Emergency)
    } else {
        Decision::Refused(Refusal::NotInEmergency)
    }
}

fn named(people: &People, identity: &Identity) -> Option<By> {
    let email = identity.email.as_ref();
    if identity.groups.iter().any(|group| people.groups.contains(group.as_str())) {
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
        has.is_some_and(|values| values.iter().any(|value| wanted.contains(value.as_str())))
    })
}

/// What one portal says to somebody, as lists show it.
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

/// What every portal that is there says to `identity` at `now` (Unix seconds).
#[must_use]
pub fn verdicts(portals: &Portals, identity: &Identity, now: u64) -> Vec<Verdict> {
    let there = portals.all().iter().filter(|portal| !portal.gone);
    let verdict = |portal: &Arc<Portal>| {
        let decision = decide(portal, Some(identity), now);
        Verdict {
            key: portal.project_key.clone(),
            link: portal.link.to_string(),
            decision: decision.as_str().to_owned(),
            rule: decision.rule().to_owned(),
        }
    };
    there.map(verdict).collect()
}

impl Decision {
    /// `allowed`, `login_needed`, `step_up_needed` or `refused`, as lists and the audit trail say it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed(_) => "allowed",
            Self::LoginNeeded => "login_needed",
            Self::StepUpNeeded(_) => "step_up_needed",
            Self::Refused(_) => "refused",
        }
    }

    /// The key of the configuration that decided.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Allowed(Rule::Public) => "access = public",
            Self::Allowed(Rule::AnyCustomer) => "access = default",
            Self::Allowed(Rule::Listed(by)) => by.keys().0,
            Self::Allowed(Rule::Emergency) | Self::Refused(Refusal::NotInEmergency) => "emergency",
            Self::LoginNeeded => "login",
            Self::StepUpNeeded(ShortOf::Acr) => "acr_values",
            Self::StepUpNeeded(ShortOf::Age) => "max_age",
            Self::Refused(Refusal::Denied(by)) => by.keys().1,
            Self::Refused(Refusal::NotListed) => "access = private",
            Self::Refused(Refusal::OtherProvider) => "provider",
        }
    }
}

impl By {
    /// The list in `allow` and in `deny`.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Group => ("allow.groups", "deny.groups"),
            Self::Email => ("allow.emails", "deny.emails"),
            Self::EmailDomain => ("allow.email_domains", "deny.email_domains"),
            Self::Provider => ("allow.providers", "deny.providers"),
            Self::Claim => ("allow.claims", "deny.claims"),
        }
    }
}

impl Refusal {
    /// Selects the sentence of the message catalogue: which kind of rule it was. The person is told
    /// nothing of what the rule says.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::NotListed => "not-listed",
            Self::OtherProvider => "other-provider",
            Self::NotInEmergency => "not-in-emergency",
            Self::Denied(By::Group) => "denied-group",
            Self::Denied(By::Email) => "denied-email",
            Self::Denied(By::EmailDomain) => "denied-email-domain",
            Self::Denied(By::Provider) => "denied-provider",
            Self::Denied(By::Claim) => "denied-claim",
        }
    }
}

/// The reason as the audit trail has it, to follow the portal's name.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotListed => {
                "is open to selected customers only, and your account is not among them"
            }
            Self::OtherProvider => "is open to those who log in elsewhere",
            Self::NotInEmergency => "is not among those that your emergency access is for",
            Self::Denied(By::Group) => "is closed to a group that your account belongs to",
            Self::Denied(By::Email) => "is closed to your account",
            Self::Denied(By::EmailDomain) => "is closed to the mail domain of your account",
            Self::Denied(By::Provider) => "is closed to accounts of the login that you used",
            Self::Denied(By::Claim) => {
                "is closed because of something your organisation says about your account"
            }
        })
    }
}

#[cfg(test)]
mod tests;
