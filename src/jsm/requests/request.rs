//! One request: what JSM's portal shows of it, and by whom it may be seen. It takes two answers of
//! JSM's: one for customers, and Jira's own for what the first leaves out.

mod answers;

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::try_join3;
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::OwnedMutexGuard;

pub(super) use self::answers::{RawIssue, RawRequest, person_in, priority, request};
use super::shapes::{RawUser, note_odd};
use super::site::SiteFacts;
use super::{Approval, Attachment, FieldValue, Organization, Person, Requests, Status};
use crate::config::Deployment;
use crate::domain::{AccountId, AttachmentId, IssueId, OrganizationId, RequestKey, RequestTypeId};
use crate::jsm::rest::{Call, Entry, Part};
use crate::jsm::{Error, RequestLanguage};

/// What the gate notes of a request that it raised: among it the files that came with it.
pub(super) const OWN_PROPERTY: &str = "jsm-gate.request";

/// How many calls at once read a request.
const CALLS: u32 = 3;

/// A request as customers see it. Whoever has one has not proved that they may: see
/// `portal::gatekeeper`.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its key.
    pub key: RequestKey,
    /// Its number.
    pub id: IssueId,
    /// Its request type.
    pub request_type: RequestTypeId,
    /// The name of its request type; may be empty.
    pub type_name: String,
    /// JSM's id of its desk.
    pub service_desk_id: String,
    /// What it is about.
    pub summary: String,
    /// The status that customers see.
    pub status: Status,
    /// The statuses it had, the latest first.
    pub history: Vec<Status>,
    /// When it was raised.
    pub created: Timestamp,
    /// Who raised it.
    pub reporter: Person,
    /// How urgent it is, in JSM's words; read only where it is shown.
    pub priority: Option<String>,
    /// Who of the team works on it; read only where it is shown.
    pub assignee: Option<Person>,
    /// Its fields in the form's order, without the summary and without empty ones.
    pub fields: Vec<FieldValue>,
    /// Who takes part besides the reporter.
    pub participants: Vec<Person>,
    /// The organisations it is shared with.
    pub organizations: Vec<Organization>,
    /// The approvals it needs or needed.
    pub approvals: Vec<Approval>,
    /// Every file, those for the team too.
    pub(super) attachments: Vec<Attachment>,
    /// Files that came with the request, as the gate noted when it raised it.
    pub(super) own_files: HashSet<AttachmentId>,
}

impl Request {
    /// Whether somebody, who is in these organisations, has to do with it. Who has not does not see it
    /// (confluence.atlassian.com/jirakb 1157182061).
    #[must_use]
    pub fn involves(&self, account: &AccountId, organizations: &[OrganizationId]) -> bool {
        self.is_by_or_with(account)
            || self.approvals.iter().any(|approval| approval.names(account))
            || self.organizations.iter().any(|shared| organizations.contains(&shared.id))
    }

    /// Whether somebody raised it or takes part in it.
    #[must_use]
    pub fn is_by_or_with(&self, account: &AccountId) -> bool {
        self.reporter.is(account) || self.participants.iter().any(|person| person.is(account))
    }
}

/// A participant beyond the first page.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Participant(RawUser);

impl Entry for Participant {
    const CALLED: &'static str = "participant";

    fn id(&self) -> String {
        self.0.id().to_owned()
    }
}

impl Requests {
    /// A request as it was at most seconds ago; `None` where JSM has none by that key, shows none, or
    /// knows it by another key now.
    ///
    /// # Errors
    /// When JSM does not answer, or not as it should.
    pub async fn request(
        &self,
        key: &RequestKey,
        language: &RequestLanguage,
    ) -> Result<Option<Arc<Request>>, Error> {
        let _part = self.part_for(key, CALLS).await?;
        self.caches.request(key, language, self.read_request(key, language)).await
    }

    /// A part of a customer's share, to read something of a request: there are many, and one of somebody else's
    /// is read before it is known whose it is.
    pub(super) async fn part_for(
        &self,
        key: &RequestKey,
        calls: u32,
    ) -> Result<Option<Part>, Error> {
        self.client.part(Call::read(&format!("/rest/servicedeskapi/request/{key}")), calls).await
    }

    /// A request is not what it was: it is read again, for everybody.
    pub fn changed(&self, key: &RequestKey) {
        self.caches.changed(key);
    }

    /// Waits until nobody else changes a request. Others wait until what is returned is dropped.
    pub async fn turn(&self, key: &RequestKey) -> OwnedMutexGuard<()> {
        self.caches.turn(key).await
    }

    async fn read_request(
        &self,
        key: &RequestKey,
        language: &RequestLanguage,
    ) -> Result<Option<Request>, Error> {
        let site = self.site().await?;
        let told = self.told(key, language);
        let (told, issue, approvals) =
            try_join3(told, self.issue(key, &site), self.approvals(key)).await?;
        let Some((told, issue)) = told.zip(issue) else { return Ok(None) };
        let more_participants = told.participants.goes_on();
        let Some(mut request) = request(key, told, &issue, &site) else { return Ok(None) };
        if more_participants {
            request.participants = self.all_participants(key, &site).await?;
        }
        Ok(Some(Request { approvals, ..request }))
    }

    async fn told(
        &self,
        key: &RequestKey,
        language: &RequestLanguage,
    ) -> Result<Option<RawRequest>, Error> {
        let path = format!("/rest/servicedeskapi/request/{key}");
        let expand = "participant,status,requestType".to_owned();
        let query = [("expand", expand), language.parameter()];
        shown(self.client.read(Call::Read { path: &path, query: &query }).await)
    }

    async fn issue(&self, key: &RequestKey, site: &SiteFacts) -> Result<Option<RawIssue>, Error> {
        let path = self.client.platform(&format!("issue/{key}")).await?;
        let custom = [Some(site.request_type), site.organizations].into_iter().flatten();
        let custom = custom.map(|id| id.to_string());
        let more = self.more_fields.iter().map(|name| (*name).to_owned());
        let mut fields: Vec<_> =
            std::iter::once("attachment".to_owned()).chain(custom).chain(more).collect();
        let mut query = vec![("properties", OWN_PROPERTY.to_owned())];
        if site.deployment == Deployment::DataCenter {
            // Its answer for customers has texts as they were typed only.
            query.push(("expand", "renderedFields".to_owned()));
            fields.push("*all,-comment,-worklog".to_owned());
        }
        query.push(("fields", fields.join(",")));
        shown(self.client.read(Call::Read { path: &path, query: &query }).await)
    }

    /// Where there are more than came with the request.
    async fn all_participants(
        &self,
        key: &RequestKey,
        site: &SiteFacts,
    ) -> Result<Vec<Person>, Error> {
        let path = format!("/rest/servicedeskapi/request/{key}/participant");
        let listed = self.client.list::<Participant>(&path).await?;
        note_odd("participants", listed.odd.len());
        let people = listed.entries.into_iter().map(|it| it.0.person(site.deployment));
        Ok(people.collect())
    }
}

/// JSM says in several ways that there is no such request for the caller.
pub(super) fn shown<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    const NO: [StatusCode; 4] =
        [StatusCode::BAD_REQUEST, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::GONE];
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.status().is_some_and(|status| NO.contains(&status)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
