//! Which account in JSM a login opens, for an admin. Must not know how that is kept.

use serde::{Deserialize, Serialize};

use super::ControlAnswer;
use crate::audit::{Event, Kind};
use crate::customers::{Bound, Moved};
use crate::domain::{AccountId, Email, Identity, ProviderId};
use crate::server::Assembly;
use crate::session::StoreError;

/// What is asked about bindings.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum CustomersRequest {
    /// All of them, or those of one address, subject or account.
    List {
        /// Whose.
        of: Option<String>,
    },
    /// Whoever logs in next with this address opens this account.
    Bind {
        /// The address.
        email: String,
        /// The account.
        account: String,
    },
    /// Takes bindings away, and ends the sessions of whoever had them.
    Unbind {
        /// Of this address, subject or account.
        of: String,
    },
    /// Has people of one provider open their accounts with another.
    Move {
        /// The provider they are bound with.
        from: String,
        /// The provider they will log in with.
        to: String,
    },
    /// The same, and ends the sessions of whoever is called so without a binding.
    Forget {
        /// Of this address, subject or account.
        of: String,
    },
}

/// What came of it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomersAnswer {
    /// Which login opens which account.
    List(Vec<Bound>),
    /// The next login with the address opens the account. So many sessions ended.
    Reserved(usize),
    /// Bindings wait for logins at another provider.
    Moved(Moved),
    /// So much was taken away of somebody.
    Unbound {
        /// Bindings.
        bindings: usize,
        /// Sessions that ended.
        sessions: usize,
    },
}

/// Answers, and writes what was changed into the audit trail.
pub(super) async fn answer(
    assembly: &Assembly,
    request: CustomersRequest,
    uid: Option<u32>,
) -> ControlAnswer {
    let answered = match request {
        CustomersRequest::List { of } => list(assembly, of.as_deref()).await,
        CustomersRequest::Bind { email, account } => bind(assembly, &email, &account, uid).await,
        CustomersRequest::Unbind { of } => unbind(assembly, &of, |_, _| false, uid).await,
        CustomersRequest::Move { from, to } => move_between(assembly, &from, &to).await,
        CustomersRequest::Forget { of } => unbind(assembly, &of, Identity::is_called, uid).await,
    };
    assembly.customers().forget_answers();
    answered.map_or_else(|refused| ControlAnswer::Refused(refused.0), ControlAnswer::Customers)
}

/// Why something was not done.
struct Refused(String);

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<crate::domain::InvalidName> for Refused {
    fn from(error: crate::domain::InvalidName) -> Self {
        Self(error.to_string())
    }
}

async fn list(assembly: &Assembly, of: Option<&str>) -> Result<CustomersAnswer, Refused> {
    let mut all = assembly.customers().bindings().list().await?;
    all.retain(|bound| of.is_none_or(|name| bound.is_called(name)));
    Ok(CustomersAnswer::List(all))
}

/// The account has to be there, so that a slip of the hand does not lock somebody out. Whoever is logged in
/// with the address has another account open, maybe in Jira: they log in again.
async fn bind(
    assembly: &Assembly,
    email: &str,
    account: &str,
    uid: Option<u32>,
) -> Result<CustomersAnswer, Refused> {
    let (email, account) = (Email::parse(email)?, AccountId::parse(account)?);
    let customers = assembly.customers();
    let known = customers.has_account(&account).await;
    if !known.map_err(|error| Refused(format!("{error}; {}", error.remedy())))? {
        return Err(Refused(format!("JSM has no account {account}")));
    }
    customers.bindings().reserve(&email, &account).await?;
    let event = Event::new(Kind::CustomerBound).about_email(&email).with_account(&account);
    let why = "opened by the next login with this address";
    assembly.audit().note(event.asked_by(uid).because(why));
    customers.forget_answers();
    let is_theirs = |identity: &Identity| identity.email.known() == Some(&email);
    Ok(CustomersAnswer::Reserved(log_out(assembly, is_theirs, uid).await?))
}

/// Ends the sessions of whoever is bound, and of those whom `also` names. They go first: one that is under way
/// would bind anew. A session in Jira is of no use without the one here.
async fn unbind(
    assembly: &Assembly,
    of: &str,
    also: fn(&Identity, &str) -> bool,
    uid: Option<u32>,
) -> Result<CustomersAnswer, Refused> {
    let customers = assembly.customers();
    let bindings = customers.bindings();
    let mut theirs = bindings.list().await?;
    theirs.retain(|bound| bound.is_called(of));
    let is_theirs = |identity: &Identity| {
        theirs.iter().any(|bound| bound.is_of(identity)) || also(identity, of)
    };
    let sessions = log_out(assembly, is_theirs, uid).await?;
    let unbound = bindings.unbind(of).await?;
    for bound in &unbound {
        let event = Event::new(Kind::CustomerUnbound).with_account(&bound.account);
        assembly.audit().note(about(event, bound).asked_by(uid));
    }
    Ok(CustomersAnswer::Unbound { bindings: unbound.len(), sessions })
}

async fn move_between(
    assembly: &Assembly,
    from: &str,
    to: &str,
) -> Result<CustomersAnswer, Refused> {
    let (from, to) = (ProviderId::parse(from)?, ProviderId::parse(to)?);
    if assembly.authenticator().provider(&to).is_none() {
        return Err(Refused(format!("the running gate has no provider {:?}", to.as_str())));
    }
    if from == to {
        return Err(Refused("the two providers are one".to_owned()));
    }
    let moved = assembly.customers().bindings().move_between(&from, &to).await?;
    Ok(CustomersAnswer::Moved(moved))
}

/// Ends the sessions of these people, and returns how many there were.
async fn log_out(
    assembly: &Assembly,
    is_theirs: impl Fn(&Identity) -> bool,
    uid: Option<u32>,
) -> Result<usize, StoreError> {
    let (sessions, mut ended) = (assembly.sessions(), 0);
    for session in sessions.list(None).await?.iter().filter(|it| is_theirs(&it.identity)) {
        if sessions.end_by_key(&session.key).await? {
            let event = Event::new(Kind::Logout).about(&session.identity);
            assembly.audit().note(event.asked_by(uid));
            ended += 1;
        }
    }
    Ok(ended)
}

fn about(event: Event, bound: &Bound) -> Event {
    let event = bound.email.iter().fold(event, Event::about_email);
    bound.who.iter().fold(event, |event, who| event.at_provider(&who.provider))
}
