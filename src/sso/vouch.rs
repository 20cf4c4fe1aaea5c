//! Vouches for a person: makes what a service provider is told of them, and has it signed. Must not decide who
//! may be vouched for, or know how it is sent.

use std::sync::Arc;

use saml::response::{self, Assertion, NoPassive};
use saml::{Id, RequestId, SigningKey, WriteError};

use super::signing::Busy;
use super::statement::{Statement, Untold};
use super::waiting::Waiting;
use super::{ServiceProvider, SsoState, authn_context, session_index};
use crate::config::NameIdValue;
use crate::customers::Customer;
use crate::domain::Identity;
use crate::keys::CertifiedKey;
use crate::problem::Problem;
use crate::session::Session;

/// Whom the gate vouches for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) identity: &'a Identity,
    /// Unix seconds since which they have a session.
    pub(super) logged_in: u64,
    /// What the service provider calls that session.
    pub(super) session_index: &'a str,
}

/// What the gate says of a person, signed.
pub(super) struct Vouched {
    pub(super) statement: Statement,
    /// Their account in Jira, where that is what is told.
    pub(super) customer: Option<Arc<Customer>>,
    /// The Response.
    pub(super) xml: String,
    /// What it was signed with.
    pub(super) key: Arc<CertifiedKey>,
}

/// Why the gate does not vouch for a person who may be vouched for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Unvouched {
    #[error(transparent)]
    Untold(#[from] Untold),
    /// They have no account in Jira, or it cannot be found out.
    #[error("no account in Jira: {}", .0.code())]
    Account(Problem),
    /// The address is no longer one of the service provider's.
    #[error("the request wants an address that acs_url no longer has")]
    NoAddress,
    #[error("as many answers are under way as can be signed in time")]
    Busy,
    #[error("the answer could not be signed: {0}")]
    Unsigned(String),
}

impl Unvouched {
    /// What to tell the person, who may want to come back to `return_to` with another account.
    pub(super) fn problem(&self, name: &str, return_to: String) -> Problem {
        let name = name.to_owned();
        match self {
            Self::Untold(untold) => Problem::NotVouched { name, cause: untold.cause(), return_to },
            Self::Account(problem) => problem.clone(),
            Self::NoAddress => Problem::SamlRequestOld { name },
            Self::Busy => Problem::TooManyAnswers,
            Self::Unsigned(_) => Problem::Internal,
        }
    }
}

impl From<Busy> for Unvouched {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<WriteError> for Unvouched {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Character { .. } => Self::Untold(Untold::Characters),
            other => Self::Unsigned(other.to_string()),
        }
    }
}

impl SsoState {
    /// Vouches for the person of a session.
    pub(super) async fn vouch_for(
        &self,
        session: &Session,
        to: &ServiceProvider,
        waiting: &Waiting,
    ) -> Result<Vouched, Unvouched> {
        let session_index = session_index::of(session.key(), to.id());
        let (identity, logged_in) = (&session.identity, session.created);
        self.vouch(Subject { identity, logged_in, session_index: &session_index }, to, waiting)
            .await
    }

    /// Vouches for a person.
    pub(super) async fn vouch(
        &self,
        subject: Subject<'_>,
        to: &ServiceProvider,
        waiting: &Waiting,
    ) -> Result<Vouched, Unvouched> {
        let destination = waiting.acs_at(to).ok_or(Unvouched::NoAddress)?.to_owned();
        let customer = self.customer(subject.identity, to).await?;
        let account = customer.as_ref().map(|customer| &customer.account);
        let people = self.service_providers.people();
        let statement = Statement::of(subject.identity, account, subject.logged_in, to, people)?;
        let key = to.key();
        let answer = Answer {
            issuer: to.entity_id().to_owned(),
            destination,
            audience: to.audience().to_owned(),
            in_response_to: waiting.id.clone(),
            session_index: subject.session_index.to_owned(),
            authn_context: authn_context::asserted(&subject.identity.proof, &waiting.authn_context),
            statement: statement.clone(),
            issued_at: self.now(),
        };
        let signs = Arc::clone(&key);
        let xml = self.signing.run(move || answer.signed(signs.signing())).await??;
        Ok(Vouched { statement, customer, xml, key })
    }

    /// The answer to a request that allows no questions, when there is nobody to vouch for.
    pub(super) async fn no_passive(
        &self,
        to: &ServiceProvider,
        waiting: &Waiting,
        in_response_to: &RequestId,
    ) -> Result<String, Unvouched> {
        let destination = waiting.acs_at(to).ok_or(Unvouched::NoAddress)?.to_owned();
        let key = to.key();
        let (issuer, in_response_to) = (to.entity_id().to_owned(), in_response_to.clone());
        let issued_at = self.now();
        let sign = move || {
            let answer = NoPassive {
                issuer: &issuer,
                destination: &destination,
                in_response_to: &in_response_to,
                issued_at,
                id: Id::from_random(rand::random()),
            };
            response::no_passive(&answer, key.signing())
        };
        Ok(self.signing.run_for_stranger(sign).await??)
    }

    /// The person's account in Jira, if that is what the service provider knows people by.
    async fn customer(
        &self,
        identity: &Identity,
        to: &ServiceProvider,
    ) -> Result<Option<Arc<Customer>>, Unvouched> {
        if to.name_id().value != NameIdValue::JiraUsername {
            return Ok(None);
        }
        let found = match &self.jira_login {
            Some(jira_login) => jira_login.account(identity).await,
            None => self.customers.to_log_in(identity, to.allows_staff()).await,
        };
        found.map(Some).map_err(Unvouched::Account)
    }
}

/// All that stands in a Response.
struct Answer {
    issuer: String,
    destination: String,
    audience: String,
    in_response_to: Option<RequestId>,
    session_index: String,
    /// How the person logged in, as a URI.
    authn_context: String,
    statement: Statement,
    issued_at: u64,
}

impl Answer {
    fn signed(&self, key: &SigningKey) -> Result<String, WriteError> {
        let Statement { name_id, name_id_format, attributes, authn_instant } = &self.statement;
        let assertion = Assertion {
            issuer: &self.issuer,
            destination: &self.destination,
            audience: &self.audience,
            in_response_to: self.in_response_to.as_ref(),
            name_id: saml::NameId { format: name_id_format, value: name_id },
            session_index: &self.session_index,
            // A provider's clock may be ahead; a login later than the assertion is no login.
            authn_instant: (*authn_instant).min(self.issued_at),
            authn_context: &self.authn_context,
            attributes,
            issued_at: self.issued_at,
            ids: [(); 2].map(|()| Id::from_random(rand::random())),
        };
        response::signed(&assertion, key)
    }
}
